"""The user may do nothing that the boundary of its application does not allow, as IAM's permissions boundaries do."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec

from acl.access_string import AccessString, parse
from acl.commands import ENGINES
from elasticache.service import commands_for, tables_for
from elasticache.user import User
from policies.applicability import effect_if_enabled
from rulebook import access_wording, wording
from rulebook.options import Mistake, Options
from rulebook.policy import (
    PASS,
    Finding,
    Level,
    NotApplicableError,
    NotChecked,
    Policy,
    Severity,
    Verdict,
)
from rulebook.urns import Urn, matches, mistake_in_pattern

_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_PLACEHOLDERS: Final = ("name", "stack", "project", "userId")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._/-]+")
"""What may be filled in: nothing that ends a rule, and nothing that a key pattern reads as a sign."""


class Boundary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The most that some users may do."""

    resource: str
    """A pattern on the URN, as in an exemption."""
    accessString: Annotated[str, msgspec.Meta(min_length=1)]  # noqa: N815 - the name of the property that it bounds
    """An access string in which {name}, {stack}, {project} and {userId} are filled in."""


class BoundaryOptions(Options, frozen=True):
    """The options of elasticache-user-within-boundary."""

    boundaries: tuple[Boundary, ...] = ()
    """The first one whose pattern matches counts."""

    def mistake(self) -> Mistake | None:
        """What is wrong with a boundary: its pattern, a placeholder, or a string that servers refuse."""
        for position, boundary in enumerate(self.boundaries):
            entry = f"option boundaries[{position}]"
            path = ("boundaries", position)
            if (mistake := mistake_in_pattern(boundary.resource)) is not None:
                return Mistake(f"{entry}.resource: {wording.quoted(boundary.resource)} {mistake}", (*path, "resource"))
            if (mistake := _mistake_in_string(boundary.accessString)) is not None:
                return Mistake(f"{entry}.accessString {mistake}", (*path, "accessString"))
        return None

    def on(self, urn: str) -> "BoundaryOptions":
        """The boundary of one resource alone, with the parts of its URN filled in.

        A part with a sign in it stays a placeholder: developers choose names, and none may widen its own boundary.
        """
        found = next((boundary for boundary in self.boundaries if matches(boundary.resource, urn)), None)
        if found is None:
            return msgspec.structs.replace(self, boundaries=())
        parts = {name: part for name, part in Urn.of(urn)._asdict().items() if _PLAIN.fullmatch(part)}
        filled = _filled(found.accessString, parts)
        return msgspec.structs.replace(self, boundaries=(msgspec.structs.replace(found, accessString=filled),))


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _mistake_in_string(text: str) -> str | None:
    for found in _PLACEHOLDER.finditer(text):
        if found[1] not in _PLACEHOLDERS:
            allowed = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            return f"holds {wording.quoted(found[0])}; what can be filled in is {allowed}"
    example = _PLACEHOLDER.sub("x", text)
    read = [parse(example, commands_for(engine)) for engine in ENGINES]
    if any(access.valid for access in read):
        return None
    return f"is refused by {read[-1].table.line.title}: {read[-1].rejections[0]}"


def check(user: User, options: BoundaryOptions) -> Verdict:
    """Fires on a user who is on and may do something that its boundary does not allow."""
    if not options.boundaries:
        raise NotApplicableError("the option boundaries has no boundary for this user")
    effect_if_enabled(user)
    text = options.boundaries[0].accessString
    user_id = user.user_id.value if "{userId}" in text else None
    if user_id is not None and _PLAIN.fullmatch(user_id):
        text = _filled(text, {"userId": user_id})
    if (unfilled := _PLACEHOLDER.search(text)) is not None:
        return (_unfilled(unfilled[0], text),)
    return _compared(user, text)


def _compared(user: User, text: str) -> Verdict:
    # comparing is for those who set a boundary, and everybody else's start need not wait for it
    from acl.comparison import compare  # noqa: PLC0415
    from rulebook.comparison_wording import in_words  # noqa: PLC0415

    written = user.access_string.known or ""
    for table in tables_for(user.engine.known or ""):
        boundary = parse(text, table)
        if not boundary.valid:
            if table.line.engine == (user.engine.known or "").lower():
                return (NotChecked(f"{table.line.title} refuses the boundary itself: {boundary.rejections[0]}."),)
            continue
        compared = compare(boundary, parse(written, table))
        beyond = [*map(in_words, compared.gained), *(one.says for one in compared.undecided if one.gained)]
        if beyond:
            return (_finding(user, text, boundary, beyond),)
    return PASS


def _finding(user: User, text: str, boundary: AccessString, beyond: Sequence[str]) -> Finding:
    shown = beyond[0] if not user.access_string.secret else "more than its boundary allows"
    more = f", and {len(beyond) - 1} more" if len(beyond) > 1 else ""
    return Finding(
        found=access_wording.access_string_of(user),
        risk=f"beyond its boundary on {boundary.table.line.title}: {shown}{more}",
        fix=f'accessString: "{text}", the whole boundary, or less; or have the boundary widened',
    )


def _unfilled(placeholder: str, text: str) -> Finding:
    return Finding(
        found=f"{placeholder} of the boundary cannot be filled in: it may have letters, digits, dots, _ / and - only",
        risk="a sign of access strings in a name could widen the boundary, so what the user may do is not known",
        fix=f"rename the resource, or set userId, without such characters; the boundary is {wording.quoted(text)}",
    )


POLICY = Policy(
    id="elasticache-user-within-boundary",
    display_name="ElastiCache users within their boundary",
    description="An ElastiCache user must not be allowed more than the boundary of its application.",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Take away what the boundary does not allow, or have the boundary widened.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=BoundaryOptions,
)

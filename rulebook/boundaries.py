"""Boundaries: the most that the users of an application may do, set by configuration for resources by their URN."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from acl.access_string import parse
from acl.commands import ENGINES
from elasticache.service import commands_for
from rulebook import wording
from rulebook.options import Mistake, Options
from rulebook.urns import Urn, matches, mistake_in_pattern

PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_PLACEHOLDERS: Final = ("name", "stack", "project", "userId")
PLAIN: Final = re.compile(r"[A-Za-z0-9._/-]+")
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
        parts = {name: part for name, part in Urn.of(urn)._asdict().items() if PLAIN.fullmatch(part)}
        text = filled(found.accessString, parts)
        return msgspec.structs.replace(self, boundaries=(msgspec.structs.replace(found, accessString=text),))


def filled(text: str, values: Mapping[str, str]) -> str:
    """A boundary with some of its placeholders filled in."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _mistake_in_string(text: str) -> str | None:
    for found in PLACEHOLDER.finditer(text):
        if found[1] not in _PLACEHOLDERS:
            allowed = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            return f"holds {wording.quoted(found[0])}; what can be filled in is {allowed}"
    example = PLACEHOLDER.sub("x", text)
    read = [parse(example, commands_for(engine)) for engine in ENGINES]
    if any(access.valid for access in read):
        return None
    return f"is refused by {read[-1].table.line.title}: {read[-1].rejections[0]}"

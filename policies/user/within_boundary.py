"""The user may do nothing that the boundary of its application does not allow, as IAM's permissions boundaries do."""

from collections.abc import Sequence

from acl.access_string import AccessString, parse
from elasticache.service import tables_for
from elasticache.user import User
from policies.applicability import effect_if_enabled
from rulebook import access_wording, wording
from rulebook.boundaries import PLACEHOLDER, PLAIN, BoundaryOptions, filled
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


def check(user: User, options: BoundaryOptions) -> Verdict:
    """Fires on a user who is on and may do something that its boundary does not allow."""
    if not options.boundaries:
        raise NotApplicableError("the option boundaries has no boundary for this user")
    effect_if_enabled(user)
    text = options.boundaries[0].accessString
    user_id = user.user_id.value if "{userId}" in text else None
    if user_id is not None and PLAIN.fullmatch(user_id):
        text = filled(text, {"userId": user_id})
    if (unfilled := PLACEHOLDER.search(text)) is not None:
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

"""No two users of a stack share a password. Passwords are compared by keyed hashes and never leave their users."""

from elasticache.stack import Stack, StackUser
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN = 3


def check(stack: Stack, _options: Options) -> Verdict:
    """Fires on each user whose readable password another user before it in the order of URNs has too."""
    if not stack.users:
        raise NotApplicableError("the stack has no ElastiCache users")
    first_with: dict[bytes, StackUser] = {}
    found: list[Finding] = []
    for user in stack.users:
        fingerprints = frozenset[bytes]().union(*(held.fingerprints() for held in user.user.passwords))
        sharing = {first_with[print_].urn: first_with[print_] for print_ in fingerprints if print_ in first_with}
        if sharing:
            found.append(_finding(user, [sharing[urn] for urn in sorted(sharing)]))
        for print_ in fingerprints:
            first_with.setdefault(print_, user)
    return tuple(found)


def _finding(user: StackUser, others: list[StackUser]) -> Finding:
    names = wording.counted([wording.quoted(other.name) for other in others[:_MOST_SHOWN]], len(others))
    return Finding(
        found=f"this user has a password in common with {names}",
        risk="whoever knows the password of one of them can log in as the other, with all that it is granted",
        fix='a random.RandomPassword for each user, or authenticationMode: {type: "iam"}, which has none to share',
        urn=user.urn,
    )


POLICY = Policy(
    id="elasticache-stack-unique-passwords",
    display_name="Unique passwords for ElastiCache users",
    description="Two ElastiCache users of a stack must not share a password.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "secrets"),
    fix="Generate a password of its own for each user.",
    url=wording.RBAC_PAGE,
    judges=Stack,
    check=check,
    options=Options,
)

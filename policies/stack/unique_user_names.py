"""The users of a group have different names, by which they log in."""

from elasticache.stack import Stack, StackGroup
from elasticache.user import DEFAULT_USER_NAME
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN = 4


def check(stack: Stack, _options: Options) -> Verdict:
    """Fires on each group that holds two users of one name, the stock user default included."""
    if not stack.groups:
        raise NotApplicableError("the stack has no ElastiCache user groups")
    return tuple(finding for group in stack.groups for finding in _findings(stack, group))


def _findings(stack: Stack, group: StackGroup) -> list[Finding]:
    by_name: dict[str, list[str]] = {}
    secret: set[str] = set()
    for member in stack.members(group):
        name = member.user.user_name.known
        if name is not None:
            by_name.setdefault(name, []).append(wording.quoted(member.name))
            if member.user.user_name.secret:
                secret.add(name)
    if group.holds_stock_user() and DEFAULT_USER_NAME in by_name:
        by_name[DEFAULT_USER_NAME].append("the stock user default")
    return [
        Finding(
            found=(
                f"userIds holds users of one name, {wording.quoted(name, secret=name in secret)}: "
                f"{wording.counted(members[:_MOST_SHOWN], len(members))}"
            ),
            risk="clients log in by name, so AWS refuses a group in which a name is not unique",
            fix="keep one of them in this group, or give the others a userName (and with IAM a userId) of their own",
            urn=group.urn,
        )
        for name, members in sorted(by_name.items())
        if len(members) > 1
    ]


POLICY = Policy(
    id="elasticache-stack-unique-user-names",
    display_name="Unique user names in ElastiCache user groups",
    description="The users of an ElastiCache user group must have different names.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness"),
    fix="Give the users of a group different names.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html",
    judges=Stack,
    check=check,
    options=Options,
)

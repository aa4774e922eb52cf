"""The members of a group are ones that AWS takes, as far as the stack shows them.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html
(DefaultUserRequired), https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (which users a group
for Valkey and a group for Redis OSS may hold).
"""

from collections.abc import Iterator

from elasticache.properties import CannotTellError
from elasticache.stack import Stack, StackGroup, StackUser
from elasticache.user import AuthenticationType
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN = 4


def check(stack: Stack, _options: Options) -> Verdict:
    """Fires on each group with members that AWS refuses; what is not known yet, or in another stack, passes."""
    if not stack.groups:
        raise NotApplicableError("the stack has no ElastiCache user groups")
    return tuple(finding for group in stack.groups for finding in _findings(stack, group))


def _findings(stack: Stack, group: StackGroup) -> Iterator[Finding]:
    engine = (group.group.engine.known or "").lower()
    members = stack.members(group)
    if engine == "redis":
        yield from _without_default(stack, group, members)
        yield from _of_members(
            group,
            [member for member in members if member.user.is_valkey],
            "engine valkey, in a group for Redis OSS",
            'engine: "valkey" for the group too, or engine: "redis" for the user',
        )
    elif engine == "valkey":
        yield from _of_members(
            group,
            [member for member in members if _needs_no_credential(member)],
            "no credential, in a group for Valkey",
            'authenticationMode: {type: "iam"} for the user, or take it out of userIds',
        )


def _without_default(stack: Stack, group: StackGroup, members: tuple[StackUser, ...]) -> Iterator[Finding]:
    if not stack.members_are_known(group) or group.holds_stock_user():
        return
    if not any(member.user.is_default for member in members):
        yield Finding(
            found='no user in userIds is named "default"',
            risk="AWS refuses a group for Redis OSS without one, so the deployment fails at this group",
            fix='add a user with userName: "default" and accessString: "off -@all" to userIds',
            urn=group.urn,
        )


def _of_members(group: StackGroup, members: list[StackUser], what: str, fix: str) -> Iterator[Finding]:
    if members:
        names = [wording.quoted(member.name) for member in members[:_MOST_SHOWN]]
        yield Finding(
            found=f"userIds holds {wording.counted(names, len(members))}: {what}",
            risk="AWS refuses such a member, so the deployment fails at this group",
            fix=fix,
            urn=group.urn,
        )


def _needs_no_credential(member: StackUser) -> bool:
    try:
        return member.user.authenticates_by is AuthenticationType.NO_PASSWORD
    except CannotTellError:
        return False


POLICY = Policy(
    id="elasticache-stack-valid-groups",
    display_name="Valid members of ElastiCache user groups",
    description="An ElastiCache user group must hold members that AWS takes.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness"),
    fix="Give a group for Redis OSS a user named default, and each group users of an engine that it takes.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html",
    judges=Stack,
    check=check,
    options=Options,
)

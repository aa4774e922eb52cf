"""Every user of a stack is in a group: alone it grants nothing. Off by default, as groups may live in other stacks."""

from elasticache.stack import Stack
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, NotChecked, Policy, Severity, Verdict


def check(stack: Stack, _options: Options) -> Verdict:
    """Fires on each user that no group of the stack holds; silent on users where members are not known yet."""
    if not stack.users:
        raise NotApplicableError("the stack has no ElastiCache users")
    outside = [user for user in stack.users if not stack.is_in_a_group(user)]
    if not outside:
        return PASS
    if stack.has_unknown_members:
        return tuple(
            NotChecked(
                "members of the stack's user groups are not known until the deployment runs; `pulumi up` checks it.",
                urn=user.urn,
            )
            for user in outside
        )
    return tuple(
        Finding(
            found="no user group of this stack holds this user",
            risk="a user outside of every group reaches no cache: it is left over, or a membership is missing",
            fix=(
                "add its userId to userIds of an aws.elasticache.UserGroup, or a UserGroupAssociation; exempt it where "
                "its group lives in another stack"
            ),
            urn=user.urn,
        )
        for user in outside
    )


POLICY = Policy(
    id="elasticache-stack-users-in-groups",
    display_name="ElastiCache users in user groups",
    description="Every ElastiCache user of the stack must be in a user group of the stack.",
    severity=Severity.LOW,
    level=Level.DISABLED,
    tags=("elasticache", "correctness"),
    fix="Add each user to a user group, or remove it.",
    url=wording.RBAC_PAGE,
    judges=Stack,
    check=check,
    options=Options,
)

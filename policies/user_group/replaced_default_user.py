"""Groups for Redis OSS hold a default user of their own in place of the one that AWS makes."""

from elasticache.user_group import STOCK_USER_ID, UserGroup, UserGroupAssociation
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(subject: UserGroup | UserGroupAssociation, _options: Options) -> Verdict:
    """Fires on a group for Redis that holds the stock user, and on an association that adds it to a group."""
    if isinstance(subject, UserGroupAssociation):
        return _check_association(subject)
    if not subject.is_redis:
        raise NotApplicableError("groups for Valkey need no default user, and switch the stock one off")
    if STOCK_USER_ID not in subject.known_user_ids:
        return PASS
    return (_finding('userIds holds "default", the user that AWS makes with every account', "it"),)


def _check_association(association: UserGroupAssociation) -> Verdict:
    """The engine of the group is not to be seen here, so the finding says for which it counts."""
    user_id = association.user_id.value
    if user_id is None or user_id.lower() != STOCK_USER_ID:
        return PASS
    return (_finding('userId "default" is the user that AWS makes with every account', "in a group for Redis OSS it"),)


def _finding(found: str, subject: str) -> Finding:
    return Finding(
        found=found,
        risk=(
            f"{subject} is on, without a password, with every key and command, and connections without a user name "
            "act as it"
        ),
        fix='in its place a user with another userId, userName: "default" and accessString: "off -@all"',
    )


POLICY: Policy[UserGroup | UserGroupAssociation, Options] = Policy(
    id="elasticache-user-group-replaced-default-user",
    display_name="A default user of its own for each ElastiCache user group",
    description="An ElastiCache user group for Redis OSS must not hold the stock default user.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "authentication"),
    fix="Replace the stock user default in the group by a user of your own that is named default and switched off.",
    url=wording.RBAC_PAGE,
    judges=(UserGroup, UserGroupAssociation),
    check=check,
    options=Options,
)

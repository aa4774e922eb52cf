"""Groups for Redis OSS hold a default user of their own in place of the one that AWS makes."""

from elasticache.user_group import STOCK_USER_ID, UserGroup
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(group: UserGroup, _options: Options) -> Verdict:
    """Fires on a group for Redis that holds the stock user; ids that are not known yet are of users in the program."""
    if not group.is_redis:
        raise NotApplicableError("groups for Valkey need no default user, and switch the stock one off")
    if STOCK_USER_ID not in group.known_user_ids:
        return PASS
    return (
        Finding(
            found='userIds holds "default", the user that AWS makes with every account.',
            risk=(
                "It is on, reads and writes every key, runs every command and has no password, and connections that "
                "present no user name act as it. It can be neither changed nor deleted."
            ),
            fix=(
                "Create a user with another userId and userName: default that is off (accessString: off -@all), and "
                "put its userId in userIds in place of default."
            ),
        ),
    )


POLICY = Policy(
    id="elasticache-user-group-replaced-default-user",
    display_name="A default user of its own for each ElastiCache user group",
    description="An ElastiCache user group for Redis OSS does not hold the stock default user.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "authentication"),
    fix="Replace the stock user default in the group by a user of your own that is named default and switched off.",
    url=wording.RBAC_PAGE,
    judges=UserGroup,
    check=check,
    options=Options,
)

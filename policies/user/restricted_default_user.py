"""The user named default, as whom every connection acts that presents no user name, is off or needs a credential."""

from elasticache.user import User
from policies.applicability import needs_credential
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicable, Severity, UserPolicy, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on the user named default who is on and needs no credential."""
    name = user.user_name.value
    if name is None:
        return NotApplicable("userName is not set to a string")
    if not user.is_default:
        return NotApplicable("the user is not named default")
    if not user.is_on:
        return NotApplicable("the access string leaves the user off")
    needed = needs_credential(user)
    if isinstance(needed, NotApplicable):
        return needed
    if needed:
        return PASS
    return (
        Finding(
            seen=(
                f"The user named default is on, and {user.no_password_path} says that no credential is needed: "
                f"{wording.access_string_of(user)}."
            ),
            consequence=(
                "Connections that present no user name act as this user, so whoever reaches the cache has what it is "
                "granted."
            ),
            instead=(
                "Switch it off with accessString: off -@all, and give each client a user of its own. Where old clients "
                "need it, give it a password and the least that they need."
            ),
        ),
    )


POLICY = UserPolicy(
    id="elasticache-user-restricted-default-user",
    display_name="A restricted default user for ElastiCache",
    description="The ElastiCache user named default is off or needs a credential.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication"),
    fix="Switch the user named default off, or give it a credential.",
    url=wording.RBAC_PAGE,
    check=check,
    options=Options,
)

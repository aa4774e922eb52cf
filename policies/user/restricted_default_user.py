"""The user named default, as whom every connection acts that presents no user name, is off or needs a credential."""

from elasticache.user import User
from policies.applicability import needs_credential
from rulebook import access_wording, fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on the user named default who is on and needs no credential."""
    name = user.user_name.value
    if name is None:
        raise NotApplicableError("userName is not set to a string")
    if not user.is_default:
        raise NotApplicableError("the user is not named default")
    if not user.is_on:
        raise NotApplicableError("the access string leaves the user off")
    needed = needs_credential(user)
    if needed:
        return PASS
    return (
        Finding(
            found=f'userName "default", {user.no_password_path}, {access_wording.access_string_of(user)}',
            risk="connections that present no user name act as this user, so whoever reaches the cache has its access",
            fix=fixes.replace_default(user),
        ),
    )


POLICY = Policy(
    id="elasticache-user-restricted-default-user",
    display_name="A restricted default user for ElastiCache",
    description="The ElastiCache user named default must be off or need a credential.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication"),
    fix="Switch the user named default off, or give it a credential.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)

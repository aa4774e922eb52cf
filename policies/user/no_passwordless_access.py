"""Users who are on need a credential. The user named default has a policy of its own."""

from elasticache.user import AuthenticationType, User
from policies import wording
from policies.options import Options
from policies.policy import PASS, Finding, Level, NotApplicable, Severity, UserPolicy, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on, is not named default, and needs no credential."""
    if user.access_string.raw is None:
        return NotApplicable("accessString is not set")
    if not user.is_on:
        return NotApplicable("the access string leaves the user off")
    if user.is_default:
        return NotApplicable("the user named default is told by elasticache-user-restricted-default-user")
    if user.is_valkey:
        return NotApplicable(
            "Valkey has no users without a credential, which elasticache-user-valid-authentication tells"
        )
    if user.authenticates_by is not AuthenticationType.NO_PASSWORD:
        return PASS
    return (
        Finding(
            seen=f"{user.no_password_path} says that no credential is needed.",
            consequence="Any client that reaches the cache and knows or guesses the name of this user can act as it.",
            instead=f"Remove noPasswordRequired. {wording.USE_IAM}",
        ),
    )


POLICY = UserPolicy(
    id="elasticache-user-no-passwordless-access",
    display_name="No ElastiCache users without a credential",
    description="An ElastiCache user needs a credential to log in.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication"),
    fix="Authenticate with IAM, or with a password, in place of noPasswordRequired.",
    url=wording.RBAC_PAGE,
    check=check,
    options=Options,
)

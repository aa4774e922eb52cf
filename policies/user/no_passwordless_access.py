"""Users who are on need a credential. The user named default has a policy of its own."""

from elasticache.user import User
from policies.applicability import needs_credential, require_login
from rulebook import fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on, is not named default, and needs no credential."""
    require_login(user)
    if user.is_default:
        raise NotApplicableError("elasticache-user-restricted-default-user judges the user named default")
    needed = needs_credential(user)
    if needed:
        return PASS
    return (
        Finding(
            found=user.no_password_path,
            risk="whoever reaches the cache and knows or guesses the name of this user can act as it",
            fix=fixes.use_iam(user),
        ),
    )


POLICY = Policy(
    id="elasticache-user-no-passwordless-access",
    display_name="No ElastiCache users without a credential",
    description="An ElastiCache user must need a credential to log in.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication"),
    fix="Authenticate with IAM, or with a password, in place of noPasswordRequired.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)

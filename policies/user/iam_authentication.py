"""The user logs in with IAM."""

from elasticache.user import AuthenticationType, User
from policies.applicability import require_login
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on and whose mode is not IAM: missing, password, or no password."""
    require_login(user)
    if user.is_default:
        raise NotApplicableError("AWS cannot authenticate the user named default by IAM")
    kind = user.authentication_type
    written = kind.value
    if written is not None and user.authenticates_by is AuthenticationType.IAM:
        return PASS
    return (
        Finding(
            found=(
                "authenticationMode has no type, so this user does not log in with IAM."
                if written is None
                else f"authenticationMode.type is {wording.quoted(written, secret=kind.secret)}, not iam."
            ),
            risk=(
                "A password is known to everyone and everything that was ever given it, and works until somebody "
                "changes it; without one, whoever reaches the cache is let in. An IAM token is good for 15 minutes, "
                "and IAM decides and records who may ask for one."
            ),
            fix=f"{wording.USE_IAM} Remove passwords, passwordsWo and noPasswordRequired.",
        ),
    )


POLICY = Policy(
    id="elasticache-user-iam-authentication",
    display_name="IAM authentication for ElastiCache users",
    description="An ElastiCache user authenticates with IAM.",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication", "iam"),
    fix="Set authenticationMode to {type: iam} and make userId and userName the same lower-case name.",
    url=wording.IAM_PAGE,
    judges=User,
    check=check,
    options=Options,
)

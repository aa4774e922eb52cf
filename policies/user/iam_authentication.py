"""The user logs in with IAM."""

from elasticache.user import AuthenticationType, User
from policies.applicability import require_login
from rulebook import fixes, wording
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
    missing = "authenticationMode has no type" if user.has_authentication_mode else "authenticationMode is not set"
    return (
        Finding(
            found=(
                missing
                if written is None
                else f"authenticationMode.type {wording.quoted(written, secret=kind.secret)}, not iam"
            ),
            risk=(
                "a password works for whoever has it, until somebody changes it; a token signed by IAM is good for 15 "
                "minutes"
            ),
            fix=f"{fixes.use_iam(user)}; allow elasticache:Connect; needs TLS and Valkey 7.2 or Redis OSS 7.0",
        ),
    )


POLICY = Policy(
    id="elasticache-user-iam-authentication",
    display_name="IAM authentication for ElastiCache users",
    description="An ElastiCache user must authenticate with IAM.",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "authentication", "iam"),
    fix="Set authenticationMode to {type: iam} and make userId and userName the same lower-case name.",
    url=wording.IAM_PAGE,
    judges=User,
    check=check,
    options=Options,
)

"""`passwords` and `authenticationMode.passwords` are not used.

Both are marked secret by the provider's Check whether the program wrote a literal, took the value from configuration
or had it generated, so the resource does not show where a password comes from; it shows that one is kept.
"""

from elasticache.properties import Marker, Passwords
from elasticache.user import User
from rulebook import fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires when a password property is present and not empty, known or not.

    A write-only password counts for the user named default only: elasticache-user-iam-authentication reports it of
    everybody else, and AWS cannot authenticate default by IAM.
    """
    written = [user.write_only_password] if user.is_default else []
    held = [passwords for passwords in (*user.passwords, *written) if passwords.present]
    if not held:
        user.require_authentication_mode()
        return PASS
    return (
        Finding(
            found=wording.listed([_found(passwords) for passwords in held]),
            risk=(
                "a literal is plain text in the source and in version control; whatever its source, the stack's state "
                "keeps it, encrypted at best"
            ),
            fix=fixes.replace_default(user) if user.is_default else fixes.use_iam(user),
        ),
    )


def _found(passwords: Passwords) -> str:
    if passwords.marker is Marker.UNKNOWN:
        return f"{passwords.path} is set, to what is not known until the deployment runs"
    if passwords.count is None:
        return f"{passwords.path} is set"
    return f"{passwords.path} holds {passwords.count} password{'s' if passwords.count != 1 else ''}"


POLICY = Policy(
    id="elasticache-user-no-plaintext-passwords",
    display_name="No passwords in ElastiCache users",
    description="An ElastiCache user must have no password in the program or in the stack's state.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "secrets", "authentication"),
    fix="Remove passwords and authenticationMode.passwords, and authenticate with IAM.",
    url=wording.IAM_PAGE,
    judges=User,
    check=check,
    options=Options,
)

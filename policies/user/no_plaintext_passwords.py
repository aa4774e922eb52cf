"""`passwords` and `authenticationMode.passwords` are not used.

Both are marked secret by the provider's Check whether the program wrote a literal, took the value from configuration
or had it generated, so the resource does not show where a password comes from; it shows that one is kept.
"""

from elasticache.properties import Marker, Passwords
from elasticache.user import User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires when a password property is present and not empty, known or not."""
    held = [passwords for passwords in user.passwords if passwords.present]
    if not held:
        user.require_authentication_mode()
        return PASS
    instead = f"Remove {wording.listed([passwords.path for passwords in held])}. "
    if user.is_default:
        instead += (
            "AWS cannot authenticate the user named default by IAM: switch it off (accessString off -@all) and give "
            "each client a user of its own with IAM."
        )
    else:
        instead += f"With IAM there is no password to keep. {wording.USE_IAM}"
    return (
        Finding(
            found=f"{' and '.join(_seen(passwords) for passwords in held)}.",
            risk=(
                "A password that the program writes as a literal is plain text in the source and in version control. "
                "Wherever it comes from, the stack's state keeps it, encrypted at best, and whoever can decrypt the "
                "stack reads it."
            ),
            fix=instead,
        ),
    )


def _seen(passwords: Passwords) -> str:
    if passwords.marker is Marker.UNKNOWN:
        return f"{passwords.path} is set, to what is not known until the deployment runs"
    if passwords.count is None:
        return f"{passwords.path} is set"
    return f"{passwords.path} holds {passwords.count} password{'s' if passwords.count != 1 else ''}"


POLICY = Policy(
    id="elasticache-user-no-plaintext-passwords",
    display_name="No passwords in ElastiCache users",
    description="An ElastiCache user has no password in the program or in the stack's state.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "secrets", "authentication"),
    fix="Remove passwords and authenticationMode.passwords, and authenticate with IAM.",
    url=wording.IAM_PAGE,
    judges=User,
    check=check,
    options=Options,
)

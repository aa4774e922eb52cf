"""Keys are limited to those of the application. For teams that share a cache between applications; off by default."""

from acl import capabilities
from elasticache.user import User
from policies.applicability import effect_if_limited
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on and not broad, and reads or writes practically every key."""
    effect = effect_if_limited(user)
    held = effect.can(capabilities.READ_ANY_KEY, capabilities.WRITE_ANY_KEY)
    if not held:
        return PASS
    return (
        Finding(
            found=(
                f"{access_wording.access_string_of(user)} lets this user {access_wording.powers(effect, held)}."
                f"{access_wording.doubts(user, effect)}"
            ),
            risk="It can reach the data of every application that shares the cache, not only its own.",
            fix=(
                "Name the keys of the application in place of all of them: ~app:* to read and write, %R~app:* to read "
                "only. A ~* or allkeys cannot be narrowed by a pattern after it, so replace it."
            ),
        ),
    )


POLICY = Policy(
    id="elasticache-user-scoped-keys",
    display_name="Scoped keys for ElastiCache users",
    description="An ElastiCache user reads and writes the keys of its application only.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Limit the key patterns of accessString to the keys of the application.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)

"""Keys are limited to those of the application. For teams that share a cache between applications; off by default."""

from elasticache.user import User
from policies.applicability import effect_when_limited
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicable, Severity, UserPolicy, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on and not broad, and reads or writes practically every key."""
    effect = effect_when_limited(user)
    if isinstance(effect, NotApplicable):
        return effect
    held = effect.can(*effect.capabilities.on_every_key)
    if not held:
        return PASS
    return (
        Finding(
            seen=(
                f"{wording.access_string_of(user)} lets this user {wording.powers(effect, held)}."
                f"{wording.doubts(user, effect)}"
            ),
            consequence="It can reach the data of every application that shares the cache, not only its own.",
            instead=(
                "Name the keys of the application in place of all of them: ~app:* to read and write, %R~app:* to read "
                "only. A ~* or allkeys cannot be narrowed by a pattern after it, so replace it."
            ),
        ),
    )


POLICY = UserPolicy(
    id="elasticache-user-scoped-keys",
    display_name="Scoped keys for ElastiCache users",
    description="An ElastiCache user reads and writes the keys of its application only.",
    severity=Severity.MEDIUM,
    level=Level.DISABLED,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Limit the key patterns of accessString to the keys of the application.",
    url=wording.RBAC_PAGE,
    check=check,
    options=Options,
)

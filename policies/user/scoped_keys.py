"""Keys are limited to those of the application. For teams that share a cache between applications."""

from acl import capabilities
from elasticache.user import User
from policies.applicability import effect_if_limited
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on a user who is on and not broad, and reads or writes practically every key."""
    effect = effect_if_limited(user)
    if not effect.can(capabilities.READ_ANY_KEY, capabilities.WRITE_ANY_KEY):
        return PASS
    return (
        Finding(
            found=access_wording.access_string_of(user),
            risk=(
                f"{access_wording.keys_reached(effect)}, so the data of every application that shares the cache"
                f"{access_wording.doubts(user, effect)}"
            ),
            fix=access_wording.scoped(user, effect),
        ),
    )


POLICY = Policy(
    id="elasticache-user-scoped-keys",
    display_name="Scoped keys for ElastiCache users",
    description="An ElastiCache user must read and write the keys of its application only.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Limit the key patterns of accessString to the keys of the application.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)

"""No command that acts on the whole cache, whatever the key patterns say.

`~app:* +@read +@write` reads as limited to the keys of one application, and FLUSHALL, which is in @write and names no
key, erases everybody's data.
"""

from enum import StrEnum

from acl.capabilities import CAPABILITIES
from acl.effect import Effect
from elasticache.user import User
from policies.applicability import effect_when_limited
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicable, Severity, UserPolicy, Verdict

_MOST_RULES = 4

Which = StrEnum("Which", [(id_, id_) for id_ in CAPABILITIES.removed_by_narrowing])  # type: ignore[misc] # known at run time


class CacheWideOptions(Options, frozen=True):
    """The options of elasticache-user-no-cache-wide-commands."""

    which: tuple[Which, ...] = tuple(Which)
    """The capabilities that a user must not hold."""


def check(user: User, options: CacheWideOptions) -> Verdict:
    """Fires on a user who is on and not broad, yet holds one of the capabilities."""
    effect = effect_when_limited(user)
    if isinstance(effect, NotApplicable):
        return effect
    held = effect.can(*options.which)
    if not held:
        return PASS
    return (
        Finding(
            seen=(
                f"{wording.access_string_of(user)} lets this user {wording.powers(effect, held)}."
                f"{_rules(user, effect, held)}{wording.doubts(user, effect)}"
            ),
            consequence=(
                "Commands that name no key are not limited by key patterns: they reach what belongs to everybody who "
                "shares the cache."
            ),
            instead=wording.write_instead(user, effect, "Take away the commands that it does not need."),
        ),
    )


def _rules(user: User, effect: Effect, held: tuple[str, ...]) -> str:
    rules = list(dict.fromkeys(rule for capability in held for rule in effect.rules_behind(capability)))
    return "" if user.access_string.secret else f" It owes that to {wording.counted(rules[:_MOST_RULES], len(rules))}."


POLICY = UserPolicy(
    id="elasticache-user-no-cache-wide-commands",
    display_name="No cache-wide commands for ElastiCache users",
    description="An ElastiCache user has no command that reaches beyond the keys it is limited to.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Take away the commands that act on the whole cache: -@dangerous -@scripting -scan -randomkey and their like.",
    url=wording.RBAC_PAGE,
    check=check,
    options=CacheWideOptions,
)

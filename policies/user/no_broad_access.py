"""The access string does not hand over the whole cache, however it is spelled."""

from typing import Literal

from elasticache.user import User
from policies.applicability import effect_when_on
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicable, Severity, UserPolicy, Verdict


class BroadAccessOptions(Options, frozen=True):
    """The options of elasticache-user-no-broad-access."""

    breadth: Literal["whole-cache", "every-key"] = "whole-cache"
    """What counts as broad: practically every key and power over the whole cache, or practically every key alone."""


def check(user: User, options: BroadAccessOptions) -> Verdict:
    """Fires on a user who reads and writes practically every key and can act on the whole cache as well."""
    effect = effect_when_on(user)
    if isinstance(effect, NotApplicable):
        return effect
    if not (effect.broad or (options.breadth == "every-key" and effect.reads_and_writes_every_key)):
        return PASS
    powers = effect.can(*effect.capabilities.on_whole_cache)
    further = f", and can {wording.powers(effect, powers)}" if powers else ""
    return (
        Finding(
            seen=f"{wording.access_string_of(user)} reads and writes practically every key{further}."
            f"{wording.doubts(user, effect)}",
            consequence=(
                "Whoever gets hold of this user's credentials, or a fault in a program that uses them, can read, "
                "change and destroy the data of everybody who shares the cache."
            ),
            instead=(
                "Name the keys that the application needs in place of all of them (~app:*), and the commands. "
                f"{wording.write_instead(user, effect, 'Take away what acts on the whole cache.')}"
            ),
        ),
    )


POLICY = UserPolicy(
    id="elasticache-user-no-broad-access",
    display_name="No whole-cache access for ElastiCache users",
    description="An ElastiCache user is limited in its keys or its commands, so that it cannot take over the cache.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Grant key patterns and commands that the application needs, without those that act on the whole cache.",
    url=wording.RBAC_PAGE,
    check=check,
    options=BroadAccessOptions,
)

"""The access string does not hand over the whole cache, however it is spelled."""

from typing import Literal

from acl.capabilities import CAPABILITIES
from elasticache.user import User
from policies.applicability import effect_if_enabled
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


class BroadAccessOptions(Options, frozen=True):
    """The options of elasticache-user-no-broad-access."""

    breadth: Literal["whole-cache", "every-key"] = "whole-cache"
    """What counts as broad: practically every key and power over the whole cache, or practically every key alone."""


def check(user: User, options: BroadAccessOptions) -> Verdict:
    """Fires on a user who reaches practically every key and can act on the whole cache as well."""
    effect = effect_if_enabled(user)
    if not (effect.broad or (options.breadth == "every-key" and effect.reads_and_writes_every_key)):
        return PASS
    powers = effect.can(*CAPABILITIES.on_whole_cache)
    reach = f"; reaches everybody with {access_wording.reaching_commands(effect, powers)}" if powers else ""
    narrowed = access_wording.narrowed(user, effect)
    return (
        Finding(
            found=access_wording.access_string_of(user),
            risk=f"{access_wording.keys_reached(effect)}{reach}{access_wording.doubts(user, effect)}",
            fix=access_wording.template(user),
            alternative="" if narrowed is None else _least(narrowed),
        ),
    )


def _least(narrowed: access_wording.Narrowed) -> str:
    dropped = f"; it drops {narrowed.dropped}" if narrowed.dropped else ""
    return f"{narrowed.fix}, the least that must go; it still reaches every key{narrowed.refused}{dropped}"


POLICY = Policy(
    id="elasticache-user-no-broad-access",
    display_name="No whole-cache access for ElastiCache users",
    description="An ElastiCache user must be limited in keys or commands, so that it cannot take over the cache.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Grant key patterns and commands that the application needs, without those that act on the whole cache.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=BroadAccessOptions,
)

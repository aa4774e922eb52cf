"""The access string does not hand over the whole cache, however it is spelled."""

from elasticache import capabilities
from elasticache.capabilities import CAPABILITIES
from elasticache.effect import Effect
from elasticache.user import User
from policies import wording
from policies.policy import PASS, Finding, Level, NotApplicable, Policy, Severity, Verdict

_WHOLE_CACHE = (capabilities.ERASE_EVERYTHING, capabilities.DISTURB_CLIENTS, capabilities.WATCH_TRAFFIC)


def check(user: User) -> Verdict:
    """Fires on a user who reads and writes practically every key and can act on the whole cache as well."""
    effect = user.effect
    if effect is None:
        return NotApplicable("accessString is not set to a string")
    if not user.is_on:
        return NotApplicable("the access string leaves the user off")
    if not effect.broad:
        return PASS
    return (
        Finding(
            seen=f"{wording.access_string_of(user)} reads and writes practically every key, and can {_powers(effect)}."
            f"{_doubts(user, effect)}",
            consequence=(
                "Whoever gets hold of this user's credentials, or a fault in a program that uses them, can read, "
                "change and destroy the data of everybody who shares the cache."
            ),
            instead=(
                "Name the keys and the kinds of command that the application needs, and take away what acts on the "
                "whole cache, for example accessString: "
                '"on ~app:* -@all +@read +@write +@connection +@transaction -@dangerous -@scripting -scan -randomkey".'
            ),
        ),
    )


def _powers(effect: Effect) -> str:
    return wording.listed(
        [
            f"{capability.summary} ({wording.commands(effect.commands[capability.id])})"
            for capability in CAPABILITIES
            if capability.id in effect.can(*_WHOLE_CACHE)
        ]
    )


def _doubts(user: User, effect: Effect) -> str:
    if not effect.undecided or user.access_string.secret:
        return ""
    return f" Undecided, and counted as granted where it could be: {'; '.join(effect.undecided)}."


POLICY = Policy(
    id="elasticache-user-no-broad-access",
    display_name="No whole-cache access for ElastiCache users",
    description="An ElastiCache user is limited in its keys or its commands, so that it cannot take over the cache.",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Grant key patterns and commands that the application needs, without those that act on the whole cache.",
    url=wording.RBAC_PAGE,
    check=check,
)

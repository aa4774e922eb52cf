"""No command that acts on the whole cache, whatever the key patterns say.

`~app:* +@read +@write` reads as limited to the keys of one application, and FLUSHALL, which is in @write and names no
key, erases everybody's data.
"""

from enum import StrEnum

from acl.capabilities import CAPABILITIES
from elasticache.user import User
from policies.applicability import effect_if_limited
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict

Which = StrEnum("Which", [(id_, id_) for id_ in CAPABILITIES.removed_by_narrowing])  # type: ignore[misc] # known at run time


class CacheWideOptions(Options, frozen=True):
    """The options of elasticache-user-no-cache-wide-commands."""

    which: tuple[Which, ...] = tuple(Which)
    """The capabilities that a user must not hold."""


def check(user: User, options: CacheWideOptions) -> Verdict:
    """Fires on a user who is on and not broad, yet holds one of the capabilities."""
    effect = effect_if_limited(user)
    held = effect.can(*options.which)
    if not held:
        return PASS
    narrowed = access_wording.narrowed(user, effect)
    return (
        Finding(
            found=access_wording.access_string_of(user),
            risk=(
                f"can {access_wording.worst(effect, held)}, whatever its key patterns"
                f"{access_wording.granted_by(user, effect, held)}{access_wording.doubts(user, effect)}"
            ),
            fix=access_wording.template(user) if narrowed is None else f"{narrowed.fix}{narrowed.refused}",
            alternative=_to_keep(narrowed),
        ),
    )


def _to_keep(narrowed: access_wording.Narrowed | None) -> str:
    """How software that needs a command keeps it."""
    if narrowed is None or not narrowed.dropped:
        return ""
    kept = wording.listed(narrowed.kept_by_option)
    how = f'leave {kept} out of the option "which"' if kept else "grant them by name"
    return f"to keep {narrowed.dropped}, {how}"


POLICY = Policy(
    id="elasticache-user-no-cache-wide-commands",
    display_name="No cache-wide commands for ElastiCache users",
    description="An ElastiCache user must have no command that reaches beyond the keys it is limited to.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    tags=("elasticache", "security", "least-privilege", "access-string"),
    fix="Take away the commands that act on the whole cache: -@dangerous -@scripting -scan -randomkey and their like.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=CacheWideOptions,
)

"""What a user can do on any of the server lines that its caches may run."""

from collections.abc import Mapping
from functools import cached_property

from acl.capabilities import CAPABILITIES
from acl.effect import Effect


class UserEffect:
    """The effects of one access string on several server lines; the worst of them counts.

    Caches for Valkey take groups for Redis OSS, so a Redis user is judged by both engines.

    :param effects: one for each line, that of the user's own engine first.
    """

    def __init__(self, effects: tuple[Effect, ...]) -> None:
        self._effects = effects

    @property
    def own(self) -> Effect:
        """The effect on the newest line of the user's own engine."""
        return self._effects[0]

    @cached_property
    def broad(self) -> bool:
        """It hands over the whole cache on one of the lines."""
        return any(effect.broad for effect in self._effects)

    @cached_property
    def reads_and_writes_every_key(self) -> bool:
        """It reads and writes practically every key on one of the lines."""
        return any(effect.reads_and_writes_every_key for effect in self._effects)

    def can(self, *capability_ids: str) -> tuple[str, ...]:
        """Those of the named capabilities that are held on one of the lines."""
        held = {found for effect in self._effects for found in effect.can(*capability_ids)}
        return tuple(capability.id for capability in CAPABILITIES if capability.id in held)

    @cached_property
    def commands(self) -> Mapping[str, tuple[str, ...]]:
        """Each capability that is held to the granted commands that give it, those of the user's own engine first."""
        found: dict[str, dict[str, None]] = {}
        for effect in self._effects:
            for capability, names in effect.commands.items():
                found.setdefault(capability, {}).update(dict.fromkeys(names))
        return {capability.id: tuple(found[capability.id]) for capability in CAPABILITIES if capability.id in found}

    def other_line_of(self, capability: str) -> str | None:
        """The title of the line that gives a capability which the user's own engine does not give; else None."""
        holding = [effect for effect in self._effects if effect.can(capability)]
        return None if not holding or holding[0] is self.own else holding[0].access_string.table.line.title

    def rules_behind(self, capability: str) -> tuple[str, ...]:
        """The rules of the string that grant a capability, each once."""
        return tuple(dict.fromkeys(rule for effect in self._effects for rule in effect.rules_behind(capability)))

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """Why parts of the answer could not be decided; what is undecided counts as yes."""
        return tuple(dict.fromkeys(reason for effect in self._effects for reason in effect.undecided))

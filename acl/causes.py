"""Why one access string allows calls that another refuses, in words.

Differences are put together by their cause: a capability, if the commands give one, else what one can do with which
keys, channels or databases.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from acl.access_string import AccessString, shown
from acl.call_search import Found
from acl.calls import Command, Part
from acl.capabilities import CAPABILITIES, READ_ANY_KEY, USE_ANY_CHANNEL, WORST_FIRST, WRITE_ANY_KEY
from acl.commands import Access, CommandTable
from acl.effect import effect_of
from acl.inclusion import PatternUnion
from acl.permission_lists import PermissionList


class Cause(NamedTuple):
    """What several differences have in common."""

    rank: int
    """Worse ones have smaller numbers."""
    says: str
    """What one can do, as the end of "the owner can also …"."""
    capability: str | None = None


MODULES_TO_COME: Final = Cause(300, "run commands that modules or later versions add")

_KEYLESS: Final[Mapping[str, str]] = {
    name: capability.id for capability in CAPABILITIES for name in capability.commands
}
_SUMMARIES: Final[Mapping[str, str]] = {capability.id: capability.summary for capability in CAPABILITIES}
_ON_KEYS: Final = frozenset({Part.KEY, Part.INDEX})
_ON_CHANNELS: Final = frozenset({Part.CHANNEL, Part.PATTERN})
_FAMILIES: Final = (
    ("transaction", "run transactions"),
    ("admin", "run other administrative commands"),
    ("connection", "change its own connection"),
    ("pubsub", "ask about channels"),
    ("scripting", "ask about scripts and functions"),
    ("dangerous", "run other commands that are called dangerous"),
)
"""Category to what its commands without keys do, for those that give no capability; the first that fits counts."""
_OTHER_FAMILY: Final = "run other commands without keys"
_VERBS: Final[Mapping[Access, str]] = {
    Access.WRITE: "write",
    Access.BOTH: "read and write",
    Access.READ: "read",
    Access.NONE: "ask about",
}
_VERB_RANKS: Final = {needs: 100 + rank for rank, needs in enumerate(_VERBS)}
_UNSEEN_RANK: Final = 109
_CHANNELS_RANK: Final = 110
_FAMILIES_RANK: Final = 150
_DATABASES: Final = Cause(200, "work in other databases")
_EVERY_DATABASE: Final = Cause(201, "act on every database at once")
_SORT: Final = Cause(210, "look up keys of any name through SORT")
_LISTS: Final = Cause(220, "name, in one call, keys or channels that only different lists allow")
_FIRST_ARGUMENTS: Final = Cause(230, "run commands with other first arguments")
_MOST_NAMED: Final = 2


class Causes:
    """Finds the causes of the differences between two access strings.

    :param own: the string that allows the calls.
    :param other: the one that refuses them.
    :param other_lists: its lists.
    """

    def __init__(self, own: AccessString, other: AccessString, other_lists: Sequence[PermissionList]) -> None:
        gives = effect_of(own).commands
        self._gives = {
            capability: frozenset(gives.get(capability, ()))
            for capability in (WRITE_ANY_KEY, READ_ANY_KEY, USE_ANY_CHANNEL)
        }
        self._other_holds = frozenset(effect_of(other).commands)
        self._table = own.commands
        self._other_lists = other_lists

    def split(self, found: Found) -> dict[Cause, list[Command]]:
        """The commands of a difference by cause: those that give a capability stand apart from the others."""
        parts = {slot.part for slot in found.slots}
        causes: dict[Cause, list[Command]] = {}
        common: Cause | None = None
        for command in found.commands:
            cause = self._capability(command, parts, found)
            if cause is None and not (found.granting.several or parts & (_ON_KEYS | _ON_CHANNELS)):
                cause = _unseen(command, found) or self._family(command)
            if cause is None:
                cause = common = common or self._common(found)
            causes.setdefault(cause, []).append(command)
        return causes

    def _capability(self, command: Command, parts: set[Part], found: Found) -> Cause | None:
        """The capability that the command gives, where the other string lacks it, or does not grant the command."""
        keyless = _KEYLESS.get(command.name)
        if keyless is not None:
            held = keyless in self._other_holds
            if not (held and found.granting.several):
                return _of_capability(keyless, ", by more commands" if held else "")
        on_keys = (WRITE_ANY_KEY, READ_ANY_KEY) if parts & _ON_KEYS else ()
        for capability in (*on_keys, *((USE_ANY_CHANNEL,) if parts & _ON_CHANNELS else ())):
            if command.name in self._gives[capability] and capability not in self._other_holds:
                return _of_capability(capability)
        return None

    def _family(self, command: Command) -> Cause:
        if any(command.bit in one.first_arguments for one in self._other_lists):
            return _FIRST_ARGUMENTS
        for rank, (category, says) in enumerate(_FAMILIES):
            if self._table.categories[category] >> command.bit & 1:
                return Cause(_FAMILIES_RANK + rank, says)
        return Cause(_FAMILIES_RANK + len(_FAMILIES), _OTHER_FAMILY)

    def _common(self, found: Found) -> Cause:
        if found.granting.several:
            return _LISTS if found.refused_at is None else self._refused_for_one_place(found, found.refused_at)
        command = found.commands[0].bit
        if any(command in one.first_arguments or one.commands >> command & 1 for one in self._other_lists):
            return _FIRST_ARGUMENTS
        needs = Access.NONE
        for slot in found.slots:
            if slot.part in _ON_CHANNELS:
                return Cause(_CHANNELS_RANK, f"use {_channels(found.by.channels)}")
            needs |= slot.needs
        if needs is Access.BOTH:
            needs = Access.WRITE
        more = " with more commands" if self._has_commands(needs) else ""
        return _with_keys(needs, _keys(found.by.keys(needs)) + more)

    def _has_commands(self, needs: Access) -> bool:
        """Whether the other string already grants some command that does this with keys."""
        those = _commands_on_keys(self._table, needs)
        return any(one.commands & those and one.scope.keys(needs) != _NOTHING for one in self._other_lists)

    @staticmethod
    def _refused_for_one_place(found: Found, at: int) -> Cause:
        """Why lists that grant the command refuse the call, where it is for what stands at one place."""
        slot, values = found.slots[at], found.filling[at]
        match slot.part:
            case Part.ANY_KEY:
                return _SORT
            case Part.ALL_DATABASES:
                return _EVERY_DATABASE
            case Part.DATABASE | Part.CURRENT_DATABASE:
                return _DATABASES
            case Part.CHANNEL | Part.PATTERN:
                return Cause(_CHANNELS_RANK, f"use {_channels_outside(found.granting.channels)}")
        needs = _missing_direction(found, slot.needs)
        if values == (b"",):
            return _with_keys(needs, "the key with the empty name")
        theirs = found.granting.keys(needs)
        if theirs == _NOTHING:
            return _with_keys(needs, _keys(found.by.keys(slot.needs)))
        return _with_keys(needs, f"keys outside {_patterns(theirs)}")


def _missing_direction(found: Found, needs: Access) -> Access:
    """Of a key that is read and written: which of both no list that grants the command allows, as far as is plain."""
    if needs is not Access.BOTH:
        return needs
    both, written, read = (found.granting.keys(some) for some in (Access.BOTH, Access.WRITE, Access.READ))
    if written == both or not (written.patterns or written.every):
        return Access.WRITE
    return Access.READ if read == both else Access.BOTH


_NOTHING: Final = PatternUnion(frozenset())


@cache
def _commands_on_keys(table: CommandTable, needs: Access) -> int:
    """The commands that do this with keys, as a set."""
    doing = [
        1 << bit
        for bit, specs in enumerate(table.key_specs)
        if any(spec.needs is needs or spec.needs & needs for spec in specs)
    ]
    return sum(doing)


def _of_capability(capability: str, more: str = "") -> Cause:
    return Cause(WORST_FIRST.index(capability), _SUMMARIES[capability] + more, capability)


def _unseen(command: Command, found: Found) -> Cause | None:
    if all(slot.part is not Part.UNSEEN for slot in command.forms[found.form]):
        return None
    return Cause(_UNSEEN_RANK, f"run {command.name.upper()} with a single key, which the server does not check")


def _with_keys(needs: Access, which: str) -> Cause:
    at_once = " in one call" if needs is Access.BOTH else ""
    return Cause(_VERB_RANKS[needs], f"{_VERBS[needs]} {which}{at_once}")


def _keys(union: PatternUnion) -> str:
    if union.every:
        return "every key"
    if len(union.patterns) > _MOST_NAMED:
        return f"the keys of {len(union.patterns)} patterns"
    return f"keys {_patterns(union)}"


def _channels(union: PatternUnion) -> str:
    if union.every:
        return "every channel"
    return f"channels {_patterns(union)}" if len(union.patterns) <= _MOST_NAMED else "other channels"


def _channels_outside(union: PatternUnion) -> str:
    return "channels" if union == _NOTHING else f"channels outside {_patterns(union)}"


def _patterns(union: PatternUnion) -> str:
    """Patterns as messages may write them."""
    if len(union.patterns) > _MOST_NAMED:
        return f"its {len(union.patterns)} patterns"
    return " and ".join(shown(b"~" + pattern).removeprefix("~") for pattern in sorted(union.patterns))

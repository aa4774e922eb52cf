"""Access compared: which calls one access string allows and another refuses.

Exact over commands, subcommands, first arguments, keys by what is done with them, several keys of one call, channels,
databases, and the lists of a string, which never combine. Past a bound on the work the answer is "undecided", and never
wrong. Each difference comes with a whole call that the server allows under one string and refuses under the other.

What is compared is the server's decision before a command runs (`ACL DRYRUN`), with one check that it makes later:
SORT with BY or GET needs `~*` itself (7.0 and later). What a script does inside is checked call by call against the
same rules. A list without rules for channels has every channel, as `acl-pubsub-default` is on ElastiCache. Every number
of a database counts, whether or not the cache has that many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from acl.access_string import AccessString
from acl.call_search import CallSearch, Found
from acl.calls import Command, calls_of
from acl.causes import MODULES_TO_COME, Cause, Causes
from acl.commands import typed
from acl.coverage import Effort, EffortSpentError
from acl.permission_lists import Known, PermissionList, permission_lists

Relation = Literal["equal", "narrower", "wider", "different", "undecided"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Calls that one string allows and the other refuses, all for one cause."""

    call: tuple[bytes, ...]
    """One of them, word by word, as short as can be; empty for commands that modules may add: they have no name yet."""
    database: int
    """From which database it is made: 0 but where rules for databases are at stake."""
    says: str
    """What it lets one do, as the end of "the owner can also …": `write keys outside orders:*`."""
    capability: str | None
    """The id of the capability that these commands give, if they give one."""
    commands: tuple[str, ...]
    """The commands, each with a call of its own like this one."""


@dataclass(frozen=True, slots=True)
class Enabled:
    """Whether users with the strings can log in."""

    old: bool
    new: bool


class Undecided(NamedTuple):
    """What was too much work."""

    gained: bool
    """Whether the new string allows more of it; else whether the old one does."""
    commands: tuple[str, ...]
    """The commands for which no call was found or excluded; none for commands that modules may add."""

    @property
    def says(self) -> str:
        """The question, as a sentence."""
        side = "new" if self.gained else "old"
        names = [typed(name) for name in self.commands]
        which = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} commands"
        return f"whether the {side} string allows more calls of {which or 'future commands'} is too much work to decide"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new access string allows that an old one does not, and the other way round."""

    gained: tuple[Difference, ...]
    """The worst first."""
    lost: tuple[Difference, ...]
    undecided: tuple[Undecided, ...]
    enabled: Enabled
    """Apart from all else: the strings are compared as if both were on."""

    @property
    def relation(self) -> Relation:
        """What the new string is to the old one."""
        if self.gained and self.lost:
            return "different"
        if self.undecided:
            return "undecided"
        if self.gained:
            return "wider"
        return "narrower" if self.lost else "equal"


def compare(old: AccessString, new: AccessString) -> Comparison:
    """Compare two access strings of one server line.

    Words that the server refuses count for nothing; callers look at `AccessString.valid` first.

    :raises ValueError: the strings are read for different server lines.
    """
    if old.table is not new.table:
        raise ValueError(f"one string is read for {old.table.line.title}, the other for {new.table.line.title}")
    known: Known = {}
    old_lists, new_lists = permission_lists(old, known), permission_lists(new, known)
    length = sum(scope.size for scope in known.values())
    gained = _Direction(new, old, Effort(_EFFORT + _TIMES * length)).differences(new_lists, old_lists)
    lost = _Direction(old, new, Effort(_EFFORT + _TIMES * length)).differences(old_lists, new_lists)
    undecided = [(True, gained.undecided), (False, lost.undecided)]
    return Comparison(
        gained.differences,
        lost.differences,
        tuple(Undecided(side, commands) for side, commands in undecided if commands is not None),
        Enabled(old.enabled, new.enabled),
    )


_MOST_NAMED: Final = 3
_EFFORT: Final = 100_000
_TIMES: Final = 4


class _Answer(NamedTuple):
    differences: tuple[Difference, ...]
    undecided: tuple[str, ...] | None


class _Direction:
    """What one string allows and the other refuses."""

    def __init__(self, own: AccessString, other: AccessString, effort: Effort) -> None:
        self._own = own
        self._other = other
        self._search = CallSearch(calls_of(own.table), effort)

    def differences(self, own: Sequence[PermissionList], other: Sequence[PermissionList]) -> _Answer:
        undecided = False
        found: list[Found] = []
        more_to_come = False
        try:
            found.extend(self._search.found(own, other))
            more_to_come = self._search.grants_more_to_come(own, other)
        except EffortSpentError:
            undecided = True
        groups = self._by_cause(found, other)
        if more_to_come and not (found and any(one.future for one in other)):
            groups.append(Difference((), 0, MODULES_TO_COME.says, None, ()))
        sure = {name for group in groups for name in group.commands}
        names = tuple(dict.fromkeys(command.name for command in self._search.undecided if command.name not in sure))
        return _Answer(tuple(groups), names if names or undecided else None)

    def _by_cause(self, found: Sequence[Found], other: Sequence[PermissionList]) -> list[Difference]:
        if not found:
            return []
        causes = Causes(self._own, self._other, other)
        groups: dict[Cause, list[tuple[Command, Found]]] = {}
        for one in found:
            for cause, commands in causes.split(one).items():
                groups.setdefault(cause, []).extend((command, one) for command in commands)
        return [_difference(cause, groups[cause]) for cause in sorted(groups, key=_order)]


def _order(cause: Cause) -> tuple[int, str]:
    return cause.rank, cause.says


def _difference(cause: Cause, members: Sequence[tuple[Command, Found]]) -> Difference:
    command, found = min(members, key=lambda member: _preference(*member))
    return Difference(
        call=found.call_of(command),
        database=found.database,
        says=cause.says,
        capability=cause.capability,
        commands=tuple(sorted(command.name for command, _ in members)),
    )


def _preference(command: Command, found: Found) -> tuple[int, int, int, str]:
    """Commands that everybody knows first, those of modules last, and short calls before long ones."""
    rank = _WELL_KNOWN.get(command.name, len(_WELL_KNOWN) + ("." in command.name))
    return rank, len(command.words) + len(command.forms[found.form]), len(command.name), command.name


_WELL_KNOWN: Final = {
    name: rank
    for rank, name in enumerate(
        (
            *("flushall", "set", "get", "del", "mget", "exists", "eval", "keys", "monitor", "config|set"),
            *("acl|setuser", "client|kill", "subscribe", "publish"),
        )
    )
}

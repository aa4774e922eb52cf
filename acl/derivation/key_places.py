"""Where the keys, channels and databases of a call stand, and what the command needs to be allowed to do with them.

The forms in acl/calls.json say it for the shortest calls; the options of SORT, GEORADIUS, XREAD, MIGRATE and the like,
which move keys about, are followed here as the servers do (`getKeysFromCommand` in db.c of Redis 6.2 and 7.0 and of
Valkey 8.1 and 9.1).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from acl.calls import Command, Form, Part, calls_of
from acl.commands import Access, CommandTable


class Place(NamedTuple):
    """A word of a call that access rules look at."""

    at: int
    """Counts the words behind the command's name, from 0."""
    part: Part
    needs: Access


Finder = Callable[[Sequence[bytes], bool], list[Place]]
"""From the words behind the name, and whether the call has more of them than these, to the places."""


class Places:
    """The commands of a server line, found by the first words of a call."""

    def __init__(self, table: CommandTable) -> None:
        self._commands: dict[bytes, Known] = {}
        self._parts: dict[bytes, dict[bytes, Known]] = {}
        calls = calls_of(table)
        for commands in calls.of.values():
            for command in commands:
                self._add(command)
        self._commands.setdefault(_RUNS_ALONE, Known(_RUNS_ALONE.decode(), _nothing, always=False))
        for name in table.names_in(table.no_auth):
            self._commands[name.encode()] = Known(name, _nothing, always=True)

    def _add(self, command: Command) -> None:
        known = Known(command.name, _finder(command), always=False)
        container, separator, part = command.name.encode().partition(b"|")
        if separator:
            self._parts.setdefault(container, {})[part] = known
        else:
            self._commands[container] = known

    def command(self, words: Sequence[bytes]) -> "tuple[Known, int] | None":
        """The command that a call runs, and how many of its words name it; None where the server line has it not."""
        first = words[0].lower()
        parts = self._parts.get(first)
        if parts is not None and (len(words) > 1 or first != _RUNS_ALONE):
            known = parts.get(words[1].lower()) if len(words) > 1 else None
            return None if known is None else (known, 2)
        known = self._commands.get(first)
        return None if known is None else (known, 1)

    def named(self, name: str) -> "Known | None":
        """The command of a name such as `config|get`; None for a container, and for what the server line has not."""
        container, separator, part = name.encode().partition(b"|")
        if separator:
            return self._parts.get(container, {}).get(part)
        if container in self._parts and container != _RUNS_ALONE:
            return None
        return self._commands.get(container)

    def is_container(self, name: str) -> bool:
        """Whether only its subcommands are commands of their own."""
        return name.encode() in self._parts


_RUNS_ALONE: Final = b"command"
"""The one container that is also a command of its own; only a rule for the whole of it grants that."""


class Known(NamedTuple):
    """A command of a server line."""

    name: str
    find: Finder
    always: bool
    """Every connection may run it."""

    @property
    def one_key_first(self) -> Access | None:
        """What is needed of its only key, where that is the word behind the name; else None."""
        return self.find.only_first if isinstance(self.find, _ByForms) else None


@cache
def places_of(table: CommandTable) -> Places:
    """Where keys, channels and databases stand in the calls of a server line."""
    return Places(table)


def _nothing(_words: Sequence[bytes], _more: bool) -> list[Place]:
    return []


def _finder(command: Command) -> Finder:
    by_hand = _BY_HAND.get(command.name)
    forms = _ByForms(command.forms)
    if by_hand is None:
        return forms
    if any(slot.part in {Part.KEY, Part.DATABASE} for form in command.forms for slot in form):
        needs = tuple(dict.fromkeys(slot.needs for form in command.forms for slot in form if slot.part is Part.KEY))
        return lambda words, more: by_hand(_Words(words, more, needs, command.forms))
    return forms


class _ByForms:
    """Reads a call by the longest form that it is long enough for."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = sorted((_seen(form) for form in forms), key=len, reverse=True)
        self.only_first = self._only_first()

    def _only_first(self) -> Access | None:
        if len(self._forms) != 1 or not self._forms[0]:
            return None
        first, *others = self._forms[0]
        alone = first.part is Part.KEY and not first.many and all(slot.part is Part.WORD for slot in others)
        return first.needs if alone else None

    def __call__(self, words: Sequence[bytes], more: bool) -> list[Place]:
        for form in self._forms:
            if (places := _places(form, words, more)) is not None:
                return places
        return []


def _seen(form: Form) -> Form:
    return tuple(slot for slot in form if slot.part not in {Part.CURRENT_DATABASE, Part.ALL_DATABASES})


def _places(form: Form, words: Sequence[bytes], more: bool) -> list[Place] | None:
    """The places by a form; None where the call is too short for it."""
    found: list[Place] = []
    at = 0
    count: int | None = None
    for position, slot in enumerate(form):
        if not slot.many:
            if at >= len(words):
                return found if more and found else None
            if slot.part is Part.COUNT:
                count = int(words[at]) if words[at].isdigit() else 0
            elif slot.part not in _NOT_LOOKED_AT:
                found.append(Place(at, slot.part, slot.needs))
            at += 1
            continue
        step = 1 + len(slot.behind)
        behind = 0 if more else len(form) - position - 1
        last = len(words) - behind if count is None else min(at + step * count, len(words))
        if count is None and last <= at:
            return None
        if slot.part not in _NOT_LOOKED_AT:
            found += [Place(place, slot.part, slot.needs) for place in range(at, last, step)]
        at = max(at, last)
        count = None
    return found


_NOT_LOOKED_AT: Final = frozenset({Part.WORD, Part.FREE, Part.COUNT, Part.UNSEEN})


class _Words(NamedTuple):
    """A call whose options say where its keys are."""

    words: Sequence[bytes]
    more: bool
    needs: tuple[Access, ...]
    """What the forms need of keys, the different ones in their order."""
    forms: tuple[Form, ...]

    def key(self, index: int, needs: Access) -> Place:
        return Place(index, Part.KEY, needs)

    def behind(self, first: int, arguments: Mapping[bytes, int]) -> Iterator[tuple[bytes, int]]:
        """The options from a place on, each with the place of its first argument."""
        at = first
        while at < len(self.words):
            option = self.words[at].lower()
            yield option, at + 1
            at += 1 + arguments.get(option, 0)


def _set(call: _Words) -> list[Place]:
    gets = any(word.lower() == b"get" for word in call.words[2:])
    return [call.key(0, call.needs[-1] if gets else call.needs[0])]


def _bitfield(call: _Words) -> list[Place]:
    options = call.behind(1, {b"get": 2, b"set": 3, b"incrby": 3, b"overflow": 1})
    only_gets = not call.more and all(option in {b"get", b"overflow"} for option, _ in options)
    return [call.key(0, call.needs[0] if only_gets else call.needs[-1])]


def _sort(call: _Words) -> list[Place]:
    looks_up = any(slot.part is Part.ANY_KEY for form in call.forms for slot in form)
    found = [call.key(0, call.needs[0])]
    stored: list[Place] = []
    for option, at in call.behind(1, {b"limit": 2, b"store": 1, b"by": 1, b"get": 1}):
        if at >= len(call.words):
            break
        if option == b"store":
            stored = [call.key(at, call.needs[-1])]  # the last one counts
        elif looks_up and (option == b"get" or (option == b"by" and b"*" in call.words[at])):
            found.append(Place(at, Part.ANY_KEY, Access.READ))
    return found + stored


def _georadius(call: _Words) -> list[Place]:
    stored: list[Place] = []
    for _, at in (found for found in call.behind(4, _STORES) if found[0] in _STORES and found[1] < len(call.words)):
        stored = [call.key(at, call.needs[-1])]
    return [call.key(0, call.needs[0]), *stored]


_STORES: Final = {b"store": 1, b"storedist": 1}


def _xread(call: _Words) -> list[Place]:
    options = {b"block": 1, b"count": 1, b"group": 2, b"noack": 0, b"claim": 1}
    for option, at in call.behind(0, options):
        if option == b"streams":
            keys = (len(call.words) - at) if call.more else (len(call.words) - at) // 2
            return [call.key(place, call.needs[0]) for place in range(at, at + keys)]
    return []


def _migrate(call: _Words) -> list[Place]:
    both = call.needs[-1]
    if len(call.words) > _MIGRATED and call.words[_MIGRATED]:
        return [call.key(_MIGRATED, both)]
    for option, at in call.behind(5, {b"auth": 1, b"auth2": 2}):
        if option == b"keys":
            return [call.key(place, both) for place in range(at, len(call.words))]
    return []


_MIGRATED: Final = 2


def _copy(call: _Words) -> list[Place]:
    found = [call.key(0, call.needs[0]), call.key(1, call.needs[-1])]
    for option, at in call.behind(2, {b"db": 1}):
        if option == b"db" and at < len(call.words):
            found.append(Place(at, Part.DATABASE, Access.NONE))
    return found


def _stralgo(call: _Words) -> list[Place]:
    for option, at in call.behind(1, {b"strings": 2, b"minmatchlen": 1}):
        if option == b"keys":
            return [call.key(place, call.needs[0]) for place in range(at, min(at + 2, len(call.words)))]
    return []


_BY_HAND: Final[Mapping[str, Callable[[_Words], list[Place]]]] = {
    "set": _set,
    "bitfield": _bitfield,
    "sort": _sort,
    "sort_ro": _sort,
    "georadius": _georadius,
    "georadiusbymember": _georadius,
    "xread": _xread,
    "xreadgroup": _xread,
    "migrate": _migrate,
    "copy": _copy,
    "stralgo": _stralgo,
}

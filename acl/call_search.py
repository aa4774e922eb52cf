"""The search for a call that one access string allows and another refuses.

A call is allowed where one list allows all of it, so a call that is refused gives each list of the other string a
reason: a key, a channel or a database at some place of the call. Places are independent of each other. So such a call
is found where the other string's lists can be shared out over the places, and each place can be filled with something
that the one list allows and that none of the lists allows that have their reason there. All ways to share them out are
tried; with many lists, or long patterns, the bound on the work may leave a command undecided.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, count, islice
from typing import Final, NamedTuple

from acl.bits import bits
from acl.calls import PASSED_OVER, WITHOUT_WORD, Calls, Command, Form, Part, Slot
from acl.commands import Access
from acl.inclusion import Union, key_outside
from acl.key_patterns import Effort, EffortSpentError
from acl.permission_lists import PermissionList, Reach, joined_channels, joined_keys


class FirstArgument(NamedTuple):
    """What the first argument of a call must be, where access strings name some."""

    only: bytes | None = None
    """In lower case, as servers compare it; None for any but those that follow."""
    never: frozenset[bytes] = frozenset()


_ANYTHING: Final = FirstArgument()

Filling = tuple[tuple[bytes, ...], ...]
"""What stands at each place of a form that access rules look at, in order; a repeated place has one or more."""


class Found(NamedTuple):
    """Commands with a call that one string allows and another refuses, each for the same reason."""

    commands: tuple[Command, ...]
    form: int
    """Which of the commands' forms the call has."""
    filling: Filling
    first: FirstArgument
    by: Reach
    """The list that allows it."""
    granting: tuple[Reach, ...]
    """The lists of the other string that grant the command too, and refuse the call."""

    def call_of(self, command: Command) -> tuple[bytes, ...]:
        """The call of one of the commands, word by word."""
        form = command.forms[self.form]
        return (*command.words, *_written(form, self.filling, _first_word(command, form, self.first)))

    @property
    def database(self) -> int:
        """The database from which the call is made."""
        for slot, values in self.filled():
            if slot.part is Part.CURRENT_DATABASE:
                return int(values[0])
        return 0

    def filled(self) -> Iterator[tuple[Slot, tuple[bytes, ...]]]:
        """The places that access rules look at, with what stands there."""
        seen = (slot for slot in self.commands[0].forms[self.form] if slot.part not in PASSED_OVER)
        return zip(seen, self.filling, strict=True)


def _first_word(command: Command, form: Form, first: FirstArgument) -> bytes:
    """What to write where any first argument will do."""
    if first.only is not None:
        return first.only
    avoided = first.never | _literals(command)
    usual = form[0].text if form and form[0].part is Part.FREE else b"a"
    return (
        usual if usual.lower() not in avoided else next(word for word in map(_digits, count(1)) if word not in avoided)
    )


def _digits(number: int) -> bytes:
    return b"%d" % number


def _literals(command: Command) -> frozenset[bytes]:
    """The first arguments that stand for themselves: `STREAMS` in XREAD."""
    return frozenset(form[0].text for form in command.forms if form and form[0].part is Part.WORD)


def _written(form: Form, filling: Filling, first_word: bytes) -> Iterator[bytes]:
    values = iter(filling)
    times = max((len(some) for some in filling), default=1)
    for slot in form:
        here = () if slot.part in PASSED_OVER else next(values)
        match slot.part:
            case Part.WORD:
                yield from (slot.text,) * (times if slot.many else 1)
            case Part.FREE | Part.UNSEEN:
                yield first_word
            case Part.COUNT:
                yield _digits(times)
            case Part.INDEX:
                yield b"index"
            case Part.CURRENT_DATABASE | Part.ALL_DATABASES:
                pass
            case Part.DATABASE:
                yield here[0]
                for value in here[1:]:
                    yield from (*slot.behind, value)
            case _:
                for value in here:
                    yield from (value, *slot.behind)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place that access rules look at; equal ones are the same object."""

    part: Part
    needs: Access
    first: FirstArgument


@lru_cache(maxsize=4096)
def _place(part: Part, needs: Access, first: FirstArgument = _ANYTHING) -> _Place:
    return _Place(part, needs, first)


def _unbound(place: _Place) -> _Place:
    return _place(place.part, place.needs)


class _Shape(NamedTuple):
    """A form as the search needs it, with what its first argument must be."""

    places: tuple[_Place, ...]
    repeated: int | None
    """Which of the places may be repeated."""
    exactly: int | None = None
    """How often, where the first argument says it."""
    never: frozenset[bytes] = frozenset()
    """How often not, as text."""

    def times(self, enough: int) -> list[int]:
        """How often to repeat the place: few first, and in the end as often as can be of use."""
        if self.repeated is None:
            return [1]
        if self.exactly is not None:
            return [self.exactly]
        few = list(islice(self._allowed(1), _FEW))
        return [number for number in few if number <= enough] + list(islice(self._allowed(max(enough, 1)), 1))

    def _allowed(self, start: int) -> Iterator[int]:
        return (number for number in count(start) if _digits(number) not in self.never)


_FEW: Final = 3
_MOST_KEYS: Final = 1_000
_COUNT: Final = re.compile(rb"[1-9][0-9]{0,9}")
_DATABASE: Final = re.compile(rb"0|[1-9][0-9]{0,9}")
_LARGEST_DATABASE: Final = 2**31 - 1


@cache
def _shapes(command: Command) -> tuple[_Shape, ...]:
    """The forms of a command, whatever the first argument."""
    found = []
    for form in command.forms:
        slots = [slot for slot in form if slot.part not in PASSED_OVER]
        repeated = next((at for at, slot in enumerate(slots) if slot.many), None)
        found.append(_Shape(tuple(_place(slot.part, slot.needs) for slot in slots), repeated))
    return tuple(found)


def _shape(command: Command, number: int, first: FirstArgument) -> _Shape | None:
    """A form with this first argument; None where it cannot have it.

    :raises EffortSpentError: the first argument asks for very many keys.
    """
    shape = _shapes(command)[number]
    if first is _ANYTHING:
        return shape
    form = command.forms[number]
    head = form[0] if form and form[0].part not in WITHOUT_WORD else None
    if head is None:
        return shape if first.only is None else None
    fits = first.only is None or first.only == head.text
    match head.part:
        case Part.WORD:
            return shape if fits and head.text not in first.never else None
        case Part.FREE:
            return shape if first.only not in _literals(command) else None
        case Part.UNSEEN:
            return shape
        case Part.COUNT:
            return _counted(shape, first)
    place, *others = shape.places
    return shape._replace(places=(_place(place.part, place.needs, first), *others))


def _arranged(shape: _Shape, values: Sequence[bytes], times: int) -> Filling:
    """The values at the places of a shape, where those beyond its own places are more of the repeated one."""
    places: list[tuple[bytes, ...]] = [(value,) for value in values[: len(shape.places)]]
    if shape.repeated is not None:
        repeated = [*places[shape.repeated], *values[len(places) :]]
        places[shape.repeated] = tuple(repeated + repeated[-1:] * (times - len(repeated)))
    return tuple(places)


def _counted(shape: _Shape, first: FirstArgument) -> _Shape | None:
    if first.only is None:
        return shape._replace(never=first.never)
    if not _COUNT.fullmatch(first.only):
        return None
    if int(first.only) > _MOST_KEYS:
        raise EffortSpentError
    return shape._replace(exactly=int(first.only))


class CallSearch:
    """Looks for calls that one string allows and another refuses.

    :param calls: how the commands of the server line are called.
    :param effort: the bound on the work.
    """

    def __init__(self, calls: Calls, effort: Effort) -> None:
        self._calls = calls
        self._effort = effort
        self._values: dict[tuple[_Place, Reach, tuple[Reach, ...]], bytes | None] = {}
        self._keys: dict[tuple[Union, Union, FirstArgument], bytes | None] = {}
        self.undecided: list[Command] = []
        """The commands for which the bound on the work was hit."""

    def found(self, own: Sequence[PermissionList], others: Sequence[PermissionList]) -> Iterator[Found]:
        """For each command at most one call that `own` allows and `others` refuse, the shortest that is found."""
        divided = self._calls.divided
        for one in (*own, *others):
            for command in one.first_arguments.keys() & self._calls.of.keys():
                divided |= 1 << command
        for mask, by, granting in self._classes(own, others):
            if self._all_covered(by, granting):
                continue
            for alike in self._calls.alike.values():
                if hit := mask & alike & ~divided:
                    yield from self._decided_alike(hit, by, granting)
        for bit in bits(divided):
            yield from self._with_first_arguments(bit, own, others)

    def grants_more_to_come(self, own: Sequence[PermissionList], others: Sequence[PermissionList]) -> bool:
        """Whether commands that modules add later get more from `own`: such a command may have any number of places.

        :raises EffortSpentError: the bound on the work was hit.
        """
        several = tuple(one.reach for one in others if one.future)
        return any(not self._covered(one.reach, several) for one in own if one.future)

    def _all_covered(self, by: tuple[Reach, ...], granting: tuple[Reach, ...]) -> bool:
        """Whether each list is reached by some single other, whatever the command; no where that is too much work."""
        try:
            return all(self._covered(reach, granting) for reach in by)
        except EffortSpentError:
            return False

    def _covered(self, reach: Reach, others: tuple[Reach, ...]) -> bool:
        """Whether some single list reaches all that a list reaches.

        :raises EffortSpentError: the bound on the work was hit.
        """
        return reach in others or any(
            all(self._value(place, reach, (other,)) is None for place in _PLACES_OF_ANY_COMMAND) for other in others
        )

    def _classes(
        self, own: Sequence[PermissionList], others: Sequence[PermissionList]
    ) -> list[tuple[int, tuple[Reach, ...], tuple[Reach, ...]]]:
        """The commands by the lists that grant them outright: (commands, lists of `own`, lists of `others`)."""
        every = 0
        for one in own:
            every |= one.commands
        classes: dict[tuple[int, int], int] = {(0, 0): every}
        for side, lists in enumerate((own, others)):
            for rank, one in enumerate(lists):
                self._effort.spend(len(classes) / _CLASSES_A_STEP)
                split: dict[tuple[int, int], int] = {}
                for (by, granting), mask in classes.items():
                    if out := mask & ~one.commands:
                        split[by, granting] = split.get((by, granting), 0) | out
                    if inside := mask & one.commands:
                        key = (by | 1 << rank, granting) if side == 0 else (by, granting | 1 << rank)
                        split[key] = split.get(key, 0) | inside
                classes = split
        return [
            (mask, tuple(own[rank].reach for rank in bits(by)), tuple(others[rank].reach for rank in bits(granting)))
            for (by, granting), mask in classes.items()
            if by
        ]

    def _with_first_arguments(
        self, bit: int, own: Sequence[PermissionList], others: Sequence[PermissionList]
    ) -> Iterator[Found]:
        named = {word for one in (*own, *others) for word in one.first_arguments.get(bit, ())}
        *parts, whole = self._calls.of[bit]
        tried = [(part, part.argument, _ANYTHING) for part in parts]
        named -= {part.argument for part in parts if part.argument is not None}
        known = frozenset(part.argument for part in parts if part.argument is not None)
        tried.append((whole, None, FirstArgument(never=known | named)))
        tried += [(whole, word, FirstArgument(only=word)) for word in sorted(named)]
        done = set[Command]()
        for command, word, first in tried:
            by = tuple(one.reach for one in own if one.grants(bit, word))
            granting = tuple(one.reach for one in others if one.grants(bit, word))
            if command in done or set(granting).issuperset(by):
                continue
            try:
                found = self._decided(command, by, granting, first)
            except EffortSpentError:
                self.undecided.append(command)
                continue
            if found is not None:
                done |= {command, whole}
                yield found

    def _decided_alike(self, mask: int, by: tuple[Reach, ...], granting: tuple[Reach, ...]) -> Iterator[Found]:
        """The call of commands in whose forms access rules look at the same: it is decided for one of them."""
        one = self._calls.of[mask.bit_length() - 1][-1]
        try:
            found = self._decided(one, by, granting)
        except EffortSpentError:
            self.undecided += (self._calls.of[bit][-1] for bit in bits(mask))
            return
        if found is not None:
            yield found._replace(commands=tuple(self._calls.of[bit][-1] for bit in bits(mask)))

    def _decided(
        self,
        command: Command,
        by: tuple[Reach, ...],
        granting: tuple[Reach, ...],
        first: FirstArgument = _ANYTHING,
    ) -> Found | None:
        """A call of a command that some list of `by` allows and all of `granting` refuse.

        :raises EffortSpentError: the bound on the work was hit.
        """
        for number in range(len(command.forms)):
            shape = _shape(command, number, first)
            if shape is None:
                continue
            for reach in by:
                filling = None if reach in granting else self._filling(shape, reach, granting)
                if filling is not None:
                    return Found((command,), number, filling, first, reach, granting)
        return None

    def _filling(self, shape: _Shape, reach: Reach, others: tuple[Reach, ...]) -> Filling | None:
        """The form's places filled with what one list allows and each of the others refuses somewhere."""
        plain = [self._value(place, reach, ()) for place in shape.places]
        if None in plain:
            return None
        for times in shape.times(len(others) + 1):
            more = 0 if shape.repeated is None else min(times - 1, len(others), _MOST_LISTS)
            spare = [] if shape.repeated is None else [_unbound(shape.places[shape.repeated])] * more
            values = self._shared_out([*shape.places, *spare], reach, others)
            if values is not None:
                return _arranged(shape, values, times)
        return None

    def _shared_out(self, places: Sequence[_Place], reach: Reach, others: tuple[Reach, ...]) -> list[bytes] | None:
        """A value for each place; the others are shared out over those that they refuse.

        :raises EffortSpentError: there are too many others to try all ways.
        """
        given: list[tuple[Reach, ...]] = [()] * len(places)
        if not others:
            return self._values_of(places, reach, given)
        for at, place in enumerate(places):
            if self._value(place, reach, others) is not None:
                given[at] = others
                return self._values_of(places, reach, given)
        distinct = dict.fromkeys(places)
        choices = {
            other: {place for place in distinct if self._value(place, reach, (other,)) is not None} for other in others
        }
        if not all(choices.values()):
            return None
        if len(others) > _MOST_LISTS:
            raise EffortSpentError
        hardest_first = sorted(others, key=lambda other: len(choices[other]))
        if not self._share_out(places, reach, hardest_first, choices, given):
            return None
        return self._values_of(places, reach, given)

    def _values_of(self, places: Sequence[_Place], reach: Reach, given: Sequence[tuple[Reach, ...]]) -> list[bytes]:
        values = (self._value(place, reach, refused_by) for place, refused_by in zip(places, given, strict=True))
        return [value for value in values if value is not None]

    def _share_out(
        self,
        places: Sequence[_Place],
        reach: Reach,
        others: Sequence[Reach],
        choices: dict[Reach, set[_Place]],
        given: list[tuple[Reach, ...]],
    ) -> bool:
        if not others:
            return True
        other, *later = others
        untouched = set[_Place]()
        for at, place in enumerate(places):
            before = given[at]
            if place not in choices[other] or (not before and place in untouched):
                continue  # no use here, or no more than at a like place that was as empty
            if not before:
                untouched.add(place)
            given[at] = (*before, other)
            if self._value(place, reach, given[at]) is not None and self._share_out(
                places, reach, later, choices, given
            ):
                return True
            given[at] = before
        return False

    def _value(self, place: _Place, reach: Reach, others: tuple[Reach, ...]) -> bytes | None:
        """Something that one list allows at a place, and none of the others."""
        self._effort.spend(_LOOK_UP + len(others) / _LISTS_A_STEP)
        asked = (place, reach, others)
        if asked not in self._values:
            self._effort.spend(1 + len(others))
            self._values[asked] = self._work_out(place, reach, others)
        return self._values[asked]

    def _work_out(self, place: _Place, reach: Reach, others: tuple[Reach, ...]) -> bytes | None:
        found = True
        match place.part:
            case Part.KEY | Part.INDEX:
                return self._outside(reach.keys(place.needs), joined_keys(others, place.needs), place.first)
            case Part.CHANNEL:
                return self._outside(reach.channels, joined_channels(others), place.first)
            case Part.PATTERN:
                return _text(reach.channels, joined_channels(others), place.first)
            case Part.DATABASE | Part.CURRENT_DATABASE:
                return _number(reach, others, place.first)
            case Part.ALL_DATABASES:
                found = reach.databases is None and all(other.databases is not None for other in others)
            case Part.ANY_KEY:
                found = reach.looks_up_any_key and not any(other.looks_up_any_key for other in others)
            case _:
                found = not others  # a count is not refused by any list
        return b"*" if found else None

    def _outside(self, own: Union, others: Union, first: FirstArgument) -> bytes | None:
        asked = (own, others, first)
        if asked not in self._keys:
            self._keys[asked] = key_outside(own, others, self._effort, only=first.only, never=first.never)
        return self._keys[asked]


_CLASSES_A_STEP: Final = 8
_LOOK_UP: Final = 0.3
_LISTS_A_STEP: Final = 32
_MOST_LISTS: Final = 64
_PLACES_OF_ANY_COMMAND: Final = (
    *(_place(Part.KEY, needs) for needs in (Access.NONE, Access.READ, Access.WRITE, Access.BOTH)),
    *(_place(part, Access.NONE) for part in (Part.CHANNEL, Part.PATTERN, Part.DATABASE, Part.ALL_DATABASES)),
    _place(Part.ANY_KEY, Access.NONE),
)


def _text(own: Union, others: Union, first: FirstArgument) -> bytes | None:
    """A pattern of channels that is the very text of a rule, or anything where every channel is allowed."""
    if others.every:
        return None
    if own.every:
        if first.only is not None:
            spellings = chain((first.only,), (first.only + b"\0" + _digits(number) for number in count()))
            return next(text for text in spellings if text not in others.patterns)
        return next(text for text in _texts() if text not in others.patterns and _told(text) not in first.never)
    fitting = (
        text
        for text in own.patterns - others.patterns
        if (_told(text) == first.only if first.only is not None else _told(text) not in first.never)
    )
    return min(fitting, key=lambda text: (len(text), text), default=None)


def _texts() -> Iterator[bytes]:
    yield from (b"*", b"a")
    yield from map(_digits, count())


def _told(word: bytes) -> bytes:
    """A word as servers compare first arguments."""
    return word.split(b"\0", 1)[0].lower()


def _number(reach: Reach, others: tuple[Reach, ...], first: FirstArgument) -> bytes | None:
    """A database that one list allows and none of the others."""
    refused = set[int]()
    for other in others:
        if other.databases is None:
            return None
        refused |= other.databases
    if first.only is not None:
        if not _DATABASE.fullmatch(first.only) or int(first.only) > _LARGEST_DATABASE:
            return None
        number = int(first.only)
        allowed = number not in refused and (reach.databases is None or number in reach.databases)
        return first.only if allowed else None
    numbers = count() if reach.databases is None else sorted(reach.databases)
    return next(
        (_digits(number) for number in numbers if number not in refused and _digits(number) not in first.never),
        None,
    )

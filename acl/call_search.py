"""The search for a call that one access string allows and another refuses.

A call is allowed where one list allows all of it, so a call that is refused gives each list of the other string a
reason: a key, a channel or a database at some place of the call. Places are independent of each other. So such a call
is found where the other string's lists can be shared out over the places, and each place can be filled with something
that the one list allows and that none of the lists allows that have their reason there. All ways to share them out are
tried; with many lists, or long patterns, the bound on the work may leave a command undecided.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
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


class _Place(NamedTuple):
    part: Part
    needs: Access
    first: FirstArgument = _ANYTHING


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
        allowed = (number for number in count(1) if _digits(number) not in self.never)
        found = [next(allowed)]
        while found[-1] <= enough:
            found.append(next(allowed))
        return found if len(found) <= _FEW else [*found[: _FEW - 1], found[-1]]


_FEW: Final = 4
_MOST_KEYS: Final = 1_000
_COUNT: Final = re.compile(rb"[1-9][0-9]{0,9}")
_DATABASE: Final = re.compile(rb"0|[1-9][0-9]{0,9}")
_LARGEST_DATABASE: Final = 2**31 - 1


def _shape(command: Command, form: Form, first: FirstArgument) -> _Shape | None:
    """The form with this first argument; None where it cannot have it.

    :raises EffortSpentError: the first argument asks for very many keys.
    """
    places = [_Place(slot.part, slot.needs) for slot in form if slot.part not in PASSED_OVER]
    repeated = next((at for at, slot in enumerate(_looked_at(form)) if slot.many), None)
    shape = _Shape(tuple(places), repeated)
    if first == _ANYTHING:
        return shape
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
    return shape._replace(places=(places[0]._replace(first=first), *places[1:]))


def _looked_at(form: Form) -> list[Slot]:
    return [slot for slot in form if slot.part not in PASSED_OVER]


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
            for command in one.first_arguments:
                divided |= 1 << command
        for mask, by, granting in self._classes(own, others):
            if set(granting).issuperset(by):
                continue
            for alike in self._calls.alike.values():
                if hit := mask & alike & ~divided:
                    yield from self._decided(tuple(self._calls.of[bit][-1] for bit in bits(hit)), by, granting)
        for bit in bits(divided):
            yield from self._with_first_arguments(bit, own, others)

    def grants_more_to_come(self, own: Sequence[PermissionList], others: Sequence[PermissionList]) -> bool:
        """Whether commands that modules add later get more from `own`: such a command may have any number of places.

        :raises EffortSpentError: the bound on the work was hit.
        """
        several = [one.reach for one in others if one.future]
        return any(
            all(
                any(self._value(place, one.reach, (other,)) is not None for place in _PLACES_OF_ANY_COMMAND)
                for other in several
            )
            for one in own
            if one.future
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
        *parts, whole = self._calls.of.get(bit, ())
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
            for found in self._decided((command,), by, granting, first):
                done |= {command, whole}
                yield found

    def _decided(
        self,
        commands: tuple[Command, ...],
        by: tuple[Reach, ...],
        granting: tuple[Reach, ...],
        first: FirstArgument = _ANYTHING,
    ) -> Iterator[Found]:
        """The call of these commands, all alike, if there is any."""
        try:
            for number, form in enumerate(commands[0].forms):
                shape = _shape(commands[0], form, first)
                if shape is None:
                    continue
                for reach in by:
                    filling = None if reach in granting else self._filling(shape, reach, granting)
                    if filling is not None:
                        yield Found(commands, number, filling, first, reach, granting)
                        return
        except EffortSpentError:
            self.undecided += commands

    def _filling(self, shape: _Shape, reach: Reach, others: tuple[Reach, ...]) -> Filling | None:
        """The form's places filled with what one list allows and each of the others refuses somewhere."""
        if any(self._value(place, reach, ()) is None for place in shape.places):
            return None
        for times in shape.times(len(others)):
            more = min(times - 1, len(others))
            spare = [] if shape.repeated is None else [shape.places[shape.repeated]._replace(first=_ANYTHING)] * more
            values = self._shared_out([*shape.places, *spare], reach, others)
            if values is None:
                continue
            places: list[tuple[bytes, ...]] = [(value,) for value in values[: len(shape.places)]]
            if shape.repeated is not None:
                repeated = [places[shape.repeated][0], *values[len(places) :]]
                repeated += repeated[-1:] * (times - len(repeated))
                places[shape.repeated] = tuple(repeated)
            return tuple(places)
        return None

    def _shared_out(self, places: Sequence[_Place], reach: Reach, others: tuple[Reach, ...]) -> list[bytes] | None:
        """A value for each place; the others are shared out over those that they refuse."""
        given: list[tuple[Reach, ...]] = [()] * len(places)
        for at, place in enumerate(places):
            if others and self._value(place, reach, others) is not None:
                given[at] = others
                return self._values_of(places, reach, given)
        choices = {
            other: [at for at, place in enumerate(places) if self._value(place, reach, (other,)) is not None]
            for other in others
        }
        if not all(choices.values()):
            return None
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
        choices: dict[Reach, list[int]],
        given: list[tuple[Reach, ...]],
    ) -> bool:
        if not others:
            return True
        other, *later = others
        untouched = set[_Place]()
        for at in choices[other]:
            if not given[at]:
                if places[at] in untouched:
                    continue  # like another place where nothing was found
                untouched.add(places[at])
            before = given[at]
            given[at] = (*before, other)
            if self._value(places[at], reach, given[at]) is not None and self._share_out(
                places, reach, later, choices, given
            ):
                return True
            given[at] = before
        return False

    def _value(self, place: _Place, reach: Reach, others: tuple[Reach, ...]) -> bytes | None:
        """Something that one list allows at a place, and none of the others."""
        asked = (place, reach, others)
        if asked not in self._values:
            self._effort.spend(1 + len(others) / _LISTS_A_STEP)
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
_LISTS_A_STEP: Final = 8
_PLACES_OF_ANY_COMMAND: Final = (
    *(_Place(Part.KEY, needs) for needs in (Access.NONE, Access.READ, Access.WRITE, Access.BOTH)),
    *(_Place(part, Access.NONE) for part in (Part.CHANNEL, Part.PATTERN, Part.DATABASE, Part.ALL_DATABASES)),
    _Place(Part.ANY_KEY, Access.NONE),
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

"""The forms of calls as a search fills them in: places for keys, channels and databases, and the first argument."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count, islice
from typing import Final, NamedTuple

from acl.calls import PASSED_OVER, WITHOUT_WORD, Command, Form, Part
from acl.commands import Access
from acl.key_patterns import EffortSpentError


class FirstArgument(NamedTuple):
    """What the first argument of a call must be, where access strings name some."""

    only: bytes | None = None
    """In lower case, as servers compare it; None for any but those that follow."""
    never: frozenset[bytes] = frozenset()


ANYTHING: Final = FirstArgument()


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place of a call that access rules look at; equal ones are the same object."""

    part: Part
    needs: Access
    first: FirstArgument


@lru_cache(maxsize=4096)
def place(part: Part, needs: Access = Access.NONE, first: FirstArgument = ANYTHING) -> Place:
    """The place with these properties."""
    return Place(part, needs, first)


Filling = tuple[tuple[bytes, ...], ...]
"""What stands at each place of a form, in order; a repeated place has one or more."""


class Shape(NamedTuple):
    """A form with what its first argument must be."""

    places: tuple[Place, ...]
    repeated: int | None
    """Which of the places may be repeated."""
    exactly: int | None = None
    """How often, where the first argument says it."""
    never: frozenset[bytes] = frozenset()
    """How often not, as text."""

    def times(self, enough: int) -> list[int]:
        """How often to repeat the place: few times first, and in the end as often as can be of use."""
        if self.repeated is None:
            return [1]
        if self.exactly is not None:
            return [self.exactly]
        few = [number for number in islice(self._allowed(1), _FEW) if number < enough]
        return few + list(islice(self._allowed(enough), 1))

    def _allowed(self, start: int) -> Iterator[int]:
        return (number for number in count(start) if digits(number) not in self.never)

    def spread(self, times: int, most: int) -> list[Place]:
        """The places, and behind them the repeated one again and again, but no more than `most` times."""
        if self.repeated is None:
            return [*self.places]
        one = self.places[self.repeated]
        return [*self.places, *[place(one.part, one.needs)] * min(times - 1, most)]

    def arranged(self, values: Sequence[bytes], times: int) -> Filling:
        """Values for the places that were spread, each at its own place."""
        filling: list[tuple[bytes, ...]] = [(value,) for value in values[: len(self.places)]]
        if self.repeated is not None:
            repeated = [*filling[self.repeated], *values[len(filling) :]]
            filling[self.repeated] = tuple(repeated + repeated[-1:] * (times - len(repeated)))
        return tuple(filling)


_FEW: Final = 3
_MOST_KEYS: Final = 1_000
_COUNT: Final = re.compile(rb"[1-9][0-9]{0,9}")


def shape_of(command: Command, number: int, first: FirstArgument) -> Shape | None:
    """A form of a command with this first argument; None where it cannot have it.

    :raises EffortSpentError: the first argument asks for very many keys.
    """
    shape = _plain_shapes(command)[number]
    if first is ANYTHING:
        return shape
    form = command.forms[number]
    head = form[0] if form and form[0].part not in WITHOUT_WORD else None
    if head is None:
        return shape if first.only is None else None
    match head.part:
        case Part.WORD:
            fits = first.only in {None, head.text} and head.text not in first.never
            return shape if fits else None
        case Part.FREE:
            return shape if first.only not in _literals(command) else None
        case Part.UNSEEN:
            return shape
        case Part.COUNT:
            return _counted(shape, first)
    one, *others = shape.places
    return shape._replace(places=(place(one.part, one.needs, first), *others))


@cache
def _plain_shapes(command: Command) -> tuple[Shape, ...]:
    """The forms of a command, whatever the first argument."""
    found = []
    for form in command.forms:
        slots = [slot for slot in form if slot.part not in PASSED_OVER]
        repeated = next((at for at, slot in enumerate(slots) if slot.many), None)
        found.append(Shape(tuple(place(slot.part, slot.needs) for slot in slots), repeated))
    return tuple(found)


def _counted(shape: Shape, first: FirstArgument) -> Shape | None:
    if first.only is None:
        return shape._replace(never=first.never)
    if not _COUNT.fullmatch(first.only):
        return None
    if int(first.only) > _MOST_KEYS:
        raise EffortSpentError
    return shape._replace(exactly=int(first.only))


def digits(number: int) -> bytes:
    """A number as a call has it."""
    return b"%d" % number


def written(command: Command, number: int, filling: Filling, first: FirstArgument) -> tuple[bytes, ...]:
    """The call with this form and filling, word by word."""
    form = command.forms[number]
    return (*command.words, *_words(form, filling, _first_word(command, form, first)))


def _words(form: Form, filling: Filling, first_word: bytes) -> Iterator[bytes]:
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
                yield digits(times)
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


def _first_word(command: Command, form: Form, first: FirstArgument) -> bytes:
    """What to write where any first argument will do."""
    if first.only is not None:
        return first.only
    avoided = first.never | _literals(command)
    usual = form[0].text if form and form[0].part is Part.FREE else b"a"
    if usual.lower() not in avoided:
        return usual
    return next(word for word in map(digits, count(1)) if word not in avoided)


def _literals(command: Command) -> frozenset[bytes]:
    """The first arguments that stand for themselves: `STREAMS` in XREAD."""
    return frozenset(form[0].text for form in command.forms if form and form[0].part is Part.WORD)

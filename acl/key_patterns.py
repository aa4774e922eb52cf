"""Key patterns: which keys a set of glob patterns reaches.

Patterns are those of the server (`stringmatchlen` in util.c): `*`, `?`, `[abc]`, `[a-z]`, `[^x]` and a backslash,
byte by byte and with case. Whether a union of patterns reaches every key is decided exactly, by searching the
subset automaton of the union for a key that no pattern matches; only past a bound on that work it stays undecided.
"""

import heapq
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from acl.bits import bits

ANY: Final = (1 << 256) - 1
"""Sets of bytes are integers: bit b stands for byte b. This is the set of all."""

_HIGH_BYTE: Final = 0x80
_HALF: Final = 128


class Glob(NamedTuple):
    """One pattern: what stands before, between and after its stars.

    State i has consumed `classes[:i]`; `stars[i]` tells whether a star stands there, so there is one more of them
    than of classes.
    """

    classes: tuple[int, ...]
    stars: tuple[bool, ...]

    def reversed(self) -> "Glob":
        """The pattern that matches the mirror images of the keys."""
        return Glob(self.classes[::-1], self.stars[::-1])


_RUN: Final = re.compile(rb"(?P<plain>[^*?\[\\]+)|(?P<stars>\*+)|\?+")
_SINGLE: Final = tuple(1 << byte for byte in range(256))


@lru_cache(maxsize=1024)
def compile_glob(pattern: bytes) -> Glob:
    """Read a pattern as the server does, its quirks included.

    An unclosed `[a` acts as `[a]`, `[]` matches nothing, `[^]` matches any byte, a reversed range is swapped, a
    lone backslash at the end is itself, and ranges compare bytes as signed characters, as x86 servers do.
    """
    classes: list[int] = []
    stars = [False]
    position = 0
    while position < len(pattern):
        if run := _RUN.match(pattern, position):
            position = run.end()
            if run["stars"]:
                stars[-1] = True
                continue
            length = len(run[0])
            classes += map(_SINGLE.__getitem__, run[0]) if run["plain"] else [ANY] * length
            stars += [False] * length
            continue
        byte = pattern[position]
        if byte == ord("["):
            bytes_matched, position = _read_class(pattern, position + 1)
        else:
            if byte == ord("\\") and position + 1 < len(pattern):
                position += 1
            bytes_matched = _SINGLE[pattern[position]]
        classes.append(bytes_matched)
        stars.append(False)
        position += 1
    return Glob(tuple(classes), tuple(stars))


def _read_class(pattern: bytes, position: int) -> tuple[int, int]:
    """The bytes of a class whose inside starts at a position, and the position of its last character."""
    negated = pattern[position : position + 1] == b"^"
    position += negated
    found = 0
    while position < len(pattern):
        byte = pattern[position]
        if byte == ord("\\") and position + 1 < len(pattern):
            position += 1
            found |= 1 << pattern[position]
        elif byte == ord("]"):
            break
        elif pattern[position + 1 : position + 2] == b"-" and position + 2 < len(pattern):
            found |= _range(byte, pattern[position + 2])
            position += 2
        else:
            found |= 1 << byte
        position += 1
    return (ANY & ~found if negated else found), position


def _range(start: int, end: int) -> int:
    low, high = sorted((_signed(start), _signed(end)))
    if low < 0 <= high:
        return _span(256 + low, 255) | _span(0, high)
    return _span(low % 256, high % 256)


def _signed(byte: int) -> int:
    return byte - 256 if byte >= _HIGH_BYTE else byte


def _span(first: int, last: int) -> int:
    return (1 << (last + 1)) - (1 << first)


def matches(pattern: bytes, key: bytes) -> bool:
    """Whether the server lets a pattern match a key.

    Patterns of more than 1,000 stars, which newer servers stop matching, count as matching as far as they go.
    """
    if not key:
        return not pattern  # the server's loop is not entered, so even `*` does not match the empty key
    classes, stars = compile_glob(pattern)
    states = 1
    loops = sum(star << state for state, star in enumerate(stars))
    accepting = [0] * 256
    for state, found in enumerate(classes):
        for byte in set(key):
            accepting[byte] |= (found >> byte & 1) << state
    for byte in key:
        states = (states & accepting[byte]) << 1 | states & loops
    return bool(states >> len(classes))


class Keys(Enum):
    """The sets of keys that a union of patterns is asked to reach: how long, and out of which bytes."""

    EVERY = (1, ANY)
    """Every non-empty key."""
    PRACTICALLY_EVERY = (8, sum(1 << byte for byte in b"abcdefghijklmnopqrstuvwxyz0123456789:-_."))
    """Every key of eight or more characters out of a-z, 0-9 and `: - _ .`."""

    @property
    def shortest(self) -> int:
        """The least number of bytes in such a key."""
        return self.value[0]

    @property
    def alphabet(self) -> int:
        """The bytes of such a key, as a set."""
        return self.value[1]


class Reach(Enum):
    """The answer."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class EffortSpentError(Exception):
    """The bound on the work was hit."""


class Effort:
    """A bound on the work for all questions about one access string, in steps of roughly a microsecond.

    It grows with the string, so that whatever its patterns, a string costs no more than a few times what an ordinary
    one of its length does; benchmarks/ measures that.

    :param length: of all patterns of the string together, in bytes.
    """

    def __init__(self, length: int) -> None:
        self._left = min(_EFFORT + _EFFORT_A_BYTE * length, _MOST_EFFORT)

    def spend(self, steps: float) -> None:
        """Take some of it.

        :raises EffortSpentError: there is not so much left.
        """
        self._left -= steps
        if self._left < 0:
            raise EffortSpentError


_EFFORT: Final = 1_500
_EFFORT_A_BYTE: Final = 0.3
_MOST_EFFORT: Final = 60_000
_STATES_A_STEP: Final = 16_384
_PATTERN_COST: Final = 4
_BYTES_A_STEP: Final = 5


def reach(patterns: Collection[bytes], keys: Keys, effort: Effort) -> Reach:
    """Whether a union of patterns matches each of the keys.

    Both ways to read the keys are searched in turns, since a union that is hopeless to determinise from the front
    (`*a????????????????????`) is mostly easy from the back.

    :returns: UNDECIDED when the bound on the work was hit.
    """
    if any(_plainly_reaches_alone(pattern, keys) for pattern in patterns):
        return Reach.YES
    if not _first_bytes_covered(patterns, keys):
        return Reach.NO
    try:
        return _reach(_without_superfluous(patterns), keys, effort)
    except EffortSpentError:
        return Reach.UNDECIDED


def _reach(patterns: Collection[bytes], keys: Keys, effort: Effort) -> Reach:
    effort.spend(sum(_PATTERN_COST + len(pattern) / _BYTES_A_STEP for pattern in patterns))
    globs = [glob for pattern in patterns if (glob := _within(compile_glob(pattern), keys)) is not None]
    if any(_reaches_alone(glob, keys) for glob in globs):
        return Reach.YES
    if not (_edges_covered(globs, 0, keys) and _edges_covered(globs, -1, keys)):
        return Reach.NO
    searches = [_search(_Automaton.of(globs, keys, effort), effort)]
    searches.append(_search(_Automaton.of([glob.reversed() for glob in globs], keys, effort), effort))
    while True:
        for search in searches:
            answer = next(search)
            if answer is not None:
                return answer


def _plainly_reaches_alone(pattern: bytes, keys: Keys) -> bool:
    """Whether the pattern is stars and question marks and matches each key; told without compiling it."""
    return b"*" in pattern and not pattern.strip(b"*?") and pattern.count(b"?") <= keys.shortest


def _first_bytes_covered(patterns: Collection[bytes], keys: Keys) -> bool:
    """Whether the patterns may admit every first byte; told by how they are written, without compiling any."""
    covered = 0
    for first in {pattern[:1] for pattern in patterns if pattern}:
        if first in b"*?[\\":
            return True
        covered |= _SINGLE[first[0]]
    return covered & keys.alphabet == keys.alphabet


def _without_superfluous(patterns: Collection[bytes]) -> list[bytes]:
    """The patterns but those that begin with the plain byte x where `x*` is among them."""
    enough = {pattern for pattern in patterns if len(pattern) == len(b"x*") and pattern[1:] == b"*"} - _STARS_ALONE
    return [pattern for pattern in patterns if pattern in enough or pattern[:1] + b"*" not in enough]


_STARS_ALONE: Final = {b"**", b"?*", b"[*", b"\\*"}


def _within(glob: Glob, keys: Keys) -> Glob | None:
    """The pattern as far as it matters for the keys, or None where it matches none of them."""
    alphabet = keys.alphabet
    classes = tuple(ANY if found & alphabet == alphabet else found & alphabet for found in glob.classes)
    if not all(classes) or (not any(glob.stars) and len(classes) < keys.shortest):
        return None
    return Glob(classes, glob.stars)


def _reaches_alone(glob: Glob, keys: Keys) -> bool:
    return any(glob.stars) and len(glob.classes) <= keys.shortest and all(found == ANY for found in glob.classes)


def _edges_covered(globs: list[Glob], edge: int, keys: Keys) -> bool:
    """Whether the patterns together admit every first (edge 0) or last (edge -1) byte."""
    covered = 0
    for glob in globs:
        if glob.stars[edge]:
            return True
        covered |= glob.classes[edge]
    return covered & keys.alphabet == keys.alphabet


@dataclass(frozen=True, slots=True)
class _Automaton:
    """The union as one nondeterministic automaton; sets of states are integers."""

    start: int
    loops: int
    """States with a star: they stay whatever comes."""
    final: int
    letters: tuple[int, ...]
    """For each class of bytes that the patterns tell apart, the states that it moves on."""
    certain: tuple[int, ...]
    """States from which every key of at least that many more bytes is matched."""
    shortest: int
    step_cost: float

    @classmethod
    def of(cls, globs: list[Glob], keys: Keys, effort: Effort) -> "_Automaton":
        size = sum(len(glob.stars) for glob in globs)
        tables = _Tables(size, keys, effort)
        first = 0
        for glob in globs:
            tables.add(glob, first)
            first += len(glob.stars)
        return cls(
            start=_number(tables.start),
            loops=_number(tables.loops),
            final=_number(tables.final),
            letters=tables.letters(),
            certain=tuple(_number(row) for row in tables.certain),
            shortest=keys.shortest,
            step_cost=1 + size / _STATES_A_STEP,
        )


_STATE_COST: Final = 0.4


class _Tables:
    """Sets of states under construction, as byte arrays: setting a bit there does not copy the whole."""

    def __init__(self, size: int, keys: Keys, effort: Effort) -> None:
        length = size // 8 + 1
        self._keys = keys
        self._effort = effort
        alphabet = [byte for byte in range(256) if keys.alphabet >> byte & 1]
        effort.spend(size * _STATE_COST + len(alphabet) * length / 512)
        self.start, self.loops, self.final = bytearray(length), bytearray(length), bytearray(length)
        self.certain = [bytearray(length) for _ in range(keys.shortest + 1)]
        self._any_byte = bytearray(length)
        self._takes = {byte: bytearray(length) for byte in alphabet}
        self._leaves = {byte: bytearray(length) for byte in alphabet}

    def add(self, glob: Glob, first: int) -> None:
        """Add a pattern whose states are numbered from `first`."""
        _set(self.start, first)
        _set(self.final, first + len(glob.classes))
        for state, star in enumerate(glob.stars, first):
            if star:
                _set(self.loops, state)
        for state, found in enumerate(glob.classes, first):
            self._add_class(state, found)
        for needed, state in _certain_states(glob, first, self._keys.shortest):
            _set(self.certain[needed], state)

    def _add_class(self, state: int, found: int) -> None:
        if found == ANY:
            _set(self._any_byte, state)
            return
        count = found.bit_count()
        self._effort.spend(1 + min(count, _HALF) / 8)
        if count > _HALF:
            _set(self._any_byte, state)
            rows, told = self._leaves, self._keys.alphabet & ~found
        else:
            rows, told = self._takes, found
        for byte in bits(told):
            _set(rows[byte], state)

    def letters(self) -> tuple[int, ...]:
        """For each class of bytes that the patterns tell apart, the states that it moves on; fewest states first."""
        any_byte = _number(self._any_byte)
        moved = {any_byte & ~_number(self._leaves[byte]) | _number(self._takes[byte]) for byte in self._takes}
        return tuple(sorted(moved, key=int.bit_count))


def _set(row: bytearray, state: int) -> None:
    row[state >> 3] |= 1 << (state & 7)


def _number(row: bytearray) -> int:
    return int.from_bytes(row, "little")


def _certain_states(glob: Glob, first: int, longest: int) -> Iterator[tuple[int, int]]:
    """The states whose rest is stars and `?` only: (how many more bytes make a match certain, the state)."""
    starred = False
    for state in range(len(glob.classes), -1, -1):
        starred = starred or glob.stars[state]
        needed = len(glob.classes) - state
        if needed > longest or (needed and glob.classes[state] != ANY):
            return
        if starred:
            for enough in range(needed, longest + 1):
                yield enough, first + state


def _search(automaton: _Automaton, effort: Effort) -> Iterator[Reach | None]:
    """Look for a key that the union misses, fewest states first; yields None now and then to let others work.

    A set of states that holds a smaller one already seen, for keys at least as long, can miss nothing that the
    smaller one does not miss, so it is dropped (an antichain search).
    """
    shortest, loops, final, letters = automaton.shortest, automaton.loops, automaton.final, automaton.letters
    queue: list[tuple[int, int, int]] = [(automaton.start.bit_count(), 0, automaton.start)]
    seen: list[list[int]] = [[] for _ in range(shortest + 1)]
    turn = 0.0
    while queue:
        _, length, states = heapq.heappop(queue)
        longer = min(length + 1, shortest)
        certain = automaton.certain[shortest - longer]
        moves = {states & letter for letter in letters}  # most letters lead to the same from most sets
        work = len(letters) / _LETTERS_A_STEP + len(moves)
        effort.spend(automaton.step_cost * work)
        turn += work
        for moved in moves:
            following = moved << 1 | states & loops
            if following & certain:
                continue
            if not following or (longer == shortest and not following & final):
                yield Reach.NO
            if _covered(following, longer, seen, effort):
                continue
            seen[longer].append(following)
            heapq.heappush(queue, (following.bit_count(), longer, following))
        if turn >= _TURN:
            turn = 0.0
            yield None
    yield Reach.YES


_TURN: Final = 64
_LETTERS_A_STEP: Final = 8


def _covered(states: int, length: int, seen: list[list[int]], effort: Effort) -> bool:
    for smaller_sets in seen[length:]:
        effort.spend(len(smaller_sets) / 32)
        for smaller in smaller_sets:
            if smaller & states == smaller:
                return True
    return False

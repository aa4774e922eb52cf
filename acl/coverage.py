"""Whether a union of key patterns reaches every key.

It is decided exactly, by searching the subset automaton of the union for a key that no pattern matches; only past a
bound on that work it stays undecided.
"""

import heapq
from collections.abc import Collection, Iterator
from enum import Enum
from typing import Final, NamedTuple

from acl.bits import add_to, bits, filled
from acl.globs import ANY, SINGLE, Glob, certain_places, compile_glob

# What the search may cost, in steps. A step is about a microsecond: over the hostile strings of benchmarks/ of 4 and
# of 64 KB it took 0.1 to 1.9. The budget was set by the same benchmark, so that a hostile string costs at most five
# times as much as an ordinary one of its length; each price by timing the part of the work that it stands for.
_STEPS_FOR_ANY_STRING: Final = 1_500
"""What even the shortest string may spend: enough to decide any twenty patterns that people write."""
_STEPS_PER_BYTE: Final = 0.3
"""What each byte of pattern adds: a little less than parsing an ordinary string takes for a byte, which is 0.4."""
_MOST_STEPS: Final = 60_000
"""What no string may exceed: the budget of about 200 KB, three times the longest string that is measured."""
_STEPS_PER_PATTERN: Final = 4
"""The price of a pattern whatever its length: a compiled form, a check of its edges."""
_BYTES_PER_STEP: Final = 5
"""How many bytes of pattern are compiled for one step."""
_STEPS_PER_STATE: Final = 0.4
"""The price of a place between two characters of a pattern, in each direction of the search."""
_ROW_BYTES_PER_STEP: Final = 512
"""How much of the tables of moves, one row for each byte of a key, is made empty for one step."""
_CLASS_BYTES_PER_STEP: Final = 8
"""How many bytes of a class such as `[a-z]` are written into the tables for one step; up to half of all bytes count."""
_STATES_PER_STEP: Final = 16_384
"""How many states make a move of the search one step dearer, since sets of states are long integers."""
_LETTERS_PER_STEP: Final = 8
"""How many letters that lead to the same states are tried for one step."""
_COMPARISONS_PER_STEP: Final = 32
"""With how many sets of states seen before a new one is compared for one step."""
_STEPS_PER_TURN: Final = 64
"""How long one direction of the search goes on before the other has its turn: long beside the switch, short beside
the budget."""

_HALF: Final = 128
"""A class of more bytes than this is kept by what it leaves out."""


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
    """A bound on the work for all questions about one access string, in steps of about a microsecond.

    It grows with the string, so that whatever its patterns, a string costs no more than a few times what an ordinary
    one of its length does.

    :param length: of all patterns of the string together, in bytes.
    """

    def __init__(self, length: int) -> None:
        self.left = min(_STEPS_FOR_ANY_STRING + _STEPS_PER_BYTE * length, _MOST_STEPS)

    def spend(self, steps: float) -> None:
        """Take some of it.

        :raises EffortSpentError: there is not so much left.
        """
        self.left -= steps
        if self.left < 0:
            raise EffortSpentError


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
        # sorted, since near the bound the answer depends on the order, and that of a set changes from run to run
        return _reach(sorted(_without_superfluous(patterns)), keys, effort)
    except EffortSpentError:
        return Reach.UNDECIDED


def _reach(patterns: Collection[bytes], keys: Keys, effort: Effort) -> Reach:
    effort.spend(sum(_STEPS_PER_PATTERN + len(pattern) / _BYTES_PER_STEP for pattern in patterns))
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
    """Whether the pattern is stars and question marks and matches each key; seen without compiling it."""
    return b"*" in pattern and not pattern.strip(b"*?") and pattern.count(b"?") <= keys.shortest


def _first_bytes_covered(patterns: Collection[bytes], keys: Keys) -> bool:
    """Whether the patterns may admit every first byte; seen by how they are written, without compiling any."""
    covered = 0
    for first in {pattern[:1] for pattern in patterns if pattern}:
        if first in b"*?[\\":
            return True
        covered |= SINGLE[first[0]]
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


class _Automaton(NamedTuple):
    """The union as one nondeterministic automaton; sets of states are integers."""

    start: int
    loops: int
    """States with a star: they stay whatever comes."""
    final: int
    letters: tuple[int, ...]
    """For each class of bytes that the patterns keep apart, the states that it moves on."""
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
            start=filled(tables.start),
            loops=filled(tables.loops),
            final=filled(tables.final),
            letters=tables.letters(),
            certain=tuple(filled(row) for row in tables.certain),
            shortest=keys.shortest,
            step_cost=1 + size / _STATES_PER_STEP,
        )


class _Tables:
    """Sets of states under construction, as byte arrays: setting a bit there does not copy the whole."""

    def __init__(self, size: int, keys: Keys, effort: Effort) -> None:
        length = size // 8 + 1
        self._keys = keys
        self._effort = effort
        alphabet = [byte for byte in range(256) if keys.alphabet >> byte & 1]
        effort.spend(size * _STEPS_PER_STATE + len(alphabet) * length / _ROW_BYTES_PER_STEP)
        self.start, self.loops, self.final = bytearray(length), bytearray(length), bytearray(length)
        self.certain = [bytearray(length) for _ in range(keys.shortest + 1)]
        self._any_byte = bytearray(length)
        self._takes = {byte: bytearray(length) for byte in alphabet}
        self._leaves = {byte: bytearray(length) for byte in alphabet}

    def add(self, glob: Glob, first: int) -> None:
        """Add a pattern whose states are numbered from `first`."""
        add_to(self.start, first)
        add_to(self.final, first + len(glob.classes))
        for state, star in enumerate(glob.stars, first):
            if star:
                add_to(self.loops, state)
        for state, found in enumerate(glob.classes, first):
            self._add_class(state, found)
        for needed, place in certain_places(glob, self._keys.shortest):
            add_to(self.certain[needed], first + place)

    def _add_class(self, state: int, found: int) -> None:
        if found == ANY:
            add_to(self._any_byte, state)
            return
        count = found.bit_count()
        self._effort.spend(1 + min(count, _HALF) / _CLASS_BYTES_PER_STEP)
        if count > _HALF:
            add_to(self._any_byte, state)
            rows, written = self._leaves, self._keys.alphabet & ~found
        else:
            rows, written = self._takes, found
        for byte in bits(written):
            add_to(rows[byte], state)

    def letters(self) -> tuple[int, ...]:
        """For each class of bytes that the patterns keep apart, the states that it moves on; fewest states first."""
        any_byte = filled(self._any_byte)
        moved = {any_byte & ~filled(self._leaves[byte]) | filled(self._takes[byte]) for byte in self._takes}
        return tuple(sorted(moved, key=int.bit_count))


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
        work = len(letters) / _LETTERS_PER_STEP + len(moves)
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
        if turn >= _STEPS_PER_TURN:
            turn = 0.0
            yield None
    yield Reach.YES


def _covered(states: int, length: int, seen: list[list[int]], effort: Effort) -> bool:
    for smaller_sets in seen[length:]:
        effort.spend(len(smaller_sets) / _COMPARISONS_PER_STEP)
        for smaller in smaller_sets:
            if smaller & states == smaller:
                return True
    return False

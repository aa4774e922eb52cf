"""Whether one union of key patterns reaches a key that another one does not, and which.

Both unions are read as automata: a search runs through the pairs of a place in one pattern of the first union and all
the places where the patterns of the second may be. A pair is dropped where one that can miss no more was there before
(an antichain search). The answer is exact; only past the bound on the work there is none.
"""

import heapq
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Final, NamedTuple

from acl.bits import add_to, bits, filled
from acl.coverage import Effort, EffortSpentError
from acl.globs import ANY, Glob, certain_places, compile_glob, matches


@dataclass(frozen=True, slots=True)
class PatternUnion:
    """The keys of a permission list: those of its patterns, or every key."""

    patterns: frozenset[bytes]
    every: bool = False
    """`~*` itself, or `allkeys`: also the empty key, which the pattern `*` does not match."""

    def reaches(self, key: bytes) -> bool:
        """Whether a key is among them."""
        return self.every or any(matches(pattern, key) for pattern in self.patterns)


def key_outside(
    some: PatternUnion,
    others: PatternUnion,
    effort: Effort,
    *,
    only: bytes | None = None,
    never: Collection[bytes] = (),
) -> bytes | None:
    """A key of one union that is not in another, as short as can be and of plain letters where possible.

    :param only: a first argument in lower case that the key must be, as servers compare first arguments: whatever the
        case, and whatever stands behind a NUL.
    :param never: first arguments in lower case that it must not be.
    :returns: None when there is no such key.
    :raises EffortSpentError: the bound on the work was hit, and nothing is known.
    """
    if others.every:
        return None
    effort.spend(_QUESTION_COST + len(some.patterns) + len(others.patterns))
    excluded = [glob for word in never for glob in _first_argument(word)]
    found = None
    if only is not None:
        own = _globs(_EVERY if some.every else sorted(some.patterns - others.patterns), effort)
        theirs = _globs(others.patterns, effort)
        return _search_both_ways([(glob, word) for glob in own for word in _first_argument(only)], theirs, effort)
    patterns = () if any(map(_is_stars, others.patterns)) else _not_plainly_covered(some, others)
    if patterns:
        theirs = [*_globs(_that_may_meet(patterns, others.patterns, effort), effort), *excluded]
        if theirs:
            found = _search_both_ways([(glob,) for glob in _globs(patterns, effort)], theirs, effort)
        else:
            found = _short_key(patterns, effort)
    if found is None and (some.every or b"" in some.patterns) and b"" not in others.patterns:
        return b""
    return found


_EVERY: Final = (b"*",)
_MOST_STARS: Final = 1_000
_QUESTION_COST: Final = 10
_PATTERN_COST: Final = 4
_BYTES_A_STEP: Final = 5


def _is_stars(pattern: bytes) -> bool:
    return bool(pattern) and not pattern.strip(b"*")


def _globs(patterns: Iterable[bytes], effort: Effort) -> list[Glob]:
    """The patterns that match some non-empty key.

    :raises EffortSpentError: one has more stars than newer servers follow.
    """
    globs = []
    for pattern in patterns:
        if not pattern:
            continue
        effort.spend(_PATTERN_COST + len(pattern) / _BYTES_A_STEP)
        glob = compile_glob(pattern)
        if sum(glob.stars) > _MOST_STARS:
            raise EffortSpentError
        if all(glob.classes):
            globs.append(glob)
    return globs


def _not_plainly_covered(some: PatternUnion, others: PatternUnion) -> Sequence[bytes]:
    """The patterns of one union but those that stand in the other, or begin as one of `plain text*` there does."""
    if some.every:
        return _EVERY
    left = sorted(some.patterns - others.patterns)
    prefixes = {pattern[:-1] for pattern in others.patterns if pattern.endswith(b"*") and _is_plain(pattern[:-1])}
    lengths = sorted(set(map(len, prefixes)))
    return [pattern for pattern in left if not _begins_with_one_of(pattern, prefixes, lengths)]


def _begins_with_one_of(pattern: bytes, prefixes: Collection[bytes], lengths: Sequence[int]) -> bool:
    start = _plain_start(pattern)
    return any(start[:length] in prefixes for length in lengths if length <= len(start))


_SPECIAL: Final = b"*?[\\"
_PLAIN_START: Final = re.compile(rb"[^*?\[\\]*")


def _is_plain(text: bytes) -> bool:
    return _plain_start(text) == text


def _plain_start(pattern: bytes) -> bytes:
    """What every key begins with that a pattern matches, as far as that is plain."""
    start = _PLAIN_START.match(pattern)
    return start[0] if start else b""


def _that_may_meet(own: Sequence[bytes], others: Collection[bytes], effort: Effort) -> Collection[bytes]:
    """Those of the other patterns that may match a key of the own ones, by what all their keys begin with."""
    starts = sorted({_plain_start(pattern)[:_LONGEST_START] for pattern in own})
    if len(others) <= _FEW or starts[:1] == [b""]:
        return others
    effort.spend(_MEETING_COST * len(others))
    return [pattern for pattern in others if _meets(_plain_start(pattern)[:_LONGEST_START], starts)]


def _meets(start: bytes, starts: Sequence[bytes]) -> bool:
    """Whether a text begins with one of sorted texts, or one of them with it."""
    at = bisect_left(starts, start)
    if at < len(starts) and starts[at].startswith(start):
        return True
    shorter = (start[:length] for length in range(1, len(start)))
    return any(starts[at] == text for text in shorter if (at := bisect_left(starts, text)) < len(starts))


_LONGEST_START: Final = 32
_MEETING_COST: Final = 4
_FEW: Final = 8


@lru_cache(maxsize=1024)
def _first_argument(word: bytes) -> tuple[Glob, Glob]:
    """The spellings of a first argument: in any case, and with anything behind a NUL."""
    classes = tuple(1 << byte | 1 << ord(chr(byte).upper() if chr(byte).isascii() else chr(byte)) for byte in word)
    no_star = (False,) * len(classes)
    return Glob(classes, (*no_star, False)), Glob((*classes, 1), (*no_star, False, True))


def _short_key(patterns: Iterable[bytes], effort: Effort) -> bytes | None:
    """A key that one of the patterns matches, looked for among those that are written shortest."""
    keys: list[bytes] = []
    for pattern in sorted(patterns, key=lambda pattern: (len(pattern), pattern)):
        keys += (bytes(map(_nicest, glob.classes or (ANY,))) for glob in _globs((pattern,), effort))
        if len(keys) == _FEW:
            break
    return min(keys, key=lambda key: (len(key), _oddity(key), key), default=None)


_LETTERS: Final = tuple(
    sum(1 << byte for byte in some)
    for some in (
        b"abcdefghijklmnopqrstuvwxyz",
        b"0123456789",
        b":-_./",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        bytes(range(0x21, 0x7F)),
        bytes(range(256)),
    )
)
"""Sets of bytes, those first that read best in a key."""


def _nicest(found: int) -> int:
    """The byte of a non-empty set that reads best."""
    best = next(found & letters for letters in _LETTERS if found & letters)
    return (best & -best).bit_length() - 1


def _oddity(key: bytes) -> int:
    return sum(next(rank for rank, letters in enumerate(_LETTERS) if letters >> byte & 1) for byte in key)


Conjunction = tuple[Glob, ...]
"""One or two patterns: the keys that all of them match."""


def _search_both_ways(own: Sequence[Conjunction], others: Sequence[Glob], effort: Effort) -> bytes | None:
    """Search from the front, and after a while from the back in turns.

    What is hopeless one way is mostly easy the other, and mirrored patterns match the mirrored keys.
    """
    forward = _Search(_Places.of(own, effort), _Patterns.of(others, effort), effort)
    answer = forward.turn()
    if answer is not None:
        return answer.key
    mirrored = [tuple(glob.reversed() for glob in one) for one in own]
    mirrored_others = [glob.reversed() for glob in others]
    backward = _Search(_Places.of(mirrored, effort), _Patterns.of(mirrored_others, effort), effort)
    while True:
        answer = backward.turn()
        if answer is not None:
            return answer.key and answer.key[::-1]
        answer = forward.turn()
        if answer is not None:
            return answer.key


class _Answer(NamedTuple):
    key: bytes | None


@dataclass(frozen=True, slots=True)
class _Places:
    """The first union: the places in its patterns, numbered throughout."""

    moves: tuple[tuple[tuple[int, int], ...], ...]
    """From each place: (bytes, place that they lead to)."""
    starts: tuple[int, ...]
    rest: tuple[int, ...]
    """How many more bytes a key has at least; 0 at the end of a pattern."""

    @classmethod
    def of(cls, own: Sequence[Conjunction], effort: Effort) -> "_Places":
        moves: list[tuple[tuple[int, int], ...]] = []
        rest: list[int] = []
        starts = []
        for conjunction in own:
            effort.spend(_STATE_COST * prod(len(glob.stars) for glob in conjunction))
            starts.append(len(moves))
            if len(conjunction) == 1:
                _add_pattern(conjunction[0], moves, rest)
            else:
                _add_two(conjunction[0], conjunction[1], moves, rest)
        return cls(tuple(moves), tuple(starts), tuple(rest))


def _add_pattern(glob: Glob, moves: list[tuple[tuple[int, int], ...]], rest: list[int]) -> None:
    last = len(moves) + len(glob.classes)
    for place, (found, star) in enumerate(zip((*glob.classes, 0), glob.stars, strict=True), len(moves)):
        on = ((found, place + 1),) if place < last else ()
        moves.append(((ANY, place), *on) if star else on)
        rest.append(last - place)


def _add_two(one: Glob, other: Glob, moves: list[tuple[tuple[int, int], ...]], rest: list[int]) -> None:
    """Add the pairs of places in two patterns that both match."""
    width = len(other.stars)
    first = len(moves)
    moves += [()] * (width * len(one.stars))
    rest += [_NEVER] * (width * len(one.stars))
    rest[-1] = 0
    for place in range(len(moves) - first - 1, -1, -1):
        here = first + place
        found = []
        for by_one, step in _steps(one, place // width, width):
            for by_other, step_of_other in _steps(other, place % width, 1):
                target = here + step + step_of_other
                if by_one & by_other and (target == here or rest[target] < _NEVER):
                    found.append((by_one & by_other, target))
        moves[here] = tuple(found)
        rest[here] = min([rest[here], *(rest[target] + 1 for _, target in found if target != here)])


def _steps(glob: Glob, state: int, width: int) -> Iterator[tuple[int, int]]:
    if glob.stars[state]:
        yield ANY, 0
    if state < len(glob.classes):
        yield glob.classes[state], width


_NEVER: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The second union as one automaton; sets of its states are integers."""

    start: int
    loops: int
    """States with a star: they stay whatever comes."""
    final: int
    letters: tuple[tuple[int, int], ...]
    """The bytes that the patterns treat differently: (bytes, the states that they move on)."""
    certain: tuple[int, ...]
    """States from which every key of at least that many more bytes is matched."""
    step_cost: float

    @classmethod
    def of(cls, globs: Sequence[Glob], effort: Effort) -> "_Patterns":
        size = sum(len(glob.stars) for glob in globs)
        length = size // 8 + 1
        effort.spend(size * _STATE_COST)
        start, loops, final, any_byte = (bytearray(length) for _ in range(4))
        certain = [bytearray(length) for _ in range(_LONGEST_CERTAIN + 1)]
        rows = _Rows(length, effort)
        state = 0
        for glob in globs:
            add_to(start, state)
            for found, star in zip((*glob.classes, 0), glob.stars, strict=True):
                if star:
                    add_to(loops, state)
                if found == ANY:
                    add_to(any_byte, state)
                elif found:
                    rows.add(found, state)
                state += 1
            add_to(final, state - 1)
            for needed, place in certain_places(glob, _LONGEST_CERTAIN):
                add_to(certain[needed], state - len(glob.stars) + place)
        return cls(
            start=filled(start),
            loops=filled(loops),
            final=filled(final),
            letters=rows.letters(filled(any_byte)),
            certain=tuple(filled(row) for row in certain),
            step_cost=1 + size / _STATES_A_STEP,
        )


_STATE_COST: Final = 1
_STATES_A_STEP: Final = 2_048
_LONGEST_CERTAIN: Final = 8
_HALF: Final = 128


class _Rows:
    """For each byte that some pattern names, the states that it moves on, or does not, besides those for any byte."""

    def __init__(self, length: int, effort: Effort) -> None:
        self._length = length
        self._effort = effort
        self._takes: dict[int, bytearray] = {}
        self._leaves: dict[int, bytearray] = {}
        self._most = bytearray(length)

    def add(self, found: int, state: int) -> None:
        count = found.bit_count()
        rows, named = self._takes, found
        if count > _HALF:
            add_to(self._most, state)
            rows, named, count = self._leaves, ANY & ~found, 256 - count
        self._effort.spend(count / 8)
        for byte in bits(named):
            row = rows.get(byte)
            if row is None:
                self._effort.spend(self._length / 512)
                row = rows[byte] = bytearray(self._length)
            add_to(row, state)

    def letters(self, any_byte: int) -> tuple[tuple[int, int], ...]:
        others = any_byte | filled(self._most)
        moved = {others: ANY}
        for byte in self._takes.keys() | self._leaves.keys():
            states = others
            if byte in self._leaves:
                states &= ~filled(self._leaves[byte])
            if byte in self._takes:
                states |= filled(self._takes[byte])
            moved[others] &= ~(1 << byte)
            moved[states] = moved.get(states, 0) | 1 << byte
        ordered = sorted(moved.items(), key=lambda item: item[0].bit_count())
        return tuple((found, states) for states, found in ordered if found)


class _Search:
    """Looks for a key, the shortest first."""

    def __init__(self, places: _Places, patterns: _Patterns, effort: Effort) -> None:
        self._places = places
        self._patterns = patterns
        self._effort = effort
        self._trail: list[tuple[int, int]] = []
        """Each step taken: (the step that it follows, the bytes that lead on)."""
        self._seen: dict[int, list[int]] = {}
        self._led_by: dict[int, tuple[tuple[int, int], ...]] = {}
        self._left = 0.0
        """What this turn may still cost."""
        count = patterns.start.bit_count()
        self._queue = [
            (max(places.rest[place], 1), count, -1 - rank, 0, place, patterns.start)
            for rank, place in enumerate(places.starts)
            if places.rest[place] < _NEVER
        ]
        """(length of a key at least, states, step that led here, bytes so far, place, states of the patterns)."""
        heapq.heapify(self._queue)

    def turn(self) -> _Answer | None:
        """Search for a while; None when there is more to search.

        :raises EffortSpentError: the bound on the work was hit.
        """
        self._left = _TURN
        while self._left > 0:
            if not self._queue:
                return _Answer(None)
            _, _, step, length, place, states = heapq.heappop(self._queue)
            following = self._following(place, states)
            missed = 0
            for (target, reached), by in following.items():
                if not self._places.rest[target] and not reached & self._patterns.final:
                    missed |= by
            if missed:
                return _Answer(self._spelled(step, missed))
            for (target, reached), by in following.items():
                if self._is_new(target, reached):
                    self._trail.append((step, by))
                    estimate = length + 1 + self._places.rest[target]
                    after = (estimate, reached.bit_count(), len(self._trail) - 1, length + 1, target, reached)
                    heapq.heappush(self._queue, after)
        return None

    def _following(self, place: int, states: int) -> dict[tuple[int, int], int]:
        """Where one more byte leads, with the bytes that lead there."""
        stays = states & self._patterns.loops
        following: dict[tuple[int, int], int] = {}
        tried = 0
        for found, target in self._places.moves[place]:
            letters = self._letters(found)
            tried += len(letters)
            for by, moved in letters:
                after = (target, (states & moved) << 1 | stays)
                following[after] = following.get(after, 0) | by
        self._spend(1 + tried / _LETTERS_A_STEP + len(following))
        return following

    def _letters(self, found: int) -> tuple[tuple[int, int], ...]:
        """The letters of the patterns that are among some bytes."""
        letters = self._led_by.get(found)
        if letters is None:
            letters = tuple((found & by, moved) for by, moved in self._patterns.letters if found & by)
            self._spend(len(self._patterns.letters) / _LETTERS_A_STEP)
            self._led_by[found] = letters
        return letters

    def _is_new(self, place: int, states: int) -> bool:
        if states & self._patterns.certain[min(self._places.rest[place], _LONGEST_CERTAIN)]:
            return False
        smaller_sets = self._seen.setdefault(place, [])
        self._effort.spend(len(smaller_sets) / _SETS_A_STEP)
        if any(smaller & states == smaller for smaller in smaller_sets):
            return False
        smaller_sets.append(states)
        return True

    def _spend(self, steps: float) -> None:
        self._left -= steps
        self._effort.spend(self._patterns.step_cost * steps)

    def _spelled(self, step: int, by: int) -> bytes:
        key = [_nicest(by)]
        while step >= 0:
            step, by = self._trail[step]
            key.append(_nicest(by))
        return bytes(reversed(key))


_TURN: Final = 256
_LETTERS_A_STEP: Final = 8
_SETS_A_STEP: Final = 32

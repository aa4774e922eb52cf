"""The glob patterns of keys and channels, and which texts they match.

Patterns are those of the server (`stringmatchlen` in util.c): `*`, `?`, `[abc]`, `[a-z]`, `[^x]` and a backslash,
byte by byte and with case.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

ANY: Final = (1 << 256) - 1
"""Sets of bytes are integers: bit b stands for byte b. This is the set of all."""

SINGLE: Final = tuple(1 << byte for byte in range(256))
"""For each byte the set that holds it alone."""

_HIGH_BYTE: Final = 0x80


class Glob(NamedTuple):
    """One pattern: what stands before, between and after its stars.

    State i has consumed `classes[:i]`; `stars[i]` says whether a star stands there, so there is one more of them
    than of classes.
    """

    classes: tuple[int, ...]
    stars: tuple[bool, ...]

    def reversed(self) -> "Glob":
        """The pattern that matches the mirror images of the keys."""
        return Glob(self.classes[::-1], self.stars[::-1])


@lru_cache(maxsize=1024)
def compile_glob(pattern: bytes) -> Glob:
    """Read a pattern as the server does, its quirks included.

    An unclosed `[a` acts as `[a]`, `[]` matches nothing, `[^]` matches any byte, a reversed range is swapped, a
    lone backslash at the end is itself, and ranges compare bytes as signed characters, as x86 servers do.
    """
    classes: list[int] = []
    stars = [False]
    position = 0
    run_at = _run().match
    while position < len(pattern):
        if run := run_at(pattern, position):
            position = run.end()
            if run["stars"]:
                stars[-1] = True
                continue
            length = len(run[0])
            classes += map(SINGLE.__getitem__, run[0]) if run["plain"] else [ANY] * length
            stars += [False] * length
            continue
        byte = pattern[position]
        if byte == ord("["):
            bytes_matched, position = _read_class(pattern, position + 1)
        else:
            if byte == ord("\\") and position + 1 < len(pattern):
                position += 1
            bytes_matched = SINGLE[pattern[position]]
        classes.append(bytes_matched)
        stars.append(False)
        position += 1
    return Glob(tuple(classes), tuple(stars))


@cache  # compiled with the first pattern, and not with every start
def _run() -> re.Pattern[bytes]:
    return re.compile(rb"(?P<plain>[^*?\[\\]+)|(?P<stars>\*+)|\?+")


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


def certain_places(glob: Glob, longest: int) -> Iterator[tuple[int, int]]:
    """The places whose rest is stars and `?` only: (how many more bytes make a match certain, the place).

    :param longest: the most bytes that are asked about.
    """
    starred = False
    for place in range(len(glob.classes), -1, -1):
        starred = starred or glob.stars[place]
        needed = len(glob.classes) - place
        if needed > longest or (needed and glob.classes[place] != ANY):
            return
        if starred:
            for enough in range(needed, longest + 1):
                yield enough, place

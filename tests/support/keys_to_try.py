"""Keys that a pattern matches, and keys that a union of patterns misses, found by trying.

Patterns are read here once more, as `stringmatchlen` of util.c does (Redis 7.0, Valkey 9.1), because the reading of
acl/ is what the keys are for.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

_LONGEST_WALK: Final = 24
_LETTERS_PER_STEP: Final = 6
_MANY: Final = 128
_ALL_BYTES: Final = (1 << 256) - 1


class KeySpace(NamedTuple):
    """The keys that are asked about."""

    shortest: int
    letters: bytes

    def has(self, key: bytes) -> bool:
        """Whether a key is one of them."""
        return len(key) >= self.shortest and {*key} <= {*self.letters}


EVERY_KEY: Final = KeySpace(1, bytes(range(256)))
USUAL_KEYS: Final = KeySpace(8, b"abcdefghijklmnopqrstuvwxyz0123456789:-_.")


class Glob(NamedTuple):
    """A pattern: sets of bytes as integers, one for each byte of a key that is not matched by a star."""

    classes: tuple[int, ...]
    stars: tuple[bool, ...]
    """Whether a star stands before each class, and at the end."""


def read_glob(pattern: bytes) -> Glob:
    """Read a pattern."""
    classes: list[int] = []
    stars = [False]
    for found in _parts(pattern):
        if found is None:
            stars[-1] = True
        else:
            classes.append(found)
            stars.append(False)
    return Glob(tuple(classes), tuple(stars))


def matches(pattern: bytes, key: bytes) -> bool:
    """Whether a pattern matches a key. Only the empty pattern matches the empty key: a star does not."""
    if not key:
        return not pattern
    glob = read_glob(pattern)
    states = 1
    for byte in key:
        states = _moved(glob, states, byte)
    return bool(states >> len(glob.classes))


def key_for(pattern: bytes, random: Random) -> bytes | None:
    """A key that the pattern matches; None where it matches nothing."""
    glob = read_glob(pattern)
    if not all(glob.classes):
        return None
    key = b""
    for star, found in zip(glob.stars, (*glob.classes, 0), strict=True):
        key += random.choice((b"", b"1", b"key")) * star
        if found:
            key += bytes((random.choice(_bytes_of(found)),))
    return key


def walk(patterns: Sequence[bytes], keys: KeySpace, random: Random) -> bytes | None:
    """A key that none of the patterns matches, found by a walk that kills as many of them as it can at each step."""
    globs = [read_glob(pattern) for pattern in patterns]
    named = 0
    for glob in globs:
        for found in glob.classes:
            named |= found if found.bit_count() < _MANY else _ALL_BYTES & ~found
    letters = [byte for byte in keys.letters if named >> byte & 1] or [*keys.letters]
    states = [1] * len(globs)
    key = b""
    while len(key) < _LONGEST_WALK:
        tried = random.choices(keys.letters, k=_LETTERS_PER_STEP) + random.choices(letters, k=_LETTERS_PER_STEP)
        after = {byte: [_moved(glob, state, byte) for glob, state in zip(globs, states, strict=True)] for byte in tried}
        byte = min(after, key=lambda byte: _cost(globs, after[byte]) + random.random())
        states = after[byte]
        key += bytes((byte,))
        accepted = any(state >> len(glob.classes) for glob, state in zip(globs, states, strict=True))
        if len(key) >= keys.shortest and not accepted:
            return key
    return None


def _parts(pattern: bytes) -> Iterator[int | None]:
    """Each part as a set of bytes; None for a star."""
    at = 0
    while at < len(pattern):
        letter = pattern[at : at + 1]
        if letter == b"*":
            yield None
        elif letter == b"?":
            yield _ALL_BYTES
        elif letter == b"[":
            found, at = _class(pattern, at + 1)
            yield found
        else:
            at += letter == b"\\" and at + 1 < len(pattern)
            yield 1 << pattern[at]
        at += 1


def _class(pattern: bytes, at: int) -> tuple[int, int]:
    """The bytes of a class that begins behind its bracket, and where it ends; the pattern's end closes it too."""
    negated = pattern[at : at + 1] == b"^"
    at += negated
    found = 0
    while at < len(pattern) and pattern[at : at + 1] != b"]":
        if pattern[at : at + 1] == b"\\" and at + 1 < len(pattern):
            at += 1
            found |= 1 << pattern[at]
        elif pattern[at + 1 : at + 2] == b"-" and at + 2 < len(pattern):
            low, high = sorted((_signed(pattern[at]), _signed(pattern[at + 2])))
            found |= sum(1 << byte for byte in range(256) if low <= _signed(byte) <= high)
            at += 2
        else:
            found |= 1 << pattern[at]
        at += 1
    return (_ALL_BYTES & ~found if negated else found), at


def _signed(byte: int) -> int:
    """The number by which servers order the bytes of a range: a C char has a sign."""
    return byte - 256 if byte > 127 else byte


def _bytes_of(found: int) -> list[int]:
    return [byte for byte in range(256) if found >> byte & 1]


def _cost(globs: Sequence[Glob], states: Sequence[int]) -> int:
    """How far from a miss: a pattern that matches whatever comes is worse than any number of others."""
    return sum(
        _MANY if state >> len(glob.classes) and glob.stars[-1] else state.bit_count()
        for glob, state in zip(globs, states, strict=True)
    )


def _moved(glob: Glob, states: int, byte: int) -> int:
    following = 0
    for state, star in enumerate(glob.stars):
        if states >> state & 1:
            following |= star << state
            if state < len(glob.classes) and glob.classes[state] >> byte & 1:
                following |= 1 << (state + 1)
    return following

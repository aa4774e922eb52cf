"""Keys that a pattern matches, and keys that a union of patterns misses, found by trying."""

from collections.abc import Sequence
from random import Random
from typing import Final

from acl.bits import bits
from acl.coverage import Keys
from acl.globs import ANY, Glob, compile_glob

_LONGEST_WALK: Final = 24
_LETTERS_A_STEP: Final = 6
_MANY: Final = 128


def is_one_of(key: bytes, keys: Keys) -> bool:
    """Whether a key is among those that are asked about."""
    return len(key) >= keys.shortest and all(keys.alphabet >> byte & 1 for byte in key)


def key_for(pattern: bytes, random: Random) -> bytes | None:
    """A key that the pattern matches; None where it matches nothing."""
    classes, stars = compile_glob(pattern)
    if not all(classes):
        return None
    key = b""
    for star, found in zip(stars, (*classes, 0), strict=True):
        key += random.choice((b"", b"1", b"key")) * star
        if found:
            key += bytes((random.choice([*bits(found)]),))
    return key


def walk(patterns: Sequence[bytes], keys: Keys, random: Random) -> bytes | None:
    """A key that none of the patterns matches, found by a walk that kills as many of them as it can at each step."""
    globs = [compile_glob(pattern) for pattern in patterns]
    told = 0
    for glob in globs:
        for found in glob.classes:
            told |= found if found.bit_count() < _MANY else ANY & ~found
    others = [*bits(keys.alphabet)]
    letters = [*bits(told & keys.alphabet)] or others
    states = [1] * len(globs)
    key = b""
    while len(key) < _LONGEST_WALK:
        tried = random.choices(others, k=_LETTERS_A_STEP) + random.choices(letters, k=_LETTERS_A_STEP)
        after = {byte: [_moved(glob, state, byte) for glob, state in zip(globs, states, strict=True)] for byte in tried}
        byte = min(after, key=lambda byte: _cost(globs, after[byte]) + random.random())
        states = after[byte]
        key += bytes((byte,))
        accepted = any(state >> len(glob.classes) for glob, state in zip(globs, states, strict=True))
        if len(key) >= keys.shortest and not accepted:
            return key
    return None


def _cost(globs: Sequence[Glob], states: Sequence[int]) -> int:
    """How far from a miss: a pattern that matches whatever comes is worse than any number of others."""
    return sum(
        _MANY if state >> len(glob.classes) and glob.stars[-1] else state.bit_count()
        for glob, state in zip(globs, states, strict=True)
    )


def _moved(glob: Glob, states: int, byte: int) -> int:
    classes, stars = glob
    following = 0
    for state, star in enumerate(stars):
        if states >> state & 1:
            following |= star << state
            if state < len(classes) and classes[state] >> byte & 1:
                following |= 1 << (state + 1)
    return following

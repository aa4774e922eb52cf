"""The one rule by which names of keys and channels become patterns.

A name is cut into parts behind each of `: / | . { } , ; # @ = &`. In each part

- numbers that stand alone, dates, uuids, hexadecimal of 8 digits or more, and letters mixed with digits of 16 or more
  become `*`, as does text of 16 letters, digits, `-` and `_` or more in which digits stand before letters three times;
  a number of 3 digits or more that ends a word becomes `[0-9]*`;
- a word stays, until more than `words` different ones were seen in its place behind the same beginning: then it becomes
  `*`. At the very beginning that needs the same end instead (`alice:cart`, `bob:cart`: `*:cart`).

A pattern keeps at least one letter or digit of the names: names without any constant part stay as they are.
"""

import re
from typing import Final, NamedTuple

from acl.hiding import printable

VARIABLE: Final = b"*"
_NUMBER_BEHIND_WORD: Final = b"[0-9]*"
_PART: Final = re.compile(rb"([^:/|.{},;#@=&]*)([:/|.{},;#@=&]?)", re.DOTALL)
_ID: Final = re.compile(
    rb"""
    (?<![A-Za-z0-9]) (?:
        [0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}
      | [0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?:[T_][0-9-]+Z?)?
      | [0-9]+Z?
      | (?=[a-fA-F]*[0-9]) [0-9a-fA-F]{8,}
      | (?=[A-Za-z]*[0-9]+[A-Za-z]) [A-Za-z0-9]{16,}
    ) (?![A-Za-z0-9])
    """,
    re.VERBOSE,
)
_NUMBER: Final = re.compile(rb"(?<=[A-Za-z])[0-9]{3,}(?![A-Za-z0-9])")
_ID_MARK, _NUMBER_MARK = b"\x00", b"\x01"
_MARKS: Final = re.compile(rb"([\x00\x01])")
_NO_MARKS: Final = bytes.maketrans(_ID_MARK + _NUMBER_MARK, b"\x02\x02")
_RANDOM: Final = re.compile(rb"[A-Za-z0-9_-]{16,}")
_DIGIT_THEN_LETTER: Final = re.compile(rb"[0-9][A-Za-z]")
_RANDOM_CHANGES: Final = 3
_GLOB: Final = re.compile(rb"[*?\[\]\\]")
_NOT_WRITABLE: Final = re.compile(rb"""[^\x21-\x7e]|["'()]""")
_CONSTANT: Final = re.compile(rb"[A-Za-z0-9]")
_MOST_PARTS: Final = 16
_SHOWN_WHOLE: Final = 8
_SHOWN: Final = 4


class Part(NamedTuple):
    """A part of a name, as a piece of a pattern."""

    pattern: bytes
    """What matches it, up to the character that ends it."""
    end: bytes
    """That character; empty for the last part."""
    constant: bool
    """A letter or digit of the name is left in it."""


def escaped(text: bytes) -> bytes:
    """The text as a pattern that matches it: `?` stands for what an access string cannot hold, as a space."""
    return _NOT_WRITABLE.sub(b"?", _GLOB.sub(rb"\\\g<0>", text))


def shape_of(name: bytes) -> bytes:
    """The name with marks in place of what looks like an id: alike for names that become one pattern by themselves."""
    return _NUMBER.sub(_NUMBER_MARK, _ID.sub(_ID_MARK, name.translate(_NO_MARKS)))


def parts_of(shape: bytes) -> tuple[Part, ...]:
    """The parts of a name, from its shape."""
    found: list[Part] = []
    at = 0
    while at < len(shape) or not found:
        if len(found) == _MOST_PARTS:
            found.append(Part(VARIABLE, b"", False))
            break
        match = _PART.match(shape, at)
        if match is None:
            raise ValueError(shape)  # not possible: both groups may be empty
        word, end = match.groups()
        pattern = _pattern_of(word)
        constant = pattern != VARIABLE and _CONSTANT.search(_MARKS.sub(b"", word)) is not None
        found.append(Part(pattern, end, constant))
        at = match.end()
    return tuple(found)


def _pattern_of(word: bytes) -> bytes:
    if _is_random(word):
        return VARIABLE
    return b"".join(_FOR_MARKS.get(piece) or escaped(piece) for piece in _MARKS.split(word))


_FOR_MARKS: Final = {_ID_MARK: VARIABLE, _NUMBER_MARK: _NUMBER_BEHIND_WORD}


def _is_random(word: bytes) -> bool:
    rest = _MARKS.sub(b"", word)
    return _RANDOM.fullmatch(rest) is not None and len(_DIGIT_THEN_LETTER.findall(rest)) >= _RANDOM_CHANGES


def shown(name: bytes, pattern: bytes = b"") -> str:
    """A name for people: of a long variable part only its first letters, since keys hold the ids of sessions.

    :param pattern: the one that the name became, which says what else is variable.
    """
    parts = [found[1] for found in _PART.finditer(pattern)]
    pieces: list[bytes] = []
    for position, found in enumerate(_PART.finditer(name)):
        word, end = found.groups()
        varies = _is_random(shape_of(word)) or parts[position : position + 1] == [VARIABLE]
        pieces += [_shortened(word) if varies else _ID.sub(lambda part: _shortened(part[0]), word), end]
    text = b"".join(pieces).decode("utf-8", "backslashreplace")
    return printable(text)


def _shortened(word: bytes) -> bytes:
    return word if len(word) <= _SHOWN_WHOLE else word[:_SHOWN] + "…".encode()

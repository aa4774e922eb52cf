"""Takes an access string apart into words, and puts words together again, as servers do."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from acl.commands import Syntax


class Word(NamedTuple):
    """One rule as it stands in the string: a word, or a selector in one piece."""

    position: int
    """Counts the words of the string from 1; for a selector, the word with which it starts."""
    token: bytes
    inside: list[bytes] | None = None
    """The rules inside a selector, without their quotes; None for what is not a selector."""
    closed: bool = True
    """False where it opens a selector that no later word closes."""

    def __repr__(self) -> str:
        """Nothing of the token, which may be a password."""
        return f"Word({self.position})"


def words_of(text: str, syntax: Syntax) -> Iterator[Word]:
    """The words of an access string, each selector in one piece.

    Words are separated by ASCII white space; ElastiCache documents spaces only.
    """
    words = text.encode("utf-8", "surrogatepass").split()
    if syntax.subcommands:
        return _merged(words, syntax)
    return (Word(position, word) for position, word in enumerate(words, 1))


def _merged(words: list[bytes], syntax: Syntax) -> Iterator[Word]:
    """Join the words from one that starts with `(` to the next that ends with `)` (`ACLMergeSelectorArguments`)."""
    start, parts = 0, list[bytes]()
    for position, word in enumerate(words, 1):
        opens = word.startswith(b"(") and not word.endswith(b")")
        if parts and not (opens and syntax.restarted_selectors):
            parts.append(c_string(word))
            if word.endswith(b")"):
                yield _rule_or_selector(start, b" ".join(parts), syntax)
                parts = []
        elif opens:
            start, parts = position, [word]
        else:
            yield _rule_or_selector(position, word, syntax)
    if parts:
        token = b" ".join(parts)
        yield Word(start, token, _inside(token[1:], glued=syntax.glued_quotes), closed=False)


def _rule_or_selector(position: int, token: bytes, syntax: Syntax) -> Word:
    if token.startswith(b"(") and token.endswith(b")"):
        return Word(position, token, _inside(token[1:-1], glued=syntax.glued_quotes))
    return Word(position, token)


def c_string(token: bytes) -> bytes:
    """What a server sees where it compares a token as a C string, which ends at a NUL."""
    return token.split(b"\0", 1)[0] if b"\0" in token else token


def joined(tokens: Iterable[bytes]) -> str:
    """Rules made into a string again, which has a replacement character for what is not UTF-8."""
    return b" ".join(tokens).decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()


def selector_of(rules: Iterable[bytes]) -> bytes:
    """Rules made into a selector, in quotes where they would be taken apart otherwise."""
    return b"(" + b" ".join(map(_quoted, rules)) + b")"


def _quoted(rule: bytes) -> bytes:
    plain = rule.isascii() and rule.decode().isprintable()
    if plain and rule and not rule.startswith(b"(") and not rule.endswith(b")") and _PARTING.isdisjoint(rule):
        return rule
    return b'"' + b"".join(bytes((byte,)) if byte in _PLAIN_IN_QUOTES else b"\\x%02x" % byte for byte in rule) + b'"'


_PARTING: Final = frozenset(b"\"' ")
_PLAIN_IN_QUOTES: Final = frozenset(byte for byte in range(33, 127) if byte not in b'\\"')


def _inside(line: bytes, *, glued: bool) -> list[bytes]:
    """Split the inside of a selector as the server does (`sdssplitargs`): quotes and escapes are decoded there.

    Unbalanced quotes give no rules at all, as on the server, which then makes an empty selector.
    """
    if not _NEEDS_CARE.search(line):
        return line.split()
    end = len(c_string(line))
    if not glued:
        line = line[:end]
    rules: list[bytes] = []
    position = 0
    while True:
        while position < end and line[position : position + 1].isspace():
            position += 1
        if position >= end:
            return rules
        rule, position = _rule_at(line, position, glued=glued)
        if rule is None:
            return []
        rules.append(rule)


_NEEDS_CARE: Final = re.compile(rb"""["'\0\x0b\x0c]""")
"""More than a split at white space: quotes, NUL, and the white space that servers do not take for such."""


def _rule_at(line: bytes, position: int, *, glued: bool) -> tuple[bytes | None, int]:
    """The rule at a position, or None where its quotes are unbalanced, and the position behind it."""
    part_at = _glued_part().match if glued else _quoted_part().match
    parts: list[bytes] = []
    while position < len(line) and (part := part_at(line, position)):
        position = part.end()
        if part["bad"]:
            return None, position
        if part["plain"] is not None:
            parts.append(part["plain"])
            continue
        quoted = part[0][1:-1]
        parts.append(unescaped(quoted) if part["double"] is not None else quoted.replace(rb"\'", b"'"))
        if not glued:
            break  # a closing quote ends the rule
    return b"".join(parts), position


def unescaped(quoted: bytes) -> bytes:
    """The inside of double quotes with its escapes decoded."""
    return _escape().sub(_decoded, quoted)


def _decoded(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return bytes.fromhex(escape[1].decode())
    return _ESCAPES.get(escape[2], escape[2])


_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"a": b"\a"}


# Compiled with the first quote, not with every start.
@cache
def _escape() -> re.Pattern[bytes]:
    return re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)


@cache
def _quoted_part() -> re.Pattern[bytes]:
    return re.compile(
        rb"""
          (?P<double> " (?: [^"\\\0] | \\[^\0] )*+ " (?= [\s\0] | \Z ) )
        | (?P<single> ' (?: [^'\\\0] | \\'? )*+ ' (?= [\s\0] | \Z ) )
        | (?P<bad> ["'] )
        | (?P<plain> [^\x20\n\r\t\0"']+ )
        """,
        re.VERBOSE | re.DOTALL,
    )


@cache
def _glued_part() -> re.Pattern[bytes]:
    """From 9.1 on a quote that is the very last character closes, even behind a backslash."""
    return re.compile(
        rb"""
          (?P<double> " (?: [^"\\\0] | \\[^\0](?!\Z) | \\(?=.\Z) )*+ " )
        | (?P<single> ' (?: [^'\\\0] | \\'(?!\Z) | \\ )*+ ' )
        | (?P<bad> ["'] )
        | (?P<plain> [^\x20\n\r\t\0"']+ )
        """,
        re.VERBOSE | re.DOTALL,
    )

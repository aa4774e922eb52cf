"""How servers and their command-line clients write bytes in quotes (`sdscatrepr` of all server lines)."""

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
WORDS: Final = re.compile(rb"%b(?: %b)*" % (_WORD, _WORD), re.DOTALL)
_INSIDE: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}
_SPECIAL: Final = re.compile(rb'[\\"]|[^\x20-\x7e]')
_NAMES: Final = {value: b"\\" + name for name, value in _LETTERS.items()} | {b"\\": b"\\\\", b'"': b'\\"'}


def quoted(words: Iterable[bytes]) -> bytes:
    """The words as MONITOR writes them."""
    return b" ".join(b'"%b"' % _SPECIAL.sub(_escape, word) for word in words)


def _escape(found: re.Match[bytes]) -> bytes:
    return _NAMES.get(found[0]) or b"\\x%02x" % found[0][0]


def unquoted(text: bytes) -> bytes:
    """The bytes that stand between two quotes."""
    return _ESCAPE.sub(_unescape, text) if b"\\" in text else text


def _unescape(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return bytes.fromhex(escape[1].decode())
    return _LETTERS.get(escape[2], escape[2])


def is_quoted(text: bytes) -> bool:
    """Whether the text is words in quotes from its first to its last letter."""
    if b"\\" in text:
        return WORDS.fullmatch(text) is not None
    return text[:1] == b'"' == text[-1:] and text.count(b'"') == 2 * (text.count(b'" "') + 1) and text != b'"'


def words_of(text: bytes) -> list[bytes]:
    """The words of a text for which `is_quoted` holds."""
    if b"\\" in text:
        return [unquoted(word) for word in _INSIDE.findall(text)]
    return text[1:-1].split(b'" "')

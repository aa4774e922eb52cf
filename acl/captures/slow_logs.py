"""Entries of SLOWLOG GET and COMMANDLOG GET, which have one shape.

An entry is id, time in seconds, duration or size, the words of the call, the client's address, the client's name. A
server keeps at most 32 words of a call, of which the last then says how many more there were, and 128 bytes of a word.
"""

import re
from collections.abc import Sequence
from typing import Final

from acl.captures.addresses import as_in_monitor
from acl.captures.quoting import quoted
from acl.captures.records import Call
from acl.captures.replies import Reply

_WORDS: Final = 3
_ADDRESS: Final = 4
FEWEST_LINES: Final = 6
"""Of an entry printed raw: that of a call of one word."""
LEFT_OUT: Final = re.compile(rb"\.\.\. \([0-9]+ more arguments\)")
SHORTENED: Final = re.compile(rb"\.\.\. \([0-9]+ more bytes\)\Z")
TIME: Final = re.compile(rb"[0-9]{9,11}")
NUMBER: Final = re.compile(rb"[0-9]{1,20}")
ADDRESS: Final = re.compile(rb"\S.*:[0-9]+")


def call_of(entry: Reply) -> Call | None:
    """The call of an entry; None where it is not one."""
    if not isinstance(entry, list) or len(entry) <= _ADDRESS:
        return None
    (identity, time, duration), words, address = entry[:_WORDS], entry[_WORDS], entry[_ADDRESS]
    if not (isinstance(identity, int) and isinstance(time, int) and isinstance(duration, int)):
        return None
    if not (isinstance(words, list) and words and isinstance(address, bytes)):
        return None
    texts = [word for word in words if isinstance(word, bytes)]
    return _call(texts, time, address) if len(texts) == len(words) else None


def call_in_lines(lines: Sequence[bytes]) -> Call | None:
    """The call of an entry as it is printed raw, a line for each element; None where it is not one."""
    if len(lines) < FEWEST_LINES or not all(map(NUMBER.fullmatch, lines[:_WORDS])) or not ADDRESS.fullmatch(lines[-2]):
        return None
    return _call(lines[_WORDS:-2], int(lines[1]), lines[-2])


def begins(lines: Sequence[bytes]) -> bool:
    """Whether these three lines may begin an entry printed raw."""
    return (
        len(lines) == _WORDS
        and NUMBER.fullmatch(lines[0]) is not None
        and TIME.fullmatch(lines[1]) is not None
        and NUMBER.fullmatch(lines[2]) is not None
    )


def _call(words: Sequence[bytes], time: int, address: bytes) -> Call:
    return Call(quoted(words), b"%d" % time, None, as_in_monitor(address), cut=True)

"""Captures of every kind, told apart by what their lines hold; any number of them may stand one behind another."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from acl.captures import acl_log, commandstats, monitor, slow_logs
from acl.captures.records import Call, Damaged, Record
from acl.captures.replies import STARTS, NotAReplyError, Reply, ReplyBuilder

_PASSED_OVER: Final = (b"", b"OK", b'"OK"', b"(empty array)", b"(empty list or set)", b"[]")
_MOST_LINES: Final = 100_000
"""Of one entry that is printed raw; a damaged capture is not read into memory for want of an end."""


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """What the lines hold, one record after another, in flat memory.

    :param lines: with or without their line ends.
    """
    return _Reader(lines).records()


class _Reader:
    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._ahead: deque[bytes] = deque()
        self._number = 0
        self._in_info = False

    def records(self) -> Iterator[Record]:
        call_in = monitor.call_in
        while True:
            if self._ahead:
                line = self._ahead.popleft()
            elif (following := next(self._lines, None)) is not None:
                line = following
            else:
                return
            self._number += 1
            call = call_in(line)
            if call is not None:
                yield call
            else:
                yield from self._other(line.rstrip(b"\r\n"))

    def _peek(self, count: int) -> list[bytes]:
        """The next lines, without their ends; fewer at the end."""
        while len(self._ahead) < count and (line := next(self._lines, None)) is not None:
            self._ahead.append(line)
        return [line.rstrip(b"\r\n") for _, line in zip(range(count), self._ahead, strict=False)]

    def _take(self) -> bytes:
        self._number += 1
        return self._ahead.popleft().rstrip(b"\r\n")

    def _other(self, line: bytes) -> Iterator[Record]:
        if line in _PASSED_OVER:
            return
        if line.startswith(commandstats.START):
            yield commandstats.count_in(line) or Damaged(self._number)
        elif line.startswith(b"# ") or (self._in_info and commandstats.INFO_LINE.fullmatch(line)):
            self._in_info = True
        elif STARTS.match(line):
            yield from self._printed(line)
        elif line[:1] in {b"[", b'"', b"{"}:
            yield from self._in_json(line)
        elif slow_logs.begins([line, *self._peek(2)]):
            yield self._raw_call(line)
        elif line == b"count" or line.startswith(b"count "):
            yield self._raw_refusal(line)
        else:
            yield Damaged(self._number)

    def _printed(self, line: bytes) -> Iterator[Record]:
        """The element of a reply that begins here, and those that follow it."""
        builder = ReplyBuilder()
        begun = self._number
        try:
            builder.add(line)
            while (ahead := self._peek(1)) and STARTS.match(ahead[0]):
                if builder.is_next_element(ahead[0]):
                    yield _record(builder.elements, begun)
                    builder, begun = ReplyBuilder(), self._number + 1
                builder.add(self._take())
        except NotAReplyError:
            yield Damaged(self._number)
        else:
            yield _record(builder.elements, begun)

    def _in_json(self, line: bytes) -> Iterator[Record]:
        try:
            value = _from_json(json.loads(line.decode("utf-8", "surrogateescape")))
        except (ValueError, RecursionError):
            yield Damaged(self._number)
            return
        if isinstance(value, bytes):
            yield monitor.call_in(value) or Damaged(self._number)
        elif isinstance(value, list):
            # an entry of SLOWLOG begins with a number; a reply is a list of entries
            for entry in value:
                yield _record([entry], self._number)
        else:
            yield Damaged(self._number)

    def _raw_call(self, line: bytes) -> Record:
        begun = self._number
        entry = [line, self._take(), self._take()]
        while ahead := self._peek(3):
            ended = len(entry) >= slow_logs.FEWEST_LINES and slow_logs.ADDRESS.fullmatch(entry[-2])
            if (ended and _begins_another(ahead)) or len(entry) > _MOST_LINES:
                break
            entry.append(self._take())
        if len(entry) >= slow_logs.FEWEST_LINES and not slow_logs.ADDRESS.fullmatch(entry[-2]) and not entry[-1]:
            entry.pop()  # an empty line behind the whole reply
        return slow_logs.call_in_lines(entry) or Damaged(begun)

    def _raw_refusal(self, line: bytes) -> Record:
        """An entry of ACL LOG: a line for each name and each value, or with RESP3 a line for each pair."""
        begun = self._number
        together = line != b"count"
        fields: dict[bytes, list[bytes]] = {}
        name = b""
        order = iter(acl_log.FIELDS)
        upcoming = next(order)
        ahead = [line]
        while ahead:
            text = ahead[0]
            if upcoming and (text == upcoming if not together else text.startswith(upcoming + b" ")):
                name = upcoming
                fields[name] = [text[len(name) + 1 :]] if together else []
                upcoming = next(order, b"")
            elif (name in fields and acl_log.is_complete(name, fields[name])) or len(fields[name]) > _MOST_LINES:
                break
            else:
                fields[name].append(text)
            if ahead[0] is not line:
                self._take()
            ahead = self._peek(1)
        values: dict[bytes, Reply] = {}
        for field, texts in fields.items():
            value = b"\n".join(texts)
            values[field] = int(value) if field in acl_log.NUMBERS and value.isdigit() else value
        return acl_log.refusal_in(values) or Damaged(begun)


def _begins_another(lines: list[bytes]) -> bool:
    """Whether something else begins here, behind an entry that may be complete."""
    first = lines[0]
    return (
        slow_logs.begins(lines)
        or first.startswith((b"# ", commandstats.START))
        or first in {b"count", b"OK"}
        or monitor.call_in(first) is not None
    )


def _record(elements: list[Reply], number: int) -> Record:
    entry = elements[0] if elements else None
    found: Call | Record | None = slow_logs.call_of(entry) or acl_log.refusal_of(entry)
    return found or Damaged(number)


def _from_json(value: Any) -> Reply:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, list):
        return [_from_json(one) for one in value]
    if isinstance(value, dict):
        return {name.encode("utf-8", "surrogateescape"): _from_json(one) for name, one in value.items()}
    return value if isinstance(value, int | float) else None

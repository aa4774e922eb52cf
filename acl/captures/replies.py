"""Nested replies as the command-line clients print them to a terminal or with --no-raw: element by element.

An array's elements begin with ` 1) `, a map's with ` 1# "name" => `; numbers are aligned to the right, so what follows
an element's number stands in one column for all elements of an array.
"""

import re
from typing import Final

from acl.captures.quoting import is_quoted, unquoted

Reply = bytes | int | float | list["Reply"] | dict[bytes, "Reply"] | None
"""A status, error or verbatim text is bytes too; a set is a list."""

STARTS: Final = re.compile(rb" *[0-9]+[)#~] ")
_PREFIX: Final = re.compile(rb" *[0-9]+([)#~]) ")
_NUMBER: Final = re.compile(rb"\((?:integer|double)\) (-?[0-9.e+-]+|-?inf|nan)")
_NOTHING: Final = (b"(nil)", b"(empty array)", b"(empty list or set)", b"(empty hash)", b"(empty set)")


class NotAReplyError(Exception):
    """The line is not part of a reply."""


class ReplyBuilder:
    """Puts the elements of one array together, line by line."""

    def __init__(self) -> None:
        self._columns: list[int] = []
        self._open: list[list[Reply] | dict[bytes, Reply]] = []

    def is_next_element(self, line: bytes) -> bool:
        """Whether the line begins another element of the outermost array."""
        found = _PREFIX.match(line)
        return found is not None and bool(self._columns) and found.end() == self._columns[0]

    def add(self, line: bytes) -> None:
        """Take a line.

        :raises NotAReplyError: it cannot follow those before it.
        """
        prefixes = []
        at = 0
        while found := _PREFIX.match(line, at):
            prefixes.append((found.end(), found[1]))
            at = found.end()
        if not prefixes:
            raise NotAReplyError
        first = prefixes[0][0]
        while self._columns and self._columns[-1] > first:
            self._columns.pop()
            self._open.pop()
        if self._columns and self._columns[-1] == first:
            prefixes.pop(0)
        elif self._columns:
            raise NotAReplyError
        for column, mark in prefixes:
            opened: list[Reply] | dict[bytes, Reply] = {} if mark == b"#" else []
            if self._open:
                self._append(opened)
            self._columns.append(column)
            self._open.append(opened)
        self._append_text(line[at:])

    def _append_text(self, text: bytes) -> None:
        into = self._open[-1]
        if isinstance(into, dict):
            name, arrow, value = text.partition(b" => ")
            if not arrow:
                raise NotAReplyError
            into[_name(name)] = _scalar(value)
        else:
            into.append(_scalar(text))

    def _append(self, value: Reply) -> None:
        into = self._open[-1]
        if isinstance(into, dict):
            raise NotAReplyError
        into.append(value)

    @property
    def elements(self) -> list[Reply]:
        """The elements so far; none for a map."""
        return self._open[0] if self._open and isinstance(self._open[0], list) else []


def _name(text: bytes) -> bytes:
    value = _scalar(text)
    if not isinstance(value, bytes):
        raise NotAReplyError
    return value


def _scalar(text: bytes) -> Reply:
    if text.startswith(b'"'):
        if not is_quoted(text):
            raise NotAReplyError
        return unquoted(text[1:-1])
    if found := _NUMBER.fullmatch(text):
        try:
            return int(found[1])
        except ValueError:
            return float(found[1])
    if text in _NOTHING:
        return None
    raise NotAReplyError

"""Where each key and element of a JSON text stands, which no JSON library of Python says."""

import json
import re
from typing import Final, NamedTuple

Path = tuple[str | int, ...]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


class Position(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


class DuplicateKeyError(Exception):
    """An object holds a key twice; what it means is anybody's guess.

    :param path: the key, with what leads to it.
    :param position: where it stands the second time.
    """

    def __init__(self, path: Path, position: Position) -> None:
        super().__init__(f"the key {path[-1]!r} stands twice")
        self.path = path
        self.position = position


def positions_in(text: str) -> dict[Path, Position]:
    """The place of every key of an object and every element of a list, by its path from the top.

    :param text: valid JSON.
    :raises DuplicateKeyError: an object holds a key twice.
    :raises RecursionError: it is nested too deeply.
    """
    reader = _Reader(text)
    reader.read(())
    return reader.found


class _Reader:
    """Walks through the tokens of a JSON text once."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, Position] = {}
        self._text = text
        self._tokens = _TOKEN.finditer(text)
        self._current = ""
        self._start = self._line_start = 0
        self._line = 1
        self._advance()

    def _advance(self) -> None:
        token = next(self._tokens, None)
        before, self._start = self._start, len(self._text) if token is None else token.start()
        newlines = self._text.count("\n", before, self._start)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rindex("\n", before, self._start) + 1
        self._current = "" if token is None else token[0]

    def _note(self, path: Path) -> None:
        position = Position(self._line, self._start - self._line_start + 1)
        if path in self.found:
            raise DuplicateKeyError(path, position)
        self.found[path] = position

    def read(self, path: Path) -> None:
        """Read one value, which stands at a path."""
        opening = self._current
        self._advance()
        if opening == "{":
            self._read_members(path)
        elif opening == "[":
            self._read_elements(path)

    def _read_members(self, path: Path) -> None:
        while self._current != "}":
            key = (*path, json.loads(self._current))
            self._note(key)
            self._advance()  # to the colon
            self._advance()
            self.read(key)
            if self._current == ",":
                self._advance()
        self._advance()

    def _read_elements(self, path: Path) -> None:
        position = 0
        while self._current != "]":
            element = (*path, position)
            self._note(element)
            self.read(element)
            if self._current == ",":
                self._advance()
            position += 1
        self._advance()

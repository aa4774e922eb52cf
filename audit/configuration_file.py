"""Reads the file that `--policy-pack-config` takes, for runs without the Pulumi engine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit.json_positions import DuplicateKeyError, Position, positions_in
from rulebook import wording
from rulebook.configuration import ConfigurationError
from rulebook.policy import Level
from rulebook.rulebook import Entries

_LEVELS = {level.value: level for level in Level}
_LEVEL_KEY = "enforcementLevel"


class ConfigurationFile:
    """A configuration file that holds JSON.

    :param path: where it lies.
    :raises ConfigurationError: it cannot be read, is not JSON, or has another shape; one line that says so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as failure:
            raise ConfigurationError(f"{path}: {(failure.strerror or 'cannot be read').lower()}") from None
        except UnicodeDecodeError:
            raise ConfigurationError(f"{path}: not text in UTF-8") from None
        try:
            document = json.loads(text, parse_constant=_refuse_constant)
            self._positions = positions_in(text)
        except DuplicateKeyError as twice:
            key = wording.quoted(str(twice.path[-1]))
            raise ConfigurationError(f"{self._at(twice.position)}: the key {key} stands twice; keep one") from None
        except json.JSONDecodeError as failure:
            place = self._at(Position(failure.lineno, failure.colno))
            raise ConfigurationError(f"{place}: not JSON: {failure.msg}") from None
        except (ValueError, RecursionError) as failure:
            raise ConfigurationError(f"{path}: not JSON: {failure}") from None
        if not isinstance(document, dict):
            raise ConfigurationError(f"{path}: not an object of policies and their levels")
        try:
            self.entries: Entries = {name: _entry(name, value) for name, value in document.items()}
        except ConfigurationError as mistake:
            raise self.located(mistake) from None

    def located(self, mistake: ConfigurationError) -> ConfigurationError:
        """The mistake with the file, line and column of what it is about in front."""
        path = mistake.path
        while path and path not in self._positions:
            path = path[:-1]
        place = self._at(self._positions[path]) if path else str(self._path)
        return ConfigurationError(f"{place}: {mistake}", mistake.path)

    def _at(self, position: Position) -> str:
        return f"{self._path}:{position.line}:{position.column}"


def _refuse_constant(name: str) -> Any:  # noqa: ANN401 - what json wants
    raise ValueError(f"{name} is not a number in JSON")


def _entry(name: str, value: object) -> tuple[Level | None, Mapping[str, object]]:
    if isinstance(value, str):
        return _level(name, value, (name,)), {}
    if isinstance(value, dict):
        options = {key: option for key, option in value.items() if key != _LEVEL_KEY}
        written = value.get(_LEVEL_KEY)
        return (None if written is None else _level(name, written, (name, _LEVEL_KEY))), options
    raise ConfigurationError(
        f"{wording.quoted(name)} must be a level ({', '.join(_LEVELS)}) or an object with {_LEVEL_KEY} and options",
        (name,),
    )


def _level(name: str, written: object, path: tuple[str | int, ...]) -> Level:
    level = _LEVELS.get(written) if isinstance(written, str) else None
    if level is None:
        shown = wording.quoted(written) if isinstance(written, str) else "not a text"
        meant = wording.nearest(written, _LEVELS) if isinstance(written, str) else ""
        raise ConfigurationError(
            f"the level of {wording.quoted(name)} is {shown}; allowed: {', '.join(_LEVELS)}{meant}", path
        )
    return level

"""Reads the file that `--policy-pack-config` takes, for runs without the Pulumi engine."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from rulebook import wording
from rulebook.configuration import ConfigurationError
from rulebook.policy import Level

_LEVELS = {level.value: level for level in Level}


def read_configuration(path: Path) -> dict[str, tuple[Level | None, Mapping[str, object]]]:
    """The entries of a configuration file: policy id to its level, None for the policy's own, and its options.

    :raises ConfigurationError: the file cannot be read, is not JSON, or has another shape; one line that says so.
    """
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as failure:
        raise ConfigurationError(f"{path}: {(failure.strerror or 'cannot be read').lower()}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ConfigurationError(f"{path}: not JSON") from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"{path}: not an object of policies and their levels")
    return {name: _entry(path, name, value) for name, value in document.items()}


def _entry(path: Path, name: str, value: object) -> tuple[Level | None, Mapping[str, object]]:
    if isinstance(value, str):
        return _level(path, name, value), {}
    if isinstance(value, dict):
        options = {key: option for key, option in value.items() if key != "enforcementLevel"}
        written = value.get("enforcementLevel")
        return (None if written is None else _level(path, name, written)), options
    raise ConfigurationError(f"{path}: {name} is neither a level nor an object with enforcementLevel and options")


def _level(path: Path, name: str, written: object) -> Level:
    level = _LEVELS.get(written) if isinstance(written, str) else None
    if level is None:
        shown = wording.quoted(written) if isinstance(written, str) else "not a string"
        meant = wording.nearest(written, _LEVELS) if isinstance(written, str) else ""
        raise ConfigurationError(f"{path}: the level of {name} is {shown}; allowed: {', '.join(_LEVELS)}{meant}")
    return level

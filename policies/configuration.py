"""Configuration: the level and the options of each policy, read strictly."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import msgspec

from policies.options import Options, schema_of
from policies.policy import Level, Policy


class ConfigurationError(Exception):
    """The configuration cannot be used. The text is one line: what is wrong, what is allowed, the nearest name."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one policy runs."""

    level: Level
    options: Options


def configure(
    catalogue: Iterable[Policy[Any]], entries: Mapping[str, tuple[Level | None, Mapping[str, object]]]
) -> dict[str, Setting]:
    """The setting of every policy of a catalogue.

    :param entries: policy id to its configured level, None for the policy's own, and its options as JSON values.
    :raises ConfigurationError: an entry names no policy, or holds options that the policy does not take.
    """
    policies = {policy.id: policy for policy in catalogue}
    for name in entries:
        if name not in policies:
            raise ConfigurationError(f'no policy is named "{name}"{_nearest(name, policies)}')
    settings: dict[str, Setting] = {}
    for policy in policies.values():
        level, options = entries.get(policy.id, (None, {}))
        settings[policy.id] = Setting(level or policy.level, _read_options(policy, options))
    return settings


def _read_options(policy: Policy[Any], values: Mapping[str, object]) -> Options:
    known = policy.options.__struct_fields__
    for name in values:
        if name not in known:
            allowed = f"its options are {', '.join(known)}" if known else "it has no options"
            raise ConfigurationError(f'{policy.id} has no option "{name}": {allowed}{_nearest(name, known)}')
    try:
        options: Options = msgspec.convert(values, policy.options)
    except msgspec.ValidationError as failure:
        raise ConfigurationError(f"{policy.id}: {_readable(str(failure), policy.options)}") from None
    return options


def _readable(failure: str, options: type[Options]) -> str:
    """What went wrong, with the option's path in front as people write it, and what is allowed behind."""
    what, separator, where = failure.rpartition(" - at `$")
    if not separator:
        return failure
    path = where.strip(".`")
    schema = schema_of(options).get(re.split(r"[.\[]", path)[0], {})
    allowed = schema.get("enum") or (schema.get("items", {}).get("enum") if "[" in path else None)
    told = f"option {path}: {what[:1].lower()}{what[1:]}"
    if not allowed:
        return told
    value = re.search(r"'(.*)'", what)
    return f"{told}; allowed: {', '.join(allowed)}{_nearest(value[1], allowed) if value else ''}"


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, [*known], n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""

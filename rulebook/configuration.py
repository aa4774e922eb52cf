"""Configuration: the level and the options of each policy, read strictly."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from rulebook import wording
from rulebook.options import Options, schema_of
from rulebook.policy import Level, Policy

ALL: Final = "all"
"""Pulumi's name for every policy that has no entry of its own."""


class ConfigurationError(Exception):
    """The configuration cannot be used. The text is one line: what is wrong, what is allowed, the nearest name."""


class Setting(msgspec.Struct, frozen=True):
    """How one policy runs."""

    level: Level
    options: Options


def configure(
    catalogue: Iterable[Policy[Any, Any]], entries: Mapping[str, tuple[Level | None, Mapping[str, object]]]
) -> dict[str, Setting]:
    """The setting of every policy of a catalogue.

    :param entries: policy id to its configured level, None for the policy's own, and its options as JSON values.
    :raises ConfigurationError: an entry names no policy, or holds options that the policy does not take.
    """
    policies = {policy.id: policy for policy in catalogue}
    level_of_all, options_of_all = entries.get(ALL, (None, {}))
    if options_of_all:
        raise ConfigurationError(f'"{ALL}" takes an enforcement level only, not "{next(iter(options_of_all))}"')
    for name in entries:
        if name not in policies and name != ALL:
            raise ConfigurationError(f'no policy is named "{name}"{wording.nearest(name, policies)}')
    settings: dict[str, Setting] = {}
    for policy in policies.values():
        level, options = entries.get(policy.id, (None, {}))
        settings[policy.id] = Setting(level or level_of_all or policy.level, _read_options(policy, options))
    return settings


def _read_options(policy: Policy[Any, Any], values: Mapping[str, object]) -> Options:
    known = policy.options.__struct_fields__
    for name in values:
        if name not in known:
            allowed = f"its options are {', '.join(known)}" if known else "it has no options"
            raise ConfigurationError(f'{policy.id} has no option "{name}": {allowed}{wording.nearest(name, known)}')
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
    mistake = f"option {path}: {what[:1].lower()}{what[1:]}"
    if not allowed:
        return mistake
    value = re.search(r"'(.*)'", what)
    return f"{mistake}; allowed: {', '.join(allowed)}{wording.nearest(value[1], allowed) if value else ''}"

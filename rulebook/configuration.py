"""Configuration: the level and the options of each policy, read strictly."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from rulebook import wording
from rulebook.mistakes import explained
from rulebook.options import Options, schema_of
from rulebook.policy import Level, Policy

ALL: Final = "all"
"""Pulumi's name for every policy that has no entry of its own."""


class ConfigurationError(Exception):
    """The configuration cannot be used.

    :param text: one line: what is wrong, what is allowed, the nearest name.
    :param path: where, as keys and positions from the top of the configuration; whoever knows the file turns it into
        a line.
    """

    def __init__(self, text: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(text)
        self.path = path


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
    for name in options_of_all:
        raise ConfigurationError(f'"{ALL}" takes an enforcement level only, not {wording.quoted(name)}', (ALL, name))
    for name in entries:
        if name not in policies and name != ALL:
            raise ConfigurationError(
                f"no policy is named {wording.quoted(name)}{wording.nearest(name, policies)}", (name,)
            )
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
            raise ConfigurationError(
                f"{policy.id} has no option {wording.quoted(name)}: {allowed}{wording.nearest(name, known)}",
                (policy.id, name),
            )
    try:
        options: Options = msgspec.convert(values, policy.options)
    except msgspec.ValidationError as failure:
        what, path = explained(str(failure), schema_of(policy.options), values)
        raise ConfigurationError(f"{policy.id}: option {what}", (policy.id, *path)) from None
    mistake = options.mistake()
    if mistake is not None:
        raise ConfigurationError(f"{policy.id}: {mistake.text}", (policy.id, *mistake.path))
    return options

"""The narrowest access string for what was observed, with what each of its rules rests on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from acl.commands import Access, CommandTable
from acl.derivation.names import escaped, shown
from acl.derivation.patterns import Seen, without_covered
from acl.derivation.use import Use


class CommandRule(NamedTuple):
    """A command that the string grants."""

    rule: str
    """`+get`."""
    name: str
    calls: int
    example: str
    """A call with its keys; empty where none was seen in full."""
    reason: str
    """Why it is granted though it was not seen; empty for what was."""


class NameRule(NamedTuple):
    """A pattern of keys or channels that the string grants."""

    rule: str
    """`%R~user:*`, `&news:*`."""
    pattern: str
    calls: int
    names: int
    """Different names that were seen behind it."""
    more_names: bool
    """There were at least so many: they are not counted further."""
    examples: tuple[str, ...]
    """Names; of long variable parts the first letters."""
    commands: tuple[str, ...]
    """The commands that named them."""


@dataclass(frozen=True, slots=True)
class Narrowest:
    """An access string, and what it rests on."""

    access_string: str
    commands: tuple[CommandRule, ...]
    keys: tuple[NameRule, ...]
    channels: tuple[NameRule, ...]


def narrowest(
    use: Use,
    *,
    also: Mapping[str, str] | None = None,
    without: Collection[str] = (),
    in_selectors: bool = False,
) -> Narrowest:
    """The narrowest string for what was seen.

    :param also: commands to grant besides, each with the reason.
    :param without: commands not to grant although they were seen.
    :param in_selectors: give each group of commands that shares no key or channel with the others a list of its own,
        on servers that have selectors (7.0 and later).
    :raises TooVariedError: the names share too little.
    """
    use.give_by_hand()
    keys, channels = _with_needs(use.keys.found()), _with_needs(use.channels.found())
    for text, commands in use.channel_patterns.items():
        seen = channels.setdefault(_as_word(text), Seen())
        seen.example = seen.example or text
        seen.names.add(hash(text))
        for command, calls in commands.items():
            seen.calls += calls
            seen.needs[command] = 1
    exact = {_as_word(text) for text in use.channel_patterns}
    granted = {name for name in use.commands if name not in without and not _always(use.table, name)}
    reasons = {name: why for name, why in (also or {}).items() if name not in granted and not _always(use.table, name)}
    for seen in (*keys.values(), *channels.values()):
        seen.needs = {name: needs for name, needs in seen.needs.items() if name not in without}
    keys, channels = _with_needs(keys), _with_needs(channels)
    groups = [granted | reasons.keys()]
    if in_selectors and use.table.syntax.subcommands:
        groups = _groups(granted | reasons.keys(), [*keys.values(), *channels.values()], use)
    lists = [_List(use.table, group, keys, channels, exact) for group in groups]
    root, *selectors = [" ".join(one.words()) for one in lists]
    return Narrowest(
        access_string=" ".join(["on", "-@all", *root.split(), *(f"({words})" for words in selectors)]),
        commands=tuple(_command_rule(name, use, reasons) for name in sorted(granted | reasons.keys())),
        keys=tuple(one for each in lists for one in each.key_rules()),
        channels=tuple(one for each in lists for one in each.channel_rules()),
    )


def _always(table: CommandTable, name: str) -> bool:
    return name in table.index and bool(table.no_auth >> table.index[name] & 1)


def _with_needs(found: Mapping[bytes, Seen]) -> dict[bytes, Seen]:
    return {pattern: seen for pattern, seen in found.items() if seen.needs}


def _as_word(text: bytes) -> bytes:
    """The text of a PSUBSCRIBE as a rule has it: the very same, or as near as an access string can write it."""
    return text if all(_FIRST_WRITABLE <= byte <= _LAST_WRITABLE for byte in text) else escaped(text)


_FIRST_WRITABLE: Final = 0x21
_LAST_WRITABLE: Final = 0x7E


def _command_rule(name: str, use: Use, reasons: Mapping[str, str]) -> CommandRule:
    seen = use.commands.get(name)
    if seen is None:
        return CommandRule(f"+{name}", name, 0, "", reasons[name])
    return CommandRule(f"+{name}", name, seen.calls, seen.example, "")


class _List:
    """One list of rules: the user's own, or a selector."""

    def __init__(
        self,
        table: CommandTable,
        commands: Collection[str],
        keys: Mapping[bytes, Seen],
        channels: Mapping[bytes, Seen],
        exact: Collection[bytes],
    ) -> None:
        self._table = table
        self._commands = commands
        self._keys, self._channels = _named_by(keys, commands), _named_by(channels, commands)
        self._key_directions = without_covered({pattern: seen.all_needs for pattern, seen in self._keys.items()})
        wanted = without_covered(dict.fromkeys(self._channels, 1 << Access.READ))
        # the pattern of a PSUBSCRIBE must be the very text of a rule, so a wider one does not stand for it
        patterns = sorted({*wanted, *(pattern for pattern in self._channels if pattern in exact)})
        self._channel_rules = [_ALL] if _ALL in patterns else patterns

    def words(self) -> Iterable[str]:
        yield from (f"+{name}" for name in sorted(self._commands))
        yield from (rule.rule for rule in self.key_rules())
        if self._channel_rules:
            yield "resetchannels"
            yield from (rule.rule for rule in self.channel_rules())

    def key_rules(self) -> list[NameRule]:
        return [
            _name_rule(self._direction(allowed), pattern, self._keys[pattern], self._commands)
            for pattern, allowed in self._key_directions.items()
        ]

    def channel_rules(self) -> list[NameRule]:
        return [_name_rule("&", pattern, self._channels[pattern], self._commands) for pattern in self._channel_rules]

    def _direction(self, allowed: Access) -> str:
        if not self._table.syntax.subcommands:
            return "~"
        return {Access.READ: "%R~", Access.WRITE: "%W~", Access.BOTH: "~"}[allowed]


_ALL: Final = b"*"
"""As a rule for channels it allows every pattern of a PSUBSCRIBE, and servers refuse others behind it."""


def _named_by(names: Mapping[bytes, Seen], commands: Collection[str]) -> dict[bytes, Seen]:
    found = {}
    for pattern, seen in names.items():
        if needs := {command: needs for command, needs in seen.needs.items() if not command or command in commands}:
            found[pattern] = Seen(seen.calls, seen.names, seen.example, needs)
    return found


def _name_rule(mark: str, pattern: bytes, seen: Seen, commands: Collection[str]) -> NameRule:
    text = pattern.decode("ascii")
    return NameRule(
        rule=mark + text,
        pattern=text,
        calls=seen.calls,
        names=len(seen.names),
        more_names=seen.more_names,
        examples=(shown(seen.example, pattern),) if seen.calls else (),
        commands=tuple(sorted(command for command in seen.needs if command in commands)),
    )


def _groups(commands: Collection[str], names: Iterable[Seen], use: Use) -> list[set[str]]:
    """Commands in groups of which no two name the same keys or channels; first the one of the user's own rules.

    That is the group with the most calls, with the commands that name nothing.
    """
    group_of: dict[str, set[str]] = {name: {name} for name in commands}
    naming: set[str] = set()
    for seen in names:
        together = [name for name in seen.needs if name in group_of]
        if not all(seen.needs):
            together = list(commands)  # a refused call of a script: any command may have been in it
        naming.update(together)
        if together:
            joined = set().union(*(group_of[name] for name in together))
            group_of |= dict.fromkeys(joined, joined)
    groups = list({id(group_of[name]): group_of[name] for name in sorted(naming)}.values())
    groups.sort(key=lambda group: -sum(use.commands[name].calls for name in group if name in use.commands))
    nameless = set(commands) - naming
    if not groups:
        return [nameless]
    return [groups[0] | nameless, *groups[1:]]

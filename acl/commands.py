"""The server lines, and the commands of each with their categories and the way they touch keys.

The facts about commands come from commands.json, which tools/build_command_table.py reads off real servers
(Redis 6.2.14 and 7.0.15, Valkey 8.1.8 and 9.1.2).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from acl.bits import bits

CONTAINER: Final = "*"
"""Stands in commands.json where the key specs of other commands stand: the name holds subcommands and runs nothing."""


class Access(IntFlag):
    """What a command needs to be allowed to do with a key, or a key pattern allows."""

    NONE = 0
    READ = 1
    WRITE = 2
    BOTH = 3


class KeySpec(NamedTuple):
    """One group of keys that a command names, as `COMMAND` reports it from 7.0 on."""

    reads: bool
    writes: bool

    @property
    def needs(self) -> Access:
        """The permission that the server asks of a key pattern (`ACLSelectorCheckKey`)."""
        return (Access.READ if self.reads else Access.NONE) | (Access.WRITE if self.writes else Access.NONE)


class Syntax(NamedTuple):
    """The access string tokens that a server line knows beyond those of 6.2."""

    subcommands: bool = True
    """`%R~`, selectors, and `-container|subcommand`: from 7.0 on."""
    databases: bool = False
    """`db=`, `alldbs`, `resetdbs`: Valkey 9.1 only."""
    glued_quotes: bool = False
    """Inside a selector quoted and plain parts next to each other make one word, as in a shell: Valkey 9.1."""
    restarted_selectors: bool = False
    """A word that opens a selector while another is open drops the other one without a word: Redis 7.0."""
    all_channels_by_default: bool = False
    """Redis 6.2 starts a user with every channel, later servers with none (`acl-pubsub-default`)."""


class Line(NamedTuple):
    """A release line of a server."""

    id: str
    """As commands.json names it: "valkey-9.1"."""
    title: str
    """For people: "Valkey 9.1"."""
    engine: str
    """As the property `engine` of a user names it, in lower case."""
    syntax: Syntax


LINES: Final = (
    Line("redis-6.2", "Redis OSS 6.2", "redis", Syntax(subcommands=False, all_channels_by_default=True)),
    Line("redis-7.0", "Redis OSS 7.0", "redis", Syntax(restarted_selectors=True)),
    Line("valkey-8.1", "Valkey 8.1", "valkey", Syntax()),
    Line("valkey-9.1", "Valkey 9.1", "valkey", Syntax(databases=True, glued_quotes=True)),
)
"""Every server line, the oldest of an engine first. A new one is a row here, and its commands in commands.json."""

ENGINES: Final = tuple(dict.fromkeys(line.engine for line in LINES))


def line_named(line_id: str) -> Line:
    """The server line of an id such as "valkey-9.1".

    :raises KeyError: there is none; the message names those that exist.
    """
    for line in LINES:
        if line.id == line_id:
            return line
    raise KeyError(f"no server line is named {line_id!r}; there are {', '.join(line.id for line in LINES)}")


def newest_line(engine: str) -> Line:
    """The newest server line of an engine.

    :param engine: one of `ENGINES`.
    :raises KeyError: it is another one.
    """
    return {line.engine: line for line in LINES}[engine]


def lines_before(line: Line) -> tuple[Line, ...]:
    """The older lines of the same engine, the newest first."""
    return tuple(other for other in LINES[: LINES.index(line)] if other.engine == line.engine)[::-1]


def typed(name: str) -> str:
    """A command as people type it: `CONFIG GET` for `config|get`."""
    return name.upper().replace("|", " ")


ModuleCommands = Mapping[str, tuple[Sequence[str], str]]
"""Name, in lower case, to the categories of a command besides its module's own, and its key specs.

Key specs are written as in commands.json: one group of letters for each, joined by commas, R access, I insert,
U update, D delete, `-` for none of these (metadata only); "" for no keys at all, `*` for a container. A subcommand
has no categories of its own: those of its container reach it.
"""


@dataclass(frozen=True, slots=True, eq=False)
class CommandTable:
    """The commands of one server line. Sets of commands are integers: bit i stands for `names[i]`.

    Containers such as `config` are not commands of their own (CONFIG alone is an arity error), so only their
    subcommands have a bit, written `config|get`. On 6.2, which knows no subcommands, `config` has one.
    """

    line: Line
    names: tuple[str, ...]
    key_specs: tuple[tuple[KeySpec, ...], ...]
    categories: Mapping[str, int]
    """Category to the commands that `+@category` switches, subcommands of a container in it included."""
    containers: Mapping[str, int]
    no_auth: int
    """The commands that every connection may run: AUTH, HELLO and, from 7.0 on, QUIT and RESET."""
    in_database: int
    """The commands that need the connection's current database to be among those of the list (Valkey 9.1)."""
    in_all_databases: int
    """The commands that need a list without database rules (Valkey 9.1)."""
    index: Mapping[str, int] = field(repr=False)
    core: int
    """The server's own commands, without those of modules."""
    blocked: frozenset[str] = frozenset()
    """Commands that the caches behind the table run for nobody, and that no access string may grant by name."""
    not_known_to_run: frozenset[str] = frozenset()
    """Commands of which it is not known whether the caches behind the table run them."""

    @property
    def syntax(self) -> Syntax:
        """What the server line's access strings may hold."""
        return self.line.syntax

    @property
    def all(self) -> int:
        """Every command."""
        return (1 << len(self.names)) - 1

    def mask(self, *names: str) -> int:
        """The set of the named commands; a container stands for its subcommands, an unknown name for nothing."""
        found = 0
        for name in names:
            if name in self.index:
                found |= 1 << self.index[name]
            else:
                found |= self.containers.get(name, 0)
        return found

    def names_in(self, mask: int) -> Iterator[str]:
        """The names of a set of commands: those of the server in alphabetical order, then those of modules."""
        for position in bits(mask & self.all):
            yield self.names[position]

    def with_module(self, category: str, commands: ModuleCommands) -> "CommandTable":
        """The table with the commands of a module behind its own.

        :param category: the one that holds all of them, without its @.
        """
        names, containers, categories = [*self.names], dict(self.containers), dict(self.categories)
        bit_of: dict[str, int] = {}
        for name, (_, specs) in commands.items():
            if specs == CONTAINER:
                containers[name] = 0
            else:
                bit_of[name] = 1 << len(names)
                names.append(name)
        for name, bit in bit_of.items():
            if "|" in name:
                containers[name.partition("|")[0]] |= bit
        for name, (own, _) in commands.items():
            switched = containers.get(name) or bit_of[name]
            for switch in (category, *own):
                categories[switch] = categories.get(switch, 0) | switched
        return replace(
            self,
            names=tuple(names),
            key_specs=(*self.key_specs, *(_key_specs(commands[name][1]) for name in bit_of)),
            categories=categories,
            containers=containers,
            index={name: position for position, name in enumerate(names)},
        )

    def with_limits(self, *, blocked: frozenset[str], not_known_to_run: frozenset[str]) -> "CommandTable":
        """The table for caches that do not run every command of the server."""
        return replace(self, blocked=blocked, not_known_to_run=not_known_to_run)


@cache
def _facts() -> Any:  # noqa: ANN401 - the shape is described in tools/build_command_table.py
    return json.loads(Path(__file__).with_name("commands.json").read_bytes())


@cache
def commands_of(line_id: str) -> CommandTable:
    """The commands of a server line.

    :param line_id: of one of `LINES`, such as "valkey-9.1".
    :raises KeyError: there is no such line.
    """
    line = line_named(line_id)
    facts = _facts()
    server_bit = 1 << list(facts["servers"]).index(line_id)
    own: dict[str, tuple[int, str]] = {}
    for name, variants in facts["commands"].items():
        for servers, categories, specs in variants:
            if servers & server_bit:
                own[name] = (categories, specs)
    names = tuple(sorted(name for name, (_, specs) in own.items() if specs != CONTAINER))
    index = {name: position for position, name in enumerate(names)}
    containers = dict.fromkeys((name for name, (_, specs) in own.items() if specs == CONTAINER), 0)
    for name, position in index.items():
        container, separator, _ = name.partition("|")
        if separator:
            containers[container] |= 1 << position
    masks = [0] * len(facts["categories"])
    for name, (categories, _) in own.items():
        switched = containers[name] if name in containers else 1 << index[name]
        for position in bits(categories):
            masks[position] |= switched
    databases = facts["databases"].get(line_id, {})
    return CommandTable(
        line=line,
        names=names,
        key_specs=tuple(_key_specs(own[name][1]) for name in names),
        categories=dict(zip(facts["categories"], masks, strict=True)),
        containers=containers,
        no_auth=sum(1 << index[name] for name in facts["no_auth"][line_id]),
        in_database=sum(1 << index[name] for name in databases.get("current", ())),
        in_all_databases=sum(1 << index[name] for name in databases.get("all", ())),
        index=index,
        core=(1 << len(names)) - 1,
    )


@cache
def _key_specs(text: str) -> tuple[KeySpec, ...]:
    return tuple(
        KeySpec(reads="R" in letters, writes=not _WRITES.isdisjoint(letters)) for letters in text.split(",") if letters
    )


_WRITES: Final = frozenset("IUD")

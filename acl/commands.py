"""The commands of each server line, with their categories and the way they touch keys.

The facts come from commands.json, which tools/build_command_table.py reads off real servers
(Redis 6.2.14 and 7.0.15, Valkey 8.1.8 and 9.1.2).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntFlag
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from acl.bits import bits
from elasticache.modules import FAMILIES

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


SYNTAX: Final[Mapping[str, Syntax]] = {
    "redis-6.2": Syntax(subcommands=False, all_channels_by_default=True),
    "redis-7.0": Syntax(restarted_selectors=True),
    "valkey-8.1": Syntax(),
    "valkey-9.1": Syntax(databases=True, glued_quotes=True),
}

NEWEST: Final[Mapping[str, str]] = {"redis": "redis-7.0", "valkey": "valkey-9.1"}
"""Engine, as the `engine` property names it, to the server line that policies judge it by."""


OLDER: Final[Mapping[str, tuple[str, str]]] = {
    "redis-7.0": ("redis-6.2", "Redis OSS 7.0"),
    "valkey-9.1": ("valkey-8.1", "Valkey 9.1"),
}
"""The newest line of an engine to the line before it, and to its name for people."""


@dataclass(frozen=True, slots=True, eq=False)
class CommandTable:
    """The commands of one server line. Sets of commands are integers: bit i stands for `names[i]`.

    Containers such as `config` are no commands of their own (CONFIG alone is an arity error), so only their
    subcommands have a bit, written `config|get`. On 6.2, which knows no subcommands, `config` has one.
    """

    server: str
    syntax: Syntax
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

    @property
    def title(self) -> str:
        """The server line for people, such as "Valkey 9.1"."""
        return self.server.replace("-", " ").capitalize()

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


@cache
def _facts() -> Any:  # noqa: ANN401 - the shape is that of commands.json, told in tools/build_command_table.py
    return json.loads(Path(__file__).with_name("commands.json").read_bytes())


@cache
def commands_of(server: str) -> CommandTable:
    """The command table of a server line.

    :param server: one of `SYNTAX`, such as "valkey-9.1".
    :raises KeyError: the line is not in the table.
    """
    syntax = SYNTAX[server]
    facts = _facts()
    server_bit = 1 << list(facts["servers"]).index(server)
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
    databases = facts["databases"].get(server, {})
    return CommandTable(
        server=server,
        syntax=syntax,
        names=names,
        key_specs=tuple(_key_specs(own[name][1]) for name in names),
        categories=dict(zip(facts["categories"], masks, strict=True)),
        containers=containers,
        no_auth=sum(1 << index[name] for name in facts["no_auth"][server]),
        in_database=sum(1 << index[name] for name in databases.get("current", ())),
        in_all_databases=sum(1 << index[name] for name in databases.get("all", ())),
        index=index,
        core=(1 << len(names)) - 1,
    )


def commands_for(engine: str) -> CommandTable:
    """The table by which a user of an engine is judged: the newest server line of that engine, with its modules.

    :param engine: "redis" or "valkey", in any case; anything else is judged as Valkey, the wider of the two.
    """
    known = engine.lower()
    return _with_modules(known if known in NEWEST else "valkey")


@cache
def _with_modules(engine: str) -> CommandTable:
    """A server line with the module families that ElastiCache documents for its engine, behind its own commands."""
    table = commands_of(NEWEST[engine])
    names, key_specs = [*table.names], [*table.key_specs]
    categories, containers = dict(table.categories), dict(table.containers)
    for family in FAMILIES:
        if engine not in family.engines:
            continue
        bit_of: dict[str, int] = {}
        for name, (_, specs) in family.commands.items():
            if specs == CONTAINER:
                containers[name] = 0
            else:
                bit_of[name] = 1 << len(names)
                names.append(name)
                key_specs.append(_key_specs(specs))
        for name, bit in bit_of.items():
            if "|" in name:
                containers[name.partition("|")[0]] |= bit
        for name, (own, _) in family.commands.items():
            switched = containers.get(name) or bit_of[name]
            for category in (family.category, *own):
                categories[category] = categories.get(category, 0) | switched
    return replace(
        table,
        names=tuple(names),
        key_specs=tuple(key_specs),
        categories=categories,
        containers=containers,
        index={name: position for position, name in enumerate(names)},
    )


@cache
def _key_specs(text: str) -> tuple[KeySpec, ...]:
    return tuple(
        KeySpec(reads="R" in letters, writes=not _WRITES.isdisjoint(letters)) for letters in text.split(",") if letters
    )


_WRITES: Final = frozenset("IUD")

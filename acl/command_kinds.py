"""The commands of one server line that matter for what an access string reaches, as sets of its bits."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from acl import capabilities
from acl.commands import Access, CommandTable, KeySpec


class CommandKinds(NamedTuple):
    """Sets of commands. Where a mapping, by what they need of a key pattern."""

    readers: Mapping[Access, int]
    """They show values."""
    movers: Mapping[Access, int]
    """They read one key into another."""
    writers: Mapping[Access, int]
    read_more: int
    """Readers, movers and writers that reach any key where the string fixes their first argument, as `+mget|a` does."""
    move_more: int
    write_more: int
    sort: int
    """On 6.x SORT … GET reads any key; newer servers ask for every key then."""
    no_argument: int
    """They take no argument, so a string that fixes their first one grants nothing."""
    channels: int
    more_channels: int
    """They reach any channel where the string fixes their first argument."""
    exact_channels: int
    """A pattern is held against their argument by text."""
    never_alone: Mapping[Access, int]
    """They also name a key besides the one asked about; by what they need of that key."""


@cache
def kinds_of(table: CommandTable) -> CommandKinds:
    """The kinds of command of a server line."""
    readers = {Access.READ: 0, Access.BOTH: 0}
    movers = {Access.READ: 0, Access.BOTH: 0}
    writers = {Access.WRITE: 0, Access.BOTH: 0}
    never_alone = {Access.READ: 0, Access.WRITE: 0, Access.BOTH: 0}
    for command, (name, specs) in enumerate(zip(table.names, table.key_specs, strict=True)):
        bit = 1 << command
        if reading := [spec for spec in specs if spec.reads]:
            if name in capabilities.MOVERS:
                movers[_least(reading, Access.READ)] |= bit
            elif name not in capabilities.SHOW_NO_VALUE:
                # BITFIELD can only get, so the server asks for no more than READ then
                readers[Access.READ if name == "bitfield" else _least(reading, Access.READ)] |= bit
        if (writing := [spec for spec in specs if spec.writes]) and name not in capabilities.SCRIPTS:
            # SET reads only with its option GET
            writers[Access.WRITE if name == "set" else _least(writing, Access.WRITE)] |= bit
        if name == "migrate" or (len(specs) > 1 and name not in capabilities.ONE_KEY_WILL_DO):
            for spec in specs:
                never_alone[spec.needs] |= bit
    return CommandKinds(
        readers=readers,
        movers=movers,
        writers=writers,
        read_more=table.mask(*capabilities.READ_MORE_KEYS),
        move_more=table.mask(*capabilities.MOVE_MORE_KEYS),
        write_more=table.mask(*capabilities.WRITE_MORE_KEYS),
        sort=0 if table.syntax.subcommands else table.mask("sort"),
        no_argument=table.mask(*capabilities.NO_ARGUMENT),
        channels=table.mask(*capabilities.CHANNELS),
        more_channels=table.mask(*capabilities.MORE_CHANNELS),
        exact_channels=table.mask("psubscribe"),
        never_alone=never_alone,
    )


def _least(specs: Iterable[KeySpec], wanted: Access) -> Access:
    return min((spec.needs for spec in specs), key=lambda needs: needs != wanted)

"""What client libraries and frameworks need, as seen by running them: acl/clients.json.

tools/clients.py runs them and writes the file: on a real server, with every right, then with no more than was derived
from that, until nothing is refused.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from acl.access_string import AccessString, parse
from acl.commands import CommandTable, commands_of

FILE: Final = Path(__file__).with_name("clients.json")


class Client(NamedTuple):
    """A client, in the version that was run."""

    name: str
    title: str
    language: str
    versions: Mapping[str, str]
    """Package to version: the client's own first, then what it stands on."""
    seen: str
    """When it was run, as a date."""
    work: str
    """What it did besides connecting."""
    connect: tuple[str, ...]
    """The commands without which it does not connect."""
    handshake: Mapping[str, str]
    """Each command that it runs to connect, to what becomes of it without that one; "" where it goes on."""
    by_hand: tuple[str, ...]
    """Patterns of the string that were given by hand: of names that are random or hold that of a host."""
    access_string: str
    """The narrowest for all that it did, with the names of keys that its program chose."""

    @property
    def version(self) -> str:
        """Its own."""
        return next(iter(self.versions.values()))


@cache
def _facts() -> Any:  # noqa: ANN401 - the shape is that of `Client`
    return json.loads(FILE.read_bytes())


@cache
def clients() -> Mapping[str, Client]:
    """Every client by its name."""
    return {
        name: Client(name, **{**facts, "connect": tuple(facts["connect"]), "by_hand": tuple(facts["by_hand"])})
        for name, facts in _facts()["clients"].items()
    }


def server() -> str:
    """The server on which they ran: "Valkey 9.1.2"."""
    return str(_facts()["server"])


def client_named(name: str) -> Client:
    """The client of a name.

    :raises KeyError: there is none; the message names those that exist.
    """
    known = clients()
    if name not in known:
        raise KeyError(f"no client is named {name!r}; there are {', '.join(known)}")
    return known[name]


@cache
def _commands_of_clients() -> Mapping[str, frozenset[str]]:
    table = commands_of(_facts()["line"])
    found = {}
    for name, client in clients().items():
        access = parse(client.access_string, table)
        found[name] = frozenset(table.names_in(access.selectors[0].commands)) | {*client.connect}
    return found


def clients_using(*commands: str) -> tuple[str, ...]:
    """The names of the clients that were seen running any of some commands (`config|get`)."""
    wanted = frozenset(commands)
    return tuple(name for name, used in _commands_of_clients().items() if used & wanted)


class Verdict(NamedTuple):
    """What a client could do with an access string."""

    connects: bool
    lacks_to_connect: tuple[str, ...]
    """Commands without which it does not connect, that the string does not grant."""
    goes_on_without: tuple[str, ...]
    """Commands that it tries to connect and does without, that the string does not grant."""
    refused: tuple[str, ...]
    """Commands of its typical work that no list of the string grants."""
    keys_refused: tuple[str, ...]
    """Patterns of its own keys, as its documentation names them, that no list grants with what is done with them."""


def judge(name: str, access: AccessString) -> Verdict:
    """What a client could do with an access string, judged as if the user were on.

    :raises KeyError: there is no client of the name; the message names those that exist.
    """
    client = client_named(name)
    table = access.table
    needed = parse(client.access_string, commands_of(_facts()["line"]))
    own = needed.selectors[0]
    wanted = [command for command in needed.table.names_in(own.commands) if command not in client.handshake]
    handshake = {command: bool(failure) for command, failure in client.handshake.items()}
    lacks = tuple(command for command, failed in handshake.items() if failed and not _granted(access, table, command))
    goes_on = tuple(
        command for command, failed in handshake.items() if not failed and not _granted(access, table, command)
    )
    refused = tuple(command for command in wanted if not _granted(access, table, command))
    keys = tuple(
        pattern.decode()
        for pattern, allowed in own.key_patterns.items()
        if not any(selector.allows_key(_like(pattern), allowed) for selector in access.selectors)
    )
    return Verdict(not lacks, lacks, goes_on, refused, keys)


def _granted(access: AccessString, table: CommandTable, command: str) -> bool:
    name, _, part = command.partition("|")
    place = table.index.get(command, table.index.get(name))
    if place is None:
        return True  # the server line does not have it, so no rule is missing
    if table.no_auth >> place & 1:
        return True
    argument = part.encode() if part and command not in table.index else None
    return any(selector.allows_command(place, argument) for selector in access.selectors)


def _like(pattern: bytes) -> bytes:
    """A key that a pattern of a client matches, with ids that nobody else has."""
    for piece, text in (
        (b"[0-9]*", b"8714659"),
        (b"[0-9a-f]", b"7"),
        (b"*", b"c0ffee8714659"),
        (b"?", b"7"),
    ):
        pattern = pattern.replace(piece, text)
    return pattern

"""What a server makes of an access string, as ACL GETUSER shows it: the lists of a user, with patterns and commands."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from acl.commands import Access
from tests.testbed.servers import Link

_USER: Final = b"read-back"
_FIRST_ARGUMENT: Final = re.compile(rb"\+(?P<command>[^|@]+)\|(?P<argument>.+)")
_DIRECTION: Final = {b"%R": Access.READ, b"%W": Access.WRITE}


class PermissionList(NamedTuple):
    """The rules of a user outside of selectors, or one selector."""

    patterns: Mapping[bytes, Access]
    """Key patterns, and what they allow."""
    channels: Collection[bytes]
    """Channel patterns."""
    first_arguments: Sequence[tuple[str, bytes]]
    """Commands that are granted with a first argument, and that argument."""
    databases: frozenset[int] | None
    """None for every database."""


def lists_of(link: Link, rules: Sequence[bytes], commands: Collection[str]) -> list[PermissionList]:
    """The lists of a user with these rules, which the server takes; the one outside of selectors comes first.

    :param link: a connection of the administrator.
    :param commands: the server's commands, subcommands included, which are not first arguments.
    """
    link.call("ACL", "SETUSER", _USER, "reset", *rules)
    reply: Any = link.call("ACL", "GETUSER", _USER)
    link.call("ACL", "DELUSER", _USER)
    user = _fields(reply)
    return [_list(fields, commands) for fields in (user, *map(_fields, user.get(b"selectors", ())))]


def _fields(reply: Sequence[Any]) -> dict[bytes, Any]:
    return dict(zip(reply[::2], reply[1::2], strict=True))


def _list(fields: Mapping[bytes, Any], commands: Collection[str]) -> PermissionList:
    databases = fields.get(b"databases", b"alldbs")
    named = re.findall(rb"[0-9]+", databases)
    return PermissionList(
        patterns=dict(_patterns(fields[b"keys"])),
        channels=[channel.removeprefix(b"&") for channel in _words(fields[b"channels"])],
        first_arguments=[
            (command, found["argument"])
            for word in fields[b"commands"].split()
            if (found := _FIRST_ARGUMENT.fullmatch(word))
            and (command := found["command"].decode("latin-1").lower())
            and f"{command}|{found['argument'].decode('latin-1').lower()}" not in commands
        ],
        databases=None if databases == b"alldbs" else frozenset(map(int, named)),
    )


def _words(several: Any) -> Sequence[bytes]:
    """Patterns as 7.0 and later write them, in one text; 6.2 lists them."""
    return several.split(b" ") if isinstance(several, bytes) and several else several or ()


def _patterns(several: Any) -> Sequence[tuple[bytes, Access]]:
    if not isinstance(several, bytes):
        return [(pattern, Access.BOTH) for pattern in several]
    found: dict[bytes, Access] = {}
    for word in _words(several):
        direction, _, pattern = word.partition(b"~")
        found[pattern] = found.get(pattern, Access.NONE) | _DIRECTION.get(direction, Access.BOTH)
    return [*found.items()]

"""Addresses of clients, which the kinds of captures write in different ways."""

from typing import Final

from acl.captures.records import SCRIPT_ADDRESS

_NO_ADDRESS: Final = b"?:0"


def as_in_monitor(address: bytes) -> bytes:
    """The address as MONITOR writes it: logs write `/run/redis.sock:0`, or `[/run/redis.sock:0]:0`.

    Calls from scripts have the caller's address from Valkey 8.1 on, before that none.
    """
    if address == _NO_ADDRESS:
        return SCRIPT_ADDRESS
    bare = address.removeprefix(b"[").removesuffix(b":0").removesuffix(b"]").removesuffix(b":0")
    return b"unix:" + bare if bare.startswith(b"/") else address


def host_of(address: bytes) -> bytes:
    """The address without its port, which differs from connection to connection."""
    return address if address.startswith(b"unix:") else address.rpartition(b":")[0] or address

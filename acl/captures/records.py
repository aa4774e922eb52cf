"""What a capture holds, whatever its kind."""

from typing import NamedTuple


class Call(NamedTuple):
    """A call that the server ran."""

    text: bytes
    """Command and arguments as MONITOR writes them: each in quotes, with escapes, one space between them."""
    stamp: bytes | None = None
    """When, as it was written."""
    number: bytes | None = None
    """Of the database, as it was written."""
    address: bytes | None = None
    """Of the client: `10.0.0.7:51012`, `[::1]:51012`, `unix:/run/redis.sock`; `lua` for calls from scripts."""
    cut: bool = False
    """Read from a log, which shortens long arguments and leaves out those past the 31st."""

    @property
    def time(self) -> float | None:
        """When, in seconds since 1970."""
        return None if self.stamp is None else float(self.stamp)

    @property
    def database(self) -> int | None:
        """The number of the database."""
        return None if self.number is None else int(self.number)


class Count(NamedTuple):
    """How often the server ran a command, by `INFO commandstats`."""

    name: str
    """`get`, `config|get`; on Redis 6.2 `config` for all its subcommands."""
    calls: int


class Refusal(NamedTuple):
    """A call that the server refused, by ACL LOG."""

    reason: str
    """`command`, `key`, `channel`, `database`, or `auth` for a login that failed."""
    object: bytes
    """What was refused: the command, the key or the channel. Empty for `auth`: people type passwords for names."""
    command: str
    """The command, as the server names it; that of the script for a call from one."""
    in_script: bool
    times: int
    time: float | None
    """When it came last; servers before 7.2 do not say it."""
    database: int | None
    address: bytes | None


class Damaged(NamedTuple):
    """A line that cannot be read. What it holds is not kept."""

    line: int
    """Its number, from 1."""


Record = Call | Count | Refusal | Damaged

SCRIPT_ADDRESS = b"lua"
"""The address that MONITOR gives the calls from scripts and functions."""

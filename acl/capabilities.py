"""The capabilities: what an access string can let its owner do to a cache that others share.

A capability is one row; whatever else needs to know of it asks the row. effect.py works out which of them a given
access string holds.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple


class Needs(Enum):
    """What must be granted besides commands."""

    NOTHING = auto()
    """The commands of the row give it, whatever the key patterns say."""
    KEYS_TO_READ = auto()
    """Practically every key, with commands that show values."""
    KEYS_TO_WRITE = auto()
    """Practically every key, with commands that change them."""
    CHANNELS = auto()
    """Every channel, with commands on channels."""


class Capability(NamedTuple):
    """One thing that a user can do to a cache that others share."""

    id: str
    summary: str
    """What it lets the user do, as the end of "this user can …"."""
    rank: int
    """Its place where the worst comes first: the lower, the worse. No two rows have the same."""
    commands: tuple[str, ...] = ()
    """The commands that give it; none where it needs keys or channels, which say themselves which commands count."""
    free_first_argument: bool = True
    """The commands reach everything even where the string fixes their first argument (`+flushall|async`)."""
    needs: Needs = Needs.NOTHING
    on_whole_cache: bool = False
    """With practically every key it makes a user broad, since it acts on what belongs to everybody."""
    removed_by_narrowing: bool = False
    """A narrower string does not hold it."""


class Capabilities:
    """The capabilities that are looked for, and what is derived from their rows.

    :param rows: in reading order.
    """

    def __init__(self, rows: tuple[Capability, ...]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Capability]:
        """In reading order."""
        return iter(self.rows)

    @cached_property
    def worst_first(self) -> tuple[Capability, ...]:
        """By rank."""
        return tuple(sorted(self.rows, key=lambda capability: capability.rank))

    @cached_property
    def on_every_key(self) -> tuple[str, ...]:
        """The ids of those that reach practically every key."""
        return self._ids(lambda row: row.needs in {Needs.KEYS_TO_READ, Needs.KEYS_TO_WRITE})

    @cached_property
    def on_whole_cache(self) -> tuple[str, ...]:
        """The ids of those that act on what belongs to everybody."""
        return self._ids(lambda row: row.on_whole_cache)

    @cached_property
    def removed_by_narrowing(self) -> tuple[str, ...]:
        """The ids of those that a narrower string does not hold."""
        return self._ids(lambda row: row.removed_by_narrowing)

    def _ids(self, wanted: Callable[[Capability], bool]) -> tuple[str, ...]:
        return tuple(row.id for row in self.rows if wanted(row))


READ_ANY_KEY: Final = "read-any-key"
WRITE_ANY_KEY: Final = "write-any-key"
ERASE_EVERYTHING: Final = "erase-everything"
LIST_KEYS: Final = "list-keys"
RUN_CODE: Final = "run-code"
USE_ANY_CHANNEL: Final = "use-any-channel"

CAPABILITIES: Final = Capabilities(
    (
        Capability(READ_ANY_KEY, "read the values of practically every key", rank=30, needs=Needs.KEYS_TO_READ),
        Capability(WRITE_ANY_KEY, "change or delete practically every key", rank=20, needs=Needs.KEYS_TO_WRITE),
        Capability(
            ERASE_EVERYTHING,
            "erase everything in the cache at once",
            rank=10,
            commands=("flushall", "flushdb", "swapdb", "cluster|flushslot"),
            on_whole_cache=True,
            removed_by_narrowing=True,
        ),
        Capability(
            LIST_KEYS,
            "learn the names of keys that are not its own",
            rank=70,
            commands=("keys", "scan", "randomkey", "clusterscan", "cluster|getkeysinslot", "client|tracking"),
            removed_by_narrowing=True,
        ),
        Capability(
            RUN_CODE,
            "run, load or drop code on the server, which holds up every client while it runs",
            rank=60,
            commands=(
                *("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"),
                *("script|load", "script|flush", "script|kill"),
                *("function|load", "function|restore", "function|flush", "function|delete", "function|kill"),
            ),
            free_first_argument=False,
            removed_by_narrowing=True,
        ),
        Capability(
            "disturb-clients",
            "cut off or stall the connections of other clients",
            rank=50,
            commands=("client|kill", "client|pause", "client|unpause", "client|unblock"),
            on_whole_cache=True,
            removed_by_narrowing=True,
        ),
        Capability(
            "watch-traffic",
            "watch the commands, and so the data, of other clients",
            rank=40,
            commands=("monitor", "slowlog|get", "commandlog|get", "acl|log", "client|list"),
            on_whole_cache=True,
            removed_by_narrowing=True,
        ),
        Capability(
            "manage-accounts",
            "change the accounts of the server",
            rank=90,
            commands=("acl|setuser", "acl|deluser", "acl|load", "acl|save"),
        ),
        Capability(
            "change-server",
            "reconfigure, stop or copy the server",
            rank=100,
            commands=(
                *("config|set", "config|rewrite", "config|resetstat", "debug", "shutdown", "replicaof", "slaveof"),
                *("migrate", "save", "bgsave", "bgrewriteaof", "sync", "psync", "failover", "replconf"),
                *("module|load", "module|loadex", "module|unload"),
                *("cluster|addslots", "cluster|addslotsrange", "cluster|bumpepoch", "cluster|delslots"),
                *("cluster|delslotsrange", "cluster|failover", "cluster|flushslots", "cluster|forget", "cluster|meet"),
                *("cluster|setslot", "cluster|reset", "cluster|replicate", "cluster|saveconfig"),
                *("cluster|set-config-epoch", "cluster|migrateslots", "cluster|cancelslotmigrations"),
                "cluster|syncslots",
            ),
        ),
        Capability(USE_ANY_CHANNEL, "publish or subscribe to every channel", rank=80, needs=Needs.CHANNELS),
    )
)
"""Seen by running the commands on Valkey 9.1.2, Redis 7.0.15 and 6.2.14 as users limited to other keys. What managed
caches mostly block has the highest ranks."""

SCRIPTS: Final = ("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro")
MOVERS: Final = (
    *("copy", "rename", "renamenx", "migrate", "bitop", "pfmerge", "sdiffstore", "sinterstore", "sunionstore"),
    *("zdiffstore", "zinterstore", "zunionstore", "zrangestore", "geosearchstore"),
)
"""They read one key into another: with any command that shows a value they read what they can move."""
SHOW_NO_VALUE: Final = (
    *("ttl", "pttl", "expiretime", "pexpiretime", "httl", "hpttl", "hexpiretime", "hpexpiretime", "pfcount", "pfdebug"),
    *("json.type", "json.debug|depth", "json.debug|fields", "json.debug|memory"),
    *("bf.card", "bf.exists", "bf.info", "bf.mexists"),
    # a key keeps its name under MOVE, and SMOVE moves only what the caller can name
    *("move", "smove"),
    *SCRIPTS,
    *MOVERS,
)
READ_MORE_KEYS: Final = (
    *("mget", "sdiff", "sinter", "sintercard", "sunion", "zdiff", "zinter", "zintercard", "zunion", "lcs"),
    *("blmpop", "lmpop", "zmpop", "bzmpop", "blpop", "brpop", "bzpopmax", "bzpopmin", "xread", "xreadgroup"),
    *("sort", "sort_ro", "stralgo", "json.mget"),
)
"""Commands that still read any key where the string fixes their first argument."""
MOVE_MORE_KEYS: Final = (
    *("sdiffstore", "sinterstore", "sunionstore", "zdiffstore", "zinterstore", "zunionstore", "zrangestore"),
    *("geosearchstore", "pfmerge", "bitop", "migrate"),
)
WRITE_MORE_KEYS: Final = (
    *("blmove", "blmpop", "blpop", "brpop", "brpoplpush", "bzmpop", "bzpopmax", "bzpopmin", "copy", "del", "unlink"),
    *("georadius", "georadiusbymember", "lmove", "lmpop", "mset", "msetex", "msetnx", "rename", "renamenx"),
    *("rpoplpush", "smove", "sort", "zmpop", "bitop", "migrate", "pfdebug", "xreadgroup", "json.mset"),
)
ONE_KEY_WILL_DO: Final = ("sort", "sort_ro", "georadius", "georadiusbymember")
"""Commands with several places for keys of which all but the first may stay empty."""
NO_ARGUMENT: Final = ("monitor", "randomkey", "sync", "save")
"""Commands that take no argument: a string that fixes their first one grants nothing."""
CHANNELS: Final = ("publish", "spublish", "subscribe", "ssubscribe", "psubscribe")
MORE_CHANNELS: Final = ("subscribe", "ssubscribe", "psubscribe")

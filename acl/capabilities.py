"""The capabilities: what an access string can let its owner do to a cache that others share.

One readable table, by command. effect.py works out which of them a given access string holds.
"""

from typing import Final, NamedTuple


class Capability(NamedTuple):
    """One thing that a user can do to a cache that others share."""

    id: str
    summary: str
    """What it lets the user do, as the end of "this user can …"."""
    commands: tuple[str, ...] = ()
    """The commands that give it, whatever the key patterns say; empty for those that depend on keys or channels."""
    free_first_argument: bool = True
    """The commands reach everything even where the string fixes their first argument (`+flushall|async`)."""


READ_ANY_KEY: Final = "read-any-key"
WRITE_ANY_KEY: Final = "write-any-key"
ERASE_EVERYTHING: Final = "erase-everything"
LIST_KEYS: Final = "list-keys"
RUN_CODE: Final = "run-code"
DISTURB_CLIENTS: Final = "disturb-clients"
WATCH_TRAFFIC: Final = "watch-traffic"
MANAGE_ACCOUNTS: Final = "manage-accounts"
CHANGE_SERVER: Final = "change-server"
USE_ANY_CHANNEL: Final = "use-any-channel"

CAPABILITIES: Final = (
    Capability(READ_ANY_KEY, "read the values of practically every key"),
    Capability(WRITE_ANY_KEY, "change or delete practically every key"),
    Capability(
        ERASE_EVERYTHING,
        "erase everything in the cache at once",
        ("flushall", "flushdb", "swapdb", "cluster|flushslot"),
    ),
    Capability(
        LIST_KEYS,
        "learn the names of keys that are not its own",
        ("keys", "scan", "randomkey", "clusterscan", "cluster|getkeysinslot", "client|tracking"),
    ),
    Capability(
        RUN_CODE,
        "run, load or drop code on the server, which holds up every client while it runs",
        (
            *("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"),
            *("script|load", "script|flush", "script|kill"),
            *("function|load", "function|restore", "function|flush", "function|delete", "function|kill"),
        ),
        free_first_argument=False,
    ),
    Capability(
        DISTURB_CLIENTS,
        "cut off or stall the connections of other clients",
        ("client|kill", "client|pause", "client|unpause", "client|unblock"),
    ),
    Capability(
        WATCH_TRAFFIC,
        "watch the commands, and so the data, of other clients",
        ("monitor", "slowlog|get", "commandlog|get", "acl|log", "client|list"),
    ),
    Capability(
        MANAGE_ACCOUNTS,
        "change the accounts of the server",
        ("acl|setuser", "acl|deluser", "acl|load", "acl|save"),
    ),
    Capability(
        CHANGE_SERVER,
        "reconfigure, stop or copy the server",
        (
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
    Capability(USE_ANY_CHANNEL, "publish or subscribe to every channel"),
)
"""In the order in which they are told everywhere. Seen by running the commands on Valkey 9.1.2, Redis 7.0.15 and 6.2.14
as users limited to other keys."""

WORST_FIRST: Final = (
    *(ERASE_EVERYTHING, WRITE_ANY_KEY, READ_ANY_KEY, WATCH_TRAFFIC, DISTURB_CLIENTS, RUN_CODE, LIST_KEYS),
    *(USE_ANY_CHANNEL, MANAGE_ACCOUNTS, CHANGE_SERVER),
)
"""The order in which people are told; what ElastiCache blocks is told last."""

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

"""What commands do that no server shows by itself, written by hand with the reason of each row.

The rest is seen by running every command: tests/testbed/command_effects.py. Nothing here is taken from acl/, because
both are held against acl/capabilities.py.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Row(NamedTuple):
    """One command, and what it does."""

    command: str
    why: str
    calls: tuple[str, ...] = ()
    """Calls that fit; where there are none, the shortest one does."""


MOVES: Final[Mapping[str, str]] = {
    "migrate": "it takes the key to another server, where its caller reads it",
}
"""Commands that read one key into another, and are not run."""

SHOW_NOTHING: Final[Mapping[str, str]] = {
    "pfcount": "an estimate of how many members there are, from which none can be read back",
    "pfdebug": "the registers of hashes, from which no member can be read back",
    "zremrangebyscore": "how many members it removed",
    "delifeq": "whether the value is the very one that the caller names",
    **dict.fromkeys(("memory|usage", "memory"), "the size of a value"),
}
"""Commands whose replies depend on values, and show none."""

READ_WITHOUT_PERMISSION: Final[Mapping[str, str]] = {
    "xclaim": "it returns entries that another consumer was given",
    "xautoclaim": "it returns entries that another consumer was given",
}
"""Commands that show values although servers ask for no permission to read; capabilities do not count them."""

CHANGE_WITHOUT_PERMISSION: Final[Mapping[str, str]] = {
    "pfcount": "it keeps its estimate beside the members",
    "pfdebug": "it rewrites the registers in another encoding",
    "xreadgroup": "it notes which consumer was given which entry",
}
"""Commands that change keys although servers ask for no permission to write."""

CHANGES: Final[Mapping[str, str]] = {
    "migrate": "it deletes the key here",
    "restore": "it writes what DUMP gave",
    "restore-asking": "it writes what DUMP gave",
    "move": "the key is in another database afterwards",
    "persist": "it takes away the time after which the key goes",
    "hpersist": "it takes away the time after which a field goes",
}
"""Commands that change keys, and are not run, or change nothing of what is compared."""

UNREPORTED_ON_6_2: Final[Mapping[str, str]] = {
    "xinfo": "XINFO STREAM shows entries; the server does not say that it reads",
    "xgroup": "XGROUP DESTROY deletes a group; the server does not say that it writes",
}
"""Of these, Redis 6.2 reports no more than the place of a key; capabilities do not count them there."""

CHANNELS: Final[Mapping[str, bool]] = {
    "publish": False,
    "spublish": False,
    "subscribe": True,
    "ssubscribe": True,
    "psubscribe": True,
}
"""Commands on channels, and whether one call names several of them. Documentation of each command."""

_NO_SUCH_SCRIPT: Final = "granted-by-nobody"
_SLOTS: Final = "it changes which node of the cluster has which slots"
_REPLICATION: Final = "it makes the server a copy of another one, or another one a copy of it"
_DISK: Final = "it writes the data to disk"
_CODE: Final = "it runs code that holds up every client"
_MODULES: Final = "it adds code to the server, or takes some away"

CACHE_WIDE: Final[Mapping[str, tuple[Row, ...]]] = {
    "erase-everything": (
        Row("flushall", "every key of every database is gone", ("flushall", "flushall async")),
        Row("flushdb", "every key of a database is gone", ("flushdb", "flushdb sync")),
        Row("swapdb", "who uses a database finds another one's keys in place of all its own"),
        Row("cluster|flushslot", "every key of a slot is gone"),
    ),
    "list-keys": (
        Row("keys", "it lists the names of all keys"),
        Row("scan", "it lists the names of all keys, in parts"),
        Row("clusterscan", "it lists the names of all keys, in parts"),
        Row("randomkey", "it names a key, whoever has written it"),
        Row("cluster|getkeysinslot", "it lists the names of all keys of a slot"),
        Row("client|tracking", "in broadcasting mode, each key that anybody changes is named"),
    ),
    "run-code": (
        *(
            Row(name, _CODE, (f"{name} {_NO_SUCH_SCRIPT} 0",))
            for name in ("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro")
        ),
        Row("script|load", "it keeps a script for everybody"),
        Row("script|flush", "it drops everybody's scripts"),
        Row("script|kill", "it ends somebody's running script"),
        Row("function|load", "it keeps functions for everybody"),
        Row("function|restore", "it keeps functions for everybody, or replaces them"),
        Row("function|flush", "it drops everybody's functions"),
        Row("function|delete", "it drops a library of functions"),
        Row("function|kill", "it ends somebody's running function"),
    ),
    "disturb-clients": (
        Row("client|kill", "other clients lose their connections"),
        Row("client|pause", "other clients wait"),
        Row("client|unpause", "what an administrator has stopped goes on"),
        Row("client|unblock", "what another client waits for does not come"),
    ),
    "watch-traffic": (
        Row("monitor", "it shows every command of every client"),
        Row("slowlog|get", "it shows slow commands of other clients, arguments included"),
        Row("commandlog|get", "it shows slow and large commands of other clients, arguments included"),
        Row("acl|log", "it shows which commands, keys and users were refused"),
        Row("client|list", "it shows addresses, users and the last commands of other clients"),
    ),
    "manage-accounts": (
        Row("acl|setuser", "it gives a user other rules and passwords"),
        Row("acl|deluser", "it deletes users and cuts their connections"),
        Row("acl|load", "it replaces every user by those of a file"),
        Row("acl|save", "it writes every user to a file"),
    ),
    "change-server": (
        Row("config|set", "it changes how the server works for everybody"),
        Row("config|rewrite", "it writes settings to the server's file"),
        Row("config|resetstat", "it forgets the statistics that others watch"),
        Row("debug", "it stops the server, or makes it crash"),
        Row("shutdown", "it ends the server"),
        *(Row(name, _REPLICATION) for name in ("replicaof", "slaveof", "failover", "replconf")),
        *(Row(name, "it sends all data to the caller") for name in ("sync", "psync")),
        Row("migrate", "it connects to any server, and sends keys there"),
        *(Row(name, _DISK) for name in ("save", "bgsave", "bgrewriteaof")),
        *(Row(name, _MODULES) for name in ("module|load", "module|loadex", "module|unload")),
        *(Row(f"cluster|{name}slots", _SLOTS) for name in ("add", "del", "flush", "migrate")),
        *(Row(f"cluster|{name}slotsrange", _SLOTS) for name in ("add", "del")),
        *(Row(f"cluster|{name}", _SLOTS) for name in ("setslot", "cancelslotmigrations")),
        Row("cluster|syncslots", "it sends the data of slots to the caller, or ends that"),
        Row("cluster|meet", "it joins the server with others"),
        Row("cluster|forget", "it takes a node out of the cluster"),
        Row("cluster|reset", "it takes the server out of the cluster"),
        Row("cluster|replicate", "it makes the node a copy of another one, which loses its data"),
        Row("cluster|failover", "it changes which node is asked"),
        *(Row(f"cluster|{name}", "it changes who wins a dispute") for name in ("bumpepoch", "set-config-epoch")),
        Row("cluster|saveconfig", "it writes the cluster's state to disk"),
    ),
}
"""The id of a capability to the commands that give it, whatever keys a user may touch. By their documentation."""

FIXED_ARGUMENT_IS_TOO_LITTLE: Final = frozenset({"run-code"})
"""Capabilities that are not held by commands whose first argument the rules fix: one script is not any code."""

"""The forms of call of every command, with the keys that the server itself finds in them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import redis

from acl.commands import Access
from tests.testbed.command_survey import CONTAINER, read_commands
from tests.testbed.servers import Link
from tests.testbed.verdicts import Form

# Calls whose keys the shortest form does not show: numbered keys, keys after a keyword, options that change what is
# done with a key or name a database. K stands for a key. Those that a server does not know are left out there.
LONGER_CALLS: Final = (
    *("sort K", "sort K store K", "sort K by nosort get # store K", "sort_ro K", "set K v get"),
    *("set K v nx get ex 9", "bitfield K get u8 1", "bitfield K set u8 1 1", "bitfield K get u8 1 incrby u8 1 1"),
    *("bitfield_ro K get u8 1", "mget K K K", "del K K", "unlink K K", "exists K K", "touch K K", "watch K K"),
    *("mset K v K v", "msetnx K v K v", "eval s 0", "eval s 1 K", "eval s 2 K K a", "evalsha s 2 K K"),
    *("eval_ro s 1 K", "evalsha_ro s 2 K K", "fcall f 0", "fcall f 1 K", "fcall f 2 K K a", "fcall_ro f 1 K"),
    *("fcall_ro f 0", "xread streams K 0", "xread streams K K 0 0", "xread count 1 streams K 0"),
    *("xread block 1 streams K K 0 0", "xreadgroup group g c streams K >"),
    *("xreadgroup group g c count 1 streams K K > >", "lmpop 1 K left", "lmpop 2 K K left", "blmpop 0 1 K left"),
    *("blmpop 0 2 K K left", "zmpop 1 K min", "zmpop 2 K K min", "bzmpop 0 1 K min", "bzmpop 0 2 K K max"),
    *("sintercard 2 K K", "zintercard 2 K K", "zunion 2 K K", "zinter 1 K", "zdiff 2 K K", "zunionstore K 2 K K"),
    *("zinterstore K 1 K", "zdiffstore K 2 K K", "sinterstore K K K", "sdiff K K", "bitop and K K K"),
    *("bitop not K K", "pfcount K K", "pfmerge K K K", "rename K K", "copy K K", "copy K K replace", "copy K K db 1"),
    *("copy K K DB 0 replace", "copy K K replace db 0 db 2", "move K 0", "move K 1", "move K x", "smove K K m"),
    *("rpoplpush K K", "georadius K 1 1 1 m", "georadius K 1 1 1 m store K", "georadius K 1 1 1 m storedist K"),
    *("geosearchstore K K a", "georadiusbymember K m 1 m store K", "georadius_ro K 1 1 1 m", "migrate h 1 K 0 9"),
    *("zrangestore K K 0 1", "blpop K K 0", "brpop K 0", "bzpopmin K K 0", "lmove K K left right", "object freq K"),
    *("object encoding K", "memory usage K", "xinfo stream K", "xgroup create K g 0", "xgroup destroy K g"),
    *("restore K 0 x", "lcs K K", "getex K", "getex K persist", "getdel K", "getset K v", "stralgo lcs keys K K"),
    *("stralgo lcs strings a b", "flushall async", "flushdb sync", "keys *", "scan 0", "swapdb 0 1", "swapdb 1 1"),
    *("swapdb 2 x", "select 0", "select 1", "select 2", "select 3", "select 15", "select x", "select 00"),
    *("publish a m", "spublish a m", "subscribe a", "subscribe a b", "ssubscribe a", "ssubscribe a b"),
    *("psubscribe a", "psubscribe a b", "echo a", "ping", "ping a", "unsubscribe a", "sunsubscribe a"),
    *("punsubscribe a", "msetex 2 K v K v", "delifeq K v", "hgetex K fields 1 f"),
)


class CallForms:
    """Finds the forms of call that a server understands, by asking it (COMMAND GETKEYSANDFLAGS; on 6.2 GETKEYS)."""

    def __init__(self, link: Link) -> None:
        """Ask the server behind `link` about each of its commands.

        :raises RuntimeError: no known call of some command makes sense to it.
        """
        self._link = link
        # Servers list commands in the order of a hash table, which differs from start to start.
        commands = sorted(command for command in read_commands(link) if command.keys != CONTAINER)
        self._flags_keys = any("|" in command.name for command in commands)
        self._takes_keys = {
            command.name: command.keys != "" if self._flags_keys else command.takes_keys for command in commands
        }
        self._forms: dict[str, list[Form]] = {command.name: [] for command in commands}
        for command in commands:
            words = command.name.encode().split(b"|")
            self._add_shortest(command.name, words, abs(command.arity) - len(words))
        for call in LONGER_CALLS:
            self._add_longer(call.encode().split())
        if without := [name for name, forms in self._forms.items() if not forms]:
            raise RuntimeError(f"the server finds keys in no known call of {without}: add one to LONGER_CALLS")

    @property
    def by_command(self) -> Mapping[str, Sequence[Form]]:
        """For each command of the server its forms of call, the shortest one first."""
        return self._forms

    def _add_shortest(self, name: str, words: Sequence[bytes], missing: int) -> None:
        places = range(len(words), len(words) + missing)
        filled = [*words, *(b"1" for _ in places)]
        # Any argument but a count of keys differs from the keys; where such a count stands is found by trying.
        for count_at in (None, *places):
            if self._add(name, filled, [place for place in places if place != count_at]):
                return

    def _add_longer(self, words: Sequence[bytes]) -> None:
        with_subcommand = b"|".join(words[:2]).decode()
        name = with_subcommand if with_subcommand in self._forms else words[0].decode()
        if name in self._forms:
            self._add(name, words, [place for place, word in enumerate(words) if word == b"K"])

    def _add(self, name: str, words: Sequence[bytes], possible_keys: Sequence[int]) -> bool:
        """Add a form, if the server makes sense of it and its keys are all at places where keys may be."""
        takes_keys = self._takes_keys[name]
        asked = list(words)
        for place in possible_keys:
            asked[place] = b"key-%d" % place
        keys = self._keys(asked) if takes_keys else {}
        if keys is None:
            return False
        places = tuple((place, keys[asked[place]]) for place in possible_keys if asked[place] in keys)
        if len(places) != len(keys):
            return False
        self._forms[name].append(Form(name, tuple(words), places, "|" not in name and not takes_keys))
        return True

    def _keys(self, words: Sequence[bytes]) -> dict[bytes, Access] | None:
        """Return the keys that the server finds in a call; None when it cannot make sense of the call."""
        reply: Any = self._link.call("COMMAND", "GETKEYSANDFLAGS" if self._flags_keys else "GETKEYS", *words)
        if isinstance(reply, redis.ResponseError):
            return {} if "no key arguments" in str(reply) else None
        return {key: _needs(flags) for key, flags in reply} if self._flags_keys else dict.fromkeys(reply, Access.BOTH)


def _needs(flags: Sequence[bytes]) -> Access:
    reads = Access.READ if b"access" in flags else Access.NONE
    writes = Access.NONE if {b"insert", b"update", b"delete"}.isdisjoint(flags) else Access.WRITE
    return reads | writes

"""What the commands of a server do with keys, found out by running each of them on two sets of data.

The two sets differ in nothing but their values. So a reply that differs shows a value, and another key whose content
differs afterwards has got one. Nothing is taken from the pack: names, forms and keys are what the server says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import redis

from tests.testbed.servers import Link
from tests.testbed.verdicts import Form

NOT_RUN: Final[Mapping[str, str]] = {
    "migrate": "it needs a second server, and takes the key there, where its caller reads it",
    **dict.fromkeys(
        ("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"),
        "what it does is up to the script",
    ),
}
"""Commands on keys that are not run, each with the reason."""

RUNNABLE_CALLS: Final = (
    *("geohash K m", "geopos K m", "geodist K m 1", "georadiusbymember_ro K m 1 m"),
    "georadiusbymember K m 1 m",
    *("georadiusbymember K m 1 m store K", "geosearch K frommember m byradius 1 m asc"),
    *(
        "geosearchstore K K fromlonlat 1 1 byradius 9999 km",
        "georadius K 1 1 9999 km store K",
        "georadius K 1 1 9999 km",
        "georadius_ro K 1 1 9999 km",
        "geoadd K 1 1 n",
    ),
    *("sintercard 2 K K", "sinter K K", "sunion K K", "sdiffstore K K K", "smove K K 1", "smove K K 2", "sadd K new"),
    *("smismember K secret-a", "srandmember K 9", "spop K 9", "zrandmember K 9", "zrank K 1", "zrevrank K 1"),
    *("zcount K 41 41", "zrangebyscore K 41 41", "zrevrangebyscore K 41 41", "zremrangebyscore K 41 41"),
    *("lpos K secret-a", "lindex K 0", "lrange K 0 -1", "sscan K 0", "hset K f v"),
    *("zintercard 2 K K", "zlexcount K - [secret-a", "zrangebylex K - +", "zrevrangebylex K + -", "zrange K 0 -1"),
    *("zrevrange K 0 -1", "zrangestore K K 0 -1", "zdiffstore K 2 K K", "zunionstore K 1 K", "zinterstore K 1 K"),
    *("zadd K 1 m", "zincrby K 1 m", "zremrangebylex K - +", "bzpopmax K K 0", "bzpopmin K K 0", "brpop K K 0"),
    *("sort K alpha", "sort K alpha store K", "sort_ro K alpha", "sort own:letters by nosort get strin*"),
    *("sort_ro own:letters by nosort get strin*", "lmove K K left left", "blmove K K left left 0", "lrem K 0 1"),
    *("linsert K before 1 x", "lset K 0 x", "ltrim K 1 0", "hdel K f", "hgetdel K fields 1 f", "hrandfield K 9"),
    *("hincrbyfloat K n 1", "hincrby K n 1", "hsetex K fields 1 f v", "hgetex K ex 100 fields 1 f"),
    *("hexpire K 100 fields 1 f", "hpexpire K 100000 fields 1 f", "hexpireat K 4000000000 fields 1 f"),
    *("hpexpireat K 4000000000000 fields 1 f", "hexpiretime K fields 1 n", "hpexpiretime K fields 1 n"),
    *("httl K fields 1 n", "hpttl K fields 1 n", "expire K 100", "pexpire K 100000"),
    *("expireat K 4000000000", "pexpireat K 4000000000000", "getex K ex 100", "setbit K 0 1", "lcs K K"),
    *("set K v", "mset K v K v", "msetnx K v K v", "msetex 2 K v K v", "delifeq K secret-a", "bitop or K K"),
    *("pfadd K new", "pfmerge K K", "pfdebug getreg K", "xadd K 9-9 f v", "xtrim K maxlen 0", "xdel K 1-1"),
    *("xsetid K 9-1", "xack K g 1-1", "xpending K g", "xinfo consumers K g", "xinfo groups K", "xinfo stream K full"),
    *("xgroup setid K g 0", "xgroup destroy K g", "xgroup delconsumer K g g", "xgroup createconsumer K g c"),
    *("xgroup create K n 0", "xclaim K g c 0 1-1", "xautoclaim K g c 0 0"),
)
"""Calls that come to something where the shortest ones are refused, or find nothing; K stands for a key."""

_OWN: Final = "own:"
_ABSENT: Final = b"absent"

_LOOK: Final = """
local read = {
    string = {{'get'}}, list = {{'lrange', 0, -1}}, set = {{'smembers'}}, zset = {{'zrange', 0, -1, 'withscores'}},
    hash = {{'hgetall'}, {'hexpiretime', 'fields', 3, '1', 'f', 'n'}},
    stream = {{'xrange', '-', '+'}, {'xinfo', 'groups'}, {'xinfo', 'stream'}, {'xpending', 'g'}},
}
local function flat(value)
    if type(value) ~= 'table' then return tostring(value) end
    if value.err then return 'refused' end
    local parts = {}
    for at, inner in ipairs(value) do parts[at] = flat(inner) end
    table.sort(parts)
    return '[' .. table.concat(parts, ' ') .. ']'
end
local found = {}
for at, key in ipairs(KEYS) do
    local seen = {tostring(redis.call('pttl', key) > 0)}
    for _, call in ipairs(read[redis.call('type', key).ok] or {}) do
        local place = call[1] == 'xinfo' and 2 or 1
        local words = {unpack(call)}
        table.insert(words, place + 1, key)
        table.insert(seen, flat(redis.pcall(unpack(words))))
    end
    found[at] = table.concat(seen, ' ')
end
return found
"""
"""Lists all that keys hold, whatever their types, without the order of sets and the time that is left of a lifetime."""

_Command = Sequence[str | bytes | int | float]


class _Values(NamedTuple):
    secret: str
    number: int
    bits: bytes


_SETS: Final = (_Values("secret-a", 41, b"\x40"), _Values("secret-b", 42, b"\x01"))
"""All in one shape: what is as long as before, and sorts as before, differs by its value alone."""


def _commands(before: str, common: int, values: _Values) -> dict[str, list[_Command]]:
    """What makes a value of every type, by its key; the keys begin as said.

    :param common: is in each set of data, so that calls that name it come to something.
    """
    secret, number, bits = values
    stream = f"{before}stream"
    made: Mapping[str, list[_Command]] = {
        "string": [("set", f"{before}string", secret)],
        "number": [("set", f"{before}number", 17 * number)],
        "bits": [("set", f"{before}bits", bits)],
        "list": [("rpush", f"{before}list", secret, common, secret)],
        "set": [("sadd", f"{before}set", common, secret)],
        "zset": [("zadd", f"{before}zset", number, common, 41.5, "m", 7, secret)],
        "lex": [("zadd", f"{before}lex", 0, secret)],
        "hash": [("hset", f"{before}hash", common, secret, "f", secret, "n", number, secret, "x")],
        "hll": [("pfadd", f"{before}hll", common, secret)],
        "geo": [("geoadd", f"{before}geo", number, 1, "m", number, 1, secret, 1, 1, common)],
        "stream": [
            *(("xadd", stream, "1-1", "f", secret), ("xgroup", "create", stream, "g", 0)),
            *(("xgroup", "create", stream, secret, 0), ("xreadgroup", "group", "g", secret, "streams", stream, ">")),
            *(("xadd", stream, "2-1", "f", secret), ("xreadgroup", "group", "g", "g", "streams", stream, ">")),
            ("xadd", stream, "3-1", "f", secret),
        ],
    }
    return {f"{before}{name}": commands for name, commands in made.items()}


@dataclass
class Effects:
    """Names of commands, by what they were seen to do.

    `…_later`: with a key that is not the first argument, so also where a rule fixes that (`+mget|a`).
    """

    shows: set[str] = field(default_factory=set)
    shows_later: set[str] = field(default_factory=set)
    moves: set[str] = field(default_factory=set)
    """A value of one key is in another key afterwards."""
    moves_later: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    changes_later: set[str] = field(default_factory=set)
    work_with_one_key: set[str] = field(default_factory=set)
    """They run although the call names a single key."""
    ran: set[str] = field(default_factory=set)
    """They came to something at least once."""


def effects_of(link: Link, forms: Mapping[str, Sequence[Form]]) -> Effects:
    """Run every command on keys that the server knows, but for `NOT_RUN`; the server's data is lost.

    :param link: a connection of the administrator.
    :param forms: what `CallForms` found on the same server.
    """
    runs = _Runs(link)
    for name, several in forms.items():
        if name not in NOT_RUN and any(form.keys for form in several):
            calls = [[*form.words] for form in several if form.keys]
            places = [[place for place, _ in form.keys] for form in several if form.keys]
            for words in _runnable(name):
                calls.append(words)
                places.append([place for place, word in enumerate(words) if word == b"K"])
            for words, keys in zip(calls, places, strict=True):
                runs.try_out(name, words, keys)
    return runs.found


def _runnable(name: str) -> Iterator[list[bytes]]:
    for call in RUNNABLE_CALLS:
        words = call.encode().split()
        if name.encode() in {words[0], b"|".join(words[:2])}:
            yield words


_KINDS_OF_A_TYPE: Final = (
    ("string", "number", "bits", "hll"),
    ("list",),
    ("set",),
    ("zset", "lex", "geo"),
    ("hash",),
    ("stream",),
)


class _Run(NamedTuple):
    """What a call came to."""

    reply: str
    others: list[object]
    """What is in the keys that hold no secret, and were the same before whatever the secret."""
    changed: set[bytes]


class _Runs:
    def __init__(self, link: Link) -> None:
        self.found = Effects()
        self._link = link
        self._look = _text(link.call("SCRIPT", "LOAD", _LOOK))
        self._data = [_commands("", 1, values) | _commands(_OWN, 2, _SETS[0]) for values in _SETS]
        link.pipeline([("FLUSHALL",), *(one for commands in self._data[0].values() for one in commands)])
        link.call("RPUSH", f"{_OWN}letters", "g")

    def try_out(self, name: str, words: list[bytes], places: Sequence[int]) -> None:
        """Make one call with a key of each type in each place, other places filled with keys of the caller."""
        for several in _KINDS_OF_A_TYPE if places else ():
            if self._is_of_wrong_type(words, places, several[0].encode()):
                continue
            for kind in map(str.encode, several):
                fillings = {(kind,) * len(places)}
                for others in (_ABSENT, _OWN.encode() + kind) if len(places) > 1 else ():
                    fillings |= {tuple(kind if at == place else others for at in places) for place in places}
                for filling in sorted(fillings, reverse=True):
                    self._compare(name, _filled(words, places, filling), kind)
        if places:
            absent = [_ABSENT, *(_OWN.encode() + _ABSENT for _ in places[1:])]
            self._compare(name, _filled(words, places, absent), _ABSENT)
        else:
            self._compare(name, words, b"string")

    def _is_of_wrong_type(self, words: list[bytes], places: Sequence[int], kind: bytes) -> bool:
        reply = self._reply(_filled(words, places, [kind] * len(places)))
        if not isinstance(reply, redis.ResponseError):
            self._link.pipeline(self._restoring(kind, self._data[0]))
        return "wrong kind" in str(reply)

    def _compare(self, name: str, words: Sequence[bytes], kind: bytes) -> None:
        """Make a call on both sets of data, unless the server refuses it, which changes nothing."""
        if isinstance(self._reply(words), redis.ResponseError):
            return
        keys = [key for key in (kind, _OWN.encode() + kind, _ABSENT) if key in words]
        first, second = self._runs(words, kind, keys)
        self.found.ran.add(name)
        if len(keys) == 1 and words.count(keys[0]) == 1:
            self.found.work_with_one_key.add(name)
        self._note(name, words[1], kind, first, second)

    def _note(self, name: str, first_argument: bytes, kind: bytes, first: _Run, second: _Run) -> None:
        found = self.found
        moved = first.others != second.others
        # The reply of what has moved a value is about that: a count of it.
        shown = first.reply != second.reply and not moved
        later = kind != first_argument
        for seen, at_all, behind_first in (
            (moved, found.moves, found.moves_later if later else None),
            (shown, found.shows, found.shows_later if later else None),
            (bool(first.changed), found.changes, found.changes_later if first.changed - {first_argument} else None),
        ):
            if seen:
                at_all.add(name)
                # Rules fix no first argument of a subcommand.
                if behind_first is not None and "|" not in name:
                    behind_first.add(name)

    def _reply(self, words: Sequence[bytes]) -> object:
        return _last(self._link.pipeline(_without_waiting(words)))

    def _runs(self, words: Sequence[bytes], kind: bytes, keys: Sequence[bytes]) -> list[_Run]:
        """Make a call on each set of data, all in one go, and leave the first set."""
        look: _Command = ("EVALSHA", self._look, len(keys), *keys)
        commands: list[_Command] = []
        ends: list[int] = []
        for data in self._data:
            commands += [*self._restoring(kind, data), look, *_without_waiting(words), look]
            ends.append(len(commands))
        replies = self._link.pipeline([*commands, *self._restoring(kind, self._data[0])])
        before_call = -2 - len(_without_waiting(words))
        runs = []
        for end in ends:
            of_call = replies[end + before_call + 1 : end - 1]
            was, now = (
                dict(zip(keys, _lines(seen), strict=True)) for seen in (replies[end + before_call], replies[end - 1])
            )
            runs.append(
                _Run(
                    _comparable(_last(of_call)),
                    others=[now[key] for key in keys if key != kind],
                    changed={key for key in keys if was[key] != now[key]},
                )
            )
        return runs

    @staticmethod
    def _restoring(kind: bytes, data: Mapping[str, Sequence[_Command]]) -> list[_Command]:
        """What brings back all that a call on keys of a kind may have changed."""
        names = [kind.decode(), _OWN + kind.decode()]
        return [("DEL", _ABSENT, *names), *(command for name in names for command in data.get(name, ()))]


def _without_waiting(words: Sequence[bytes]) -> list[_Command]:
    """A call as it is, or in a transaction, in which no command waits for what does not come."""
    waits = b"block" in words or (words[0].startswith(b"b") and not words[0].startswith(b"bit"))
    return [("MULTI",), words, ("EXEC",)] if waits else [words]


def _last(replies: Sequence[object]) -> object:
    """The reply of a call that `_without_waiting` made."""
    last = replies[-1]
    return last[0] if len(replies) > 1 and isinstance(last, list) else last


def _filled(words: Sequence[bytes], places: Sequence[int], keys: Sequence[bytes]) -> list[bytes]:
    filled = [*words]
    for place, key in zip(places, keys, strict=True):
        filled[place] = key
    return filled


def _lines(seen: object) -> list[object]:
    if not isinstance(seen, list):
        raise TypeError(f"expected what the keys hold, got {seen!r}")
    return seen


def _text(reply: object) -> str:
    if not isinstance(reply, bytes):
        raise TypeError(f"expected text from the server, got {reply!r}")
    return reply.decode()


def _comparable(reply: object) -> str:
    """Without the order of sets."""
    return repr(sorted(reply, key=repr) if isinstance(reply, list) else reply)

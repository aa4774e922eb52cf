"""Two sets of data that differ in nothing but their values, and the calls that are made on them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

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

OWN: Final = "own:"
"""How the keys of the caller begin, which hold the same in each set of data."""
ABSENT: Final = b"absent"
"""A key that holds nothing before the call."""

LOOK: Final = """
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

Command = Sequence[str | bytes | int | float]
"""The words of one command."""


class Values(NamedTuple):
    """What two sets of data differ by."""

    secret: str
    number: int
    bits: bytes


SETS: Final = (Values("secret-a", 41, b"\x40"), Values("secret-b", 42, b"\x01"))
"""All in one shape: what is as long as before, and sorts as before, differs by its value alone."""


def data_commands(before: str, common: int, values: Values) -> dict[str, list[Command]]:
    """What makes a value of every type, by its key; the keys begin as said.

    :param common: is in each set of data, so that calls that name it come to something.
    """
    secret, number, bits = values
    stream = f"{before}stream"
    made: Mapping[str, list[Command]] = {
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


KINDS_OF_A_TYPE: Final = (
    ("string", "number", "bits", "hll"),
    ("list",),
    ("set",),
    ("zset", "lex", "geo"),
    ("hash",),
    ("stream",),
)
"""The keys of a set of data, those of one type together."""

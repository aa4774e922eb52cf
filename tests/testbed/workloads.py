"""Generated applications: what each does on its connections, call by call, the same for the same seed."""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Call = tuple[str, ...]

SETS_A_KEY: Final = "redis.call('set', KEYS[1], ARGV[1]) return redis.call('get', KEYS[1])"
READS_TWO: Final = "return {redis.call('get', KEYS[1]), redis.call('exists', KEYS[2])}"
FINDS_ITS_KEY: Final = "return redis.call('incr', ARGV[1])"
NO_KEY: Final = "return redis.call('time')"


@dataclass(frozen=True)
class Step:
    """Calls that one connection makes one after another; `subscribes` makes the connection one of a subscriber."""

    calls: tuple[Call, ...]
    subscribes: bool = False


@dataclass(frozen=True)
class Application:
    """What one application does, and the keys that are its own."""

    name: str
    steps: tuple[Step, ...]

    @property
    def calls(self) -> list[Call]:
        """All its calls in order."""
        return [call for step in self.steps for call in step.calls]


_SYLLABLES: Final = ("ba", "co", "du", "fe", "gi", "ko", "lu", "mi", "na", "po", "ri", "su", "te", "vo", "zu")
_WORDS: Final = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj")
KEY_SHAPES: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    lambda app, draw: f"{app}:user:{draw.randrange(10**6)}",
    lambda app, draw: f"{app}:session:{uuid.UUID(int=draw.getrandbits(128))}",
    lambda app, draw: f"{app}:cart:{draw.choice(_WORDS)}:items",
    lambda app, draw: f"{app}.stats.{draw.randrange(2000, 2030)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
    lambda app, _: f"{app}:config",
    lambda app, draw: f"{app}:cache:{draw.getrandbits(128):032x}",
    lambda app, draw: f"{{{app}}}:slot:{draw.randrange(16384)}",
    lambda app, draw: f"{app}/page/{draw.choice(_WORDS)}/{draw.randrange(100)}",
    lambda app, draw: f"{app}:odd [{draw.randrange(9)}] *?\\ é",
    lambda app, draw: f"{app}-queue-{draw.choice(('low', 'high'))}",
    lambda app, draw: f"v2:{app}:user{draw.randrange(1000, 9999)}",
    lambda app, draw: f"{draw.choice(_WORDS)}:of:{app}",
)
CHANNEL_SHAPES: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    lambda app, _: f"{app}:events",
    lambda app, draw: f"{app}:room:{draw.randrange(1000)}",
    lambda app, draw: f"{app}.news.{draw.choice(_WORDS)}",
)


class _Draw:
    """Draws the parts of calls for one application. A key's type is in its name, so that no call meets another type."""

    def __init__(self, app: str, draw: random.Random) -> None:
        self._app = app
        self._draw = draw
        shapes = draw.sample(KEY_SHAPES, draw.randrange(2, 6))
        self._keys = {
            kind: [f"{draw.choice(shapes)(app, draw)}:{kind}" for _ in range(draw.randrange(2, 6))] for kind in _KINDS
        }
        channels = draw.sample(CHANNEL_SHAPES, draw.randrange(1, 3))
        self._channels = [draw.choice(channels)(app, draw) for _ in range(3)]

    def key(self, kind: str) -> str:
        return self._draw.choice(self._keys[kind])

    def keys(self, kind: str) -> list[str]:
        return [self.key(kind) for _ in range(self._draw.randrange(1, 4))]

    def channel(self) -> str:
        return self._draw.choice(self._channels)

    @property
    def pattern(self) -> str:
        return f"{self._app}*"

    def value(self) -> str:
        return self._draw.choice(('{"a": "b"}', "text", "line\nline", 'a" "b', "", "x" * 200))


_KINDS: Final = ("s", "n", "h", "l", "z", "t", "x", "p", "g")
_MAKERS: Final[Mapping[str, Callable[[_Draw], Sequence[Call]]]] = {
    "get": lambda d: [("GET", d.key("s"))],
    "set": lambda d: [("SET", d.key("s"), d.value())],
    "set with options": lambda d: [("set", d.key("s"), d.value(), "EX", "100")],
    "set and get": lambda d: [("SET", d.key("s"), "get"), ("SET", d.key("s"), d.value(), "GET")],
    "setex": lambda d: [("SETEX", d.key("s"), "100", d.value())],
    "setnx": lambda d: [("SETNX", d.key("s"), d.value())],
    "mget": lambda d: [("MGET", *d.keys("s"))],
    "mset": lambda d: [("MSET", *(word for key in d.keys("s") for word in (key, d.value())))],
    "append": lambda d: [("APPEND", d.key("s"), d.value())],
    "incr": lambda d: [("INCR", d.key("n"))],
    "incrby": lambda d: [("INCRBY", d.key("n"), "3")],
    "del": lambda d: [("DEL", *d.keys("s"))],
    "unlink": lambda d: [("UNLINK", *d.keys("s"))],
    "exists": lambda d: [("EXISTS", *d.keys("s"))],
    "expire": lambda d: [("EXPIRE", d.key("s"), "100")],
    "ttl": lambda d: [("TTL", d.key("s"))],
    "type": lambda d: [("TYPE", d.key("s"))],
    "strlen": lambda d: [("STRLEN", d.key("s"))],
    "getex": lambda d: [("GETEX", d.key("s"), "EX", "100")],
    "getdel": lambda d: [("GETDEL", d.key("s"))],
    "rename": lambda d: [("SET", key := d.key("s"), "v"), ("RENAME", key, d.key("s"))],
    "copy": lambda d: [("COPY", d.key("s"), d.key("s"), "REPLACE")],
    "bitfield": lambda d: [("BITFIELD", d.key("n"), "GET", "u8", "0")],
    "bitfield set": lambda d: [("BITFIELD", d.key("s"), "GET", "u8", "0", "SET", "u8", "0", "1")],
    "bitop": lambda d: [("BITOP", "AND", d.key("s"), *d.keys("s"))],
    "hset": lambda d: [("HSET", d.key("h"), "field", d.value())],
    "hget": lambda d: [("HGET", d.key("h"), "field")],
    "hgetall": lambda d: [("HGETALL", d.key("h"))],
    "hexists": lambda d: [("HEXISTS", d.key("h"), "field")],
    "hscan": lambda d: [("HSCAN", d.key("h"), "0")],
    "lpush": lambda d: [("LPUSH", d.key("l"), d.value())],
    "lrange": lambda d: [("LRANGE", d.key("l"), "0", "-1")],
    "llen": lambda d: [("LLEN", d.key("l"))],
    "lmove": lambda d: [("LMOVE", d.key("l"), d.key("l"), "LEFT", "RIGHT")],
    "blpop": lambda d: [("RPUSH", key := d.key("l"), "v"), ("BLPOP", key, *d.keys("l"), "0.01")],
    "lmpop": lambda d: [("LMPOP", str(len(keys := d.keys("l"))), *keys, "LEFT")],
    "sort": lambda d: [("SORT", d.key("l"), "ALPHA", "LIMIT", "0", "2")],
    "sort and store": lambda d: [("SORT", d.key("l"), "BY", "nosort", "STORE", d.key("l"))],
    "sadd": lambda d: [("SADD", d.key("t"), "a", "b")],
    "smembers": lambda d: [("SMEMBERS", d.key("t"))],
    "sismember": lambda d: [("SISMEMBER", d.key("t"), "a")],
    "sunionstore": lambda d: [("SUNIONSTORE", d.key("t"), *d.keys("t"))],
    "smove": lambda d: [("SMOVE", d.key("t"), d.key("t"), "a")],
    "zadd": lambda d: [("ZADD", d.key("z"), "1", "a")],
    "zrange": lambda d: [("ZRANGE", d.key("z"), "0", "-1", "WITHSCORES")],
    "zunionstore": lambda d: [("ZUNIONSTORE", d.key("z"), str(len(keys := d.keys("z"))), *keys)],
    "zrangestore": lambda d: [("ZRANGESTORE", d.key("z"), d.key("z"), "0", "-1")],
    "bzpopmin": lambda d: [("ZADD", key := d.key("z"), "1", "a"), ("BZPOPMIN", key, "0.01")],
    "xadd": lambda d: [("XADD", d.key("x"), "*", "field", d.value())],
    "xread": lambda d: [("XREAD", "COUNT", "2", "STREAMS", *(keys := d.keys("x")), *("0" for _ in keys))],
    "xreadgroup": lambda d: [
        ("XGROUP", "CREATE", key := d.key("x"), "group", "0", "MKSTREAM"),
        ("XREADGROUP", "GROUP", "group", "me", "STREAMS", key, ">"),
        ("XACK", key, "group", "1-1"),
    ],
    "xlen": lambda d: [("XLEN", d.key("x"))],
    "pfadd": lambda d: [("PFADD", d.key("p"), "a", "b")],
    "pfcount": lambda d: [("PFCOUNT", *d.keys("p"))],
    "geoadd": lambda d: [("GEOADD", d.key("g"), "1", "2", "here")],
    "georadius": lambda d: [("GEORADIUS", d.key("g"), "1", "2", "9", "km", "STORE", d.key("z"))],
    "geosearch": lambda d: [("GEOSEARCH", d.key("g"), "FROMLONLAT", "1", "2", "BYRADIUS", "9", "km")],
    "object": lambda d: [("OBJECT", "ENCODING", d.key("s"))],
    "ping": lambda _: [("PING",)],
    "info": lambda _: [("INFO", "server")],
    "time": lambda _: [("TIME",)],
    "select": lambda _: [("SELECT", "0")],
    "client name": lambda _: [("CLIENT", "SETNAME", "app"), ("CLIENT", "GETNAME")],
    "command": lambda _: [("COMMAND", "COUNT")],
    "scan": lambda d: [("SCAN", "0", "MATCH", d.pattern)],
    "script": lambda d: [("EVAL", SETS_A_KEY, "1", d.key("s"), d.value())],
    "script with two keys": lambda d: [("EVAL", READS_TWO, "2", d.key("s"), d.key("h"))],
    "script without its keys": lambda d: [("EVAL", FINDS_ITS_KEY, "0", d.key("n"))],
    "script without keys": lambda _: [("EVAL", NO_KEY, "0")],
    "publish": lambda d: [("PUBLISH", d.channel(), d.value())],
    "msetex": lambda d: [("MSETEX", "1", d.key("s"), d.value(), "EX", "100")],
    "hgetex": lambda d: [("HGETEX", d.key("h"), "FIELDS", "1", "field")],
}
_COMMANDS_OF: Final = {"lmpop": "lmpop", "msetex": "msetex", "hgetex": "hgetex", "client name": "client|setname"}
"""Makers to a command that the server must have. On Redis 6.2, MONITOR does not show CLIENT."""


def application(name: str, draw: random.Random, commands: Sequence[str]) -> Application:
    """An application whose keys hold its name.

    :param commands: those of the server, in lower case.
    """
    drawn = _Draw(name, draw)
    possible = [kind for kind in _MAKERS if _COMMANDS_OF.get(kind, "get") in commands]
    kinds = draw.sample(possible, draw.randrange(4, 16))
    steps: list[Step] = []
    for _ in range(draw.randrange(12, 30)):
        calls: list[Call] = [*_MAKERS[draw.choice(kinds)](drawn)]
        style = draw.randrange(10)
        if style == 0 and not any(call[0] in {"BLPOP", "BZPOPMIN"} for call in calls):
            calls = [("MULTI",), *calls, *_MAKERS[draw.choice(kinds)](drawn), ("EXEC",)]
        elif style == 1:
            calls = [("WATCH", *drawn.keys("s")), *calls, ("UNWATCH",)]
        elif style == 2:
            name_of = draw.choice(("SUBSCRIBE", "PSUBSCRIBE"))
            words = [drawn.channel()] if name_of == "SUBSCRIBE" else [drawn.pattern]
            steps.append(Step(((name_of, *words),), subscribes=True))
        steps.append(Step(tuple(calls)))
    return Application(name, tuple(steps))


def workload(seed: int, commands: Sequence[str]) -> list[Application]:
    """Two or three applications that share a cache."""
    draw = random.Random(seed)
    names: set[str] = set()
    while len(names) < draw.choice((2, 2, 3)):
        names.add("".join(draw.sample(_SYLLABLES, 3)))
    return [application(name, draw, commands) for name in sorted(names)]

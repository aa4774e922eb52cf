"""Strings derived from ACL LOG and from slow logs, tried on the servers that kept them."""

import contextlib
from collections.abc import Iterator

import pytest

from acl.captures.reader import read
from acl.captures.records import Call, Count, Refusal
from acl.commands import commands_of
from acl.derivation.blind_spots import left_out, not_seen
from acl.derivation.narrowest import narrowest
from acl.derivation.selection import Selection, Sorter, Tally
from acl.derivation.use import Use
from tests.support.servers import SERVER_NAMES, started
from tests.testbed.captures import CLIENTS, printed
from tests.testbed.servers import RunningServer
from tests.testbed.wire import Wire, is_refused

CALLS: list[tuple[str, ...]] = [
    ("SET", "app:17", "x"),
    ("GET", "app:17"),
    ("MGET", "app:18", "cfg"),
    ("LPUSH", "list:7", "a"),
    ("LMOVE", "list:7", "list:8", "LEFT", "RIGHT"),
    ("EVAL", "return redis.call('incr', 'hits:7')", "0"),
    ("MULTI",),
    ("INCR", "n:1"),
    ("EXEC",),
    ("PUBLISH", "news:7", "x"),
    ("OBJECT", "ENCODING", "app:17"),
    ("EXISTS", "only:asked"),
    ("CONFIG", "GET", "maxmemory"),
    ("SLOWLOG", "LEN"),
]
SUBSCRIPTIONS: list[tuple[str, ...]] = [("SUBSCRIBE", "news:7"), ("PSUBSCRIBE", "news:*")]


@pytest.fixture(scope="module", params=SERVER_NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(started(request.param))


def set_user(server: RunningServer, string: str) -> None:
    with server.connect() as link:
        words = string.split()
        assert link.call("ACL", "SETUSER", "app", "reset", "nopass", "resetchannels", *words) == b"OK", string
        link.call("ACL", "LOG", "RESET")
        link.call("FLUSHALL")


def refused(server: RunningServer) -> list[tuple[str, ...]]:
    """Those of the calls that the server refuses."""
    found = []
    with Wire(server.socket_path) as wire:
        wire.call("AUTH", "app", "x")
        found += [call for call in CALLS if is_refused(wire.call(*call))]
    for call in SUBSCRIPTIONS:
        with Wire(server.socket_path) as wire:
            wire.call("AUTH", "app", "x")
            found += [call] if is_refused(wire.call(*call)) else []
    return found


@pytest.mark.server
def test_what_was_refused_round_by_round_until_nothing_is(server: RunningServer) -> None:
    """Each refusal names one thing that is missing, so it takes some rounds from nothing to enough."""
    sorter = Sorter(Selection(), lambda: Use(commands_of(server.server.name)))
    string, left, tally = "on -@all", refused_after(server, "on -@all"), Tally()
    rounds = 0
    while left and rounds < 12:
        rounds += 1
        log = printed(server, CLIENTS[0], "plain", "acl", "log")
        sorter.take(read(log.splitlines()), tally)
        string = narrowest(sorter.uses[""]).access_string
        left = refused_after(server, string)

    words = string.split()
    if server.server.name == "redis-6.2":
        # 6.2 says which container was refused, and not which of its subcommands
        assert {call[0] for call in left} == {"OBJECT", "CONFIG", "SLOWLOG"}
        assert {"config", "object", "slowlog"} == {*sorter.uses[""].undivided}
    else:
        assert left == []
        assert "+config|get" in words
    assert "&news:*" in words
    assert not {"~*", "&*", "+@all", "+config", "+slowlog", "+object"} & {*words}
    assert tally.refusals
    assert tally.damaged == 0


def refused_after(server: RunningServer, string: str) -> list[tuple[str, ...]]:
    set_user(server, string)
    return refused(server)


@pytest.mark.server
def test_a_slow_log(server: RunningServer) -> None:
    long = "page:" + "x" * 200
    with server.connect() as link:
        link.call("CONFIG", "SET", "slowlog-log-slower-than", "0")
        link.call("FLUSHALL")
        link.call("SLOWLOG", "RESET")
        link.call("SET", long, "x")
        link.call("MGET", *(f"many:{number}" for number in range(40)))
        link.call("RPUSH", "queue:1", "x")
        link.call("BLPOP", "queue:1", "0.01")
        link.call("ZUNIONSTORE", "sum:1", "2", "part:1", "part:2")
        link.call("CONFIG", "SET", "slowlog-log-slower-than", "-1")
    use, tally = Use(commands_of(server.server.name)), Tally()
    sorter = Sorter(Selection(), lambda: use)
    sorter.take(read(printed(server, CLIENTS[0], "plain", "slowlog", "get", "50").splitlines()), tally)

    words = narrowest(use, without=["config|set", "slowlog|reset", "flushall", "client|setinfo"]).access_string.split()

    pattern = "page:" + "x" * 123 + "*"
    divided = server.server.name != "redis-6.2"
    assert {"+set", "+mget", "+blpop", "+zunionstore"} <= {*words}
    assert (f"%W~{pattern}" if divided else f"~{pattern}") in words
    assert ("%R~many:*" if divided else "~many:*") in words
    assert ("%R~part:*" if divided else "~part:*") in words
    assert "~queue:*" in words
    assert "the later words of 1 call, which the log leaves out; keys among them are not known" in [*left_out(use, {})]
    assert any(sentence.startswith("SLOWLOG and COMMANDLOG hold only") for sentence in not_seen(use.table, tally))


NEWEST = commands_of("valkey-9.1")


def refusal(reason: str, seen: bytes, command: str, *, in_script: bool = False) -> Refusal:
    return Refusal(reason, seen, command, in_script, 2, None, 0, None)


@pytest.mark.parametrize(
    ("one", "string"),
    [
        (refusal("command", b"get", "get"), "on -@all +get"),
        (refusal("command", b"GET", "get"), "on -@all +get"),
        (refusal("command", b"config", "config"), "on -@all"),
        (refusal("command", b"nothing", "nothing"), "on -@all"),
        (refusal("key", b"a:7", "get"), "on -@all +get %R~a:*"),
        (refusal("key", b"a:7", "set"), "on -@all +set ~a:*"),
        (refusal("key", b"a:7", "exists"), "on -@all +exists %R~a:*"),
        (refusal("key", b"a:7", "zunionstore"), "on -@all +zunionstore ~a:*"),
        (refusal("key", b"a:7", "eval", in_script=True), "on -@all ~a:*"),
        (refusal("key", b"a:7", "json.set"), "on -@all ~a:*"),
        (refusal("channel", b"a:7", "publish"), "on -@all +publish resetchannels &a:*"),
        (refusal("channel", b"a:7*", "psubscribe"), "on -@all +psubscribe resetchannels &a:7*"),
        (refusal("channel", b"a:7", "eval", in_script=True), "on -@all resetchannels &a:*"),
        (refusal("channel", b"*", "psubscribe"), "on -@all +psubscribe resetchannels &*"),
        (refusal("auth", b"", "auth"), "on -@all"),
        (refusal("database", b"1", "get"), "on -@all"),
    ],
)
def test_a_refusal(one: Refusal, string: str) -> None:
    use = Use(NEWEST)
    use.add_refusal(one)

    assert narrowest(use).access_string == string
    assert narrowest(use, in_selectors=True).access_string.replace("(", "").replace(")", "").split()[:2] == [
        "on",
        "-@all",
    ]


def calls_of(*texts: str) -> Use:
    use = Use(NEWEST)
    for text in texts:
        use.add_call(Call(" ".join(f'"{word}"' for word in text.split()).encode()))
    return use


@pytest.mark.parametrize(
    ("calls", "string"),
    [
        (["GET a:1", "GET a:2", "get a:3"], "on -@all +get %R~a:*"),
        (["SET a:1 x", "SET a:1 get"], "on -@all +set %W~a:*"),
        (["SET a:1 x", "SET a:1 x GET"], "on -@all +set ~a:*"),
        (["SET a:1 x", "SET a:2 x ex 9 get"], "on -@all +set ~a:*"),
        (["QUIT", "HELLO 3", "RESET"], "on -@all"),
        (["COMMAND", "COMMAND COUNT"], "on -@all +command +command|count"),
        (["CONFIG"], "on -@all"),
        (["FT.SEARCH index words"], "on -@all"),
        (["PSUBSCRIBE *", "PSUBSCRIBE news:*", "SUBSCRIBE a"], "on -@all +psubscribe +subscribe resetchannels &*"),
        (["PSUBSCRIBE news:*", "SUBSCRIBE news:a"], "on -@all +psubscribe +subscribe resetchannels &news:*"),
        (["SUBSCRIBE news:7", "PSUBSCRIBE news:7*"], "on -@all +psubscribe +subscribe resetchannels &news:* &news:7*"),
        (["SORT a:1 BY w_* GET #"], "on -@all +sort %R~a:*"),
        (["EVAL x two a:1 a:2"], "on -@all +eval"),
        (["XREAD COUNT 1"], "on -@all +xread"),
        (["MIGRATE h 1 a:1 0 9", "STRALGO LCS keys a b"], "on -@all +migrate ~a:*"),
    ],
)
def test_calls(calls: list[str], string: str) -> None:
    assert narrowest(calls_of(*calls)).access_string == string


def test_what_is_left_out() -> None:
    use = calls_of("SORT a BY w_* GET #", "SORT a:1 BY nosort", "JSON.SET d $ 1", "lpush", "nonsense x")
    use.add_count(Count("client", 3))
    use.add_count(Count("get", 0))
    use.add_count(Count("hset", 2))

    assert [*left_out(use, {"sort": "somebody"})] == [
        "2 calls of SORT, which somebody blocks",
        "1 call of some command, which Valkey 9.1 does not have",
        "1 call of JSON.SET, which Valkey 9.1 does not have",
        "3 calls of CLIENT: which of its subcommands, the count does not say",
        "2 calls of SORT that look up other keys by BY or GET: only ~* itself allows that",
        "keys or channels of HSET: counts and refusals do not name them all; give them by hand",
    ]

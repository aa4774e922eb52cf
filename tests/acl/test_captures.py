"""Captures of every kind are read back as what ran, in every shape in which the command-line clients print them."""

import contextlib
from collections.abc import Iterator

import pytest

from acl.captures.quoting import is_quoted, quoted, words_of
from acl.captures.reader import read
from acl.captures.records import Call, Count, Damaged, Record, Refusal
from tests.support.servers import SERVER_NAMES, started
from tests.testbed.captures import CLIENTS, SHAPES, Client, monitoring, printed, run_calls
from tests.testbed.servers import RunningServer

SCRIPT = "redis.call('set', KEYS[1], 'in a script') return redis.call('get', KEYS[1])"
CALLS: list[list[bytes]] = [
    [b"SET", b"plain", b"value"],
    [b"SET", b'a key with "quotes" and \\', b'ends in " '],
    [b"SET", b"line\nend\r\ttab\a\b", b"\x00\xff\xc3\xa9"],
    [b"SET", b"", b""],
    [b"MSET", *(word for number in range(20) for word in (b"key-%d" % number, b"value"))],
    [b"SET", b"long", b"x" * 300],
    [b"EVAL", SCRIPT.encode(), b"1", b"scripted"],
    [b"GET", b'1795560078.429601 [0 127.0.0.1:1] "GET" "a"'],
]
REFUSED: list[list[str | bytes]] = [
    ["SET", "other:1", "value"],
    ["GET", "app:1"],
    ["GET", 'other: 2\n"x"'],
    ["CONFIG", "GET", "maxmemory"],
    ["EVAL", "return redis.pcall('get', 'other:3')", "0"],
    ["PUBLISH", "other-channel", "message"],
]


ON_EVERY_CLIENT = [pytest.param(client, shape, id=f"{client.name}, {shape}") for client in CLIENTS for shape in SHAPES]


@pytest.fixture(scope="module", params=SERVER_NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    with contextlib.ExitStack() as stack:
        running = stack.enter_context(started(request.param))
        with running.connect() as link:
            link.call("CONFIG", "SET", "slowlog-log-slower-than", "0")
            link.call(
                "ACL", "SETUSER", "app", "on", "nopass", "resetchannels", "+get", "+set", "+eval", "+publish", "~app:*"
            )
        yield running


def records_of(output: bytes | list[bytes]) -> list[Record]:
    return list(read(output.splitlines(keepends=True) if isinstance(output, bytes) else output))


def calls_of(records: list[Record]) -> list[list[bytes]]:
    return [words_of(record.text) for record in records if isinstance(record, Call)]


@pytest.mark.server
@pytest.mark.parametrize(("client", "shape"), ON_EVERY_CLIENT)
def test_monitor(server: RunningServer, client: Client, shape: str) -> None:
    with monitoring(server, client, shape) as monitor:
        run_calls(server, CALLS)
        records = records_of(monitor.lines())

    scripted = [[b"set", b"scripted", b"in a script"], [b"get", b"scripted"]]
    shown = [call for call in calls_of(records) if call[0] != b"CLIENT"]  # the library says its name
    assert shown == [*CALLS[:7], *scripted, *CALLS[7:]]
    for record in records:
        assert isinstance(record, Call)
        assert record.database == 0
        assert record.time is not None
        assert record.address == (
            b"lua" if words_of(record.text) in scripted else b"unix:" + server.socket_path.encode()
        )


@pytest.mark.server
@pytest.mark.parametrize(("client", "shape"), ON_EVERY_CLIENT)
@pytest.mark.parametrize("command", ["slowlog", "commandlog"])
def test_slow_logs(server: RunningServer, client: Client, shape: str, command: str) -> None:
    if command == "commandlog" and server.server.name.startswith("redis"):
        return
    whole = [call for call in CALLS if not any(b"\n" in word for word in call)] if shape.startswith("raw") else CALLS
    run_calls(server, [[b"SLOWLOG", b"RESET"], *whole])

    which = ("slow",) if command == "commandlog" else ()
    records = records_of(printed(server, client, shape, command, "get", "30", *which))

    scripted = [b"set", b"get"]  # some servers log the calls of scripts too, in lower case as they were written
    seen = [call for call in calls_of(records) if call[0] in {one[0] for one in CALLS} and call[0] not in scripted]
    assert list(reversed(seen)) == [shortened(call) for call in whole]
    assert not any(isinstance(record, Damaged) for record in records)
    assert all(isinstance(record, Call) and record.cut for record in records)
    addresses = {record.address for record in records if isinstance(record, Call)}
    assert addresses - {b"lua"} == {b"unix:" + server.socket_path.encode()}


def shortened(call: list[bytes]) -> list[bytes]:
    words = call if len(call) <= 32 else [*call[:31], b"... (%d more arguments)" % (len(call) - 31)]
    return [word if len(word) <= 128 else word[:128] + b"... (%d more bytes)" % (len(word) - 128) for word in words]


@pytest.mark.server
@pytest.mark.parametrize(("client", "shape"), ON_EVERY_CLIENT)
def test_acl_log(server: RunningServer, client: Client, shape: str) -> None:
    with server.connect() as link:
        link.call("ACL", "LOG", "RESET")
    run_calls(server, REFUSED, user="app")

    records = records_of(printed(server, client, shape, "acl", "log"))

    assert {(one.reason, one.object, one.command, one.in_script) for one in records if isinstance(one, Refusal)} == {
        ("key", b"other:1", "set", False),
        ("key", b'other: 2\n"x"', "get", False),
        (
            "command",
            b"config" if server.server.name == "redis-6.2" else b"config|get",
            command_of_config(server),
            False,
        ),
        ("key", b"other:3", "eval", True),
        ("channel", b"other-channel", "publish", False),
    }
    assert len(records) == 5
    addresses = {record.address for record in records if isinstance(record, Refusal)}
    assert addresses == {b"unix:" + server.socket_path.encode()}


def command_of_config(server: RunningServer) -> str:
    return "config" if server.server.name == "redis-6.2" else "config|get"


@pytest.mark.server
@pytest.mark.parametrize(("client", "shape"), ON_EVERY_CLIENT)
def test_commandstats(server: RunningServer, client: Client, shape: str) -> None:
    with server.connect() as link:
        link.call("CONFIG", "RESETSTAT")
    run_calls(server, [["GET", "a"], ["GET", "b"], ["CONFIG", "GET", "x"], ["CLIENT", "ID"]])

    records = records_of(printed(server, client, shape, "info", "commandstats"))

    divided = server.server.name != "redis-6.2"
    counts = {record.name: record.calls for record in records if isinstance(record, Count)}
    assert counts["get"] == 2
    assert counts["config|get" if divided else "config"] >= 1
    assert counts["client|id" if divided else "client"] >= 1
    assert not any(isinstance(record, Damaged) for record in records)


@pytest.mark.server
def test_kinds_stand_behind_one_another(server: RunningServer) -> None:
    """A file may hold what several commands printed, one behind another."""
    client = CLIENTS[0]
    run_calls(server, [[b"SLOWLOG", b"RESET"], [b"GET", b"a"]])
    run_calls(server, [["GET", "other:1"]], user="app")
    parts = []
    for shape in SHAPES:
        with monitoring(server, client, shape) as monitor:
            run_calls(server, [["GET", "monitored"]])
            parts.append(b"".join(monitor.lines()))
        parts += [
            printed(server, client, shape, *command.split())
            for command in ("slowlog get 3", "info commandstats", "acl log", "info all", "slowlog get 2")
        ]

    lines = b"".join(parts).splitlines(keepends=True)
    records = records_of(lines)

    assert [lines[record.line - 4 : record.line + 3] for record in records if isinstance(record, Damaged)] == []
    assert [len(records_of(part)) for part in parts if len(records_of(part))]
    assert len(records) == sum(len(records_of(part)) for part in parts)


GOOD = b'1795560078.429601 [3 [::1]:51012] "GET" "a"'
DAMAGED = {
    "cut in a word": GOOD[:-1],
    "cut before the words": GOOD[:30],
    "no database": b'1795560078.429601 [[::1]:51012] "GET" "a"',
    "two lines in one": GOOD[:-2] + GOOD,
    "text behind": GOOD + b" x",
    "text before": b"x " + GOOD,
    "a word without quotes": b'1795560078.429601 [0 127.0.0.1:1] "GET" a',
    "no space between words": b'1795560078.429601 [0 127.0.0.1:1] "GET""a"',
    "two spaces between words": b'1795560078.429601 [0 127.0.0.1:1] "GET"  "a"',
    "an open escape": b'1795560078.429601 [0 127.0.0.1:1] "GET" "a\\"',
    "no words": b"1795560078.429601 [0 127.0.0.1:1] ",
    "a stray quote": b'1795560078.429601 [0 127.0.0.1:1] "GET" "a"b"',
    "a count without its calls": b"cmdstat_get:calls=",
    "a count with another name": b"cmdstat_get me:calls=1,usec=1,usec_per_call=1.00",
    "json, cut": b'"1795560078.429601 [0 127.0.0.1:1] \\"GET\\" \\"a',
    "json, something else": b'{"a": 1}',
    "json, a list of something else": b"[1]",
    "a reply of something else": b'1) "key"',
    "a reply with an open word": b'1) 1) "count',
    "an entry of a slow log, cut": b"1) 1) (integer) 5\n   2) (integer) 1795560078",
    "an entry of a slow log, raw and cut": b"5\n1795560078\n12\nGET",
    "an entry of ACL LOG, raw and cut": b"count\n1\nreason\nkey",
    "deep brackets": b"[" * 100_000,
    "plain words": b"Error: Server closed the connection",
}
WHOLE = {
    "a database and IPv6": GOOD,
    "a unix socket with a space": b'1795560078.429601 [0 unix:/run/my redis/s] "GET" "a"',
    "an empty word": b'1795560078.429601 [0 127.0.0.1:1] "GET" ""',
    "one word": b'1795560078.429601 [0 127.0.0.1:1] "PING"',
    "quotes in a word": b'1795560078.429601 [0 127.0.0.1:1] "GET" "a\\" \\"b"',
    "ends in a quote and a space": b'1795560078.429601 [0 127.0.0.1:1] "GET" "a\\" " "b"',
    "carriage return": GOOD + b"\r\n",
    "a count": b"cmdstat_config|get:calls=1,usec=3,usec_per_call=3.00,rejected_calls=0,failed_calls=0\r\n",
    "a count of Redis 6.0": b"cmdstat_get:calls=1,usec=3,usec_per_call=3.00",
}


@pytest.mark.parametrize("lines", [pytest.param(lines, id=title) for title, lines in DAMAGED.items()])
def test_a_damaged_line_is_named_and_the_others_count(lines: bytes) -> None:
    records = records_of(b"OK\n" + GOOD + b"\n" + lines + b"\n" + GOOD + b"\n")

    calls = [record for record in records if isinstance(record, Call)]
    assert len(calls) in {1, 2}
    assert {record.line for record in records if isinstance(record, Damaged)} <= {3, 4, 5, 6, 7}
    assert [record for record in records if isinstance(record, Damaged)]


@pytest.mark.parametrize("line", [pytest.param(line, id=title) for title, line in WHOLE.items()])
def test_a_whole_line_is_read(line: bytes) -> None:
    (record,) = records_of(line)

    assert isinstance(record, Call | Count)


@pytest.mark.parametrize("line", [b"", b"OK", b"# Commandstats", b"(empty array)", b"(empty list or set)", b"[]"])
def test_lines_that_say_nothing(line: bytes) -> None:
    assert records_of(line + b"\n") == []


def test_words_come_back() -> None:
    words = [bytes([number]) + b"x" for number in range(256)] + [b"", b'"', b"\\", b'a" "b', b'" ']

    text = quoted(words)

    assert is_quoted(text)
    assert words_of(text) == words
    assert not is_quoted(text[:-1])
    assert not is_quoted(text[1:])

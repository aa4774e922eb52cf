"""One marker, put wherever a value, a password or a payload can stand in a capture, comes out of no report on it."""

from pathlib import Path

import pytest

from acl.captures.quoting import quoted
from acl.captures.reader import read
from acl.captures.records import Damaged
from audit.__main__ import main
from tests.support.users import MARKER_PASSWORD

MARKER = MARKER_PASSWORD
TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
CALLS: dict[str, list[str]] = {
    "a value": ["SET", "key", MARKER],
    "a value behind options": ["SET", "key", MARKER, "EX", "10", "GET"],
    "values": ["MSET", "a", MARKER, "b", f'{{"password": "{MARKER}"}}'],
    "a field and its value": ["HSET", "key", MARKER, MARKER],
    "members": ["SADD", "key", MARKER, MARKER],
    "an entry of a stream": ["XADD", "key", "*", MARKER, MARKER],
    "an echo": ["ECHO", MARKER],
    "a ping": ["PING", MARKER],
    "a script": ["EVAL", f"return '{MARKER}'", "1", "key", MARKER],
    "a payload": ["PUBLISH", "news", MARKER],
    "a name of a connection": ["CLIENT", "SETNAME", MARKER],
    "a login": ["AUTH", "app", MARKER],
    "a login by HELLO": ["HELLO", "3", "AUTH", "app", MARKER, "SETNAME", MARKER],
    "a login by MIGRATE": ["MIGRATE", "host", "1", "key", "0", "10", "AUTH2", "app", MARKER],
    "an account": ["ACL", "SETUSER", "app", f">{MARKER}"],
    "a setting": ["CONFIG", "SET", "requirepass", MARKER],
    "a command that is not one": [MARKER, MARKER],
    "a subcommand that is not one": ["CONFIG", MARKER],
    "a command of a module": ["JSON.SET", "doc", "$", f'"{MARKER}"'],
    "a search": ["FT.SEARCH", "index", MARKER],
    "a count that is not one": ["LMPOP", MARKER, MARKER, "LEFT"],
    "a pattern of SORT": ["SORT", "key", "BY", f"{MARKER}*", "GET", f"{MARKER}*"],
    "a pattern of SCAN": ["SCAN", "0", "MATCH", MARKER],
    "quotes and lines around it": ["SET", "key", f'"\n{MARKER}\n" "{MARKER}'],
}
OTHER_LINES = {
    "a damaged line": f'1795560000.5 [0 10.0.0.7:1] "SET" "key" "{MARKER}\n',
    "a damaged count": f"cmdstat_{MARKER}=\n",
    "text": f"{MARKER}\n",
    "json": f'{{"password": "{MARKER}"}}\n',
    "a login that failed": "".join(
        f"{line}\n"
        for line in (
            "count", "1", "reason", "auth", "context", "toplevel", "object", MARKER, "username", MARKER, "age-seconds",
            "1.5", "client-info", f"id=1 addr=10.0.0.7:1 name={MARKER} user={MARKER} cmd=auth db=0",
        )
    ),
    "a damaged refusal": f"count\n1\nreason\n{MARKER}\n",
    "a reply": f'1) "{MARKER}"\n2) "{MARKER}\n',
    "a damaged entry": f'1) 1) (integer) 5\n   2) "{MARKER}"\n',
}  # fmt: skip


def reports(lines: str, folder: Path, captured: pytest.CaptureFixture[str]) -> str:
    """Everything that is said of a capture, in every form."""
    capture = folder / "capture"
    capture.write_text(lines)
    options: tuple[list[str], ...] = (
        [],
        ["--json"],
        ["--by-client-address"],
        ["--line", "redis-6.2"],
        ["--current", f"on >{MARKER} ~* +@all"],
    )
    for several in options:
        main(["derive", str(capture), *several])
    told = captured.readouterr()
    return told.out + told.err


def in_every_log(words: list[str]) -> str:
    """The call as MONITOR, SLOWLOG raw and SLOWLOG on a terminal show it."""
    text = quoted([word.encode() for word in words]).decode()
    plain = [word for word in words if "\n" not in word]
    raw = "\n".join(["5", "1795560078", "12", *plain, "10.0.0.7:1", MARKER]) + "\n"
    parts = text.split('" "')
    printed = [f'1) 1) (integer) 5\n   2) (integer) 1795560078\n   3) (integer) 12\n   4) 1) {parts[0]}"']
    printed += [f'      {number}) "{part.removesuffix(chr(34))}"' for number, part in enumerate(parts[1:], 2)]
    printed += ['   5) "10.0.0.7:1"', f'   6) "{MARKER}"']
    return f"1795560000.5 [0 10.0.0.7:1] {text}\n{raw}" + "\n".join(printed) + "\n"


@pytest.mark.parametrize("words", [pytest.param(words, id=title) for title, words in CALLS.items()])
def test_calls(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came_out = reports(in_every_log(["GET", "seen"]) + in_every_log(words), tmp_path, capsys)

    assert MARKER not in came_out
    assert MARKER[:12] not in came_out
    assert MARKER[:12].lower() not in came_out
    assert "GET seen" in came_out


@pytest.mark.parametrize("lines", [pytest.param(lines, id=title) for title, lines in OTHER_LINES.items()])
def test_other_lines(lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came_out = reports(in_every_log(["GET", "seen"]) + lines, tmp_path, capsys)

    assert MARKER not in came_out
    assert MARKER[:12] not in came_out
    assert "GET seen" in came_out


@pytest.mark.parametrize("key", [f"session:{TOKEN}", f"{TOKEN}:cart", f"sess-{TOKEN}", "session:Zk3jA9xQ2mP7vL1tB5"])
def test_ids_of_sessions_are_shortened(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came_out = reports(in_every_log(["SET", key, "x"]), tmp_path, capsys)

    secret = key.replace("session:", "").replace(":cart", "").replace("sess-", "")
    assert secret[:6] not in came_out
    assert secret[:4] in came_out


def test_records_of_damaged_lines_hold_no_text() -> None:
    (record,) = read([f"{MARKER}\n".encode()])

    assert record == Damaged(1)


def test_the_search_can_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is a name and no value does come out, so the search above is one."""
    assert f"GET key-{MARKER[:8]}" in reports(in_every_log(["GET", f"key-{MARKER[:8]}"]), tmp_path, capsys)

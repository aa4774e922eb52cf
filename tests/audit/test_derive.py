"""`python -m audit derive`: files, filters, reports and exit codes."""

import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acl.derivation.patterns import WORDS
from audit import derive as derive_command
from audit.__main__ import main

UUID = "3f2b8c1e-9d4a-4f6b-8a7c-1e2d3c4b5a69"


def line(address: str, *words: str, time: float = 1795560000.5, database: int = 0) -> str:
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return f"{time:.6f} [{database} {address}] " + " ".join(f'"{word}"' for word in escaped) + "\n"


SHOP, MAIL = "10.0.0.7:51012", "10.0.0.8:40000"
MONITOR = (
    "OK\n"
    + line(SHOP, "HELLO", "3")
    + line(SHOP, "SET", f"session:{UUID}", '{"cart": ["a", "b"]}', "EX", "3600")
    + line(SHOP, "GET", f"session:{UUID}", time=1795560100)
    + line(MAIL, "LPUSH", "queue:mail", "text", time=1795560200)
    + line(MAIL, "EVAL", "return redis.call('get', KEYS[1])", "1", "lock:17", time=1795560300)
    + line("lua", "get", "lock:17", time=1795560300)
    + line(MAIL, "PUBLISH", "news:17", "text", database=2, time=1795560400)
)
WHOLE = "on -@all +eval +get +lpush +publish +set ~lock:* %W~queue:mail ~session:* resetchannels &news:*"
Derive = Callable[..., tuple[int, str, str]]


@pytest.fixture
def derive(capsys: pytest.CaptureFixture[str]) -> Derive:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["derive", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def capture(tmp_path: Path) -> str:
    path = tmp_path / "monitor.txt"
    path.write_text(MONITOR)
    return str(path)


def document(derive: Derive, *arguments: str) -> Any:
    code, out, err = derive("--json", *arguments)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_report_for_people(derive: Derive, capture: str) -> None:
    code, out, err = derive(capture)

    assert (code, err) == (0, "")
    assert (
        out
        == f"""\
{WHOLE}

  +eval          1 call: EVAL … lock:17
  +get           2 calls: GET session:3f2b…
  +lpush         1 call: LPUSH queue:mail …
  +publish       1 call: PUBLISH news:17 …
  +set           1 call: SET session:3f2b… …
  ~lock:*        1 key, 2 calls by eval, get: lock:17
  %W~queue:mail  1 key, 1 call by lpush: queue:mail
  ~session:*     1 key, 2 calls by get, set: session:3f2b…
  &news:*        1 channel, 1 call by publish: news:17

What such a capture cannot show:
  - MONITOR shows no commands of administration (CLIENT LIST, CLIENT KILL, CLIENT NO-EVICT, CONFIG GET, SLOWLOG GET, \
ACL GETUSER, ROLE, MONITOR and the like), and no users, only addresses
  - MONITOR shows no calls that were refused, and none that were queued and then discarded
  - MONITOR shows no client of calls from scripts: they count for the client whose script ran before them
  - what did not happen meanwhile: reconnects, failovers, migrations, cleaning up, the jobs of a month's end

{capture}: 7 calls
"""
    )


def test_the_report_for_programs(derive: Derive, capture: str) -> None:
    found = document(derive, capture)

    assert found["access_string"] == WHOLE
    assert found["server"] == "valkey-9.1"
    assert found["commands"][1] == {
        "rule": "+get",
        "name": "get",
        "calls": 2,
        "example": "GET session:3f2b…",
        "reason": "",
    }
    assert found["keys"][2] == {
        "pattern": "session:*",
        "rule": "~session:*",
        "calls": 2,
        "keys": 1,
        "more": False,
        "examples": ["session:3f2b…"],
        "commands": ["get", "set"],
    }
    assert found["channels"][0]["pattern"] == "news:*"
    assert found["compared_with_current"] is None
    assert found["sources"] == [
        {"file": capture, "calls": 7, "counts": 0, "refusals": 0, "damaged": 0, "damaged_lines": [], "deselected": 0}
    ]
    assert len(found["not_seen"]) == 4


@pytest.mark.parametrize(
    ("options", "string"),
    [
        ((), WHOLE),
        (("--only-client-address", "10.0.0.7"), "on -@all +get +set ~session:*"),
        (("--only-client-address", "10.0.0.7:51012"), "on -@all +get +set ~session:*"),
        (
            ("--only-client-address", "10.0.0.8*"),
            "on -@all +eval +get +lpush +publish ~lock:* %W~queue:mail resetchannels &news:*",
        ),
        (("--only-client-address", "*.*"), WHOLE),
        (("--only-db", "2"), "on -@all +publish resetchannels &news:*"),
        (("--only-db", "2", "--only-client-address", "10.0.0.8"), "on -@all +publish resetchannels &news:*"),
        (("--since", "1795560399"), "on -@all +publish resetchannels &news:*"),
        (("--since", "2026-11-24T22:46:39Z"), "on -@all +publish resetchannels &news:*"),
        (("--since", "2026-11-24T22:46:39", "--until", "2026-11-24T23:46:39+01:00"), None),
        (("--until", "1795560150"), "on -@all +get +set ~session:*"),
        (("--since", "1795560050", "--until", "1795560150"), "on -@all +get %R~session:*"),
        (("--keys", "session:*", "--keys", "~l*"), WHOLE.replace("~lock:*", "~l*")),
        (("--keys", "*"), "on -@all +eval +get +lpush +publish +set ~* resetchannels &news:*"),
        (("--channels", "&*"), WHOLE.replace("&news:*", "&*")),
        (
            ("--selectors",),
            "on -@all +eval +get +set ~lock:* ~session:* (+lpush %W~queue:mail) (+publish resetchannels &news:*)",
        ),
        (
            ("--line", "redis-6.2"),
            "on -@all +eval +get +lpush +publish +set ~lock:* ~queue:mail ~session:* resetchannels &news:*",
        ),
        (
            ("--line", "redis-6.2", "--selectors"),
            "on -@all +eval +get +lpush +publish +set ~lock:* ~queue:mail ~session:* resetchannels &news:*",
        ),
        (("--engine", "redis"), WHOLE),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)
def test_options(derive: Derive, capture: str, options: tuple[str, ...], string: str | None) -> None:
    if string is None:
        code, _, err = derive(capture, *options)
        assert (code, err) == (2, "audit: nothing was seen of which a string could be made\n")
    else:
        assert document(derive, capture, *options)["access_string"] == string


def test_one_string_for_each_application_of_a_shared_cache(derive: Derive, tmp_path: Path) -> None:
    shared = tmp_path / "shared.txt"
    shared.write_text(MONITOR + line("10.0.1.9:1", "GET", "a:17") + line("10.0.1.10:1", "GET", "a:18"))

    found = document(derive, str(shared), "--by-client-address")

    assert {tuple(one["addresses"]): one["access_string"] for one in found["clients"]} == {
        ("10.0.0.7",): "on -@all +get +set ~session:*",
        ("10.0.0.8",): "on -@all +eval +get +lpush +publish ~lock:* %W~queue:mail resetchannels &news:*",
        ("10.0.1.10", "10.0.1.9"): "on -@all +get %R~a:*",
    }
    _, out, _ = derive(str(shared), "--by-client-address")
    assert "Clients at 10.0.1.10, 10.0.1.9:\n" in out


def test_calls_from_a_script_whose_call_is_not_in_the_capture(derive: Derive, tmp_path: Path) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_text(line("lua", "get", "a:17") + line(SHOP, "EVAL", "x", "0") + line("lua", "get", "b:17"))

    found = document(derive, str(cut), "--by-client-address")

    assert {tuple(one["addresses"]): one["access_string"] for one in found["clients"]} == {
        ("",): "on -@all +get %R~a:*",
        ("10.0.0.7",): "on -@all +eval +get %R~b:*",
    }
    _, out, _ = derive(str(cut), "--by-client-address")
    assert "Clients at addresses that are not known:\n" in out
    assert document(derive, str(cut), "--only-client-address", "*")["sources"][0]["deselected"] == 1


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_standard_input(derive: Derive, monkeypatch: pytest.MonkeyPatch, *, packed: bool) -> None:
    data = gzip.compress(MONITOR.encode()) if packed else MONITOR.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))

    found = document(derive, "-")

    assert found["access_string"] == WHOLE
    assert found["sources"][0]["file"] == "standard input"


def test_several_files(derive: Derive, capture: str, tmp_path: Path) -> None:
    packed = tmp_path / "more.gz"
    packed.write_bytes(gzip.compress(line(SHOP, "DEL", "session:17").encode()))

    found = document(derive, capture, str(packed))

    assert found["access_string"] == WHOLE.replace("+eval", "+del +eval")
    assert [source["calls"] for source in found["sources"]] == [7, 1]


def test_damaged_lines_are_counted_and_named(derive: Derive, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.txt"
    damaged.write_text(MONITOR + "".join(f"marker {number}\n" for number in range(12)) + line(SHOP, "GET", "a")[:-3])

    code, out, err = derive(str(damaged))

    assert (code, err) == (0, "")
    assert out.endswith("damaged.txt: 7 calls; 13 damaged lines: 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, …\n")
    assert "marker" not in out
    assert document(derive, str(damaged))["sources"][0]["damaged"] == 13


@pytest.mark.parametrize(
    ("current", "code", "relation"),
    [
        ("on ~* +@all", 1, "narrower"),
        (WHOLE, 0, "equal"),
        (f"off {WHOLE.removeprefix('on ')}", 0, "equal"),
        (WHOLE.replace("+get ", ""), 1, "wider"),
        (WHOLE.replace("+get", "+ttl"), 1, "different"),
    ],
)
def test_compared_with_the_current_string(derive: Derive, capture: str, current: str, code: int, relation: str) -> None:
    found, out, err = derive("--json", capture, "--current", current)

    assert (found, err) == (code, "")
    assert json.loads(out)["compared_with_current"]["relation"] == relation


def test_what_was_never_used_by_capability(derive: Derive, capture: str) -> None:
    _, out, _ = derive("--json", capture, "--current", f"{WHOLE} +flushall +keys")
    compared = json.loads(out)["compared_with_current"]

    assert [(one["capability"], one["commands"]) for one in compared["never_used"]] == [
        ("erase-everything", ["flushall"]),
        ("list-keys", ["keys"]),
    ]
    assert compared["refused_now"] == []
    _, out, _ = derive(capture, "--current", f"{WHOLE} +flushall")
    assert (
        "The current string allows, and it was not seen:\n  - erase everything in the cache at once: FLUSHALL\n" in out
    )


STATS = "# Commandstats\r\n" + "".join(
    f"cmdstat_{name}:calls={calls},usec=3,usec_per_call=3.00\r\n"
    for name, calls in {
        "get": 3,
        "config|get": 1,
        "client": 2,
        "del": 0,
        "json.set": 1,
        "publish": 1,
        "ping": 4,
    }.items()
)


@pytest.mark.parametrize(
    ("options", "string"),
    [
        ((), "on -@all +get +json.set +ping +publish"),
        (("--keys", "app:*"), "on -@all +get +json.set +ping +publish ~app:*"),
        (
            ("--keys", "app:*", "--channels", "app:*"),
            "on -@all +get +json.set +ping +publish ~app:* resetchannels &app:*",
        ),
        (("--line", "valkey-9.1"), "on -@all +get +ping +publish"),
    ],
)
def test_counts(derive: Derive, tmp_path: Path, options: tuple[str, ...], string: str) -> None:
    stats = tmp_path / "stats.txt"
    stats.write_text(STATS)

    found = document(derive, str(stats), *options)

    assert found["access_string"] == string
    assert "2 calls of CLIENT: which of its subcommands, the count does not say" in found["left_out"]
    assert any(sentence.startswith("keys or channels of GET") for sentence in found["left_out"])
    assert "1 call of CONFIG GET, which ElastiCache blocks" in found["left_out"]
    if "--line" in options:
        assert "1 call of JSON.SET, which Valkey 9.1 does not have" in found["left_out"]


def test_what_is_not_selectable_is_said(derive: Derive, capture: str, tmp_path: Path) -> None:
    stats = tmp_path / "stats.txt"
    stats.write_text(STATS)

    _, out, _ = derive(capture, str(stats), "--only-client-address", "10.0.0.7")

    assert out.endswith(
        f"{capture}: 7 calls; 4 not selected\n{stats}: 7 counts; 7 not selected, 7 of them since they do not say what "
        "was asked for\n"
    )


BAD_INPUT: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "missing": (lambda folder: [str(folder / "missing")], "missing: no such file or directory"),
    "a folder": (lambda folder: [str(folder)], "is a directory"),
    "empty": (lambda folder: [written(folder, b"")], "nothing was seen of which a string could be made"),
    "text": (lambda folder: [written(folder, b"hello\n")], "nothing was seen of which a string could be made"),
    "cut gzip": (
        lambda folder: [written(folder, gzip.compress(MONITOR.encode() * 50)[:-20])],
        "is cut short or damaged inside",
    ),
    "a refused current string": (
        lambda folder: [written(folder, MONITOR.encode()), "--current", "on ~* +@nothing"],
        "the server refuses the current string: +@nothing (word 3) names a command or category that is not known",
    ),
    "keys that share nothing": (
        lambda folder: [written(folder, "".join(line(SHOP, "GET", str(number)) for number in range(1500)).encode())],
        "more than 1,000 names have no letter or digit in common: give a pattern by hand",
    ),
    "output that cannot be written": (
        lambda folder: [written(folder, MONITOR.encode()), "--output", str(folder / "no" / "report")],
        "no such file or directory",
    ),
}


def written(folder: Path, data: bytes) -> str:
    path = folder / "capture"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_line(derive: Derive, tmp_path: Path, case: str) -> None:
    arguments, expected = BAD_INPUT[case]

    code, _, err = derive(*arguments(tmp_path))

    assert code == 2
    assert err.startswith("audit: ")
    assert expected in err.splitlines()[0]
    assert len(err.splitlines()) <= 2


@pytest.mark.parametrize(
    "option", [("--since", "yesterday"), ("--words", "0"), ("--only-db", "x"), ("--line", "redis-5")]
)
def test_options_that_make_no_sense(capture: str, option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["derive", capture, *option])

    assert exit_.value.code == 2
    assert option[0] in capsys.readouterr().err


def test_the_default_for_words_is_that_of_the_rule() -> None:
    assert derive_command._WORDS == WORDS


def test_the_report_goes_to_a_file(derive: Derive, capture: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    assert derive(capture, "--json", "--output", str(report)) == (0, "", "")
    assert json.loads(report.read_text())["access_string"] == WHOLE


def test_what_comes_from_a_capture_is_not_obeyed_by_a_terminal(derive: Derive, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile"
    hostile.write_bytes(b'1795560000.5 [0 \x1b[31m:1] "GET" "\\x1b[31mkey\\n"\n1795560000.5 [0 a:1] "\\x1b[2J" "x"\n')

    _, out, err = derive(str(hostile), "--by-client-address")

    assert "\x1b" not in out + err
    assert "1 call of some command, which Valkey 9.1 does not have" not in out


def test_what_a_client_needs_to_connect_is_added(derive: Derive, capture: str) -> None:
    found = document(derive, capture, "--client", "celery")

    assert found["access_string"] == WHOLE.replace("+lpush", "+lpush +ping")
    (added,) = [command for command in found["commands"] if command["name"] == "ping"]
    assert added == {
        "rule": "+ping",
        "name": "ping",
        "calls": 0,
        "example": "",
        "reason": "Celery does not connect without it",
    }


def test_the_string_of_a_client(derive: Derive) -> None:
    code, out, err = derive("--client", "celery")

    assert (code, err) == (0, "")
    assert out.startswith("Celery ")
    assert "\non -@all +" in out
    assert "without +ping it does not connect" in out
    assert document(derive, "--client", "celery")["clients"][0]["connect"] == ["ping"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [((), "name a capture, or a client with --client"), (("--client", "cellery"), "no client is named 'cellery'")],
)
def test_neither_capture_nor_client(derive: Derive, arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = derive(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith(f"audit: {complaint}")

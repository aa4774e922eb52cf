"""`python -m audit compare`: what a new access string allows besides, with a call for each difference."""

import json

import pytest

from audit.__main__ import main
from tests.support.users import MARKER_PASSWORD

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("old", "new", "code", "relation"),
    [
        ("on ~* +@all", "on allkeys allcommands", 0, "equal"),
        ("on ~app:* +@read", "on ~app:* +@all -@all +@read", 0, "equal"),
        ("on ~* +@all", "on ~app:* +get", 0, "narrower"),
        ("on ~a:* ~b:* +mget", "on ~a:* +mget (~b:* +mget)", 0, "narrower"),
        ("on ~app:* +get", "on ~app:* +get +set", 1, "wider"),
        ("on ~app:* +get", "on ~b:* +get", 1, "different"),
        ("off ~app:* +get", "on ~app:* +get", 1, "equal"),
        ("on ~app:* +get", "off ~app:* +get", 0, "equal"),
    ],
)
@pytest.mark.parametrize("engine", ["redis", "valkey"])
def test_exit_code_and_relation(old: str, new: str, code: int, relation: str, engine: str, capsys: Captured) -> None:
    assert main(["compare", old, new, "--engine", engine, "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["relation"] == relation
    assert {"old", "new", "engine", "line", "enabled", "gained", "lost", "undecided", "other_lines"} <= document.keys()
    for difference in (*document["gained"], *document["lost"]):
        assert {"call", "says", "capability", "commands", "database"} == difference.keys()


def test_text_shows_a_call_for_each_difference(capsys: Captured) -> None:
    assert main(["compare", "on ~app:* +@read", "on ~app:* +@read +flushall"]) == 1
    out = capsys.readouterr().out

    assert out.startswith("On Valkey 9.1: NEW is wider than OLD")
    assert "NEW also allows:\n  - erase everything in the cache at once, e.g. FLUSHALL\n" in out


def test_a_difference_on_one_line_alone_is_shown_with_its_line(capsys: Captured) -> None:
    """CLUSTER FLUSHSLOT is Valkey's, and caches for Valkey take Redis groups."""
    old = "on ~* -@all +@read"
    assert main(["compare", old, f"{old} +@write -flushall -flushdb -swapdb", "--engine", "redis"]) == 1
    out = capsys.readouterr().out

    assert "On Redis OSS 7.0:" in out
    assert "On Valkey 9.1:" in out
    assert "CLUSTER FLUSHSLOT" in out.partition("On Valkey 9.1:")[2]
    assert "CLUSTER FLUSHSLOT" not in out.partition("On Valkey 9.1:")[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("on get", "on", "audit: OLD is refused by Valkey 9.1: get (word 2) is not an ACL rule"),
        ("on", "on +nosuch", "audit: NEW is refused by Valkey 9.1: +nosuch (word 2) names a command"),
        ("on", f"on >{MARKER_PASSWORD}", "audit: NEW is refused by ElastiCache: >[hidden] may not stand"),
        ("on +config", "on", "audit: OLD is refused by ElastiCache: +config may not stand"),
    ],
)
def test_a_refused_string_is_one_line(old: str, new: str, line: str, capsys: Captured) -> None:
    assert main(["compare", old, new]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(line)
    assert len(captured.err.splitlines()) == 1
    assert MARKER_PASSWORD not in captured.err


def test_what_was_too_much_work_is_said(capsys: Captured) -> None:
    many = " ".join(f"~*{number}a*b*c*d*e*" for number in range(300))
    code = main(["compare", f"on {many} +get", f"on {many.replace('a', 'z')} +get", "--json"])
    document = json.loads(capsys.readouterr().out)

    assert code in {1, 2}
    assert document["relation"] in {"undecided", "different", "wider"}


def test_keys_with_odd_letters_are_escaped(capsys: Captured) -> None:
    main(["compare", "on ~a\x1b[31m* +get", "on ~b\x1b\u202e* +get"])
    out = capsys.readouterr().out

    assert out.isascii()
    assert out.replace("\n", "").isprintable()

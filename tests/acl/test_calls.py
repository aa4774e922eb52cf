"""How commands are called is what the servers say, and what is read of it holds."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from acl.calls import Command, Form, Part, Slot, calls_of
from acl.commands import LINES, Access, CommandTable, commands_of
from elasticache.service import commands_for
from tests.support.servers import SERVER_NAMES
from tests.testbed.command_survey import DisagreementError
from tests.testbed.servers import SERVERS, ServerMissingError
from tools import build_calls
from tools.build_calls import FILE, REBUILD, Asked, file_text

NAMES: Final = [line.id for line in LINES]
TABLES: Final = [*(commands_of(name) for name in NAMES), commands_for("redis"), commands_for("valkey")]


def command(name: str, table: CommandTable) -> Command:
    container = name.partition("|")[0]
    bit = table.index[name] if name in table.index else table.index[container]
    return next(one for one in calls_of(table).of[bit] if one.name == name)


@pytest.mark.server
def test_the_committed_file_is_what_the_servers_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert build_calls.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.server
@pytest.mark.parametrize("name", SERVER_NAMES[1:])
def test_a_form_with_other_keys_stops_the_build(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written out by hand, the server must find exactly these keys in it."""
    for wrong in ("{key} 1 {key}", "1 {key}", "{count} {key}+"):
        monkeypatch.setattr(build_calls, "WRITTEN_OUT", {**build_calls.WRITTEN_OUT, "set": (wrong,)})
        monkeypatch.setattr(build_calls, "SERVERS", tuple(one for one in SERVERS if one.name in {"redis-6.2", name}))
        with pytest.raises(DisagreementError, match="the server finds other keys in set"):
            build_calls.ask_servers()


@pytest.mark.server
def test_an_old_form_with_other_keys_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_calls, "OLD_FORMS", {**build_calls.OLD_FORMS, "sort": ("{read} store {write} {write}",)})
    monkeypatch.setattr(build_calls, "SERVERS", SERVERS[:2])
    with pytest.raises(DisagreementError, match="the server finds other keys in sort"):
        build_calls.ask_servers()


def test_an_outdated_file_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [Asked(SERVERS[0], {"get": ("{read}",)}), Asked(SERVERS[1], {"get": ("{read}",), "set": ("",)})]
    monkeypatch.setattr(build_calls, "ask_servers", lambda: answers)
    monkeypatch.setattr(build_calls, "FILE", tmp_path / "calls.json")
    assert build_calls.main(["--check"]) == 1
    assert REBUILD in capsys.readouterr().err
    assert build_calls.main([]) == 0
    assert build_calls.main(["--check"]) == 0
    written = json.loads((tmp_path / "calls.json").read_bytes())
    assert written["servers"] == ["redis-6.2", "redis-7.0"]
    assert written["commands"] == {"get": [[3, ["{read}"]]], "set": [[2, [""]]]}


@pytest.mark.parametrize(
    "problem", [ServerMissingError("not installed: pip install it"), DisagreementError("other keys")]
)
def test_what_stops_the_build_is_one_line(
    problem: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask_servers() -> list[Asked]:
        raise problem

    monkeypatch.setattr(build_calls, "ask_servers", ask_servers)
    assert build_calls.main([]) == 2
    assert capsys.readouterr().err == f"{problem}\n"


def test_the_file_does_not_depend_on_the_order_of_answers() -> None:
    forms: dict[str, tuple[str, ...]] = {"get": ("{read}",), "set": ("{write} 1",)}
    backwards = dict(reversed(forms.items()))
    assert file_text([Asked(SERVERS[0], forms)]) == file_text([Asked(SERVERS[0], backwards)])


def test_the_file_has_the_servers_of_the_command_table() -> None:
    facts: Any = json.loads(FILE.read_bytes())
    assert facts["servers"] == NAMES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.line.id} {len(table.names)}")
def test_every_command_that_not_everybody_may_run_has_a_form(table: CommandTable) -> None:
    calls = calls_of(table)
    assert set(calls.of) == {bit for bit in range(len(table.names)) if not table.no_auth >> bit & 1}
    alike = 0
    for mask in calls.alike.values():
        assert not alike & mask
        alike |= mask
    assert alike | calls.divided == table.all & ~table.no_auth
    assert not alike & calls.divided
    for several in calls.of.values():
        for one in several:
            assert one.forms, one.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.line.id} {len(table.names)}")
def test_keys_stand_where_the_command_table_has_key_specs(table: CommandTable) -> None:
    """Two ways to ask the servers, which must agree on who has keys at all."""
    searching = {"ft.search", "ft.aggregate", "ft.info", "ft.create", "ft.dropindex"}
    for bit, several in calls_of(table).of.items():
        keyed = any(slot.part in {Part.KEY, Part.UNSEEN} for one in several for form in one.forms for slot in form)
        assert keyed == bool(table.key_specs[bit]), table.names[bit]
        assert (table.names[bit] in searching) == any(
            slot.part is Part.INDEX for one in several for form in one.forms for slot in form
        )


def slots(form: Form) -> list[tuple[Part, Access, bool]]:
    return [(slot.part, slot.needs, slot.many) for slot in form]


KEY, FREE, COUNT, WORD, NOW = Part.KEY, Part.FREE, Part.COUNT, Part.WORD, Part.CURRENT_DATABASE
NONE, READ, WRITE, BOTH = Access.NONE, Access.READ, Access.WRITE, Access.BOTH


@pytest.mark.parametrize(
    ("server", "name", "forms"),
    [
        ("redis-7.0", "get", [[(KEY, READ, False)]]),
        ("valkey-9.1", "get", [[(KEY, READ, False), (NOW, NONE, False)]]),
        ("redis-7.0", "mset", [[(KEY, WRITE, True)]]),
        ("redis-7.0", "set", [[(KEY, WRITE, False), (WORD, NONE, False)],
                              [(KEY, BOTH, False), (WORD, NONE, False), (WORD, NONE, False)]]),
        ("redis-7.0", "lmpop", [[(COUNT, NONE, False), (KEY, BOTH, True), (WORD, NONE, False)]]),
        ("redis-7.0", "eval", [[(FREE, NONE, False), (WORD, NONE, False)],
                               [(FREE, NONE, False), (COUNT, NONE, False), (KEY, BOTH, True)]]),
        ("redis-7.0", "object|freq", [[(KEY, NONE, False)]]),
        ("redis-7.0", "migrate", [[(FREE, NONE, False), (WORD, NONE, False), (KEY, BOTH, False), (WORD, NONE, False),
                                   (WORD, NONE, False)],
                                  [(FREE, NONE, False), *[(WORD, NONE, False)] * 5, (KEY, BOTH, True)]]),
        ("redis-7.0", "publish", [[(Part.CHANNEL, NONE, False), (WORD, NONE, False)]]),
        ("redis-7.0", "psubscribe", [[(Part.PATTERN, NONE, True)]]),
        ("redis-7.0", "sort_ro", [[(KEY, READ, False)],
                                  [(KEY, READ, False), (WORD, NONE, False), (Part.ANY_KEY, NONE, False)]]),
        ("redis-6.2", "sort", [[(KEY, READ, False)],
                               [(KEY, READ, False), (WORD, NONE, False), (KEY, WRITE, False)]]),
        ("redis-6.2", "object|freq", [[(KEY, NONE, False)]]),
        ("redis-6.2", "config|get", [[(WORD, NONE, False)]]),
        ("redis-6.2", "config", [[(FREE, NONE, False)]]),
        ("valkey-9.1", "select", [[(Part.DATABASE, NONE, False)]]),
        ("valkey-9.1", "flushall", [[(Part.ALL_DATABASES, NONE, False)],
                                    [(FREE, NONE, False), (Part.ALL_DATABASES, NONE, False)]]),
        ("valkey-8.1", "flushall", [[], [(FREE, NONE, False)]]),
        ("valkey-9.1", "keys", [[(FREE, NONE, False), (NOW, NONE, False)]]),
        ("valkey-9.1", "ping", [[], [(FREE, NONE, False)]]),
        ("valkey-9.1", "monitor", [[]]),
    ],
)  # fmt: skip
def test_forms_of_known_commands(server: str, name: str, forms: list[list[tuple[Part, Access, bool]]]) -> None:
    assert [slots(form) for form in command(name, commands_of(server)).forms] == forms


def test_words_that_stand_with_keys() -> None:
    table = commands_of("valkey-8.1")
    (mset,) = command("mset", table).forms
    assert mset == (Slot(KEY, WRITE, many=True, behind=(b"1",)),)
    streams, counted = command("xread", table).forms
    assert streams[0] == Slot(WORD, text=b"streams")
    assert streams[2] == Slot(WORD, text=b"0", many=True)
    assert counted[0] == Slot(FREE, text=b"count")
    _, in_other = command("copy", table).forms
    assert in_other[-1] == Slot(Part.DATABASE, many=True, behind=(b"db",))
    _, many = command("migrate", table).forms
    assert many[2] == Slot(WORD), "an empty word"
    several = command("json.mset", commands_for("valkey")).forms
    assert several[0][0] == Slot(KEY, WRITE, many=True, behind=(b"1", b"1"))
    unseen, *_ = command("pfmerge", table).forms
    assert unseen == (Slot(Part.UNSEEN),)


def test_only_a_server_without_subcommands_has_them_as_first_arguments() -> None:
    old, new = commands_of("redis-6.2"), commands_of("redis-7.0")
    names = {one.name: one.argument for one in calls_of(old).of[old.index["config"]]}
    assert names == {
        "config": None,
        "config|get": b"get",
        "config|help": b"help",
        "config|resetstat": b"resetstat",
        "config|rewrite": b"rewrite",
        "config|set": b"set",
    }
    assert set(old.names_in(calls_of(old).divided)) == {
        *("acl", "client", "cluster", "command", "config", "latency", "memory", "module", "object", "pubsub"),
        *("script", "slowlog", "xgroup", "xinfo"),
    }
    assert calls_of(new).divided == 0
    assert all(one.argument is None for several in calls_of(new).of.values() for one in several)

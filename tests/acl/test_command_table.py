"""The command table is what the servers say, and what is built on it holds."""

import dataclasses
import json
from pathlib import Path

import pytest

from acl.commands import CONTAINER, commands_of, line_named
from tests.support.servers import SERVER_NAMES, give_up
from tests.testbed.command_survey import (
    KEYS_WITHOUT_ACCESS,
    TABLE,
    Command,
    DisagreementError,
    Survey,
    check_categories,
    find_database_rules,
    read_commands,
    table_text,
)
from tests.testbed.servers import SERVERS, Server, ServerMissingError, find_binary, running, server_named
from tools import build_command_table
from tools.build_command_table import REBUILD

FACTS = json.loads(TABLE.read_bytes())

# Containers not counted, subcommands counted: the figures that the servers' own COMMAND COUNT and DOCS lead to.
NUMBER_OF_COMMANDS = {"redis-6.2": 224, "redis-7.0": 366 - 15, "valkey-8.1": 379 - 16, "valkey-9.1": 399 - 16}


@pytest.fixture
def every_server() -> None:
    """Give up the test unless every server is installed."""
    for server in SERVERS:
        try:
            find_binary(server)
        except ServerMissingError as missing:
            give_up(str(missing))


@pytest.mark.server
@pytest.mark.usefixtures("every_server")
def test_the_committed_table_is_what_the_servers_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Built anew, the table is the committed one, letter by letter."""
    assert build_command_table.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.server
@pytest.mark.usefixtures("every_server")
def test_an_outdated_table_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that differs fails the check, which changes nothing and names the command that mends it."""
    outdated = tmp_path / "commands.json"
    outdated.write_text(TABLE.read_text(encoding="utf-8").replace('"get": [[15,', '"get": [[7,'), encoding="utf-8")
    before = outdated.read_bytes()
    monkeypatch.setattr(build_command_table, "TABLE", outdated)
    assert build_command_table.main(["--check"]) == 1
    assert REBUILD in capsys.readouterr().err
    assert outdated.read_bytes() == before
    assert build_command_table.main([]) == 0
    assert outdated.read_bytes() == TABLE.read_bytes()


def test_a_missing_server_is_told_how_to_get(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one of the servers the tool writes nothing and says how to get it."""
    missing = Server("valkey-99", "99.0.0", "no_such_package_here", "bin/server", "pip install no-such-package-here")
    monkeypatch.setattr(build_command_table, "SERVERS", (missing,))
    before = TABLE.read_bytes()
    assert build_command_table.main([]) == 2
    assert "pip install no-such-package-here" in capsys.readouterr().err
    assert TABLE.read_bytes() == before


@pytest.mark.server
def test_another_version_counts_as_missing() -> None:
    """A server of another version than the one named is not taken for it."""
    server = next((one for one in SERVERS if _installed(one)), None)
    if server is None:
        give_up(SERVERS[-1].how_to_get)
    else:
        newer = dataclasses.replace(server, version="99.0.0")
        with pytest.raises(ServerMissingError, match=r"must be 99\.0\.0"), running(newer):
            pass


def _installed(server: Server) -> bool:
    try:
        find_binary(server)
    except ServerMissingError:
        return False
    return True


def test_an_unknown_server_name_is_told_what_there_is() -> None:
    """A misspelt server name is answered with the names that exist."""
    with pytest.raises(KeyError, match=r"valkey-9\.1"):
        server_named("valkey-9")


class FakeLink:
    """Answers ACL CAT from a dictionary."""

    def __init__(self, members: dict[str, list[bytes]]) -> None:
        self._members = members

    def call(self, *words: str | bytes | int) -> object:
        return self._members[str(words[-1])]


def _survey(**categories: str) -> Survey:
    commands = {
        name: Command(name, 2, frozenset(), frozenset(of.split()), takes_keys=False, keys="")
        for name, of in categories.items()
    }
    return Survey(SERVERS[0], commands, ("read", "fast"))


@pytest.mark.parametrize("listed", [[b"get"], [b"get", b"mget", b"hget"], []])
def test_a_server_that_contradicts_itself_stops_the_build(listed: list[bytes]) -> None:
    """COMMAND and ACL CAT must name the same members of each category."""
    survey = _survey(get="read fast", mget="read fast", ping="fast")
    agreeing = {"read": [b"get", b"mget"], "fast": [b"ping", b"MGET", b"get"]}
    check_categories(survey, FakeLink(agreeing))  # type: ignore[arg-type]
    with pytest.raises(DisagreementError, match="ACL CAT read disagree on"):
        check_categories(survey, FakeLink({**agreeing, "read": listed}))  # type: ignore[arg-type]


def test_keys_that_no_server_reports_stop_the_build() -> None:
    """A keyed command of a server without key specs needs them from elsewhere."""
    survey = _survey(get="read fast")
    survey.commands["get"] = survey.commands["get"]._replace(takes_keys=True)
    with pytest.raises(DisagreementError, match="keys of get"):
        table_text([survey])


def test_the_table_does_not_depend_on_the_order_of_answers() -> None:
    """Servers list commands in the order of a hash table; the table has an order of its own, one command a line."""
    forwards, backwards = _survey(get="read fast", ping="fast"), _survey(ping="fast", get="read fast")
    assert table_text([forwards]) == table_text([backwards])
    assert '\n"get": [[1,3,""]],\n"ping": [[1,2,""]]\n' in table_text([forwards])


def test_equal_answers_of_servers_share_a_variant() -> None:
    """What two servers say alike is written once, what they say differently twice."""
    older = _survey(get="read fast", ping="fast")
    newer = Survey(SERVERS[1], _survey(get="read", ping="fast").commands, older.categories)
    commands = json.loads(table_text([older, newer]))["commands"]
    assert commands == {"get": [[1, 3, ""], [2, 1, ""]], "ping": [[3, 2, ""]]}


@pytest.mark.server
@pytest.mark.parametrize("server", SERVER_NAMES)
def test_only_the_newest_server_has_database_rules(server: str) -> None:
    """The tool finds database rules where there are some, and none elsewhere."""
    found = FACTS["databases"].get(server)
    assert (found is not None) == line_named(server).syntax.databases
    if not _installed(server_named(server)):
        give_up(server_named(server).how_to_get)
    with running(server_named(server)) as started, started.connect() as link:
        survey = Survey(server_named(server))
        survey.commands = {one.name: one for one in read_commands(link)}
        assert find_database_rules(survey, link) == found


def test_database_rules_of_known_commands() -> None:
    """Commands whose rule is documented have it: the connection's database, every database, those that they name."""
    rules = FACTS["databases"]["valkey-9.1"]
    assert {"get", "flushdb", "keys", "eval", "copy", "move"} <= set(rules["current"])
    assert set(rules["named"]) == {"copy", "move", "select", "swapdb"}
    assert {"flushall", "cluster|migrateslots", "cluster|cancelslotmigrations"} <= set(rules["all"])
    assert not {"ping", "config|get", "select", "swapdb", "flushall"} & set(rules["current"])


@pytest.mark.parametrize("server", SERVER_NAMES)
class TestLoadedTable:
    """What the loader makes of the table."""

    def test_every_command_is_there(self, server: str) -> None:
        """No command is lost between server and loader."""
        assert len(commands_of(server).names) == NUMBER_OF_COMMANDS[server]

    def test_every_command_is_fast_or_slow(self, server: str) -> None:
        """Each command that can be called is in exactly one of @fast and @slow, so `+@fast +@slow` is everything."""
        table = commands_of(server)
        assert table.categories["fast"] | table.categories["slow"] == table.all
        assert not table.categories["fast"] & table.categories["slow"]

    def test_administration_is_dangerous(self, server: str) -> None:
        """Whatever is @admin is @dangerous too."""
        table = commands_of(server)
        assert table.categories["admin"]
        assert not table.categories["admin"] & ~table.categories["dangerous"]

    def test_there_are_the_same_categories_everywhere(self, server: str) -> None:
        """All lines have the same 21 categories, none of them empty."""
        categories = commands_of(server).categories
        assert list(categories) == FACTS["categories"]
        assert len(categories) == 21
        assert all(categories.values())

    def test_everybody_may_log_in(self, server: str) -> None:
        """AUTH and HELLO need no permission; from 7.0 on QUIT and RESET need none either."""
        newer = {"quit", "reset"} if line_named(server).syntax.subcommands else set()
        assert set(commands_of(server).names_in(commands_of(server).no_auth)) == {"auth", "hello"} | newer

    def test_containers_cannot_be_called(self, server: str) -> None:
        """From 7.0 on CONFIG stands for its subcommands; on 6.2 it is one command."""
        table = commands_of(server)
        assert ("config" in table.containers) == line_named(server).syntax.subcommands
        assert ("config" in table.index) != line_named(server).syntax.subcommands
        assert ("config|get" in table.index) == line_named(server).syntax.subcommands


def test_key_specs_of_known_commands() -> None:
    """The letters of the key specs say what the servers' documentation says of the commands."""
    newest = 1 << SERVER_NAMES.index("valkey-9.1")
    specs = {
        name: keys for name, variants in FACTS["commands"].items() for servers, _, keys in variants if servers & newest
    }
    expected = {
        "get": "R",
        "set": "RU",
        "del": "D",
        "lpush": "I",
        "copy": "R,U",
        "rename": "RD,U",
        "exists": "-",
        "object|freq": "-",
        "config": CONTAINER,
        **dict.fromkeys(("ping", "flushall", "publish", "spublish"), ""),
    }
    assert {name: specs[name] for name in expected} == expected


def test_what_reads_on_an_old_server_reads_on_newer_ones() -> None:
    """6.2 reports no keys, so its key specs are those of 7.0, where 7.0 knows the command and it has no subcommands."""
    old, new = (1 << SERVER_NAMES.index(name) for name in ("redis-6.2", "redis-7.0"))
    by_server = [
        {name: keys for name, variants in FACTS["commands"].items() for servers, _, keys in variants if servers & bit}
        for bit in (old, new)
    ]
    differing = {name: keys for name, keys in by_server[0].items() if by_server[1].get(name, "?") != keys}
    with_subcommands = {name for name, keys in by_server[1].items() if keys == CONTAINER}
    keyed = {name: keys for name, keys in differing.items() if keys}
    assert keyed == {**dict.fromkeys(("memory", "object", "xgroup", "xinfo"), KEYS_WITHOUT_ACCESS), "stralgo": "R"}
    assert set(differing) - with_subcommands == {"stralgo", "host:", "post"}

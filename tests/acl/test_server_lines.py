"""A server line is one row of `LINES`, and whatever else a new one needs is asked for in a sentence."""

import json
from collections.abc import Iterator

import pytest

from acl import commands
from acl.commands import ENGINES, LINES, Line, Syntax, commands_of, line_named, lines_before, newest_line
from elasticache.service import commands_for
from tests.testbed.command_survey import TABLE
from tests.testbed.servers import SERVERS
from tools.build_command_table import REBUILD

NEWER = Line("valkey-99.0", "Valkey 99.0", "valkey", Syntax(databases=True, glued_quotes=True))
OTHER = Line("keydb-6.3", "KeyDB 6.3", "keydb", Syntax())


def wanting(line: Line) -> Iterator[str]:
    """What a line still needs, in sentences for whoever adds it."""
    if line.id not in json.loads(TABLE.read_bytes())["servers"]:
        yield f"commands.json has no commands of {line.id}: run {REBUILD}"
    if line.id not in {server.name for server in SERVERS}:
        yield f"no real server stands for {line.id} in the tests: add one to SERVERS"
    if not line.id.startswith(f"{line.engine}-"):
        yield f"the id of {line.title} begins with its engine, as in {line.engine}-1.0"
    if not line.title.endswith(line.id.removeprefix(f"{line.engine}-")):
        yield f"the title of {line.id} ends with its version"


@pytest.mark.parametrize("line", LINES, ids=[line.id for line in LINES])
def test_nothing_is_wanting_for_a_line(line: Line) -> None:
    assert [*wanting(line)] == []


def test_what_is_wanting_is_said() -> None:
    said = [*wanting(NEWER._replace(engine="redis", title="Newest"))]

    assert [sentence.partition(":")[0] for sentence in said] == [
        "commands.json has no commands of valkey-99.0",
        "no real server stands for valkey-99.0 in the tests",
        "the id of Newest begins with its engine, as in redis-1.0",
        "the title of valkey-99.0 ends with its version",
    ]


def test_every_server_of_the_tests_stands_for_a_line() -> None:
    for server in SERVERS:
        assert server.name in {line.id for line in LINES}, f"add a row for {server.name} to LINES of acl/commands.py"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_lines_of_an_engine_stand_oldest_first(engine: str) -> None:
    versions = [
        tuple(map(int, line.id.removeprefix(f"{engine}-").split("."))) for line in LINES if line.engine == engine
    ]

    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("line_id", "before", "newest"),
    [
        ("redis-6.2", [], "redis-7.0"),
        ("redis-7.0", ["redis-6.2"], "redis-7.0"),
        ("valkey-8.1", [], "valkey-9.1"),
        ("valkey-9.1", ["valkey-8.1"], "valkey-9.1"),
    ],
)
def test_what_is_derived_from_the_rows(line_id: str, before: list[str], newest: str) -> None:
    line = line_named(line_id)

    assert [older.id for older in lines_before(line)] == before
    assert newest_line(line.engine).id == newest


def test_names_that_are_not_there_are_refused() -> None:
    with pytest.raises(KeyError, match=r"valkey-9\.0'; there are redis-6\.2, redis-7\.0, valkey-8\.1, valkey-9\.1"):
        line_named("valkey-9.0")
    with pytest.raises(KeyError, match="memcached"):
        newest_line("memcached")


@pytest.fixture
def two_more_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows for a newer Valkey and for another engine, and the commands of Valkey 9.1 for both."""
    facts = json.loads(TABLE.read_bytes())
    bit = 1 << [*facts["servers"]].index("valkey-9.1")
    for place, line in enumerate((NEWER, OTHER), len(facts["servers"])):
        facts["servers"][line.id] = line.id
        facts["no_auth"][line.id] = facts["no_auth"]["valkey-9.1"]
        for variants in facts["commands"].values():
            for variant in variants:
                variant[0] |= (variant[0] & bit and 1) << place
    monkeypatch.setattr(commands, "LINES", (*LINES, NEWER, OTHER))
    monkeypatch.setattr(commands, "_facts", lambda: facts)


@pytest.mark.usefixtures("two_more_lines")
def test_a_row_and_its_commands_are_all_that_a_new_line_needs() -> None:
    assert newest_line("valkey") == NEWER
    assert lines_before(NEWER) == (line_named("valkey-9.1"), line_named("valkey-8.1"))
    assert newest_line("keydb") == OTHER
    assert lines_before(OTHER) == ()
    assert commands_of(NEWER.id).names == commands_of("valkey-9.1").names
    assert commands_of(NEWER.id).line.title == "Valkey 99.0"


@pytest.mark.parametrize(
    ("engine", "title", "modules"),
    [
        ("valkey", "Valkey 9.1", {"json", "bloom", "search"}),
        ("VALKEY", "Valkey 9.1", {"json", "bloom", "search"}),
        ("redis", "Redis OSS 7.0", {"json"}),
        ("Redis", "Redis OSS 7.0", {"json"}),
        ("", "Valkey 9.1", {"json", "bloom", "search"}),
        ("memcached", "Valkey 9.1", {"json", "bloom", "search"}),
    ],
)
def test_an_engine_is_judged_by_its_newest_line_with_its_modules(engine: str, title: str, modules: set[str]) -> None:
    table = commands_for(engine)

    assert table.line.title == title
    assert table.categories.keys() - commands_of(table.line.id).categories.keys() == modules
    assert commands_for(engine) is table

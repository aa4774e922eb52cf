"""The fuzzer compares what its limit allows, reports what differs, and never passes for having compared nothing."""

import dataclasses
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import pytest

from acl.commands import CommandTable, commands_of
from tests.support.servers import started
from tests.testbed.random_access_strings import RandomAccessStrings
from tools import fuzz

SERVER = "redis-7.0"


@pytest.fixture
def _server() -> Iterator[None]:
    """Give up the test unless the server is installed."""
    with started(SERVER):
        yield


def ticking() -> Callable[[], float]:
    """A clock on which one second passes between two readings."""
    readings = count()
    return lambda: float(next(readings))


def made() -> RandomAccessStrings:
    return RandomAccessStrings(SERVER, Random(3))


def without_get(server: str) -> CommandTable:
    """A table with a fault: GET is not in @read."""
    table = commands_of(server)
    return dataclasses.replace(
        table, categories={**table.categories, "read": table.categories["read"] & ~table.mask("get")}
    )


@pytest.mark.no_cover
@pytest.mark.server
@pytest.mark.usefixtures("_server")
def test_a_planted_fault_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tests.testbed.comparison.commands_of", without_get)

    assert fuzz.main(["--strings", "400", "--server", SERVER, "--seed", "3"]) == 1

    shown = capsys.readouterr().out
    assert "string: '" in shown
    assert "'get'" in shown
    assert f"\n{SERVER}, seed 3: " in shown


@pytest.mark.no_cover
@pytest.mark.server
@pytest.mark.usefixtures("_server")
def test_the_same_seed_and_number_give_the_same_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for _ in range(2):
        assert fuzz.main(["--strings", "201", "--server", SERVER, "--seed", "3"], clock=ticking()) == 0
        said.append(capsys.readouterr().out)

    assert said[0] == said[1]
    assert said[0].startswith(f"{SERVER}, seed 3: 201 strings, ")
    assert said[0].endswith(" calls, 0 differ\n")


@pytest.mark.no_cover
@pytest.mark.server
@pytest.mark.usefixtures("_server")
def test_the_time_is_that_of_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    """One reading begins the comparison, one the time; then each batch has one before it and one behind it."""
    assert fuzz.main(["--seconds", "10", "--server", SERVER, "--seed", "3"], clock=ticking()) == 0

    progress, *_, last = capsys.readouterr().out.splitlines()
    assert progress.startswith(f"{SERVER}: 1,000 strings, ")
    assert last.startswith(f"{SERVER}, seed 3: 1,000 strings, ")


@pytest.mark.server
@pytest.mark.usefixtures("_server")
@pytest.mark.parametrize("limit", [("--seconds", "0"), ("--strings", "0")])
def test_a_comparison_of_nothing_is_not_a_success(limit: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main([*limit, "--server", SERVER]) == 2

    assert capsys.readouterr().err == f"{SERVER}: the limit left no string to compare. Give it more.\n"


@pytest.mark.parametrize(
    ("strings", "sizes"), [(0, []), (1, [1]), (199, [199]), (200, [200]), (201, [200, 1]), (400, [200, 200])]
)
def test_strings_are_counted_in_batches(strings: int, sizes: list[int]) -> None:
    assert [len(batch) for batch in fuzz.counted(made(), strings)] == sizes


@pytest.mark.parametrize(("seconds", "batches"), [(0, 0), (0.5, 0), (1, 0), (1.5, 1), (2, 1), (3, 2)])
def test_the_time_begins_with_the_first_batch(seconds: float, batches: int) -> None:
    """However long a server takes to start before."""
    clock = ticking()
    asked = fuzz.timed(made(), seconds, clock)
    for _ in range(100):
        clock()

    assert len([*asked]) == batches

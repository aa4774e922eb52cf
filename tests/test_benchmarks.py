"""The benchmarks measure what they say they do, and what they stand on holds. Nothing here depends on a clock."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from acl.access_string import parse
from benchmarks import access_strings, messages, report, suite
from benchmarks.analyzers import NOTHING, OURS, Running
from benchmarks.measure import Row, take_turns
from elasticache.service import commands_for

ROOT = Path(__file__).parent.parent

TINY = suite.Scale(
    rounds=1,
    calls=1,
    starts=1,
    stacks={200: 1},
    stock_up_to=200,
    lengths={64: 1, 300: 1},
    engine_size=0,
    engine_rounds=1,
)


@pytest.fixture(scope="module")
def results() -> report.Results:
    """One run of everything but the real CLI, as small as can be."""
    return suite.run(TINY, lambda _step: None)


def test_a_run_measures_everything(results: report.Results) -> None:
    measured = [row.what for row in results.rows]

    for part in ("start", "another type", "user", "Remediate", "hostile access strings of 300", "AnalyzeStack"):
        assert any(part in what for what in measured), f"nothing was measured about: {part}"
    assert set(results.string_curves) == {"ordinary", *access_strings.HOSTILE}
    assert set(results.stack_curves) == {"nothing", "ours", "stock"}
    assert all(ratio > 0 for row in results.rows for ratio in row.ratios)


def test_the_table_has_a_line_for_each_ratio_with_its_spread(results: report.Results) -> None:
    table = report.as_table(results)

    for row in results.rows:
        assert f"| {row.what} " in table
        assert f"{min(row.ratios):.2f} to {max(row.ratios):.2f}" in table


def test_the_results_survive_json(results: report.Results) -> None:
    read = json.loads(json.dumps(report.as_json(results)))

    assert [row["what"] for row in read["rows"]] == [row.what for row in results.rows]
    assert read["string_curves"]["ordinary"].keys() == {"64", "300"}


def test_a_missed_target_is_reported() -> None:
    samples = {"ours": [2.0, 3.0, 4.0], "nothing": [1.0, 1.0, 1.0]}
    missed = Row.of("dear", samples, "ours", "nothing", target=2.5)
    met = Row.of("cheap", samples, "ours", "nothing", target=3.0)
    results = report.Results(rows=[missed, met, Row.of("reported", samples, "ours", "nothing")])

    assert results.missed == [missed]
    assert "MISSED" in report.as_table(results).splitlines()[2]
    assert [row["met"] for row in report.as_json(results)["rows"]] == [False, True, None]


def test_all_take_turns_in_every_round() -> None:
    calls: list[str] = []
    samples = take_turns({name: lambda name=name: calls.append(name) for name in "abc"}, rounds=2, repeats=2)  # type: ignore[misc]

    assert calls == [*"abc", *"aabbcc", *"bbccaa"], "once to warm up, then in an order that moves on"
    assert {name: len(times) for name, times in samples.items()} == {"a": 2, "b": 2, "c": 2}


@pytest.mark.parametrize("length", [300, 5_000])
@pytest.mark.parametrize("name", ["ordinary", *access_strings.HOSTILE])
def test_strings_of_a_length_have_that_length(name: str, length: int) -> None:
    """A string shorter than the one it is compared with would prove nothing."""
    family = access_strings.ordinary if name == "ordinary" else access_strings.HOSTILE[name]

    assert length * 0.6 < len(family(length)) <= length


def test_the_ordinary_string_is_one_that_servers_take() -> None:
    assert parse(access_strings.ordinary(5_000), commands_for("valkey")).valid


def test_a_large_stack_is_judged_and_needs_no_more_memory_than_its_request_does() -> None:
    """50,000 resources, 500 of them users: no error about the size of a message, and no copy of the stack is kept."""
    request = messages.stack(50_000)
    assert sum(found.type == messages.USER_TYPE for found in request.resources) == 500
    peaks = {}
    for analyzer in (NOTHING, OURS):
        with Running(analyzer, messages.resource(messages.GOOD_USER, messages.USER_TYPE)) as running:
            response = running.stub.AnalyzeStack(request)
            peaks[analyzer.name] = running.peak_megabytes
    reported = {found.policyName for found in response.diagnostics}

    assert reported <= {"elasticache-exemptions"}, "the users of the stack are good ones"
    if peaks["ours"] is None or peaks["nothing"] is None:
        pytest.skip("this system does not say how much memory a process has held; Linux does")
    assert peaks["ours"] < peaks["nothing"] * 1.2


def test_starting_the_pack_imports_nothing_that_only_other_rooms_need() -> None:
    """Every preview waits for these imports."""
    code = "import enforce, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(ended.stdout.split())

    assert {"acl", "elasticache", "rulebook", "policies", "enforce"} <= imported
    assert imported.isdisjoint({"audit", "tools", "benchmarks", "examples", "click", "typer", "rich"})

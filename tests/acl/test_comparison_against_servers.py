"""What a comparison says is what real servers allow and refuse."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Final

import pytest
from aimed_access_strings import aimed_strings
from comparison_cases import CASES
from comparison_trials import ComparisonTrials, comparisons_on
from servers import SERVER_NAMES

from acl import comparison, inclusion
from acl.access_string import parse
from acl.call_search import CallSearch
from acl.calls import Calls, Part, calls_of
from acl.commands import Access
from acl.comparison import compare
from acl.key_patterns import compile_glob

pytestmark = pytest.mark.server

# Enough to meet every kind of change many times. Without a difference went, once, 20,000 pairs on Valkey 9.1 (350,000
# calls shown to differ, 7,200,000 tried besides) and 2,000 on each other server; none of them was undecided.
PAIRS: Final = {"valkey-9.1": 350, "valkey-8.1": 60, "redis-7.0": 150, "redis-6.2": 80}
SEED: Final = 20261124
MOST_SHOWN: Final = 5


def _assert_right(trials: ComparisonTrials, pairs: list[tuple[str, str]]) -> None:
    found = (problem for old, new in pairs for problem in trials.contradictions(old, new))
    if shown := list(islice(found, MOST_SHOWN)):
        pytest.fail("\n".join(sorted(shown, key=len)), pytrace=False)


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_pairs_written_by_hand(server: str) -> None:
    """The cases that are easy to get wrong, each call of each command."""
    with comparisons_on(server, seed=SEED) as trials:
        _assert_right(trials, [(case.old, case.new) for case in CASES[server]])
        assert not trials.tally.undecided
        assert trials.tally.witnesses > len(CASES[server]) / 2
        assert (trials.tally.run > 0) == trials.table.syntax.subcommands, "SORT is judged by running it"


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_pairs_at_random(server: str) -> None:
    """Pairs that differ by a rule or two: every call shown, and hundreds of calls where nothing is."""
    with comparisons_on(server, seed=SEED) as trials:
        pairs = list(trials.pairs(PAIRS[server], seed=SEED))
        _assert_right(trials, pairs)
        tally = trials.tally
        assert not tally.undecided
        assert tally.calls > 200 * len(pairs)
        for relation in ("equal", "narrower", "wider", "different"):
            assert tally.relations[relation] > len(pairs) / 25, f"hardly any pair was {relation}"


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_what_the_server_prints_is_equal(server: str) -> None:
    """A string and what ACL LIST makes of it: in other words, and with the same meaning."""
    with comparisons_on(server, seed=SEED) as trials:
        table = trials.table
        changed = 0
        for text in islice(aimed_strings(table, Random(SEED)), 60):
            printed = trials.reprinted(text)
            if "%" in text or "~**" in text:
                continue  # servers print %RW~* as ~*
            assert compare(parse(text, table), parse(printed, table)).relation == "equal", (text, printed)
            changed += printed != text
        assert changed > 20


def _without_sharing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CallSearch, "_shared_out", lambda *_: None)


def _with_an_empty_key_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "acl.call_search.key_outside", lambda *asked, **first: inclusion.key_outside(*asked, **first) or b""
    )


def _with_keys_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acl.inclusion.compile_glob", lambda pattern: compile_glob(pattern.lower()))


def _with_other_forms(change: Callable[[Calls], Calls], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "calls_of", lambda table: change(calls_of(table)))
    monkeypatch.setattr("comparison_trials.calls_of", lambda table: change(calls_of(table)))


def _only_reading(calls: Calls) -> Calls:
    """Every key is taken to be read only."""
    of = {
        bit: tuple(
            replace(
                command,
                forms=tuple(
                    tuple(slot._replace(needs=Access.READ) if slot.part is Part.KEY else slot for slot in form)
                    for form in command.forms
                ),
            )
            for command in several
        )
        for bit, several in calls.of.items()
    }
    return calls._replace(of=of)


def _one_key_each(calls: Calls) -> Calls:
    """No key is repeated."""
    of = {
        bit: tuple(
            replace(command, forms=tuple(tuple(slot._replace(many=False) for slot in form) for form in command.forms))
            for command in several
        )
        for bit, several in calls.of.items()
    }
    return calls._replace(of=of)


@pytest.mark.parametrize(
    ("plant", "old", "new"),
    [
        (_without_sharing_out, "~a:* ~b:* +mget", "(~a:* +mget) (~b:* +mget)"),
        (_with_an_empty_key_outside, "~a* +get", "~a +get ~a?*"),
        (_with_keys_in_any_case, "~A* +get", "~a* +get"),
        (lambda patch: _with_other_forms(_only_reading, patch), "~a +set", "%R~a +set"),
        (lambda patch: _with_other_forms(_one_key_each, patch), "~a:* ~b:* +mget", "(~a:* +mget) (~b:* +mget)"),
    ],
)
def test_a_fault_is_noticed(
    plant: Callable[[pytest.MonkeyPatch], None], old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault planted in the comparison contradicts the server."""
    with comparisons_on("valkey-9.1", seed=SEED) as trials:
        assert not trials.contradictions(old, new)
        plant(monkeypatch)
        assert [problem for pair in ((old, new), (new, old)) for problem in trials.contradictions(*pair)]


def test_pfmerge_with_one_key_writes_any_key() -> None:
    """The server checks no key then, so the comparison shows it as a call of its own; here it really runs."""
    with comparisons_on("valkey-9.1", seed=SEED) as trials:
        assert trials.allows("+pfmerge", (b"pfmerge", b"others"))
        assert not trials.allows("+pfmerge", (b"pfmerge", b"others", b"more"))
        assert trials.runs([b"+pfmerge"], (b"pfmerge", b"others"))

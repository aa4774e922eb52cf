"""The words of an access string that change nothing are those without which the server judges every call alike."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.access_string import parse
from acl.commands import commands_of
from acl.hiding import shown
from acl.idle_words import MOST_WORDS, idle_words
from elasticache.service import commands_for
from tests.support.capability_trials import CapabilityTrials, trials_on
from tests.testbed.aimed_access_strings import aimed_strings
from tests.testbed.comparison import words_of
from tests.testbed.random_access_strings import RandomAccessStrings
from tests.testbed.verdicts import Verdict

VALKEY = commands_for("valkey")
ALREADY = "what it says is already so at that point"
NO_COMMAND = "it grants no command"
UNDONE = "a later rule repeats it or undoes it"


def idle(text: str) -> list[tuple[str, str]]:
    return [(word.word, word.reason) for word in idle_words(parse(text, VALKEY))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on ~app:* -@all +@read", [("-@all", ALREADY)]),
        ("on -@all", [("-@all", ALREADY)]),
        ("off -@all", [("off", ALREADY), ("-@all", ALREADY)]),
        ("on ~* +@all -@dangerous +@dangerous", [("-@dangerous", UNDONE)]),
        ("on ~* -@dangerous +@all", [("-@dangerous", ALREADY)]),
        ("on ~* +get +@all", [("+get", UNDONE)]),
        ("on ~* +get -@all", [("+get", UNDONE)]),
        ("on ~* +@all +get", [("+get", ALREADY)]),
        ("on ~* allkeys +get", [("allkeys", ALREADY)]),
        ("on ~app:* ~* +get", [("~app:*", UNDONE)]),
        ("on ~app:* ~app:* +get", [("~app:*", ALREADY)]),
        ("on ~app:* +get +set +get", [("+get", ALREADY)]),
        ("on ~app:* +get +set -get +get", [("+get", UNDONE), ("-get", UNDONE)]),
        ("on ~app:* %R~app:* +get", [("%R~app:*", ALREADY)]),
        ("on on ~a +get", [("on", ALREADY)]),
        ("off on ~a +get", [("off", ALREADY)]),
        ("on ~a +get -auth", [("-auth", ALREADY)]),
        ("on ~a +get +quit", [("+quit", ALREADY)]),
        ("on ~a +get sanitize-payload", [("sanitize-payload", ALREADY)]),
        ("on ~a +get ()", [("()", NO_COMMAND)]),
        ("on ~a +get (~b)", [("(~b)", NO_COMMAND)]),
        ("on ~a +get (~b +set) clearselectors", [("(~b +set)", UNDONE)]),
        ("on ~a +get (~b -@all +set)", [("-@all", f"inside its selector, {ALREADY}")]),
        ("on ~a +select|0 +select", [("+select|0", UNDONE)]),
        ("on ~a +select +select|0", [("+select|0", ALREADY)]),
        ("on ~a +get alldbs", [("alldbs", ALREADY)]),
        ("on ~a +get db=1 db=2", [("db=1", UNDONE)]),
        ("on ~a +get resetkeys ~a", [("~a", UNDONE), ("resetkeys", UNDONE)]),
        ("on ~a +client|list +client", [("+client|list", UNDONE)]),
        ("on ~app:* +@all -@all +get", [("+@all", UNDONE)]),
        ("on ~a +@read +get nonsense", [("+get", ALREADY)]),
        ("on ~a +@string -set +set", [("-set", UNDONE)]),
        ("on ~a +@fast +@slow +@all", [("+@fast", UNDONE), ("+@slow", UNDONE)]),
    ],
)
def test_words_that_change_nothing_are_found_with_the_reason(text: str, expected: list[tuple[str, str]]) -> None:
    """Of words that repeat each other one is not among them, since all of them may go together."""
    assert idle(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on",
        "on ~app:* +get",
        "on ~app:* +@all -@dangerous",
        "on ~app:* +@read -keys",
        "on %R~app:* %W~app:* +get",
        "on %RW~* ~app:* +get",
        "on ~* +@fast +@slow",
        "on >made-up-password <made-up-password ~a +get",
        "on resetchannels +publish",
        "on ~a +get resetchannels &x",
        "on ~a +select|0 +select|1",
        "on ~a +get (~b +get)",
        "on ~a +get (~a +get +set)",
        "on ~a +get db=1",
        "on ~A:* ~a:* +get",
        "on ~a +config|get +config|set",
        "on ~a* ~ab* +get",
    ],
)
def test_words_that_change_something_are_not_found(text: str) -> None:
    """Near misses. `~ab*` behind `~a*` grants nothing more, but rules are compared as the server keeps them."""
    assert idle(text) == []


def test_refused_words_and_long_strings_are_left_alone() -> None:
    assert idle("on nonsense ~a +get @all") == []
    many = " ".join(["on", *["+get"] * MOST_WORDS])
    assert idle(many) == []
    assert len(idle(many.removesuffix(" +get"))) == MOST_WORDS - 2


def test_a_password_that_changes_nothing_is_not_shown() -> None:
    for text in ("on >made-up-password >made-up-password", "on #" + "0" * 64, "on made-up-password ~a ~a"):
        assert "made-up" not in repr(idle(text))
        assert "0" * 64 not in repr(idle(text))


def _without(text: str, positions: Collection[int], server: str) -> str:
    words = [word for position, word in enumerate(_words(text, server)) if position not in positions]
    return b" ".join(words).decode("utf-8", "surrogateescape")


def _words(text: str, server: str) -> list[bytes]:
    return [rule.token for rule in parse(text, commands_of(server)).rules]


def _found(text: str, server: str) -> list[int]:
    """The positions of the words that are found; none where only some of the words that look alike are found."""
    words = [shown(word) for word in _words(text, server)]
    found = Counter(word.word for word in idle_words(parse(text, commands_of(server))) if "inside" not in word.reason)
    if any(words.count(word) not in {0, times} for word, times in found.items()):
        return []
    return [position for position, word in enumerate(words) if word in found]


@pytest.mark.no_cover
@pytest.mark.server
@pytest.mark.parametrize("server", ["valkey-9.1", "redis-7.0"])
def test_without_such_a_word_the_server_judges_every_call_alike(server: str) -> None:
    table = commands_of(server)
    random = Random(server)
    generator = RandomAccessStrings(server, random)
    texts = [generator.string() for _ in range(150)]
    texts += islice(aimed_strings(table, random), 60)
    texts += [f"{text} {random.choice(text.split())}" for text in islice(aimed_strings(table, random), 40)]
    tried = 0
    with trials_on(server) as trials:
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        for text in texts:
            if parse(text, table).valid:
                found = _found(text, server)
                tried += len(found)
                _agree(trials, text, [*found, *([found] if len(found) > 1 else [])], random)
    assert tried > 100


def _agree(trials: CapabilityTrials, text: str, left_out: Sequence[int | list[int]], random: Random) -> None:
    """The server judges calls alike without one of the words, and without all of them."""
    if not left_out:
        return
    calls = trials.random_calls(parse(text, trials.table), random)
    before = trials.verdicts(words_of(text), calls)
    for positions in left_out:
        fewer = _without(text, [positions] if isinstance(positions, int) else positions, trials.table.line.id)
        assert trials.refuses(fewer) is None, (text, fewer)
        after = trials.verdicts(words_of(fewer), calls)
        # Not the reason of a refusal: it may name the database or the command, where both forbid the call.
        differing = [
            call.words
            for call, was, now in zip(calls, before, after, strict=True)
            if (was is Verdict.ALLOWED) != (now is Verdict.ALLOWED)
        ]
        assert differing == [], (text, fewer)


@pytest.mark.server
def test_without_any_other_word_something_changes_for_the_server() -> None:
    """Nothing else of these strings is idle: for each word there is a call that is judged otherwise without it."""
    texts = (
        "~app:* +get +set -set +@hash",
        "%R~a:* %W~b:* +@string -getdel",
        "~a +get (~b +set) +select|0",
        "resetchannels &news:* +publish ~a +del",
        "db=1 ~* +get",
    )
    random = Random(0)
    with trials_on("valkey-9.1") as trials:
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        for text in texts:
            found = _found(text, "valkey-9.1")
            words = text.split() if "(" not in text else ["~a", "+get", "(~b +set)", "+select|0"]
            for number, word in enumerate(words):
                if number in found or word in {"resetchannels", "-set"}:
                    continue
                fewer = _without(text, [number], "valkey-9.1")
                calls = [call for _ in range(10) for call in trials.random_calls(parse(text, trials.table), random)]
                assert trials.verdicts(words_of(text), calls) != trials.verdicts(words_of(fewer), calls), (text, word)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(min_value=0))
def test_leaving_an_idle_word_out_leaves_the_meaning(seed: int) -> None:
    """By the parser, for strings of every kind."""
    text = RandomAccessStrings("valkey-9.1", Random(seed)).string()
    table = commands_of("valkey-9.1")
    if not parse(text, table).valid:
        return
    whole = parse(text, table)
    made = parse(_without(text, _found(text, "valkey-9.1"), "valkey-9.1"), table)
    assert (made.valid, made.enabled, made.granted) == (True, whole.enabled, whole.granted)

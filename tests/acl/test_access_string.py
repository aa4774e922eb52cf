"""The rules of an access string are kept, and can be evaluated again without taking any text apart."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from acl import access_string
from acl.access_string import AccessString, evaluate, parse
from acl.commands import LINES, CommandTable, commands_of
from acl.idle_words import idle_words
from acl.narrower import narrower
from acl.rules import Problem, Rule
from acl.words import joined
from elasticache.service import commands_for
from tests.testbed.random_access_strings import RandomAccessStrings

VALKEY = commands_for("valkey")
LINE_IDS = [line.id for line in LINES]
STRINGS = 400


def rules_of(text: str) -> list[tuple[int, bytes, Problem | None]]:
    """The rules, each followed by those inside it."""
    return [
        (one.position, one.token, one.problem)
        for rule in parse(text, VALKEY).rules
        for one in (rule, *(rule.inner or ()))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("on ~a +get", [(1, b"on", None), (2, b"~a", None), (3, b"+get", None)]),
        ("on get", [(1, b"on", None), (2, b"get", Problem.SYNTAX)]),
        ("~* ~a", [(1, b"~*", None), (2, b"~a", Problem.AFTER_ALL_KEYS)]),
        ("&* &a", [(1, b"&*", None), (2, b"&a", Problem.AFTER_ALL_CHANNELS)]),
        ("+nosuch", [(1, b"+nosuch", Problem.UNKNOWN_NAME)]),
        ("<x", [(1, b"<x", Problem.UNKNOWN_PASSWORD)]),
        ("db=-1", [(1, b"db=-1", Problem.DATABASE_RANGE)]),
        ("on ( ~a\t+nosuch )", [(2, b"( ~a +nosuch )", None), (2, b"~a", None), (2, b"+nosuch", Problem.UNKNOWN_NAME)]),
        ('("~a" on)', [(1, b'("~a" on)', None), (1, b"~a", None), (1, b"on", Problem.SYNTAX)]),
        ("(~a", [(1, b"(~a", Problem.UNMATCHED_PARENTHESIS), (1, b"~a", None)]),
        ("()", [(1, b"()", None)]),
    ],
)
def test_every_rule_is_kept_with_its_place_and_its_problem(
    text: str, expected: list[tuple[int, bytes, Problem | None]]
) -> None:
    found = rules_of(text)

    assert found == ([(1, b"on", None), *expected] if text.startswith("on (") else expected)


def meaning(access: AccessString) -> tuple[object, ...]:
    return (access.enabled, access.selectors, access.valid, access.granted)


@pytest.mark.parametrize("line_id", LINE_IDS)
def test_all_rules_evaluated_again_mean_the_same(line_id: str) -> None:
    generator, table = RandomAccessStrings(line_id, Random(1)), commands_of(line_id)
    for _ in range(STRINGS):
        read = parse(generator.string(), table)
        again = evaluate(read.rules, table)

        assert meaning(again) == meaning(read)
        assert again.rules == read.rules
        assert again.rejections == read.rejections


@pytest.mark.parametrize("line_id", LINE_IDS)
def test_some_rules_mean_what_a_string_of_them_means(line_id: str) -> None:
    """By the parser, which real servers judge in test_against_servers.py.

    But for NUL: a selector that is cut short there opens again when it is joined to what follows.
    """
    generator, random, table = RandomAccessStrings(line_id, Random(2)), Random(3), commands_of(line_id)
    changed = 0
    for _ in range(STRINGS):
        read = parse(generator.string().replace("\0", ""), table)
        some = [rule for rule in read.rules if random.random() < 0.6]
        evaluated = evaluate(some, table)

        assert meaning(evaluated) == meaning(parse(joined(rule.token for rule in some), table))
        changed += meaning(evaluated) != meaning(read)
    assert changed > STRINGS / 4


def test_what_is_wrong_with_a_rule_depends_on_those_before_it() -> None:
    _, narrow = parse("~* ~app:*", VALKEY).rules
    assert narrow.problem is Problem.AFTER_ALL_KEYS

    alone = evaluate([narrow], VALKEY)

    assert alone.valid
    assert alone.selectors[0].key_patterns.keys() == {b"~app:*"[1:]}
    assert evaluate([Rule(1, b"~*"), *alone.rules], VALKEY).rules[1].problem is Problem.AFTER_ALL_KEYS


def test_evaluating_does_not_change_the_rules_that_it_is_given() -> None:
    rules = parse("~* ~app:* (~* ~b)", VALKEY).rules
    before = [(rule.problem, rule.inner) for rule in rules]

    evaluate(rules[1:], VALKEY)

    assert [(rule.problem, rule.inner) for rule in rules] == before


@pytest.mark.parametrize("work", [partial(narrower, others=()), idle_words], ids=["narrower", "idle words"])
def test_nobody_takes_a_string_apart_a_second_time(
    work: Callable[[AccessString], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    access = parse('on ~a +@all +get +get (~b "+@all" +set +set)', VALKEY)
    monkeypatch.setattr(access_string, "words_of", _not_again)

    assert work(access)


def _not_again(_text: str, _table: CommandTable) -> None:
    raise AssertionError("the string was taken apart again")


def test_no_rule_is_in_a_repr() -> None:
    access = parse("on >made-up-password (>made-up-password", VALKEY)

    for thing in (access, access.rules, access.rejections, access.rules[2].inner):
        assert "made-up" not in repr(thing)

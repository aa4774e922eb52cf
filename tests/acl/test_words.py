"""An access string is taken apart once, as servers do it, and what is put together again comes apart the same way."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.commands import LINES, Line, line_named
from acl.words import Word, c_string, joined, selector_of, unescaped, words_of
from tests.support.access_string_strategies import access_strings

WITH_SELECTORS: Final = [line for line in LINES if line.syntax.subcommands]


def split(text: str, line_id: str = "valkey-9.1") -> list[tuple[int, bytes]]:
    return [(word.position, word.token) for word in words_of(text, line_named(line_id).syntax)]


def only_word(text: str, line_id: str = "valkey-9.1") -> Word:
    (word,) = words_of(text, line_named(line_id).syntax)
    return word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n", []),
        ("on ~a  +get\t-set\r\n\x0b\x0c&x", [(1, b"on"), (2, b"~a"), (3, b"+get"), (4, b"-set"), (5, b"&x")]),
        ("~a\u00a0b +get\u3000", [(1, "~a\u00a0b".encode()), (2, "+get\u3000".encode())]),
        ("on\0off x", [(1, b"on\0off"), (2, b"x")]),
        ("a (b c) d", [(1, b"a"), (2, b"(b c)"), (4, b"d")]),
        ("( b\tc ) d", [(1, b"( b c )"), (5, b"d")]),
        ("(a) (b)", [(1, b"(a)"), (2, b"(b)")]),
        ("(a)(b)", [(1, b"(a)(b)")]),
        ("(a b)c d)", [(1, b"(a b)c d)")]),
        ("a) b", [(1, b"a)"), (2, b"b")]),
        ("()", [(1, b"()")]),
        ("a (b c", [(1, b"a"), (2, b"(b c")]),
        ("(", [(1, b"(")]),
        ("(a b\0c) d", [(1, b"(a b"), (3, b"d")]),
        ("\ud800", [(1, b"\xed\xa0\x80")]),
    ],
)
def test_words_and_where_they_begin(text: str, expected: list[tuple[int, bytes]]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("line_id", "expected"),
    [
        ("redis-6.2", [(1, b"(+get"), (2, b"("), (3, b"+set"), (4, b"~a)")]),
        ("redis-7.0", [(2, b"( +set ~a)")]),
        ("valkey-8.1", [(1, b"(+get ( +set ~a)")]),
        ("valkey-9.1", [(1, b"(+get ( +set ~a)")]),
    ],
)
def test_lines_differ_in_a_selector_that_opens_twice(line_id: str, expected: list[tuple[int, bytes]]) -> None:
    assert split("(+get ( +set ~a)", line_id) == expected


@pytest.mark.parametrize(
    ("text", "inside", "closed"),
    [
        ("+get", None, True),
        ("a)", None, True),
        ("()", [], True),
        ("( )", [], True),
        ("(", [], False),
        ("(~a +get)", [b"~a", b"+get"], True),
        ("(~a +get", [b"~a", b"+get"], False),
        ("((~a))", [b"(~a)"], True),
        ("(~a +get\0x)", None, True),
    ],
)
def test_what_is_a_selector_and_what_stands_inside(text: str, inside: list[bytes] | None, *, closed: bool) -> None:
    """The last one ends at its NUL, so its parenthesis is not there for the server."""
    word = only_word(text)

    assert (word.inside, word.closed) == (inside, closed)


@pytest.mark.parametrize(
    ("text", "glued", "separate"),
    [
        ('(+get "~*")', [b"+get", b"~*"], [b"+get", b"~*"]),
        ('("\\x7e\\x2a" +@all)', [b"~*", b"+@all"], [b"~*", b"+@all"]),
        ("('\\x7e' +@all)", [b"\\x7e", b"+@all"], [b"\\x7e", b"+@all"]),
        ("('a\\'b')", [b"a'b"], [b"a'b"]),
        ("(\"a b\"\t'c d')", [b"a b", b"c d"], [b"a b", b"c d"]),
        ('("\\n\\r\\t\\b\\a\\q\\x4")', [b"\n\r\t\b\aqx4"], [b"\n\r\t\b\aqx4"]),
        ('("")', [b""], [b""]),
        ('("+g"et)', [b"+get"], []),
        ('(+g"et")', [b"+get"], [b"+get"]),
        ('("a""b")', [b"ab"], []),
        ('("~*)', [], []),
        ("(~a \"b' c)", [], []),
        ('("a\\")', [b"a\\"], []),
        ("('a\\')", [b"a\\"], []),
        ("(+get\x0b~a)", [b"+get", b"~a"], [b"+get", b"~a"]),
        ("(a\0b)", [b"a"], [b"a"]),
    ],
)
def test_quotes_inside_a_selector(text: str, glued: list[bytes], separate: list[bytes]) -> None:
    """Valkey 9.1 glues parts as a shell does; before, a part in quotes is a word of its own or an error."""
    assert only_word(text, "valkey-9.1").inside == glued
    assert only_word(text, "valkey-8.1").inside == separate


def test_strings_without_parentheses_come_apart_alike_everywhere() -> None:
    for line in LINES:
        assert split('on "~*" +get', line.id) == [(1, b"on"), (2, b'"~*"'), (3, b"+get")]


@pytest.mark.parametrize(("token", "seen"), [(b"on", b"on"), (b"on\0x", b"on"), (b"\0", b""), (b"", b"")])
def test_a_c_string_ends_at_its_nul(token: bytes, seen: bytes) -> None:
    assert c_string(token) == seen


@pytest.mark.parametrize(
    ("quoted", "plain"), [(b"\\x3epw", b">pw"), (b"\\\\x3e", b"\\x3e"), (b"\\x3", b"x3"), (b"a", b"a"), (b"\\", b"\\")]
)
def test_escapes_in_double_quotes(quoted: bytes, plain: bytes) -> None:
    assert unescaped(quoted) == plain


@settings(max_examples=300, deadline=None, derandomize=True)
@given(rules=st.lists(st.binary(max_size=12) | st.text("()\"'\\x ~a", max_size=8).map(str.encode), max_size=5))
@pytest.mark.parametrize("line", WITH_SELECTORS, ids=[line.id for line in WITH_SELECTORS])
def test_a_selector_comes_apart_into_the_rules_that_it_was_made_of(line: Line, rules: list[bytes]) -> None:
    token = selector_of(rules)

    (word,) = words_of(joined([token]), line.syntax)

    assert word == Word(1, token, rules)


@pytest.mark.no_cover
@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=access_strings())
@pytest.mark.parametrize("line", LINES, ids=[line.id for line in LINES])
def test_words_that_are_joined_come_apart_as_before(line: Line, text: str) -> None:
    """But for NUL, at which a word inside a selector ends and loses its parenthesis."""
    words = [*words_of(text.replace("\0", ""), line.syntax)]

    again = words_of(joined(word.token for word in words), line.syntax)
    assert [(word.inside, word.closed) for word in again] == [(word.inside, word.closed) for word in words]


def test_what_is_not_utf_8_is_replaced_when_words_are_joined() -> None:
    assert joined([b"~\xff", b"+get"]) == "~? +get"


def test_no_word_is_in_a_repr() -> None:
    assert "made-up" not in repr([*words_of(">made-up-password (>made-up-password)", LINES[-1].syntax)])

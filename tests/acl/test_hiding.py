"""No part of a password is shown, wherever it stands; what is a rule is shown as it was written."""

import json
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acl.access_string import parse
from acl.commands import LINES, commands_of
from acl.hiding import echo, in_one_line, printable, shown
from audit import explain
from tests.support.access_string_strategies import access_strings

PW: Final = "Made-up9"
"""A password that looks like no command."""
WORDS: Final = "correct horse battery staple"
"""A password of words that look like commands without their sign."""


def refused(text: str, line_id: str = "valkey-9.1") -> list[str]:
    """What is said of the words that a server refuses."""
    return [rejection.token for rejection in parse(text, commands_of(line_id)).rejections]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # after a mark of a password, a bare word is not shown
        (f"on >{WORDS} ~app:*", "on >[hidden] [hidden] [hidden] [hidden] ~app:*"),
        (f"on > {WORDS} ~app:*", "on > [hidden] [hidden] [hidden] [hidden] ~app:*"),
        (f"on <{WORDS}", "on <[hidden] [hidden] [hidden] [hidden]"),
        (f"on #{WORDS}", "on #[hidden] [hidden] [hidden] [hidden]"),
        (f"on !{WORDS}", "on ![hidden] [hidden] [hidden] [hidden]"),
        ("on >x ~app:* +get horse", "on >[hidden] ~app:* +get [hidden]"),
        ("on >x @horse", "on >[hidden] [hidden]"),
        ("on >x (+get horse)", "on >[hidden] (+get [hidden]"),
        ('on (+get ">correct horse" ~a)', 'on (+get ">[hidden] [hidden] ~a)'),
        ('on ("\\x3ecorrect horse" ~a)', 'on ("[hidden] [hidden] ~a)'),
        # nor is any word right behind a lone mark
        (f"on > {PW}", "on > [hidden]"),
        ("on > +horse ~app:*", "on > [hidden] ~app:*"),
        ("on > ~horse ~app:*", "on > [hidden] ~app:*"),
        ("on > db=horse ~app:*", "on > [hidden] ~app:*"),
        ('on ">" ~horse ~app:*', 'on ">[hidden] [hidden] ~app:*'),
        # nor a bare word after anything else that was hidden
        (f"on password={WORDS}", "on [hidden] [hidden] [hidden] [hidden]"),
        (f'on "{WORDS}"', 'on "[hidden] [hidden] [hidden] [hidden]'),
        (f"on +get>{WORDS}", "on [hidden] [hidden] [hidden] [hidden]"),
        # nor what begins like a rule and cannot be one
        (f"on ({PW} +get)", "on ([hidden] +get)"),
        ("on (horse +get)", "on ([hidden] +get)"),
        (f"on db={PW} +get", "on db=[hidden] +get"),
        (f"on (db={PW} +get)", "on (db=[hidden] +get)"),
        (f'on ("\\x3e{PW}" +get)', 'on ("[hidden] +get)'),
        (f'on ("{PW}" +get)', 'on ("[hidden] +get)'),
        (f"on ('\\x7e{PW}' +get)", "on ('[hidden] +get)"),
        (f'on (~a"\\x3e{PW}" +get)', "on ([hidden] +get)"),
        ("on +p$ss", "on [hidden]"),
        ("on %Rhorse", "on [hidden]"),
        (f"on ){PW}", "on [hidden]"),
        (f"on @{PW}", "on [hidden]"),
        (f"on {PW}", "on [hidden]"),
        ("on horsehorsehorsehorse", "on [hidden]"),
        ("on\0horse", "[hidden]"),
        ("on ~a\0horse", "on [hidden]"),
        ("on >correct\u00a0horse", "on >[hidden]"),
    ],
)
def test_what_may_be_a_password_is_not_shown(text: str, expected: str) -> None:
    assert echo(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "on ~* &* +@all",
        "ON ~App:* +GET -@Dangerous",
        "on ~app::* -@all +@read +@hash -setbit +client|list +select|0 +set|Any&Thing",
        "on %R~* %W~own:* %RW~both %wr~x allkeys resetkeys allchannels resetchannels allcommands nocommands",
        "on db=1 db=0,2 alldbs resetdbs clearselectors sanitize-payload SKIP-sanitize-payload nopass resetpass reset",
        "on (~a:* +get) ( %R~b +set ) () (~c",
        'on (+get "~app:*" \'~b\') ("\\x7e\\x2a" +@all) ("+g"et ~a"b")',
        "on ~[a-z]*{tag}:?\\* ~é* &ünï~(x)",
        "on  ~a\t+get\n",
        "on ~a\u00a0b",
        # mistakes that people make
        "on get",
        "on @all @read",
        "on +get,+set",
        "on +acl setuser",
        "on -dangerous +nosuch +@nosuch",
        "on (+get)(+set) +(get",
        "on % %R %RR~x %x~ %R*",
        "on + - +@ ~ & db= ( )",
        "on +select| +config|get|maxmemory",
        "on +\u212aeys",
        'on "~*" "on"',
    ],
)
def test_what_is_a_rule_or_a_plain_mistake_is_shown_as_written(text: str) -> None:
    """Near misses: none of them is, or follows, what may be a password."""
    assert echo(text) == text


@pytest.mark.parametrize("text", ["on >x ~app:* +get -set reset", "on >x on off nopass (+get) db=1 sanitize-payload"])
def test_rules_after_a_password_are_shown_too(text: str) -> None:
    assert echo(text) == text.replace(">x", ">[hidden]")


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b"+get", "+get"),
        (b"get", "get"),
        (b"skip-sanitize-payload", "skip-sanitize-payload"),
        (b">x", ">[hidden]"),
        (b">", ">"),
        (b"#" + b"0" * 64, "#[hidden]"),
        (b"db=1,2", "db=1,2"),
        (b"db=x", "db=[hidden]"),
        (b"db=1>x", "db=[hidden]"),
        (b"*", "[a word of 1 characters]"),
        (b'"~*"', "[a word of 4 characters]"),
        (b"", "[a word of 0 characters]"),
        (b"a" * 15, "a" * 15),
        (b"a" * 16, "[a word of 16 characters]"),
        (b"~a>b", "[a word of 4 characters]"),
        (b"~a b", "[a word of 4 characters]"),
        (b"(~a +get)", "(~a +get)"),
        (b"(~a >x)", "(~a >[hidden]"),
        (b"(horse ~a)", "([hidden] ~a)"),
        (b"~" + b"k" * 59, "~" + "k" * 59),
        (b"~" + b"k" * 60, "~" + "k" * 58 + "…"),
        (b"~\x1b[31m", "~\\x1b[31m"),
        (b"~\xff", "~\\xff"),
        ("~\u202e".encode(), "~\\u202e"),
    ],
)
def test_a_rule_in_a_message(token: bytes, expected: str) -> None:
    assert shown(token) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"on >{WORDS} ~app:*", ["[hidden]", "[hidden]", "[hidden]"]),
        ("on > +nosuch +nosuch", ["[hidden]", "+nosuch"]),
        ("on horse >x horse", ["horse", "[hidden]"]),
        (f"on {PW} horse", ["[a word of 8 characters]", "[hidden]"]),
        ("on get @all ~* ~a", ["get", "@all", "~a"]),
        ("on (~a horse)", ["[hidden]"]),
        ("on (~a on", ["(~a", "on"]),
        (f"on ({PW}", ["([hidden]", "[hidden]"]),
        (f'on ("\\x3e{PW}" +nosuch)', [">[hidden]", "+nosuch"]),
        (f'on ("~a {PW}")', ["[hidden]"]),
        ("on db=x horse", ["db=[hidden]", "[hidden]"]),
        ("on +nosuch horse", ["+nosuch", "horse"]),
        ("on ~a>b horse", ["[hidden]"]),
        ('on (+get "correct horse) battery', ["[hidden]"]),
        ('on (+get "~a b) get', ["[hidden]"]),
        ("on (+get ~a) get", ["get"]),
    ],
)
def test_a_refused_word_is_named_as_far_as_it_may_be(text: str, expected: list[str]) -> None:
    assert refused(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(>x ( ~a) horse", ["[hidden]"]),
        ("( >x ( ~a) +nosuch", ["+nosuch"]),
        ("( ~b +get ) ( ~a) horse", ["horse"]),
        ("on ~a horse", ["horse"]),
    ],
)
def test_a_password_that_the_server_drops_is_one_all_the_same(text: str, expected: list[str]) -> None:
    """Redis 7.0 forgets a selector when another one opens in it."""
    assert refused(text, "redis-7.0") == expected


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("", 20, ""),
        ("on\t ~a\n+get", 20, "on ~a +get"),
        (f"on >{WORDS} ~a", 80, "on >[hidden] [hidden] [hidden] [hidden] ~a"),
        ("on ~app:* +get +set", 11, "on ~app:* …"),
        ("on ~" + "k" * 100, 80, "on ~" + "k" * 58 + "…"),
        ("on ~\x07 +get", 20, "on ~\\x07 +get"),
    ],
)
def test_a_string_in_one_line(text: str, longest: int, expected: str) -> None:
    assert in_one_line(text, longest) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é", "plain é"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb", "a\\nb"),
        ("\u202e\ud800\x9b", "\\u202e\\ud800\\x9b"),
        ("", ""),
    ],
)
def test_no_letter_that_a_terminal_would_obey_is_left(text: str, expected: str) -> None:
    assert printable(text) == expected


SECRET: Final = "zuckerhut"
"""A word that no random string has, and that looks like a command without its sign."""
SPELLINGS: Final = (SECRET, SECRET.title(), f"{SECRET}-7", f"x{SECRET}", f"@{SECRET}", f"{SECRET}=x", f"{SECRET}\u00a0")
AROUND: Final = ("{}", "({}", "{})", "({})", '"{}', '{}"', '"{}"', "'{}'", '("{}")', "db={}", "( {} )", '("~a {} b")')


@st.composite
def strings_with_a_password(draw: st.DrawFn) -> str:
    """A random access string with a mark of a password in it, and parts of a password anywhere behind the mark."""
    words = draw(access_strings()).split(" ")
    at = draw(st.integers(0, len(words)))
    mark = draw(st.sampled_from("><#!"))
    words.insert(at, draw(st.sampled_from([mark, f"{mark}{SECRET}", f"({mark}{SECRET})", f'("{mark}x'])))
    for _ in range(draw(st.integers(1, 3))):
        part = draw(st.sampled_from(AROUND)).format(draw(st.sampled_from(SPELLINGS)))
        words.insert(draw(st.integers(at + 1, len(words))), part)
    return draw(st.sampled_from([" ", "  ", "\t"])).join(words)


def outputs(text: str) -> Iterator[str]:
    yield echo(text)
    yield in_one_line(text, 10_000)
    for line in LINES:
        yield from refused(text, line.id)
    for engine in ("redis", "valkey"):
        yield json.dumps(explain.document(text, engine))
        yield from explain.lines(text, engine)


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=strings_with_a_password())
@example(text=f"on > +{SECRET}")
@example(text=f"on > @{SECRET}")
@example(text=f'(">x on ("&a" +get) {SECRET} on')
def test_a_password_after_its_mark_comes_out_nowhere(text: str) -> None:
    for output in outputs(text):
        assert SECRET not in output.casefold(), output


@pytest.mark.parametrize("text", [f"on ~{SECRET} +get", f"on +{SECRET}", f"on {SECRET} +get", f"on &{SECRET}"])
def test_the_search_can_find(text: str) -> None:
    """Where nothing is a secret the word does come out, so the search above is one."""
    assert any(SECRET in output for output in outputs(text))


@pytest.mark.parametrize("show", [echo, lambda text: in_one_line(text, 1 << 20)], ids=["echo", "in one line"])
def test_what_was_hidden_once_stays_as_it_is(show: Callable[[str], str]) -> None:
    once = show(f"on >{WORDS} ({PW} ~a) db={PW} > {PW}")

    assert show(once) == once

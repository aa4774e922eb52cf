"""Two access strings are compared exactly, and each difference comes with a call and its cause."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from access_string_strategies import access_strings
from comparison_cases import CASES, Case
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.access_string import parse
from acl.capabilities import CAPABILITIES
from acl.commands import CommandTable, commands_for, commands_of
from acl.comparison import Comparison, Difference, compare


def compared(old: str, new: str, table: CommandTable) -> Comparison:
    first, second = parse(old, table), parse(new, table)
    assert first.valid, first.rejections
    assert second.valid, second.rejections
    return compare(first, second)


def calls(differences: Sequence[Difference]) -> tuple[str, ...]:
    return tuple(b" ".join(one.call).decode() + (f"@{one.database}" if one.database else "") for one in differences)


ROWS: Final = [
    pytest.param(server, case, id=f"{server} {case.old} => {case.new}") for server in CASES for case in CASES[server]
]


@pytest.mark.parametrize(("server", "case"), ROWS)
def test_what_is_gained_and_lost(server: str, case: Case) -> None:
    found = compared(case.old, case.new, commands_of(server))
    assert (calls(found.gained), calls(found.lost)) == (case.gained, case.lost)
    assert not found.undecided
    back = compared(case.new, case.old, commands_of(server))
    assert (back.gained, back.lost) == (found.lost, found.gained)


VALKEY: Final = commands_for("valkey")


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("+get ~a", "+get ~a", "equal"),
        ("+get ~a", "+get ~a*", "wider"),
        ("+get ~a*", "+get ~a", "narrower"),
        ("+get ~a", "+get ~b", "different"),
        ("+get +mget ~a", "+get ~a*", "different"),
        ("", "", "equal"),
        ("", "+get", "equal"),
        ("", "off", "equal"),
    ],
)
def test_relation(old: str, new: str, relation: str) -> None:
    assert compared(old, new, VALKEY).relation == relation


def test_on_and_off_stand_apart() -> None:
    for old, new in (("on", "off"), ("off", "on"), ("on", "on"), ("", "on off")):
        found = compared(f"{old} +get ~a", f"{new} +get ~a", VALKEY)
        assert found.relation == "equal"
        assert (found.enabled.old, found.enabled.new) == (old == "on", new == "on")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # keys
        ("~orders:* +set +get", "~* +set +get", "change or delete practically every key"),
        ("~orders:* +get", "~orders:* ~app:* +get", "read keys outside orders:*"),
        ("~orders:* +set", "~orders:* ~app:* +set", "write keys outside orders:*"),
        ("~orders:* +incr", "~orders:* ~app:* +incr", "write keys outside orders:*"),
        ("~a ~b +get", "~a ~b ~c +get", "read keys outside a and b"),
        ("~a ~b ~c +get", "~a ~b ~c ~d +get", "read keys outside its 3 patterns"),
        ("~a +exists", "~a ~b +exists", "ask about keys outside a"),
        ("%R~a +get +set", "~a +get +set", "write keys a"),
        ("%R~a* ~b +incr", "~a* ~b +incr", "write keys outside b"),
        ("%R~*1 %W~1* +getset", "~*1 %W~1* +getset", "read and write keys *1 in one call"),
        ("%W~a +getset", "~a +getset", "read keys a"),
        ("~** +get", "~* +get", "read the key with the empty name"),
        ("~a:* +mget (~b:* +mget)", "~a:* ~b:* +mget",
         "name, in one call, keys or channels that only different lists allow"),
        ("%R~** ~ +sort", "%R~* ~ +sort", "look up keys of any name through SORT"),
        # commands
        ("~a:* +get", "~a:* +get +hget", "read keys a:* with more commands"),
        ("~a:* +get", "~a:* +get +set", "write keys a:*"),
        ("~a:* ~b ~c +get", "~a:* ~b ~c +get +set", "write the keys of 3 patterns"),
        ("~a:*", "~a:* +getset", "write keys a:*"),
        ("~a:* +set", "~a:* +set +getset", "write keys a:* with more commands"),
        ("~*", "~* +exists", "ask about every key"),
        ("+get|a ~a ~b", "+get ~a ~b", "run commands with other first arguments"),
        ("+ping|a", "+ping", "run commands with other first arguments"),
        ("+pfcount", "+pfmerge +pfcount", "run PFMERGE with a single key, which the server does not check"),
        ("", "+multi +exec", "run transactions"),
        ("", "+ping", "change its own connection"),
        ("", "+acl|whoami", "run other commands without keys"),
        ("", "+info", "run other commands that are called dangerous"),
        ("", "+config|get", "run other administrative commands"),
        ("", "+pubsub|channels", "ask about channels"),
        ("", "+script|exists", "ask about scripts and functions"),
        # capabilities
        ("", "+flushall", "erase everything in the cache at once"),
        ("+flushdb", "+flushdb +flushall", "erase everything in the cache at once, by more commands"),
        ("db=0 +flushdb", "+flushdb", "work in other databases"),
        ("+eval ~a", "+eval ~b ~a", "write keys outside a"),
        ("~a +get", "~a +get +scan", "learn the names of keys that are not its own"),
        ("db=0 +swapdb", "db=0,1 +swapdb", "erase everything in the cache at once"),
        ("+subscribe resetchannels &a", "+subscribe", "publish or subscribe to every channel"),
        ("+subscribe", "+subscribe +publish", "use every channel"),
        # channels and databases
        ("+subscribe resetchannels &a", "+subscribe resetchannels &a &b", "use channels outside a"),
        ("+subscribe resetchannels", "+subscribe resetchannels &b", "use channels"),
        ("resetchannels &b", "resetchannels &b +subscribe", "use channels b"),
        ("resetchannels &a &b &c", "resetchannels &a &b &c +subscribe", "use other channels"),
        ("db=0 +get ~*", "+get ~*", "work in other databases"),
        ("db=0 +cluster|flushslot +flushall", "+cluster|flushslot +flushall", "erase everything in the cache at once"),
        ("db=0 +cluster|cancelslotmigrations +debug", "+cluster|cancelslotmigrations +debug",
         "act on every database at once"),
        # modules
        ("~a +json.get", "~a ~b +json.get", "read keys outside a"),
        ("~a* +ft.search", "~a* ~b* +ft.search", "read keys outside a*"),
        ("~a* +json.mset", "~a* ~b* +json.mset", "write keys outside a*"),
        ("+@fast +@slow", "+@all", "run commands that modules or later versions add"),
    ],
)  # fmt: skip
def test_what_a_difference_says(old: str, new: str, says: str) -> None:
    first, *_ = compared(old, new, VALKEY).gained
    assert first.says == says
    assert (first.capability is None) == (", by more" not in says and says not in SUMMARIES)


SUMMARIES: Final = {capability.summary for capability in CAPABILITIES}


def test_differences_stand_by_cause_and_the_worst_first() -> None:
    found = compared("on ~orders:* +get +set", "on ~* +@all", VALKEY)
    assert [(one.capability, b" ".join(one.call).decode()) for one in found.gained][:10] == [
        ("erase-everything", "FLUSHALL"),
        ("write-any-key", "SET a 1"),
        ("read-any-key", "GET a"),
        ("watch-traffic", "MONITOR"),
        ("disturb-clients", "CLIENT KILL id 1"),
        ("run-code", "EVAL s 0"),
        ("list-keys", "KEYS *"),
        ("use-any-channel", "SUBSCRIBE a"),
        ("manage-accounts", "ACL SETUSER user"),
        ("change-server", "CONFIG SET 1 1"),
    ]
    assert all(one.capability is None for one in found.gained[10:])
    named = [name for one in found.gained for name in one.commands]
    assert len(named) == len(set(named)), "each command stands once"
    assert len(named) == VALKEY.all.bit_count() - VALKEY.no_auth.bit_count()


def test_a_difference_names_its_commands_as_the_table_does() -> None:
    (gained,) = compared("~a +get +mget +ttl", "~a ~b +get +mget +ttl", VALKEY).gained
    assert (gained.commands, gained.call) == (("get", "mget", "ttl"), (b"GET", b"b"))
    (lost,) = compared("+client|id +client|info", "+client|id", VALKEY).lost
    assert lost.commands == ("client|info",)
    (old,) = compared("+client|id +client|info", "+client|id", commands_of("redis-6.2")).lost
    assert old.commands == ("client|info",)


def test_patterns_come_out_as_messages_may_write_them() -> None:
    (gained,) = compared("~a\x1b[0m\u202e* +get", "~a\x1b[0m\u202e* ~b +get", VALKEY).gained
    assert gained.says.isprintable()
    (gained,) = compared(f"~{'a' * 100} +get", f"~{'a' * 100} ~b +get", VALKEY).gained
    assert len(gained.says) < 100


HOPELESS: Final = "?" * 36, f"*a{'?' * 12}a*", f"*[^a]{'?' * 12}[^a]*"


def test_what_is_too_much_work_is_undecided_and_the_rest_is_not() -> None:
    """Whether the two patterns of the old string together match every key of 36 letters takes too long to find out."""
    some, one, other = HOPELESS
    found = compared(f"~{one} ~{other} +get +mget", f"~{some} +get +mget +ping", VALKEY)
    assert found.relation == "different"
    assert calls(found.gained) == ("PING",)
    assert [one.commands for one in found.lost] == [("get", "mget")]
    assert [(one.gained, one.commands) for one in found.undecided] == [(True, ("get", "mget"))]
    assert found.undecided[0].says == (
        "whether the new string allows more calls of GET, MGET is too much work to decide"
    )
    found = compared(f"~{one} ~{other} +@read", f"~{some} ~{one} ~{other} +@read -keys", VALKEY)
    assert found.relation == "undecided"
    assert calls(found.lost) == ("KEYS *",)
    assert "more calls of" in found.undecided[0].says
    assert "commands is too much work" in found.undecided[0].says


def test_more_keys_than_anybody_writes_are_undecided() -> None:
    found = compared("+lmpop|100000 ~a", "+lmpop|100000 ~b", VALKEY)
    assert [(one.gained, one.commands) for one in found.undecided] == [(True, ("lmpop",)), (False, ("lmpop",))]


def test_many_lists_stay_bounded() -> None:
    """Whatever is undecided among very many lists, it is said, and what a single place decides is decided."""
    old = " ".join(f"(~a{number}* +mget +get)" for number in range(300))
    new = " ".join(f"(~a{number}?* +mget +get)" for number in range(300))
    found = compared(old, new, VALKEY)
    assert not found.gained
    assert [name for one in found.lost for name in one.commands] == ["get", "mget"]
    several = " ".join(f"(~*{number}* +copy)" for number in range(100))
    found = compared(several, f"{several} ~*1* ~*2* +copy", VALKEY)
    assert found.lost == ()


def test_first_arguments_without_end_stay_bounded() -> None:
    old = " ".join(f"+get|k{number}" for number in range(4000))
    found = compared(f"{old} ~k*", f"{old} ~k?*", VALKEY)
    assert {name for one in found.undecided for name in one.commands} <= {"get"}


def test_lists_that_divide_commands_without_end_stay_bounded() -> None:
    names = [name for name in VALKEY.names if "|" not in name]
    lists = [f"(~k{number} +{names[number % len(names)]} +{names[number * 7 % len(names)]})" for number in range(3000)]
    found = compared(" ".join(lists), " ".join(lists[::2]) + " +@all", VALKEY)
    assert found.relation == "undecided"
    assert all(one.commands for one in found.undecided)


def test_strings_of_different_server_lines_are_not_compared() -> None:
    with pytest.raises(ValueError, match=r"one string is read for Redis 7\.0, the other for Valkey 9\.1"):
        compare(parse("+get", commands_of("redis-7.0")), parse("+get", commands_of("valkey-9.1")))


def test_words_that_are_refused_count_for_nothing() -> None:
    table = commands_of("valkey-9.1")
    assert compare(parse("+get ~a +nosuch", table), parse("nosuch +get ~a", table)).relation == "equal"


def test_the_answer_is_alike_in_every_run() -> None:
    """Patterns stand in sets, whose order differs from run to run; the calls that are shown do not."""
    program = """
from acl.access_string import parse
from acl.commands import commands_for
from acl.comparison import compare
table = commands_for("valkey")
old = "~b ~a ~c? +@read +get|x (~x* ~y* ~z* +mget +copy +get|y) (resetchannels &n &m &l* +@pubsub) +del|b"
new = "~ab ~aa ~ba* +@all (~y?* ~z +mget +copy|z) (resetchannels &n* &o* +@pubsub)"
print(compare(parse(old, table), parse(new, table)))
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


ROOT: Final = Path(__file__).parent.parent.parent
STRINGS: Final = access_strings()
LINES: Final = st.sampled_from(["valkey-9.1", "redis-7.0", "redis-6.2"])


def _relation(old: str, new: str, table: CommandTable) -> str:
    return compare(parse(old, table), parse(new, table)).relation


@settings(max_examples=60, deadline=None)
@given(STRINGS, LINES)
def test_a_string_is_equal_to_itself(text: str, server: str) -> None:
    assert _relation(text, text, commands_of(server)) == "equal"


SAME: Final[Sequence[Callable[[str], str]]] = (
    lambda text: text + " +get -get" if "-get" in text.split() else text + " ()",
    lambda text: "-@all " + text,
    lambda text: text + " (~only-here)",
    lambda text: "+@all nocommands " + text,
    lambda text: "~* resetkeys " + text,
    lambda text: text + " on off",
)


@settings(max_examples=60, deadline=None)
@given(STRINGS, st.sampled_from(SAME))
def test_a_string_in_other_words_is_equal(text: str, rephrase: Callable[[str], str]) -> None:
    table = commands_of("valkey-9.1")
    if parse(text, table).valid and ")" not in text and "reset" not in text.lower():
        assert _relation(text, rephrase(text), table) == "equal"


@settings(max_examples=60, deadline=None)
@given(STRINGS, st.sampled_from(["-@all", "-get", "-@read", "resetkeys", "clearselectors", "-config|get", "resetdbs"]))
def test_appending_a_denial_never_gains(text: str, denial: str) -> None:
    table = commands_of("valkey-9.1")
    if parse(text, table).valid:
        assert _relation(text, f"{text} {denial}", table) in {"equal", "narrower"}


@settings(max_examples=60, deadline=None)
@given(
    STRINGS, st.sampled_from(["+@all", "+get", "+@read", "allkeys", "(+get ~a*)", "+config|get", "alldbs", "+ping|x"])
)
def test_appending_a_grant_never_loses(text: str, grant: str) -> None:
    table = commands_of("valkey-9.1")
    if parse(text, table).valid:
        assert _relation(text, f"{text} {grant}", table) in {"equal", "wider"}


@settings(max_examples=60, deadline=None)
@given(STRINGS, STRINGS, LINES)
def test_comparing_back_mirrors(old: str, new: str, server: str) -> None:
    table = commands_of(server)
    there, back = compare(parse(old, table), parse(new, table)), compare(parse(new, table), parse(old, table))
    assert (there.gained, there.lost) == (back.lost, back.gained)
    assert {(not one.gained, one.commands) for one in there.undecided} == set(back.undecided)


@settings(max_examples=100, deadline=None)
@given(STRINGS, st.lists(st.sampled_from(["-get", "-@write", "+get", "+@read", "(+set ~b)", "-@all"]), max_size=4))
def test_narrower_and_wider_are_transitive(text: str, changes: list[str]) -> None:
    table = commands_of("valkey-9.1")
    chain = [text]
    for change in changes:
        chain.append(f"{chain[-1]} {change}")
    if not parse(text, table).valid:
        return
    steps = {_relation(one, after, table) for one, after in pairwise(chain)}
    whole = _relation(chain[0], chain[-1], table)
    for way in ("narrower", "wider"):
        if steps <= {way, "equal"}:
            assert whole in ({way} if way in steps else {"equal"})

"""`python -m audit explain`: true to the server, the same shape always, plain words, and no password."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.access_string import parse
from acl.capabilities import CAPABILITIES
from acl.key_conventions import FAMILIES
from audit import explain
from audit.__main__ import main
from elasticache.service import commands_for
from tests.support.capability_trials import EVERY_KEY, claims_of, trials_on
from tests.support.work import at_most
from tests.testbed import ROOT
from tests.testbed.comparison import words_of
from tests.testbed.verdicts import Call, Form, Verdict

KEYS: Final[dict[str, type | tuple[type, ...]]] = {
    "access_string": str,
    "engine": str,
    "valid": bool,
    "error": (str, type(None)),
    "refused_by_elasticache": list,
    "enabled": bool,
    "capabilities": list,
    "blocked_by_elasticache": list,
    "every_key": bool,
    "key_conventions_reached": list,
    "key_conventions_missed": list,
    "broad": bool,
    "commands": list,
    "undecided": list,
    "changes_nothing": list,
    "narrower": (str, type(None)),
    "client": (dict, type(None)),
}
SECRET = "made-up-password-1"

# What people write, good and bad, as found in templates, tutorials and questions, with names of our own.
WILD = """
on ~* +@all
on ~* &* +@all
on ~* allchannels +@all
off ~* +@all
off -@all
off ~* -@all
on ~* +@all -@dangerous
on ~* +@all -@admin -@dangerous
on ~* -@all +@read
on ~* -@all +@read -@dangerous
on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel
on ~objects:* ~items:* ~public:* resetchannels -@all +@read
on ~app:* +@all
on ~app:* +@all -@dangerous
on ~app:* -@all +@read +@write
on ~app:* -@all +@read +@write +@connection
on ~app:* +@read +@write -@dangerous -keys
on ~app:* +@string +@hash +@set +@sortedset +@list
on ~app:* +get +set +del +expire +ttl
on ~app:* +get +mget +exists +strlen
on ~session:* +get +setex +del +expire
on ~cache:* +get +set +del +scan
on ~bull:* +@all -@admin
on ~celery ~_kombu.* ~unacked* resetchannels &* +@all -@dangerous +info
on ~{queue}:* +@list +@sortedset +@hash +@scripting
on ~lock:* +set +get +del +eval +evalsha
on ~rate:* +incr +expire +ttl +multi +exec
on ~metrics:* +@read +info +client|list +slowlog|get
on +info +ping +client +slowlog +latency
on +@slow
on +@connection +@transaction
on ~* +@fast +@slow
on ~* +@keyspace
on %R~* +@read
on %R~* +@all
on %R~shared:* %W~own:* +@string
on %RW~tenant-1:* +@all -@admin
on %R~a:* %W~a:* +@hash
on ~a:* +@read (~b:* +@write)
on ~a:* +@all -@dangerous (%R~shared:* +@read)
on -@all (~jobs:* +@list) (~stats:* +@hash)
on resetchannels &news:* +subscribe +publish
on resetchannels &news:* +@pubsub
on +@pubsub
on ~app:* resetchannels &app:* +@all -@dangerous
on allkeys allcommands
on allkeys +@read
on ~* nocommands +get
on ~* +@all -flushall -flushdb
on ~* +@all -config -acl -debug
on ~* +@all -config|set -client|kill
on ~app:* +config|get +get
on ~app:* +select|0 +get
on ~app:* +flushall|async +get
on ~* +@ALL
ON ~App:* +GET +@Read
on ~* +get +exists +scan -@all
on ~* -@dangerous +@all
on sanitize-payload ~* resetchannels +@all
on ~* resetkeys ~app:* +get
on ~app:* +get,+set
on ~* ~app:* +@all
on ~app:* +@reads
on ~app:* -dangerous +@all
+@all
on get
on ~app:* +acl setuser
on ~app:* +@all clearselectors
on ~app:* +@geo +@bitmap +@hyperloglog +@stream
on ~app:* +@blocking -@write
""".strip().split("\n")


def documents(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = main(["explain", "--json", *arguments])
    found = json.loads(capsys.readouterr().out)
    refused = [not one["valid"] or bool(one["refused_by_elasticache"]) for one in _each(found)]
    assert code == any(refused)
    return found


def _each(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def text_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) in {0, 1}
    return capsys.readouterr().out


@pytest.mark.parametrize("text", [*WILD, "", " ", "((", "on >x", "é"])
def test_the_json_has_every_key_always(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = documents(capsys, "--", text)
    assert [*found] == [*KEYS]
    assert [key for key, kind in KEYS.items() if not isinstance(found[key], kind)] == []
    for key in ("refused_by_elasticache", "capabilities", "blocked_by_elasticache", "commands", "undecided"):
        assert all(isinstance(entry, str) for entry in found[key])
        assert len({*found[key]}) == len(found[key])
    assert {*found["capabilities"]} <= {capability.id for capability in CAPABILITIES}
    assert {*found["blocked_by_elasticache"]} <= {*found["capabilities"]}
    assert [{*word} for word in found["changes_nothing"]] == [{"word", "reason"}] * len(found["changes_nothing"])
    assert (found["error"] is None) == found["valid"]


def test_one_string_is_one_object_and_several_are_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert documents(capsys, "on ~* +@all")["access_string"] == "on ~* +@all"
    several = documents(capsys, "on ~* +@all", "off -@all")
    assert [found["access_string"] for found in several] == ["on ~* +@all", "off -@all"]
    assert [found["enabled"] for found in several] == [True, False]


def test_valkey_is_the_engine_unless_redis_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    database = "on ~* db=1 +get"
    assert documents(capsys, database)["valid"] is True
    assert documents(capsys, "--engine", "valkey", database) == documents(capsys, database)
    for_redis = documents(capsys, "--engine", "redis", database)
    assert (for_redis["engine"], for_redis["valid"]) == ("redis", False)
    assert "db=1" in for_redis["error"]
    assert "clusterscan" not in documents(capsys, "--engine", "redis", "on +@all")["commands"]
    assert "clusterscan" in documents(capsys, "on +@all")["commands"]


@pytest.mark.server
def test_valid_and_commands_are_those_of_the_newest_server(capsys: pytest.CaptureFixture[str]) -> None:
    valid = 0
    with trials_on("valkey-9.1") as trials:
        # `valid` is about the rules alone; which channels a user starts with is a parameter of the cache.
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        arguments = [b"argument-that-nobody-grants"] * 8
        calls = []
        for name in trials.table.names:
            words = trials.plain_call(name)
            fixed = 1 + ("|" in name)
            free = trials.table.key_specs[trials.table.index[name]] == () and "|" not in name
            filled = (*words[:fixed], *arguments[: len(words) - fixed]) if free else words
            calls.append(Call(Form(name, words, (), takes_any_first_argument=False), filled, 0))
        for text, found in zip(WILD, documents(capsys, *WILD), strict=True):
            assert found["valid"] == (trials.refuses(text) is None), text
            if not found["valid"]:
                continue
            valid += 1
            said = trials.verdicts(words_of(text), calls)
            allowed = {
                call.form.command
                for call, verdict in zip(calls, said, strict=True)
                if verdict is not Verdict.NO_COMMAND
            }
            assert {*found["commands"]} == allowed, text
            assert not {*found["commands"]} & {*trials.table.containers}
    assert len(WILD) >= 60
    assert 50 <= valid < len(WILD)


@pytest.mark.parametrize("text", ["on ~app:* +@json", "on +ft.search ~idx", "on +@all -@search", "on +bf.add ~a"])
def test_the_documented_modules_count_as_there(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = documents(capsys, text)
    assert found["valid"], found["error"]


def test_the_answers_are_those_of_the_policies(capsys: pytest.CaptureFixture[str]) -> None:
    for text, found in zip(WILD, documents(capsys, *WILD), strict=True):
        held = claims_of(parse(text, commands_for("valkey")))
        assert {*found["capabilities"], *([EVERY_KEY] if found["every_key"] else [])} == held


PASSWORDS = (
    f"on >{SECRET} ~app:* +get",
    f"on > {SECRET} ~app:* +get",
    f"on >\t{SECRET} ~app:* +@all",
    f"on (>{SECRET}) ~app:* +get",
    f"on (+get >{SECRET}) ~app:* +@all",
    f"on ( >{SECRET} ~app:* +@all )",
    f'on ("~a" ">{SECRET}")',
    f"on ~app:* +@all (~b '>{SECRET}' +@all)",
    f"on <{SECRET} ~app:*",
    f"on >{SECRET} <{SECRET} ~app:* +@all",
    f"on >{SECRET} >{SECRET} ~app:* +@all",
    f"on ~app:* +get {SECRET}",
    f"{SECRET}",
    f"{SECRET} {SECRET} on ~* +@all",
    f'on ~* +@all "{SECRET}"',
    f"on ~* +@all ({SECRET} +get)",
    f"on ~* +@all (+get {SECRET}",
    f"on password={SECRET} ~*",
    f"on\n{SECRET}\n~*",
    f"on #{'0a' * 20}{SECRET} ~*",
    f"on !{'0a' * 20}{SECRET} ~*",
    f"on #{SECRET}",
    f"on >>{SECRET}",
    f"on +@all>{SECRET}",
)


@pytest.mark.parametrize("text", PASSWORDS)
@pytest.mark.parametrize("engine", ["valkey", "redis"])
def test_no_password_comes_out(text: str, engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ([], ["--json"]):
        main(["explain", "--engine", engine, *form, text])
        output = capsys.readouterr()
        assert SECRET not in output.out + output.err
        assert "made-up" not in output.out + output.err
        assert output.err == ""


@pytest.mark.parametrize("hash_of_password", ["0a" * 32, "0A" * 32, "0a" * 31])
def test_no_hash_of_a_password_comes_out(hash_of_password: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Even right or nearly right ones: an attacker can guess a password by its hash."""
    for text in (
        f"on #{hash_of_password} ~*",
        f"on !{hash_of_password}",
        f"on {hash_of_password}",
        f"(#{hash_of_password})",
    ):
        for form in ([], ["--json"]):
            main(["explain", *form, text])
            assert hash_of_password not in capsys.readouterr().out


def test_what_is_not_a_password_comes_out_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    for text in (
        *WILD,
        'on (+get "~app:*")',
        "on ('~a' +get)",
        "on ( ~a +get )",
        "on () +get",
        "on  ~a\t+get",
        "on db=1,2 ~é*",
    ):
        assert documents(capsys, text)["access_string"] == text


def run(arguments: Sequence[str | bytes], **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "audit", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize(
    "text",
    [
        b"on ~\xff\xfe* +get \xf0",
        "on ~é:* +get é &ü*".encode(),
        b"on ~a\n+get\r\n(~b\x0b+set)\t",
        b"on ~a\x1b[31m* +get \x07",
        b"",
        b"((((",
        b"on ~\xed\xa0\x80 +@all",
    ],
)
def test_odd_bytes_on_the_command_line_make_no_traceback(text: bytes, encoding: str) -> None:
    for form in ([], ["--json"]):
        done = run(["explain", *form, "--", text], PYTHONIOENCODING=encoding)
        assert (done.returncode in {0, 1}, done.stderr) == (True, b"")
        # nothing that a terminal would obey
        assert not {*done.stdout} & {*range(32)} - {*b"\n"}


@settings(max_examples=150)
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    """NUL and lone surrogates included, which no command line can hold but a program can."""
    found = explain.document(text, "valkey")
    assert [*found] == [*KEYS]
    json.dumps(found)
    reported = [*explain.lines(text, "redis")]
    assert all(line.isprintable() for line in reported), reported


HUGE = {
    "patterns": "on +@all " + " ".join(f"~key-{number}:*" for number in range(5000)),
    "one class": "on +get ~[" + "a-z" * 21_000 + "]*",
    "garbage": "x" * 65_000,
    "many bad words": "? " * 32_000,
    "commands": "on ~* " + "+get -get " * 6_500,
    "selectors": "on " + "(~a +@all) " * 5_900,
    "open parentheses": "(" * 65_000,
    "spaces": " " * 65_000,
    "quotes": "on (" + "\"'" * 32_000 + ")",
    "idle words": "on " + "+get " * 190,
    "stars": "on +get ~" + "*a?" * 21_000,
    "escapes": 'on ("' + "\\x41" * 16_000 + '")',
    "password marks": "> " * 32_000,
}


@pytest.mark.no_cover
@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_huge_strings_are_answered_soon_and_shortly(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    # It takes up to 5,000,000 calls; what is not bounded takes thousands of times as many.
    with at_most(50_000_000):
        found = documents(capsys, text)
        shown = text_of(capsys, text)
    assert len(shown) < 6_000
    assert len(json.dumps({**found, "access_string": ""})) < 30_000


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["explain", "on ~* +@all"], 0),
        (["explain", "this is not an access string"], 1),
        (["explain", "on ~app:* +get", "on ~app:* +geet"], 1),
        (["explain", "on >made-up-password ~app:* +get"], 1),
        (["explain", "--json", "on", "off"], 0),
        (["explain", "--", "-@all"], 0),
        (["explain"], 2),
        (["explain", "--engine", "memcached", "on"], 2),
        (["explain", "--format", "xml", "on"], 2),
        (["explane", "on"], 2),
        ([], 2),
    ],
)
def test_exit_codes(arguments: Sequence[str], code: int) -> None:
    done = run(arguments)
    assert done.returncode == code
    assert (done.stderr == b"") == (code < 2)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("strings", "hint"),
    [
        (["on", "~app:*", "+get"], "3 access strings are explained, one for each word; put a string in quotes"),
        (["on", "off"], ""),
        (["on ~app:* +get", "on ~b +get"], ""),
        (["on"], ""),
    ],
)
def test_unquoted_words_are_noticed(strings: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", *strings])
    said = capsys.readouterr().err

    assert hint in said
    assert bool(said) == bool(hint)


@pytest.mark.parametrize(
    ("client", "string", "words"),
    [
        ("rq", "on ~* &* +@all", ["RQ 3.0.0 connects.", "Nothing of its typical work is refused"]),
        ("celery", "on ~* &* +get", ["Celery 5.7.0 does not connect without", "it may not run"]),
        ("redis-py", "on ~other:* +@all", ["connects.", "Of its own keys, it may not do its work on"]),
    ],
)
def test_a_client_would_connect_and_work(
    client: str, string: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = " ".join(text_of(capsys, "--client", client, string).split())
    (found,) = _each(documents(capsys, "--client", client, string))

    assert [one for one in words if one not in said] == []
    assert found["client"]["connects"] == ("does not connect" not in said)


def test_a_client_that_nobody_ran_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--client", "sidekik", "on"]) == 2
    assert "no client is named 'sidekik'; there are redis-py" in capsys.readouterr().err


def test_conventions_are_reached_or_missed(capsys: pytest.CaptureFixture[str]) -> None:
    found = documents(capsys, "on ~sess:* +get", "on ~* +get", "on ~* -@all", "on ~app:* +get (~bull:* +set)")
    reached = [one["key_conventions_reached"] for one in found]

    assert [len(one["key_conventions_reached"]) + len(one["key_conventions_missed"]) for one in found] == [
        len(FAMILIES)
    ] * 4
    assert reached[1:3] == [[*(family.id for family in FAMILIES)], []]
    assert 0 < len(reached[0]) < len(FAMILIES)
    assert 0 < len(reached[3]) < len(FAMILIES)


def test_people_read_the_worst_first(capsys: pytest.CaptureFixture[str]) -> None:
    reported = text_of(capsys, "on ~* &* +@all")
    order = [
        "erase everything",
        "change or delete",
        "read the values",
        "watch",
        "cut off",
        "run, load",
        "names of keys",
    ]
    order += ["every channel", "change the accounts", "reconfigure, stop", "It is broad", "The same keys"]
    places = [reported.index(words) for words in order]
    assert places == sorted(places)


SNAPSHOTS: Final = {
    "on ~* +@all": """
on ~* +@all
  Judged by the commands of Valkey 9.1.
  Its own rules grant 379 of 379 commands, and every key.
  This user can
    - erase everything in the cache at once: FLUSHALL, FLUSHDB, SWAPDB, CLUSTER FLUSHSLOT, by +@all
    - change or delete practically every key: APPEND, BITFIELD, BITOP, BLMOVE, BLMPOP, BLPOP and 120
      more, by +@all
    - read the values of practically every key: BITCOUNT, BITFIELD, BITFIELD_RO, BITOP, BITPOS,
      BLMOVE and 114 more, by +@all
    - watch the commands, and so the data, of other clients: MONITOR, SLOWLOG GET, COMMANDLOG GET,
      ACL LOG, CLIENT LIST, by +@all
    - cut off or stall the connections of other clients: CLIENT KILL, CLIENT PAUSE, CLIENT UNPAUSE,
      CLIENT UNBLOCK, by +@all
    - run, load or drop code on the server, which holds up every client while it runs: EVAL,
      EVALSHA, EVAL_RO, EVALSHA_RO, FCALL, FCALL_RO and 8 more, by +@all
    - learn the names of keys that are not its own: KEYS, SCAN, RANDOMKEY, CLUSTERSCAN, CLUSTER
      GETKEYSINSLOT, CLIENT TRACKING, by +@all
    - publish or subscribe to every channel: PSUBSCRIBE, PUBLISH, SPUBLISH, SSUBSCRIBE, SUBSCRIBE,
      by +@all
    - change the accounts of the server: ACL SETUSER, ACL DELUSER, ACL LOAD, ACL SAVE, by +@all;
      ElastiCache blocks these commands, or is not known to run them
    - reconfigure, stop or copy the server: CONFIG SET, CONFIG REWRITE, CONFIG RESETSTAT, DEBUG,
      SHUTDOWN, REPLICAOF and 29 more, by +@all; ElastiCache blocks these commands, or is not known
      to run them
  It is broad: it reads and writes practically every key and can act on the whole cache.
  The same keys and data commands, without what reaches beyond them:
    on ~* +@all -@keyspace +@fast -@dangerous -@scripting -client|tracking -cluster|getkeysinslot +copy +del +dump +object +rename
""",  # noqa: E501 - what people copy is not wrapped
    "on ~app:* -@all +@read +@write": """
on ~app:* -@all +@read +@write
  Judged by the commands of Valkey 9.1.
  Its own rules grant 211 of 379 commands, and the keys app:*.
  This user can
    - erase everything in the cache at once: FLUSHALL, FLUSHDB, SWAPDB, CLUSTER FLUSHSLOT, by
      +@write
    - run, load or drop code on the server, which holds up every client while it runs: FUNCTION
      LOAD, FUNCTION RESTORE, FUNCTION FLUSH, FUNCTION DELETE, by +@write
    - learn the names of keys that are not its own: KEYS, SCAN, RANDOMKEY, CLUSTERSCAN, by +@read
    - reconfigure, stop or copy the server: MIGRATE, by +@write; ElastiCache blocks these commands,
      or is not known to run them
  -@all changes nothing: what it says is already so at that point.
  The same keys and data commands, without what reaches beyond them:
    on ~app:* -@all +@read +@write -@keyspace -@scripting +copy +dbsize +del +dump +exists +expire +expireat +expiretime +move +object|encoding +object|freq +object|idletime +object|refcount +persist +pexpire +pexpireat +pexpiretime +pttl +rename +renamenx +touch +ttl +type +unlink
""",  # noqa: E501 - what people copy is not wrapped
    "off ~* -@all": """
off ~* -@all
  Judged by the commands of Valkey 9.1.
  The user is off and cannot log in. What follows is what it could do once switched on.
  Its own rules grant 0 of 379 commands, and every key.
  This user can do nothing that reaches beyond its own keys and channels.
  off changes nothing: what it says is already so at that point.
  -@all changes nothing: what it says is already so at that point.
""",
    "on >made-up-password-1 ~app:* +get +set +get": """
on >[hidden] ~app:* +get +set +get
  Judged by the commands of Valkey 9.1.
  ElastiCache refuses, by its documentation: >[hidden].
  Its own rules grant 2 of 379 commands, and the keys app:*.
  This user can do nothing that reaches beyond its own keys and channels.
  +get changes nothing: what it says is already so at that point.
""",
    "on %R~shared:* %W~own:* +@string (~admin:* +@all -@dangerous) (~b) -flushall": """
on %R~shared:* %W~own:* +@string (~admin:* +@all -@dangerous) (~b) -flushall
  Judged by the commands of Valkey 9.1.
  Its own rules grant 24 of 379 commands, and the keys shared:* (to read), own:* (to write).
  A selector grants 296 of 379 commands, and the keys admin:*.
  A selector grants 0 of 379 commands, and the keys b.
  This user can
    - run, load or drop code on the server, which holds up every client while it runs: EVAL,
      EVALSHA, EVAL_RO, EVALSHA_RO, FCALL, FCALL_RO and 8 more, by +@all
    - learn the names of keys that are not its own: SCAN, RANDOMKEY, CLUSTERSCAN, CLUSTER
      GETKEYSINSLOT, CLIENT TRACKING, by +@all
    - publish or subscribe to every channel: PSUBSCRIBE, PUBLISH, SPUBLISH, SSUBSCRIBE, SUBSCRIBE,
      by +@all
  (~b) changes nothing: it grants no command.
  -flushall changes nothing: what it says is already so at that point.
  The same keys and data commands, without what reaches beyond them:
    on %R~shared:* %W~own:* +@string (~admin:* +@all -@dangerous -@keyspace -@scripting -client|tracking -cluster|getkeysinslot +copy +dbsize +del +dump +exists +expire +expireat +expiretime +move +object +persist +pexpire +pexpireat +pexpiretime +pttl +rename +renamenx +touch +ttl +type +unlink) (~b) -flushall
""",  # noqa: E501 - what people copy is not wrapped
    "on ~* resetchannels &news:* +@all -dangerous +config|set +flushall|async nonsense": """
on ~* resetchannels &news:* +@all -dangerous +config|set +flushall|async nonsense
  Judged by the commands of Valkey 9.1.
  The server refuses this string: -dangerous (word 6) names a command or category that is not known;
  nonsense (word 9) is not an ACL rule. What follows is what the rest would grant.
  ElastiCache refuses, by its documentation: +config|set.
  Its own rules grant 379 of 379 commands, and every key.
  This user can
    - erase everything in the cache at once: FLUSHALL, FLUSHDB, SWAPDB, CLUSTER FLUSHSLOT, by +@all
    - change or delete practically every key: APPEND, BITFIELD, BITOP, BLMOVE, BLMPOP, BLPOP and 120
      more, by +@all
    - read the values of practically every key: BITCOUNT, BITFIELD, BITFIELD_RO, BITOP, BITPOS,
      BLMOVE and 114 more, by +@all
    - watch the commands, and so the data, of other clients: MONITOR, SLOWLOG GET, COMMANDLOG GET,
      ACL LOG, CLIENT LIST, by +@all
    - cut off or stall the connections of other clients: CLIENT KILL, CLIENT PAUSE, CLIENT UNPAUSE,
      CLIENT UNBLOCK, by +@all
    - run, load or drop code on the server, which holds up every client while it runs: EVAL,
      EVALSHA, EVAL_RO, EVALSHA_RO, FCALL, FCALL_RO and 8 more, by +@all
    - learn the names of keys that are not its own: KEYS, SCAN, RANDOMKEY, CLUSTERSCAN, CLUSTER
      GETKEYSINSLOT, CLIENT TRACKING, by +@all
    - change the accounts of the server: ACL SETUSER, ACL DELUSER, ACL LOAD, ACL SAVE, by +@all;
      ElastiCache blocks these commands, or is not known to run them
    - reconfigure, stop or copy the server: CONFIG SET, CONFIG REWRITE, CONFIG RESETSTAT, DEBUG,
      SHUTDOWN, REPLICAOF and 29 more, by +config|set, +@all; ElastiCache blocks these commands, or
      is not known to run them
  It is broad: it reads and writes practically every key and can act on the whole cache.
  +flushall|async changes nothing: what it says is already so at that point.
  The same keys and data commands, without what reaches beyond them:
    on ~* resetchannels &news:* +@all -@keyspace +@fast -@dangerous -@scripting -client|tracking -cluster|getkeysinslot +copy +del +dump +object +rename
""",  # noqa: E501 - what people copy is not wrapped
    "on ~a* ~[^a]* +get +select|0 db=1,2": """
on ~a* ~[^a]* +get +select|0 db=1,2
  Judged by the commands of Valkey 9.1.
  Its own rules grant 1 of 379 commands and 1 with a fixed first argument, and the keys a*, [^a]*.
  This user can
    - read the values of practically every key: GET, by +get
""",
}


@pytest.mark.parametrize(("text", "expected"), SNAPSHOTS.items(), ids=range(1, len(SNAPSHOTS) + 1))
def test_the_words_for_people(text: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Read by eye, each of them."""
    assert text_of(capsys, text) == expected.removeprefix("\n")

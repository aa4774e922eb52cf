"""A narrower string is taken by the server, holds nothing cache-wide there, and still does the work on its own keys."""

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

import pytest

from acl import capabilities
from acl.access_string import parse
from acl.capabilities import CAPABILITIES
from acl.commands import LINES, CommandTable, Line, commands_of
from acl.comparison import compare
from acl.effect import effect_of
from acl.narrower import narrower, not_taken_by, without_refused
from elasticache.service import commands_for, further_tables_for
from tests.support.capability_trials import CapabilityTrials, trials_on
from tests.support.keys_to_try import key_for
from tests.testbed.aimed_access_strings import aimed_strings
from tests.testbed.random_access_strings import RandomAccessStrings, near_misses

# What people write, more or less often.
COMMON = """
on ~* +@all
on ~* &* +@all
off ~* +@all
on ~* +@all -@dangerous
on allkeys allcommands
on ~* allchannels +@all -@admin
on ~app:* +@all
on ~app:* &app:* +@all
on ~app:* resetchannels &app:* +@all -@dangerous
on ~app:* -@all +@read +@write
on ~app:* +@read
on ~* -@all +@read
on ~* -@all +@read +@write -flushall -flushdb
on ~cache:* +@all -@admin -@dangerous +info
on ~* +@all -flushall -flushdb -keys
on ~session:* +@read +@write +@connection +@transaction +@scripting
on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel
on %R~* +@read
on %R~* %W~own:* +@all
on ~bull:* +@all
on ~celery* ~_kombu* &* +@all -@dangerous +keys
on ~{sidekiq}* +@all -@admin
on ~* +@slow
on ~* +@fast +@slow
on +@all
on ~app:* +@all (~shared:* +@read)
on ~app:* (~shared:* +@all)
on ~app:* +get +set +keys +scan
on ~app:* +get +set +flushdb
on ~app:* +@string +@hash +client|list +client|kill
on ~app:* +@all -@dangerous -@scripting
on ~app:* +@keyspace +@string
on ~app:* +@pubsub +monitor
on ~* +@all -config -acl
on ~app:* +@write
on ~app:* +eval +evalsha +script|load +get +set
on ~app:* +@all db=1
on ~a:* ~b:* +@all -select -swapdb
on ~* +@all -@write
on ~metrics:* +@all -monitor -debug -shutdown
on ~tmp:* +flushall|async +get
""".strip().split("\n")
BATCHES = [*(("valkey", "valkey-9.1", seed) for seed in range(4)), ("redis", "redis-7.0", 0)]
STRINGS_A_BATCH = 125
MOST_WITHOUT = 0.05
MOST_UNSERVED = {"redis-6.2": 0.6, "redis-7.0": 0.0, "valkey-8.1": 0.0, "valkey-9.1": 0.0}
"""Of the strings that a line takes, those whose suggestion it does not."""

WORK = (b"get", b"set", b"hgetall", b"del")


def broad_strings(table: CommandTable, seed: int) -> Iterator[str]:
    """Strings without end that hold something cache-wide; some of the random ones invalid."""
    random = Random(seed)
    aimed, generator = aimed_strings(table, random), RandomAccessStrings(table.line.id, random)
    while True:
        for text in (next(aimed), generator.string()):
            if effect_of(parse(text, table)).can(*CAPABILITIES.removed_by_narrowing):
                yield text


@pytest.mark.no_cover
@pytest.mark.server
@pytest.mark.parametrize(("engine", "server", "seed"), BATCHES, ids=[f"{server}-{seed}" for _, server, seed in BATCHES])
def test_the_server_takes_it_and_grants_the_same_work_without_the_rest(engine: str, server: str, seed: int) -> None:
    table = commands_for(engine)
    texts = [*islice(broad_strings(commands_of(server), seed), STRINGS_A_BATCH)]
    texts += [text for text in COMMON if parse(text, table).valid] if seed == 0 else []
    without: list[str] = []
    working = 0
    with trials_on(server, seed=seed) as trials:
        # A narrower string is written for caches whose users start without channels, too.
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        for text in texts:
            suggestion = narrower(parse(text, table))
            if suggestion is None:
                if effect_of(parse(text, table)).can(*CAPABILITIES.removed_by_narrowing):
                    without.append(text)
                continue
            assert trials.refuses(suggestion) is None, (text, suggestion)
            assert trials.held_without_keys(suggestion, CAPABILITIES.removed_by_narrowing) == {}, (text, suggestion)
            if trials.refuses(text) is None:
                working += _same_work(trials, text, suggestion)
    assert len(without) <= MOST_WITHOUT * len(texts), without
    assert working > len(texts) / 4


@pytest.mark.server
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_every_line_that_takes_the_string_takes_what_is_made_of_it(line: Line) -> None:
    tried, unserved = narrowed_on(line, seed=7, strings=STRINGS_A_BATCH)

    assert tried > STRINGS_A_BATCH / 2
    assert unserved <= MOST_UNSERVED[line.id] * tried


def narrowed_on(line: Line, seed: int, strings: int) -> tuple[int, int]:
    """Try suggestions on a server of a line; how many strings it took, and how many suggestions it is known to refuse.

    Such a suggestion is tried without the words that it refuses, as people are told.
    """
    table, further = commands_for(line.engine), further_tables_for(line.engine)
    server_table = commands_of(line.id)
    tried = unserved = 0
    with trials_on(line.id, seed=seed) as trials:
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        for text in islice(broad_strings(server_table, seed), strings):
            suggestion = narrower(parse(text, table), others=further)
            if suggestion is None or trials.refuses(text) is not None:
                continue
            tried += 1
            if not_taken_by(suggestion, [server_table]):
                unserved += 1
                taken = without_refused(parse(suggestion, server_table), lambda _: False)
                if taken is None:
                    continue
                suggestion = taken
            assert trials.refuses(suggestion) is None, (text, suggestion)
            assert trials.held_without_keys(suggestion, CAPABILITIES.removed_by_narrowing) == {}, (text, suggestion)
    return tried, unserved


def _same_work(trials: CapabilityTrials, text: str, suggestion: str) -> bool:
    """Hold the calls of both strings against each other; whether the first one does any work on keys at all."""
    access = parse(text, trials.table)
    random = Random(text)
    patterns = sorted({pattern for selector in access.selectors for pattern in selector.key_patterns})
    keys = [key for pattern in patterns if (key := key_for(pattern, random)) is not None]
    keys = [*random.sample(keys, min(len(keys), 6)), *near_misses(patterns, random)[:4], b"any-key"]
    calls = [(command, key, *([b"v"] if command == b"set" else [])) for key in keys for command in WORK]
    databases = {0, *(number for selector in access.selectors for number in selector.databases or () if number < 16)}
    worked = False
    for database in databases:
        before = trials.allowed(text, calls, database)
        after = trials.allowed(suggestion, calls, database)
        for call, was, still in zip(calls, before, after, strict=True):
            assert was == still, (text, suggestion, call)
        worked = worked or any(before)
    return worked


@pytest.mark.server
@pytest.mark.parametrize("engine", ["valkey", "redis"])
def test_it_grants_nothing_that_the_string_did_not(engine: str) -> None:
    table = commands_for(engine)
    texts = [text for text in COMMON if parse(text, table).valid]
    with trials_on({"valkey": "valkey-9.1", "redis": "redis-7.0"}[engine]) as trials:
        trials.link.call("CONFIG", "SET", "acl-pubsub-default", "resetchannels")
        forms = {name: trials.plain_call(name) for name in trials.table.names}
        kept: dict[str, int] = {}
        for text in texts:
            suggestion = narrower(parse(text, table)) or text
            before = trials.allowed(text, [*forms.values()])
            after = trials.allowed(suggestion, [*forms.values()])
            extra = [name for name, was, now in zip(forms, before, after, strict=True) if now and not was]
            assert extra == [], (text, suggestion)
            kept[text] = sum(after)
        assert kept["on ~* +@all"] > len(forms) / 2


@pytest.mark.parametrize(("engine", "line"), [("valkey", "valkey-9.1"), ("redis", "redis-7.0")])
def test_it_allows_nothing_that_the_string_did_not_on_any_line(engine: str, line: str) -> None:
    """Compared exactly, wherever both are taken."""
    table, further = commands_for(engine), further_tables_for(engine)
    compared = 0
    for text in [*COMMON, *islice(broad_strings(commands_of(line), seed=5), STRINGS_A_BATCH)]:
        suggestion = narrower(parse(text, table), others=further)
        for one in (table, *further):
            own, made = parse(text, one), parse(suggestion or text, one)
            if suggestion is not None and own.valid and made.valid:
                difference = compare(own, made)
                assert difference.gained == (), (one.line.id, text, suggestion)
                assert not any(undecided.gained for undecided in difference.undecided)
                compared += 1
    assert compared > STRINGS_A_BATCH


@pytest.mark.parametrize("text", COMMON)
def test_a_common_string_has_one_unless_it_needs_none(text: str) -> None:
    table = commands_for("valkey")
    if effect_of(parse(text, table)).can(*CAPABILITIES.removed_by_narrowing):
        assert narrower(parse(text, table)) is not None
    else:
        assert narrower(parse(text, table)) is None


DENIALS = (
    "-@keyspace +@fast -@dangerous -@scripting -client|tracking -cluster|getkeysinslot +copy +del +dump +object +rename"
)
"""What takes the cache-wide commands away from `+@all`, on Valkey 8.1 too, which knows no CLUSTERSCAN."""

ENDING = "-@dangerous -@scripting -clusterscan -randomkey -scan"
"""The same for one with a database, which only Valkey 9.1 takes."""

READS = (
    "+dbsize +dump +exists +expiretime +object|encoding +object|freq +object|idletime +object|refcount +pexpiretime"
    " +pttl +touch +ttl +type"
)
"""What `-@keyspace` takes from `+@read` besides SCAN, RANDOMKEY and their like."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on ~app:* +@read", "on ~app:* +@read -@keyspace READS"),
        ("on ~app:* +@read +keys db=1", "on ~app:* +@read db=1 -@dangerous -clusterscan -randomkey -scan"),
        ("on ~app:* +sort +info +@dangerous", "on ~app:* +sort +info"),
        ("on ~app:* +sort +@all db=1 -client -cluster", "on ~app:* +@all db=1 -client -cluster ENDING +sort"),
        ("on ~app:* +@dangerous +sort -sort +get", "on ~app:* -sort +get"),
        (
            "on ~a +@connection +client -client|list",
            "on ~a +@connection -client|list -@dangerous -client|tracking +client|no-evict",
        ),
        ("on ~app:* +@dangerous +select|0 +get", "on ~app:* +select|0 +get"),
        ("on ~app:* +@scripting +EVAL_RO +get", "on ~app:* +get"),
        ("on ~app:* +get +set +flushall", "on ~app:* +get +set"),
        ("on ~app:* +get +FLUSHALL +Keys", "on ~app:* +get"),
        ("on ~app:* +get", None),
        ("on ~* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire -clusterscan", None),
        ("on ~app:* +get +flushall|async", "on ~app:* +get"),
        ("on >made-up-password ~app:* +get +keys", "on ~app:* +get"),
        ("on ~app:* +get +keys nonsense", "on ~app:* +get"),
        ("on ~app:* +get (~b:* +set +keys)", "on ~app:* +get (~b:* +set)"),
        ("on ~a +get (~b:* +@hash) (+@all ~c)", "on ~a +get (~b:* +@hash) (+@all ~c DENIALS)"),
        ("on ~a +get (+flushall)", "on ~a +get ()"),
        ("on ~a +@all (+keys) clearselectors", "on ~a +@all () clearselectors DENIALS"),
        (
            "on ~a +@all db=2",
            "on ~a +@all db=2 -@dangerous -@scripting -client|tracking -clusterscan -cluster|getkeysinslot"
            " -randomkey -scan",
        ),
        ("off ~* &* +@all", "off ~* &* +@all DENIALS"),
        ("reset on ~app:* +get +keys", "on ~app:* +get"),
        ("", None),
    ],
)
def test_what_is_written(text: str, expected: str | None) -> None:
    made = narrower(parse(text, commands_for("valkey")))
    assert made == (expected and expected.replace("DENIALS", DENIALS).replace("READS", READS).replace("ENDING", ENDING))


def test_a_narrower_string_needs_no_narrower_one() -> None:
    table = commands_for("valkey")
    for text in COMMON:
        suggestion = narrower(parse(text, table))
        if suggestion is not None:
            assert narrower(parse(suggestion, table)) is None
            assert not effect_of(parse(suggestion, table)).can(*CAPABILITIES.removed_by_narrowing)


@pytest.mark.parametrize(("engine", "server"), [("valkey", "valkey-9.1"), ("redis", "redis-7.0")])
def test_what_is_written_holds_what_its_rules_were_proven_to_hold(engine: str, server: str) -> None:
    """The rules are proven, and the text that they are written as comes apart into the same rules."""
    table = commands_for(engine)
    written = 0
    for text in islice(broad_strings(commands_of(server), seed=11), 300):
        suggestion = narrower(parse(text, table))
        if suggestion is not None:
            made = parse(suggestion, table)
            written += 1
            assert made.valid, (text, suggestion)
            assert not effect_of(made).can(*CAPABILITIES.removed_by_narrowing), (text, suggestion)
            assert narrower(made) is None
    assert written > 250


def test_it_names_no_word_that_only_other_engines_know() -> None:
    for engine, foreign in (("redis", ("clusterscan", "commandlog")), ("valkey", ())):
        for text in COMMON:
            suggestion = narrower(parse(text, commands_for(engine))) or ""
            assert not any(word in suggestion for word in foreign), suggestion


def test_long_and_many_listed_strings_get_none_rather_than_a_slow_answer() -> None:
    table = commands_for("valkey")
    long: Sequence[str] = ["on +@all " + "~key:* " * 200, "on +@all " + "(~a +@all) " * 40]
    for text in long:
        assert effect_of(parse(text, table)).can(capabilities.ERASE_EVERYTHING)
        assert narrower(parse(text, table)) is None

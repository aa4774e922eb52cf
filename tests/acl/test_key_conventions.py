"""What software stores is reached by near-universal patterns, and not by those of one application."""

import re
from collections import Counter
from random import Random
from typing import Final

import pytest

from acl.coverage import Effort, Reach
from acl.globs import matches
from acl.key_conventions import (
    FAMILIES,
    Family,
    Kind,
    families_missed,
    families_reached,
    reaches_most_conventions,
)

YES, NO, UNDECIDED = Reach.YES, Reach.NO, Reach.UNDECIDED


def union(patterns: str) -> list[bytes]:
    """Patterns as they stand in an access string, without their `~`."""
    return [pattern.encode("latin-1") for pattern in patterns.split()]


def judged(patterns: list[bytes]) -> Reach:
    return reaches_most_conventions(patterns, Effort(sum(map(len, patterns))))


def share(patterns: list[bytes]) -> float:
    return len(families_reached(patterns)) / len(FAMILIES)


NEAR_UNIVERSAL: Final = [
    "*",
    "?*",
    "**",
    "*:*",
    "*?:?*",
    "[a-z]*",
    "[a-zA-Z]*",
    "[!-~]*",
    "*[^z]",
    "*[^z]*",
    "[^_]*",
    "[^{]*",
    "[^a]*",
    "?????????*",
    "????????????????*",
    "*[0-9a-f]*",
    "*[0-9]*",
    "*[a-z]*",
    "*a*",
    "*e*",
    "*[a-z0-9]",
    "[a-m]* [n-z]*",
    "a* b* c* d* e* f* g* h* i* j* k* l* m* n* o* p* q* r* s* t* u* v* w* x* y* z*",
    "*:* app:*",
    "app:* [a-z]*",
    "*:[a-z0-9]*",
    "*[-:_./]*",
    "*:* *-*",
]

APPLICATION_SCOPED: Final = [
    "app:*",
    "{app}:*",
    "app:{*",
    "app.*",
    "app-*",
    "app_*",
    "app/*",
    "/app/*",
    "app*",
    "*app*",
    "*:app:*",
    "*:app",
    "user:*",
    "users:* user:*",
    "*:profile",
    "user:*:profile",
    "session:*",
    "sess:*",
    "spring:session:*",
    "session:* cache:*",
    "session:* sess:* PHPREDIS_SESSION:*",
    "cache:*",
    "*cache*",
    "*session*",
    "queue:*",
    "*queue*",
    "lock:*",
    "bull:*",
    "bull:emails:*",
    "rq:* celery-task-meta-* _kombu.binding.* unacked*",
    "laravel_database_* laravel_cache*",
    "resque:* sidekiq:* queue:* stat:*",
    "asynq:{*",
    "{hangfire}:*",
    "app1:* app2:*",
    "app1:* app2:* app3:* shared:*",
    "app:prod:* app:staging:*",
    "prod:*",
    "*:prod:*",
    "tenant-[0-9]*",
    "tenant-????:*",
    "[aA]pp:*",
    "?pp:*",
    "a??:*",
    "*.tokens",
    "*.following *.followers",
    ":1:*",
    "wp:* wp_*",
    "[0-9]*",
    "[A-Z]*",
    "{*",
    "_*",
    "/*",
    "a*",
    "s*",
    "*::*",
    "*{*}*",
    "*@*",
    "????????",
    "",
    r"\*",
    "[]*",
]


@pytest.mark.parametrize("patterns", NEAR_UNIVERSAL)
def test_patterns_that_leave_little_out_reach_most_of_it(patterns: str) -> None:
    assert judged(union(patterns)) is YES


@pytest.mark.parametrize("patterns", APPLICATION_SCOPED)
def test_patterns_of_one_application_reach_little_of_it(patterns: str) -> None:
    """Not just less than half: no more than a fifth, so that no row of the table decides."""
    assert judged(union(patterns)) is NO
    assert share(union(patterns)) <= 0.2


@pytest.mark.parametrize("patterns", ["*:*", "[a-z]*", "*[^z]", "?????????*", "*[0-9a-f]*", "[^_]*"])
def test_what_must_count_counts_by_a_margin(patterns: str) -> None:
    assert share(union(patterns)) >= 0.6


def test_no_patterns_reach_nothing() -> None:
    assert judged([]) is NO
    assert families_reached([]) == ()
    assert families_missed([]) == FAMILIES
    assert families_missed([b"*"]) == ()


def test_a_pattern_that_is_spelt_out_of_several_families_reaches_those() -> None:
    reached = families_reached(union("sess:* celery-task-meta-* {user*}.*"))
    assert [family.id for family in reached] == ["express-sessions", "celery-results"]
    missed = families_missed(union("sess:* celery-task-meta-* {user*}.*"))
    assert sorted([*reached, *missed]) == sorted(FAMILIES)
    assert "hash-tags" in {family.id for family in missed}, "half of its samples, and not more than half"


# The table.


def test_the_table_is_large_and_balanced() -> None:
    kinds = Counter(family.kind for family in FAMILIES)
    assert set(kinds) == set(Kind)
    assert len(FAMILIES) >= 40
    assert min(kinds.values()) >= 5
    assert max(kinds.values()) <= len(FAMILIES) / 4
    assert [*kinds] == [*Kind], "the table's order is that of Kind"
    assert [family.kind for family in FAMILIES] == [kind for kind in kinds for _ in range(kinds[kind])]


def test_ids_and_samples_are_distinct() -> None:
    ids = [family.id for family in FAMILIES]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    samples = [sample for family in FAMILIES for sample in family.samples]
    assert [sample for sample, count in Counter(samples).items() if count > 1] == []


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_row_is_whole(family: Family) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", family.id)
    assert family.description
    assert not family.description.endswith(".")
    file = r"(\.\.\./)?[\w.-]+(/[\w.-]+)*\.\w+"
    for part in family.source.split("; "):
        assert re.fullmatch(rf"[\w-]+/[\w.-]+: {file}(, {file})*", part), part
    assert len(family.samples) >= 3
    assert all(1 <= len(sample) <= 120 for sample in family.samples)


def spelt(piece: bytes) -> bytes:
    """A pattern for these very bytes."""
    return re.sub(rb"([*?\[\\])", rb"\\\1", piece)


def test_no_single_prefix_or_suffix_reaches_more_than_a_quarter() -> None:
    """Of whatever length, one byte included; offenders are shown with what they reach."""
    samples = [sample for family in FAMILIES for sample in family.samples]
    lengths = [(sample, length) for sample in samples for length in range(1, len(sample))]
    prefixes = {spelt(sample[:length]) + b"*" for sample, length in lengths}
    suffixes = {b"*" + spelt(sample[-length:]) for sample, length in lengths}
    reached = {end: len(families_reached([end])) for end in prefixes | suffixes}
    assert {end: count for end, count in reached.items() if count > len(FAMILIES) / 4} == {}


# How it is decided.


def expression(pattern: bytes) -> re.Pattern[bytes]:
    """A pattern of plain bytes, `?`, `*` and classes that read the same in regular expressions."""
    parts = re.findall(rb"\[[^\]]+\]|[\s\S]", pattern)
    known = {b"*": b".*", b"?": b"."}
    return re.compile(
        b"".join(known.get(part) or (part if len(part) > 1 else re.escape(part)) for part in parts), re.DOTALL
    )


SPECIAL: Final = [b"*", b"*", b"*", b"?", b"??", b"[a-z]", b"[^a-z]", b"[0-9a-f]", b"[^:]", b"[xyz_]", b"*?", b"*:*"]


def patterns_at_random(random: Random, count: int) -> list[bytes]:
    """Short pieces of samples, with what patterns are made of before, between and behind them."""
    samples = [sample for family in FAMILIES for sample in family.samples]
    made = []
    for _ in range(count):
        pieces = [random.choice([b"", b"*"])]
        for _ in range(random.choice((0, 1, 1, 2))):
            sample = re.sub(rb"[*?\[\]\\^]", b"?", random.choice(samples))
            start = random.choice((0, 0, random.randrange(len(sample))))
            pieces += [sample[start : start + random.choice((1, 1, 1, 2, 3, 8))], random.choice(SPECIAL)]
        made.append(b"".join([*pieces, random.choice([b"*", b"*", *SPECIAL])]))
    return made


def test_each_family_is_decided_as_regular_expressions_and_matching_decide_it() -> None:
    """Alone, and two or three together; `matches` is held against real servers elsewhere."""
    random = Random(20261124)
    found: Counter[int] = Counter()
    for _ in range(300):
        patterns = patterns_at_random(random, random.choice((1, 1, 2, 3)))
        expressions = [expression(pattern) for pattern in patterns]
        reached = {family.id for family in families_reached(patterns)}
        for family in FAMILIES:
            by_expression = [any(one.fullmatch(sample) for one in expressions) for sample in family.samples]
            assert by_expression == [any(matches(one, sample) for one in patterns) for sample in family.samples]
            assert (family.id in reached) == (2 * sum(by_expression) > len(family.samples)), (family.id, patterns)
        found[min(len(reached), 5)] += 1
    assert min(found[few] for few in range(6)) >= 5, found


ODD: Final = [
    (rb"\x", b"x"), (rb"[x", b"x"), (rb"[^]*", b"*"), (rb"*[z-a]*", b"*[a-z]*"), (rb"*\:*", b"*:*"), (rb"*[:", b"*:"),
    (rb"*[:-]*", rb"*[:-Z\[\\\]*]"), (rb"\{user*", b"{user*"), (rb"[[]*", rb"\[*"), (rb"*[\]]*", rb"*\]*"),
]  # fmt: skip


@pytest.mark.parametrize(("odd", "plain"), ODD)
def test_odd_spellings_are_read_as_the_server_reads_them(odd: bytes, plain: bytes) -> None:
    assert families_reached([odd]) == families_reached([plain])


# Hostile strings. The bound counts steps and not time, so each of these answers is always the same.

LETTERS: Final = [bytes([letter]) for letter in b"abcdefghijklmnopqrstuvwxyz"]
LONG_WAYS: Final = [b"*a*e*i*o*u*" + one + b"*" + two + b"??q*" for one in LETTERS for two in LETTERS] * 6


@pytest.mark.parametrize(
    ("patterns", "answer"),
    [
        pytest.param([f"tenant-{number}:*".encode() for number in range(4000)], NO, id="thousands of prefixes"),
        pytest.param([f"sess:{number}*".encode() for number in range(4000)], NO, id="as a family begins"),
        pytest.param([b"*" * 32_000 + b"#" * 32_000], NO, id="one long pattern"),
        pytest.param([b"?" * 64_000], NO, id="questions"),
        pytest.param([b"*a" * 32_000], NO, id="stars"),
        pytest.param([b"[" + b"a-z0-9" * 10_000 + b"]*"], YES, id="one long class"),
        pytest.param([b"*" + one + two + b"*" for one in LETTERS for two in LETTERS] * 16, YES, id="every two letters"),
        pytest.param(LONG_WAYS, UNDECIDED, id="long ways to no match"),
        pytest.param([*LONG_WAYS, b"*:*"], UNDECIDED, id="long ways, then what would decide"),
        pytest.param([b"*:*", *LONG_WAYS], YES, id="decided, then long ways"),
    ],
)
def test_hostile_patterns_are_answered_or_left_undecided(patterns: list[bytes], answer: Reach) -> None:
    """Up to 64 KB of patterns, and thousands of them."""
    assert judged(patterns) is answer


def test_the_work_of_other_questions_counts() -> None:
    """Whoever has nothing left gets no answer; what is answered without work needs none left."""
    effort = Effort(0)
    effort.spend(1_499)
    assert reaches_most_conventions([b"*:*"], effort) is UNDECIDED
    assert reaches_most_conventions([], effort) is NO


@pytest.mark.parametrize("seed", range(40))
def test_ordinary_unions_are_decided(seed: int) -> None:
    """Up to twenty patterns as people write them: an undecided answer would be a false alarm."""
    random = Random(seed)
    patterns = [pattern[:24] for pattern in patterns_at_random(random, 20)]
    assert judged(patterns) is (YES if share(patterns) >= 0.5 else NO)

"""Whether a union of patterns reaches every key is answered as trying the keys answers it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from random import Random
from typing import Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.coverage import Effort, Keys, Reach, reach
from acl.globs import ANY, compile_glob, matches
from tests.support.access_string_strategies import glob_patterns
from tests.support.work import at_most

YES, NO, UNDECIDED = Reach.YES, Reach.NO, Reach.UNDECIDED


@dataclass(frozen=True)
class FewKeys:
    """A set of keys like those of `Keys`, but small enough to be tried out."""

    shortest: int
    letters: bytes
    longest_tried: int

    @property
    def alphabet(self) -> int:
        """The bytes of such a key, as a set."""
        return sum(1 << byte for byte in self.letters)

    def tried(self) -> list[bytes]:
        """All keys up to a length."""
        lengths = range(self.shortest, self.longest_tried + 1)
        return [bytes(key) for length in lengths for key in product(self.letters, repeat=length)]


# Patterns over these parts know no more kinds of byte than a, b and all others, so keys of a, b and x stand for all.
PARTS: Final = {
    "a": "a",
    "b": "b",
    "?": ".",
    "*": ".*",
    "[^a]": "[^a]",
    "[ab]": "[ab]",
    "[^b]": "[^b]",
    "[^ab]": "[^ab]",
}
"""Parts of a pattern, each with the regular expression that says the same; the answers rest on `re` alone."""


@dataclass(frozen=True)
class Tried:
    """Which of the keys the patterns match, by regular expressions."""

    keys: list[bytes]
    known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def mask(self, parts: tuple[str, ...]) -> int:
        """The keys that a pattern matches, as a set of their positions."""
        if parts not in self.known:
            expression = re.compile("".join(PARTS[part] for part in parts).encode(), re.DOTALL)
            matched = "".join("01"[bool(expression.fullmatch(key))] for key in reversed(self.keys))
            self.known[parts] = int(matched, 2)
        return self.known[parts]

    @property
    def all(self) -> int:
        """All the keys."""
        return (1 << len(self.keys)) - 1


def reached(patterns: Sequence[Sequence[str]], keys: Keys) -> Reach:
    texts = ["".join(parts).encode() for parts in patterns]
    return reach(texts, keys, Effort(sum(map(len, texts))))


@pytest.mark.no_cover
def test_every_pair_of_short_patterns_is_judged_as_trying_all_short_keys_judges_it() -> None:
    """All unions of two out of all patterns of up to three parts: whether every non-empty key is reached."""
    keys = Tried(FewKeys(1, b"abx", 5).tried())
    parts = ("a", "?", "*", "[^a]", "b")
    patterns = [pattern for length in (1, 2, 3) for pattern in product(parts, repeat=length)]
    masks = {pattern: keys.mask(pattern) for pattern in patterns}
    found = {YES: 0, NO: 0}
    for first, second in combinations(patterns, 2):
        answer = reached((first, second), Keys.EVERY)
        assert (answer is YES) == (masks[first] | masks[second] == keys.all), (first, second, answer)
        found[answer] += 1
    assert min(found.values()) > 1000, found


SMALL: Final = [
    pytest.param(FewKeys(1, bytes(range(256)), 0), id="every key"),
    pytest.param(FewKeys(3, b"abx", 7), id="three or more of a, b, x"),
    pytest.param(FewKeys(2, b"ab", 10), id="two or more of a, b"),
]


@pytest.mark.no_cover
@pytest.mark.parametrize("few", SMALL)
def test_unions_at_random_are_judged_as_trying_the_keys_judges_them(few: FewKeys) -> None:
    """Sets of keys with a least length and few letters are what practically every key is, on a smaller scale."""
    random = Random(few.shortest)
    keys = Tried((few if few.longest_tried else FewKeys(1, b"abx", 6)).tried())
    asked = Keys.EVERY if few.shortest == 1 else cast("Keys", few)
    cut = [
        ("[^a]", "*"), ("a", "*"), ("b", "*"), ("*", "a"), ("*", "[^a]"), ("?", "[^b]", "*"), ("?", "b", "*"),
        ("a", "[^b]", "*"), ("a", "b", "*"), ("*", "a", "?"), ("*", "[^a]", "?"), ("?", "?", "*"), ("[^ab]", "*"),
        ("*", "a", "*"), ("a", "a", "?", "*"), ("?", "?"), ("?",), ("[ab]", "?", "*"), ("*", "b", "*", "a", "*"),
    ]  # fmt: skip
    found = {YES: 0, NO: 0}
    for _ in range(900):
        patterns = random.sample(cut, random.choice((1, 2, 3, 4)))
        patterns += [
            tuple(random.choices([*PARTS], k=random.randrange(1, 5))) for _ in range(random.choice((0, 0, 1, 2)))
        ]
        union = 0
        for pattern in patterns:
            union |= keys.mask(pattern)
        answer = reached(patterns, asked)
        assert (answer is YES) == (union == keys.all), (patterns, answer)
        found[answer] += 1
    assert min(found.values()) > 90, found


@pytest.mark.parametrize(
    ("patterns", "every", "practically"),
    [
        ("*", YES, YES),
        ("**", YES, YES),
        ("?*", YES, YES),
        ("*?", YES, YES),
        ("[^]*", YES, YES),
        ("a* [^a]*", YES, YES),
        ("*a *[^a]", YES, YES),
        ("[a-m]* [^a-m]*", YES, YES),
        ("[m-a]* [^a-m]*", YES, YES),
        ("*a* [^a]*", YES, YES),
        ("a ?[^]* [^a]", YES, YES),
        ("? ?? ???*", YES, YES),
        ("??*", NO, YES),
        ("????????*", NO, YES),
        ("*[^\x01]", NO, YES),
        ("{a}* [^{]*", NO, YES),
        ("[^A-Z]*", NO, YES),
        ("[!-~]*", NO, YES),
        ("\\a* [^a]*", YES, YES),
        ("?????????*", NO, NO),
        ("", NO, NO),
        ("[]*", NO, NO),
        ("\\*", NO, NO),
        ("[*]", NO, NO),
        ("[^x]*", NO, NO),
        ("app:*", NO, NO),
        ("a* b* [^ab]", NO, NO),
        ("[a-y]* [0-9:._-]*", NO, NO),
        ("*a* *b*", NO, NO),
        ("ab* [^a]*", NO, NO),
        ("ab* [^a]* a[^b]*", NO, YES),
        ("ab* [^a]* a[^b]* a", YES, YES),
        ("A* [^A]*", YES, YES),
        ("a* [^A]*", NO, YES),
    ],
)
def test_well_known_unions(patterns: str, every: Reach, practically: Reach) -> None:
    """An empty string is a union of one empty pattern."""
    union = [pattern.encode("latin-1") for pattern in patterns.split(" ")]
    effort = Effort(len(patterns))
    assert (reach(union, Keys.EVERY, effort), reach(union, Keys.PRACTICALLY_EVERY, effort)) == (every, practically)


def test_no_pattern_reaches_no_key() -> None:
    assert reach([], Keys.EVERY, Effort(0)) is NO


def ladder(letter: str, steps: int) -> list[str]:
    """A union that matches every key of more than `steps` bytes: the byte so far from the end is the letter, or not."""
    return [f"*{letter}{'?' * steps}", f"*[^{letter}]{'?' * steps}"]


SHORT: Final = ["?" * length for length in range(1, 40)]
HOSTILE: Final = {
    "far from the end": (ladder("a", 20) + SHORT[:20], YES),
    "far from the end, one length missing": (ladder("a", 20) + SHORT[:19], NO),
    "far from the end, one byte missing": (["*[^ab]" + "?" * 20, "*a" + "?" * 20, *SHORT[:20]], NO),
    "two choices, far from both ends": (["*a????????????b????????????*", "[^a]*", "*[^b]"], NO),
    "two choices that leave no key out": (
        ["*a????????????b????????????*", "*a????????????[^b]????????????*", "[^a]*", *SHORT[:27]],
        YES,
    ),
    "nested stars": (["*a" * 200 + "*", "*b" * 200 + "*"], NO),
    "many prefixes": ([f"tenant-{number}:*" for number in range(3000)], NO),
    "many prefixes and the rest": ([f"tenant-{number}:*" for number in range(3000)] + ["t*", "[^t]*"], YES),
    "many classes": ([f"[^{chr(first)}{chr(second)}]*" for first in range(97, 122) for second in range(48, 58)], YES),
    "long classes": (["[" + "a-z0-9" * 5000 + "]*"], NO),
    "nested classes": (["[[[[[[[[" * 2000, "[^" * 2000], NO),
    "one key of each length is left": (["*b*", "[^a]*", "*[^a]*[^a]*", "a*b"], NO),
    "long and universal": (["*" * 30_000], YES),
    "long questions": (["?" * 30_000 + "*"], NO),
    "cubes": (["*".join("abcdefgh"[number % 8] + "?" * number for number in range(40))], NO),
}


@pytest.mark.parametrize("asked", list(Keys), ids=[keys.name for keys in Keys])
@pytest.mark.parametrize(("patterns", "truth"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_patterns_are_answered_truly_or_left_undecided_at_once(
    patterns: list[str], truth: Reach, asked: Keys
) -> None:
    """Each truth is known by how the union is made; it is the same for every key and for practically every key."""
    union = [pattern.encode("latin-1") for pattern in patterns]
    # It takes up to 90,000 calls; a search without a bound would not end.
    with at_most(1_000_000):
        answer = reach(union, asked, Effort(sum(map(len, union))))
    assert answer in {truth, UNDECIDED}


@pytest.mark.parametrize("patterns", [patterns for patterns, _ in HOSTILE.values()], ids=HOSTILE)
def test_the_order_of_patterns_does_not_matter(patterns: list[str]) -> None:
    """Not even near the bound, so that a string has the same answer in every run."""
    union = [pattern.encode("latin-1") for pattern in patterns]
    for keys in Keys:
        orders = (union, union[::-1], Random(1).sample(union, len(union)))
        assert len({reach(order, keys, Effort(sum(map(len, union)))) for order in orders}) == 1


def test_how_much_work_is_done_does_not_depend_on_the_order() -> None:
    union = [b"*" + b"[^a]" * 9 + b"*", b"*" + b"".join(b"[^%c]" % letter for letter in b"bcdefghij") + b"*"]
    left = []
    for order in (union, union[::-1]):
        effort = Effort(1_000)
        assert reach(order, Keys.PRACTICALLY_EVERY, effort) is NO
        left.append(effort.left)
    assert left[0] == left[1] < Effort(1_000).left


def test_a_union_past_the_bound_stays_undecided() -> None:
    """It reads the same from either end, and the subsets double with each `?`."""
    far = "?" * 12
    union = [pattern.encode() for pattern in (f"*a{far}a{far}*", f"*b{far}b{far}*", "*[^ab]*", *SHORT[:27])]
    assert reach(union, Keys.EVERY, Effort(sum(map(len, union)))) is UNDECIDED


ORDINARY = st.lists(
    st.one_of(
        glob_patterns().map(lambda pattern: pattern.encode("latin-1", "ignore")[:20]),
        st.text("abc:*?", max_size=20).map(str.encode),
        st.sampled_from([b"app:*", b"{app}:*", b"[^a]*", b"a*", b"user:*:profile", b"*:cache:*", b"[a-m]*", b"[n-z]*"]),
    ),
    max_size=20,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(union=ORDINARY)
def test_ordinary_unions_are_decided(union: list[bytes]) -> None:
    """Up to twenty patterns of up to twenty characters: an undecided answer would be a false alarm."""
    effort = Effort(sum(map(len, union)))
    answers = [reach(union, keys, effort) for keys in (Keys.PRACTICALLY_EVERY, Keys.EVERY)]
    assert UNDECIDED not in answers
    assert answers != [NO, YES]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(union=ORDINARY, key=st.binary(min_size=1, max_size=12))
def test_a_union_that_reaches_every_key_matches_any(union: list[bytes], key: bytes) -> None:
    if reach(union, Keys.EVERY, Effort(sum(map(len, union)))) is YES:
        assert any(matches(pattern, key) for pattern in union)
    # what else there is reaches every key only with a pattern for the rest
    whole = [*union, b"*a*", b"[^a]*"]
    assert reach(whole, Keys.EVERY, Effort(sum(map(len, whole)))) is YES


@settings(max_examples=300, deadline=None, derandomize=True)
@given(pattern=glob_patterns().map(lambda text: text.encode("utf-8")), key=st.binary(min_size=1, max_size=6))
def test_a_pattern_read_backwards_matches_the_keys_read_backwards(pattern: bytes, key: bytes) -> None:
    """The search from the end of the keys rests on this."""
    backwards = compile_glob(pattern).reversed()
    states = 1
    for byte in reversed(key):
        states = sum(
            1 << after
            for after in {
                after
                for state, star in enumerate(backwards.stars)
                if states >> state & 1
                for after in ([state] if star else [])
                + ([state + 1] if state < len(backwards.classes) and backwards.classes[state] >> byte & 1 else [])
            }
        )
    assert bool(states >> len(backwards.classes) & 1) == matches(pattern, key)


def test_no_byte_is_outside_the_set_of_all() -> None:
    assert ANY.bit_count() == 256

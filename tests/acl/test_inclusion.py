"""Whether one union of patterns reaches a key that another does not is answered as trying the keys answers it."""

from collections.abc import Sequence
from itertools import combinations, product
from random import Random
from typing import Final

import pytest
from access_string_strategies import glob_patterns
from hypothesis import given, settings
from hypothesis import strategies as st

from acl.inclusion import PatternUnion, key_outside
from acl.key_patterns import Effort, EffortSpentError, matches

PLENTY: Final = 1_000_000


def union(text: str) -> PatternUnion:
    """`~*` is the flag, `~` alone the empty pattern, and all else a pattern: as in access strings."""
    words = text.split()
    return PatternUnion(frozenset(word[1:].encode() for word in words if word != "~*"), every="~*" in words)


def outside(some: str, others: str, *, only: bytes | None = None, never: Sequence[bytes] = ()) -> bytes | None:
    return key_outside(union(some), union(others), Effort(PLENTY), only=only, never=never)


def matched(pattern: str, key: str) -> bool:
    """The tests' own matcher, by trying where each star ends: the server's rules for well-formed patterns."""
    if not key:
        return not pattern
    return _matched(pattern, key)


def _matched(pattern: str, key: str) -> bool:
    if not pattern:
        return not key
    if pattern[0] == "*":
        return any(_matched(pattern[1:], key[cut:]) for cut in range(len(key) + 1))
    if not key:
        return False
    if pattern[0] == "?":
        return _matched(pattern[1:], key[1:])
    if pattern[0] == "\\":
        return key[0] == pattern[1] and _matched(pattern[2:], key[1:])
    if pattern[0] == "[":
        inside, rest = pattern[1:].split("]", 1)
        negated = inside.startswith("^")
        return (key[0] in inside.removeprefix("^")) != negated and _matched(rest, key[1:])
    return key[0] == pattern[0] and _matched(pattern[1:], key[1:])


# Patterns over these parts treat alike all letters but a, b and the star itself: keys of these four stand for all.
PARTS: Final = ("a", "b", "?", "*", "[^a]", "[ab]", "[^b]", "[^]", "[]", r"\*", "[*b]")
LETTERS: Final = "ab*x"


class Tried:
    """Which of all short keys each union matches."""

    def __init__(self, longest: int, letters: str = LETTERS) -> None:
        """Spell all keys of up to `longest` letters."""
        self.keys = ["".join(key) for length in range(longest + 1) for key in product(letters, repeat=length)]
        self._known: dict[str, frozenset[str]] = {}

    def keys_of(self, words: Sequence[str]) -> frozenset[str]:
        """The keys that a union matches."""
        found = frozenset[str]()
        for word in words:
            if word not in self._known:
                every = word == "~*"
                self._known[word] = frozenset(key for key in self.keys if every or matched(word[1:], key))
            found |= self._known[word]
        return found


def assert_right(some: Sequence[str], others: Sequence[str], tried: Tried) -> bool:
    """Hold the answer for one pair against the keys tried; return whether there was a key."""
    expected = tried.keys_of(some) - tried.keys_of(others)
    key = outside(" ".join(some), " ".join(others))
    if key is None:
        assert not expected, (some, others, sorted(expected, key=len)[:3])
        return False
    text = key.decode("latin-1")
    assert any(word == "~*" or matched(word[1:], text) for word in some), (some, others, key)
    assert not any(word == "~*" or matched(word[1:], text) for word in others), (some, others, key)
    assert not expected or text == "" or len(text) <= min(map(len, filter(None, expected)), default=0) + 1, (some, key)
    return True


def test_every_pair_of_short_patterns_is_judged_as_trying_all_short_keys_judges_it() -> None:
    tried = Tried(4)
    words = ["~*", "~", *("~" + "".join(parts) for length in (1, 2) for parts in product(PARTS[:6], repeat=length))]
    found = [assert_right([some], [other], tried) for some, other in product(words, repeat=2)]
    assert min(found.count(True), found.count(False)) > 400


def test_pairs_of_unions_of_two_are_judged_as_trying_all_short_keys_judges_them() -> None:
    tried = Tried(4, "abx")
    words = ["~*", "~", "~a*", "~[^a]*", "~?", "~??*", "~*a", "~*[^a]", "~a", "~*a*", "~b*", "~*?", "~[^a]?", "~ab*"]
    pairs = list(combinations(words, 2))
    found = [assert_right(some, others, tried) for some, others in product(pairs, repeat=2)]
    assert min(found.count(True), found.count(False)) > 1500


def test_unions_at_random_are_judged_as_trying_all_short_keys_judges_them() -> None:
    random = Random(7)
    tried = Tried(4)
    found = []
    for _ in range(1500):
        some, others = (
            ["~" + "".join(random.choices(PARTS, k=random.choice((1, 2, 3, 4)))) for _ in range(random.choice(sizes))]
            for sizes in ((1, 1, 2), (1, 2, 3, 4))
        )
        if random.random() < 0.5:
            # nearly the same: each pattern of the one made wider or narrower at one place
            others = [_changed(word, random) for word in some] + others[:1]
        found.append(assert_right(some, others, tried))
    assert min(found.count(True), found.count(False)) > 250


def _changed(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) + 1)
    if "[" in word or "\\" in word:
        return random.choice((word, word + "*", "~*" + word[1:]))
    return random.choice((word, word[:place] + "*" + word[place:], word[:place] + random.choice(PARTS) + word[place:]))


@pytest.mark.parametrize(
    ("some", "others", "expected"),
    [
        ("~orders:*", "~orders:*", None),
        ("~orders:*", "~app:*", b"orders:"),
        ("~orders:*", "~orders:1*", b"orders:"),
        ("~orders:1*", "~orders:*", None),
        ("~orders:*", "~ord*", None),
        ("~orders:*", "~ord", b"orders:"),
        ("~ord*", "~orders:*", b"ord"),
        ("~orders:?*", "~orders:*", None),
        ("~orders:*", "~orders:?*", b"orders:"),
        ("~*", "~orders:*", b"a"),
        ("~*", "~a* ~b*", b"c"),
        ("~*", "~?", b"aa"),
        ("~**", "~orders:*", b"a"),
        # the flag is every key; a pattern of stars is every key but the empty one
        ("~*", "~**", b""),
        ("~*", "~** ~", None),
        ("~**", "~*", None),
        ("~**", "~?*", None),
        ("~?*", "~**", None),
        ("~*", "", b"a"),
        ("", "~a", None),
        ("", "", None),
        ("~", "", b""),
        ("~", "~a", b""),
        ("~", "~**", b""),
        ("~", "~", None),
        ("~a*", "~a ~a?*", None),
        ("~a*", "~a? ~a??*", b"a"),
        ("~*", "~a* ~[^a]*", b""),
        ("~?*", "~a* ~[^a]*", None),
        ("~*a*", "~a* ~[^a]*a*", None),
        ("~a*b*c", "~a*c", None),
        ("~a*c", "~a*b*c", b"ac"),
        ("~[a-z]*", "~[a-y]*", b"z"),
        ("~[a-z]*", "~[z-a]*", None),
        ("~[a-z]*", "~[a-m]* ~[n-z]*", None),
        ("~[ab", "~[ab]", None),
        (r"~\*", "~[*]", None),
        (r"~\*", "~a*", b"*"),
        ("~[]a", "", None),
        ("~[]a ~b", "", b"b"),
        ("~[^]", "~?", None),
        # letters that read well come first
        ("~?", "~[a-z]", b"0"),
        ("~?", "~[a-z0-9]", b"-"),
        ("~?", "~[!-~]", b"\x00"),
        # hopeless to determinise from the front; from the back it is easy
        ("~*a????????????????????", "~*b???????????????????? ~*a*", None),
        ("~*a????????????????????", "~*b????????????????????", b"a" * 21),
        ("~*", "~*a???????????????????? ~*[^a]????????????????????", b"a"),
        ("~?????????????????????*", "~*a???????????????????? ~*[^a]????????????????????", None),
        ("~?????????????????????*", "~*a???????????????????? ~*[^ab]????????????????????", b"b" + b"a" * 20),
        ("~?????????????????????*", "~????????????????????a* ~????????????????????[^a]*", None),
        # and the other way round
        ("~" + "[ab]" * 150 + "*", "~" + "[ab]" * 148 + "a* ~" + "[ab]" * 148 + "[^a]*", None),
        # where nothing is excluded, the pattern that is written shortest
        (" ".join(f"~key-{number}" for number in range(5, 20)), "", b"key-5"),
    ],
)
def test_what_is_asked_of_patterns(some: str, others: str, expected: bytes | None) -> None:
    found = outside(some, others)
    if expected is None or found is None:
        assert found == expected
    else:
        assert (len(found), union(some).reaches(found), union(others).reaches(found)) == (len(expected), True, False)
        assert len(expected) > 3 or found == expected, "the shortest key that reads well"


@pytest.mark.parametrize(
    ("some", "others", "only", "expected"),
    [
        # a first argument is compared whatever its case, and as far as its first NUL
        ("~abc", "", b"abc", b"abc"),
        ("~ABC", "", b"abc", b"ABC"),
        ("~*", "", b"abc", b"abc"),
        ("~*", "~abc", b"abc", b"abC"),
        ("~abc", "~abc", b"abc", None),
        ("~a*", "~A*", b"abc", b"abc"),
        ("~*", "~[aA][bB][cC]", b"abc", b"abc\x00"),
        ("~*", "~[aA][bB][cC]*", b"abc", None),
        ("~[aA][bB]*", "~a* ~Ab*", b"abc", b"ABc"),
        ("~abcd", "", b"abc", None),
        ("~b*", "", b"abc", None),
        ("~*", "~*", b"abc", None),
        ("~", "", b"abc", None),
        ("~*c", "~a*", b"abc", b"Abc"),
        ("~a?c", "", b"a\xe4c", b"a\xe4c"),
        ("~1", "", b"1", b"1"),
    ],
)
def test_a_key_that_must_be_a_first_argument(some: str, others: str, only: bytes, expected: bytes | None) -> None:
    found = outside(some, others, only=only)
    assert found == expected or (
        found is not None
        and expected is not None
        and (len(found), union(some).reaches(found), union(others).reaches(found)) == (len(expected), True, False)
        and found.split(b"\0")[0].lower() == only
    )


@pytest.mark.parametrize(
    ("some", "others", "never", "expected"),
    [
        ("~abc", "", [b"abc"], None),
        ("~abc", "", [b"abd"], b"abc"),
        ("~ABC", "", [b"abc"], None),
        ("~abc ~d", "", [b"d"], b"abc"),
        ("~a*", "", [b"a"], b"aa"),
        ("~*", "", [b"a", b"b"], b"c"),
        ("~*", "~**", [b"a"], b""),
        ("~abc*", "~abc?*", [b"abc"], None),
        ("~ab?", "~ab[^c]", [b"abc"], None),
        ("~ab?", "~ab[^cd]", [b"abc"], b"abd"),
    ],
)
def test_a_key_that_must_not_be_a_first_argument(
    some: str, others: str, never: Sequence[bytes], expected: bytes | None
) -> None:
    assert outside(some, others, never=never) == expected


def test_what_is_too_much_work_stays_undecided() -> None:
    """To know which of the last dozen bytes were a takes a state for each answer, from either end."""
    dozen = "?" * 12
    with pytest.raises(EffortSpentError):
        key_outside(union("~" + "?" * 36), union(f"~*a{dozen}a* ~*[^a]{dozen}[^a]*"), Effort(0))


def test_patterns_of_more_stars_than_servers_follow_stay_undecided() -> None:
    many = "~" + "*a" * 1001
    for some, others in ((many, "~b"), ("~*a", many)):
        with pytest.raises(EffortSpentError):
            outside(some, others)
    assert outside(many, many) is None


def test_the_work_is_bounded_whatever_the_patterns() -> None:
    """Everything that costs is charged: what a small bound leaves undecided, it leaves after few steps."""
    for some, others in (
        ("~" + "a" * 50_000, "~b*"),
        ("~b*", "~" + "[ab]" * 12_000),
        ("~b*", " ".join("~*" + chr(0x4E00 + n) for n in range(5_000))),
        (" ".join(f"~{n}*x" for n in range(5_000)), " ".join(f"~{n}*y" for n in range(5_000))),
    ):
        effort = Effort(0)
        with pytest.raises(EffortSpentError):
            key_outside(union(some), union(others), effort)


@settings(max_examples=150, deadline=None)
@given(st.lists(glob_patterns(), max_size=3), st.lists(glob_patterns(), max_size=3))
def test_a_key_is_in_the_one_and_not_in_the_other(some: list[str], others: list[str]) -> None:
    """Odd patterns too: unclosed classes, escapes at the end, bytes beyond ASCII."""
    own, other = (PatternUnion(frozenset(text.encode() for text in several)) for several in (some, others))
    key = key_outside(own, other, Effort(PLENTY))
    if key is not None:
        assert any(matches(pattern, key) for pattern in own.patterns)
        assert not any(matches(pattern, key) for pattern in other.patterns)


@settings(max_examples=100, deadline=None)
@given(st.lists(glob_patterns(), min_size=1, max_size=3), st.lists(glob_patterns(), max_size=2))
def test_more_patterns_reach_no_less(some: list[str], more: list[str]) -> None:
    own = PatternUnion(frozenset(text.encode() for text in some))
    wider = PatternUnion(frozenset(text.encode() for text in (*some, *more)))
    assert key_outside(own, wider, Effort(PLENTY)) is None
    assert key_outside(own, PatternUnion(frozenset(), every=True), Effort(PLENTY)) is None

"""The one rule by which names become patterns."""

import random

import pytest

from acl.commands import Access
from acl.derivation.names import shown
from acl.derivation.patterns import Patterns, TooVariedError, covers, without_covered
from acl.globs import matches

UUID = "3f2b8c1e-9d4a-4f6b-8a7c-1e2d3c4b5a69"
ONE_NAME = {
    "orders:17": "orders:*",
    "orders:17:lines": "orders:*:lines",
    "orders": "orders",
    "orders:open": "orders:open",
    f"celery-task-meta-{UUID}": "celery-task-meta-*",
    f"session:{UUID}:cart": "session:*:cart",
    "views.cache_page.GET.d41d8cd98f00b204e9800998ecf8427e.en-us.UTC": "views.cache_page.GET.*.en-us.UTC",
    "hits:2026-11-24": "hits:*",
    "hits:2026-11": "hits:*",
    "log/2026-11-24T10:00:00Z": "log/*:*:*",
    "hits:20261124": "hits:*",
    "{user:42}:profile": "{user:*}:profile",
    "slot{16383}": "slot{*}",
    "user1234": "user[0-9]*",
    "user1234:name": "user[0-9]*:name",
    "user12": "user12",
    "v2:orders": "v2:orders",
    "sha256:deadbeefdeadbeef1": "sha[0-9]*:*",
    "task-0a1b2c3d4e5f6a7b-x": "task-*-x",
    "sess:Zk3jA9xQ2mP7vL1t": "sess:*",
    "sess:tK8_w-3Hq9Zr-5_bX2yL0a": "sess:*",
    "cache:facade": "cache:facade",
    "cache:decade1": "cache:decade1",
    "cache:decade10": "cache:*",
    "applicationsettings2:x": "applicationsettings2:x",
    "rq:queue:default": "rq:queue:default",
    "host:10.0.0.7:up": "host:*.*.*.*:up",
    "a b": "a?b",
    "caf\u00e9": "caf??",
    "quo\"te's": "quo?te?s",
    "f(x)": "f?x?",
    "star*": "star\\*",
    "what?": "what\\?",
    "[x]": "\\[x\\]",
    "back\\slash": "back\\\\slash",
    "17": "17",
    UUID: UUID,
    "1:2:3": "1:2:3",
    "": "",
    ":": ":",
    "::x": "::x",
}


@pytest.mark.parametrize(("name", "pattern"), ONE_NAME.items())
def test_one_name(name: str, pattern: str) -> None:
    patterns = Patterns()
    patterns.of(name.encode()).add(name.encode(), "get", 2)

    (found,) = patterns.found()

    assert found.decode() == pattern
    assert matches(found, name.encode())


def found_for(names: list[str], **options: object) -> list[str]:
    patterns = Patterns(**options)  # type: ignore[arg-type]
    for name in names:
        patterns.of(name.encode()).add(name.encode(), "get", 2)
    return sorted(pattern.decode() for pattern in patterns.found())


def words(count: int) -> list[str]:
    letters = "abcdefghijklmnopqrst"
    return [
        f"{letters[number // 400 % 20]}{letters[number // 20 % 20]}{letters[number % 20]}x" for number in range(count)
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param([f"user:{word}" for word in words(20)], [f"user:{word}" for word in words(20)], id="twenty stay"),
        pytest.param([f"user:{word}" for word in words(21)], ["user:*"], id="more than twenty do not"),
        pytest.param([f"user:{word}:cart" for word in words(21)], ["user:*:cart"], id="in the middle"),
        pytest.param(
            [f"user:{word}:{kind}" for word in words(30) for kind in ("cart", "name")],
            ["user:*:cart", "user:*:name"],
            id="what follows stays",
        ),
        pytest.param([f"{word}:cart" for word in words(21)], ["*:cart"], id="at the beginning, by the same end"),
        pytest.param(
            [f"{word}:cart" for word in words(20)], [f"{word}:cart" for word in words(20)], id="few beginnings"
        ),
        pytest.param(words(30), words(30), id="nothing in common"),
        pytest.param(
            [f"{word}:{number}" for number, word in enumerate(words(30))],
            [f"{w}:*" for w in words(30)],
            id="only ids in common",
        ),
        pytest.param([f"a:{word}" for word in words(21)] + ["a.b"], ["a.b", "a:*"], id="another separator"),
        pytest.param([f"a:{word}:{word}" for word in words(21)], ["a:*:*"], id="two places"),
        pytest.param(["a:1", "a:b"], ["a:*", "a:b"], id="an id beside a word"),
    ],
)
def test_words_that_vary(names: list[str], expected: list[str]) -> None:
    for seed in range(3):
        shuffled = list(names)
        random.Random(seed).shuffle(shuffled)

        assert found_for(shuffled) == sorted(expected)


def test_the_limit_can_be_set() -> None:
    assert found_for(["a:x", "a:y", "a:z"], words=2) == ["a:*"]
    assert found_for(["a:x", "a:y"], words=2) == ["a:x", "a:y"]


def test_patterns_by_hand_come_first() -> None:
    assert found_for(["app:1", "app:x:2", "other:1"], by_hand=[b"app:*"]) == ["app:*", "other:*"]
    assert found_for(["other:1"], by_hand=[b"app:*"]) == ["other:*"]
    assert found_for(["17", "x"], by_hand=[b"*"]) == ["*"]


def test_a_name_that_goes_on() -> None:
    patterns = Patterns()
    patterns.of(b"page:start of a long", cut=True).add(b"page:start of a long", "get", 2)

    assert [*patterns.found()] == [b"page:start?of?a?long*"]


@pytest.mark.parametrize("names", [[str(number) for number in range(2000)], words(3000)], ids=["numbers", "words"])
def test_names_without_anything_in_common_are_too_much_at_some_time(names: list[str]) -> None:
    with pytest.raises(TooVariedError):
        found_for(names)


def test_memory_does_not_grow_with_the_names() -> None:
    patterns = Patterns()
    for number in range(50_000):
        name = b"user:%s:%d:%x" % (
            words(1 + number % 3000)[-1].encode() if number % 100 == 0 else b"same",
            number,
            number,
        )
        patterns.of(name).add(name, "get", 2)

    assert len(patterns.found()) < 60
    assert patterns._nodes < 300


@pytest.mark.parametrize(
    ("wide", "narrow", "answer"),
    [
        (b"a:*", b"a:b", True),
        (b"a:*", b"a:*:c", True),
        (b"a:*:c", b"a:*", False),
        (b"a:b", b"a:*", False),
        (b"*:c", b"a:*:c", True),
        (b"a[0-9]*", b"a[0-9]*:x", True),
        (b"a*", b"a[0-9]*", True),
        (b"a[0-9]*", b"a*", False),
        (b"a1*", b"a[0-9]*", False),
        (b"a?", b"a*", False),
        (b"a?", b"ab", True),
        (b"a?b", b"a??", False),
        (b"a??", b"a?b", True),
        (b"a\\*", b"a*", False),
        (b"a*", b"a\\*", True),
        (b"a\\*b*", b"a\\*bc", True),
        (b"a", b"a", True),
    ],
)
def test_covers(wide: bytes, narrow: bytes, answer: bool) -> None:
    assert covers(wide, narrow) is answer


NONE, READ, WRITE, BOTH = (1 << needs for needs in (Access.NONE, Access.READ, Access.WRITE, Access.BOTH))


@pytest.mark.parametrize(
    ("needed", "kept"),
    [
        ({b"a:*": READ, b"a:b": READ}, {b"a:*": Access.READ}),
        ({b"a:*": READ, b"a:b": WRITE}, {b"a:*": Access.READ, b"a:b": Access.WRITE}),
        ({b"a:*": READ, b"a:b": READ | WRITE}, {b"a:*": Access.READ, b"a:b": Access.WRITE}),
        ({b"a:*": READ, b"a:b": READ | BOTH}, {b"a:*": Access.READ, b"a:b": Access.BOTH}),
        ({b"a:*": WRITE, b"a:b": NONE}, {b"a:*": Access.WRITE}),
        ({b"a:b": NONE}, {b"a:b": Access.READ}),
        ({b"a:b": NONE | WRITE}, {b"a:b": Access.WRITE}),
        ({b"a:*": BOTH, b"a:b:*": READ, b"c": WRITE}, {b"a:*": Access.BOTH, b"c": Access.WRITE}),
        ({b"a:*:c": READ, b"a:*": WRITE}, {b"a:*": Access.WRITE, b"a:*:c": Access.READ}),
        ({b"*": BOTH, b"": BOTH}, {b"": Access.BOTH, b"*": Access.BOTH}),
    ],
)
def test_directions(needed: dict[bytes, int], kept: dict[bytes, Access]) -> None:
    assert without_covered(needed) == kept


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        (b"orders:17", b"orders:*", "orders:17"),
        (b"session:" + UUID.encode(), b"session:*", "session:3f2b\u2026"),
        (b"celery-task-meta-" + UUID.encode(), b"celery-task-meta-*", "celery-task-meta-3f2b\u2026"),
        (b"user:a-very-long-name:cart", b"user:*:cart", "user:a-ve\u2026:cart"),
        (b"user:a-very-long-name:cart", b"user:a-very-long-name:cart", "user:a-very-long-name:cart"),
        (b"sess:tK8_w-3Hq9Zr-5_bX2yL0a", b"sess:*", "sess:tK8_\u2026"),
        (b"a\x1b[31m\n", b"a?\\[31m?", "a\\x1b[31m\\n"),
        (b"caf\xc3\xa9\xff", b"caf???", "caf\u00e9\\xff"),
    ],
)
def test_shown(name: bytes, pattern: bytes, expected: str) -> None:
    assert shown(name, pattern) == expected

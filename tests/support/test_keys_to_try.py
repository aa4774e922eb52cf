"""The patterns of the trials are read as the servers read them, and the search finds what it is meant to find."""

from random import Random

import pytest

from tests.support.keys_to_try import EVERY_KEY, USUAL_KEYS, key_for, matches, walk
from tests.support.servers import SERVER_NAMES, started
from tests.testbed.random_access_strings import RandomAccessStrings, near_misses


@pytest.mark.server
@pytest.mark.parametrize("server", SERVER_NAMES)
def test_patterns_match_what_they_match_on_the_server(server: str) -> None:
    """Asked by KEYS, which matches names as key permissions do, but for a star alone, by which it lists every key."""
    random = Random(server)
    made = RandomAccessStrings(server, random)
    found = {True: 0, False: 0}
    with started(server) as running, running.connect() as link:
        for _ in range(400):
            pattern = made.glob().encode().replace(b"*", b"**")
            keys = {*near_misses([pattern], random), b"a", b"k1", key_for(pattern, random) or b"b"}
            commands = [command for key in keys for command in (("FLUSHALL",), ("SET", key, "v"), ("KEYS", pattern))]
            replies = link.pipeline(commands)[2::3]
            for key, listed in zip(keys, replies, strict=True):
                assert matches(pattern, key) == (listed == [key]), (pattern, key)
                found[matches(pattern, key)] += 1
    assert min(found.values()) > 500


@pytest.mark.parametrize(
    ("patterns", "missed"),
    [
        ([b"*"], False),
        ([b"a*", b"[^a]*"], False),
        ([b"?*"], False),
        ([], True),
        ([b"a*"], True),
        ([b"a*", b"[^ab]*"], True),
        ([b"*a*", b"*b*"], True),
        ([b"[^x]*"], True),
    ],
)
def test_a_walk_finds_a_key_that_all_patterns_miss(patterns: list[bytes], missed: bool) -> None:
    for keys in (EVERY_KEY, USUAL_KEYS):
        found = [walk(patterns, keys, Random(seed)) for seed in range(20)]
        keys_found = [key for key in found if key is not None]

        assert bool(keys_found) is missed
        assert all(keys.has(key) and not any(matches(pattern, key) for pattern in patterns) for key in keys_found)

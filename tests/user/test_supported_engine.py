"""elasticache-user-supported-engine: engine is redis or valkey, in any case."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-supported-engine"


@pytest.mark.parametrize(
    ("engine", "seen"),
    [
        ("memcached", 'engine "memcached"'),
        ("Memcached", 'engine "Memcached"'),
        ("redis7", 'engine "redis7"'),
        (" redis", 'engine " redis"'),
        ("redis ", 'engine "redis "'),
        ("", 'engine ""'),
        ("redıs", r'engine "red\u0131s", which has letters that are not of a-z'),
        ("val\u212aey", r'engine "val\u212aey", which has letters that are not of a-z'),
        ("r\u0435dis", r'engine "r\u0435dis", which has letters that are not of a-z'),
        ("redis\u200b", r'engine "redis\u200b"'),
        (5, "engine is not a string"),
        (["redis"], "engine is not a string"),
        (True, "engine is not a string"),
        (secret("memcached"), "engine [secret]"),
    ],
)
def test_fires_on_any_other_engine(engine: object, seen: str) -> None:
    messages = analyze(changed(engine=engine)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize("engine", ["redis", "valkey", "REDIS", "Valkey", "rEdIs", secret("redis")])
def test_passes_both_engines_in_any_case(engine: object) -> None:
    assert analyze(changed(engine=engine)).outcome(POLICY) == "passes"


@pytest.mark.parametrize("engine", ["redis", "VALKEY"])
def test_judges_users_who_are_off_too(engine: str) -> None:
    assert analyze(changed(engine=engine, accessString="off")).outcome(POLICY) == "passes"
    assert analyze(changed(engine="x" + engine, accessString="off")).outcome(POLICY) == "fires"


@pytest.mark.parametrize(
    ("engine", "expected"), [(REMOVED, "n/a"), (None, "n/a"), (UNKNOWN, "unknown"), ("[secret]", "unknown")]
)
def test_needs_a_value(engine: object, expected: str) -> None:
    assert analyze(changed(engine=engine)).outcome(POLICY) == expected

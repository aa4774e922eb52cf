"""elasticache-user-scoped-keys: reads or writes practically every key, without being broad; off by default."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, configured

POLICY = "elasticache-user-scoped-keys"
PACK = configured(POLICY)


def outcome(access_string: object) -> str:
    return analyze(changed(accessString=access_string), pack=PACK).outcome(POLICY)


@pytest.mark.parametrize(
    "rules",
    [
        "~* +get",
        "~* +set",
        "%R~* +@read",
        "%W~* +set",
        "%R~* +@all",
        "%W~* +@all",
        "~* +@all -@dangerous",
        "allkeys +hgetall",
        "~?* +get",
        "~[^!]* +get",
        "~a* ~[^a]* +get",
        "~a* +get (~[^a]* +hget)",
        "~* +mget|a",
        "~* +del|a",
        "%R~* ~app:* +copy +get",
    ],
)
def test_fires_on_every_key(rules: str) -> None:
    assert outcome(f"on {rules}") == "fires"


@pytest.mark.parametrize(
    "rules",
    [
        "~app:* +@all",
        "~app:* +get",
        "~* -@all",
        "~*",
        "~* +exists +type +ttl",
        "~* +ping +subscribe",
        "~* (+get)",
        "+get (~* +ping)",
        "%W~* +get",
        "%R~* +set",
        "~* +get|a",
        "~a* ~b* ~c* +get",
        "%R~* +copy",
        "~* +eval",
    ],
)
def test_passes_what_is_scoped(rules: str) -> None:
    assert outcome(f"on {rules}") == "passes"


@pytest.mark.parametrize("access_string", ["on ~* +@all", "off ~* +get", "~* +get", REMOVED, None, 5])
def test_does_not_apply_to_broad_users_nor_to_users_who_are_off(access_string: object) -> None:
    assert outcome(access_string) == "n/a"


def test_says_when_the_string_cannot_be_read() -> None:
    assert outcome(UNKNOWN) == "unknown"


def test_is_silent_where_nobody_switched_it_on() -> None:
    assert POLICY not in str(analyze(changed(accessString="on ~* +get")).response)

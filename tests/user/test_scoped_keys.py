"""elasticache-user-scoped-keys: reads or writes practically every key, without being broad; off by default."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, configured, part

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
        "%R~* +@all -@dangerous",
        "%W~* +@all -@dangerous",
        "~*:* +get",
        "~[a-z]* +get",
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


@pytest.mark.parametrize(
    ("access_string", "fix"),
    [
        ("on ~* +get", "on ~app-reader:* +get"),
        ("on ~* ~app:* +get", "on ~app-reader:* +get"),
        ("on resetkeys ~* -@all +get +scan -keys", "on ~app-reader:* -@all +get -keys"),
        ("on allkeys +mget (%R~* +get)", "on ~app-reader:* +mget (~app-reader:* +get)"),
    ],
)
def test_writes_the_string_with_the_keys_of_the_application(access_string: str, fix: str) -> None:
    message = analyze(changed(accessString=access_string)).violations[POLICY][0]

    assert part(message, "fix") == f'accessString: "{fix}"'
    assert outcome(fix) == "passes"


def test_is_advice_where_nobody_configured_it() -> None:
    answer = analyze(changed(accessString="on ~* +get"))

    assert {shown.enforcementLevel for shown in answer.response.diagnostics if shown.policyName == POLICY} == {0}

"""elasticache-user-lowercase-names: fires on upper case in userName or userId."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, configured, part, remediate, secret

POLICY = "elasticache-user-lowercase-names"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        (
            {"userId": "testUserId", "userName": "testUserName"},
            'userId "testUserId" and userName "testUserName"',
        ),
        ({"userId": "App"}, 'userId "App"'),
        ({"userName": "App"}, 'userName "App"'),
        ({"userName": "ÉCLAIR"}, 'userName "ÉCLAIR"'),
        ({"userName": "x" * 99 + "Y"}, f'userName "{"x" * 59}…"'),
        ({"userName": "a\nB"}, 'userName "a\\nB"'),
        ({"userId": "App", "userName": UNKNOWN}, 'userId "App"'),
        ({"userId": UNKNOWN, "userName": "App"}, 'userName "App"'),
        ({"userId": "App", "userName": REMOVED}, 'userId "App"'),
        ({"userId": "App", "accessString": "off -@all"}, 'userId "App"'),
        ({"userId": "App", "accessString": UNKNOWN}, 'userId "App"'),
        ({"userId": "App", "authenticationMode": UNKNOWN}, 'userId "App"'),
    ],
)
def test_fires_on_upper_case(changes: dict[str, object], seen: str) -> None:
    """One finding names both properties, as written."""
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize(
    ("user_id", "user_name", "name"),
    [
        ("testUserId", "testUserName", "test-user-id"),
        ("App", "App", "app-user"),
        ("app", "App", "app-user"),
        ("App", "other", "app-user"),
        ("APIKeyUser", "APIKeyUser", "api-key-user"),
        ("Orders-", "Orders", "orders-user"),
        ("x" * 50 + "Y", "x", "x" * 35),
    ],
)
def test_writes_one_name_for_both_that_differs_by_more_than_case(user_id: str, user_name: str, name: str) -> None:
    """An existing user is replaced, and an id that differs from its id in case only is taken while it is there."""
    message = analyze(changed(userId=user_id, userName=user_name)).violations[POLICY][0]

    assert part(message, "fix").startswith(f'userId and userName: "{name}"; this replaces an existing user')


def test_writes_no_name_where_one_is_secret() -> None:
    message = analyze(changed(userId=secret("App"))).violations[POLICY][0]

    assert part(message, "fix").startswith("one lower-case name as userId and userName; ")


@pytest.mark.parametrize(
    "changes", [{"userName": "Default"}, {"userId": "DEFAULT"}, {"userId": "App", "userName": "Default"}]
)
def test_leaves_a_reserved_name_in_another_case_to_valid_names(changes: dict[str, object]) -> None:
    answer = analyze(changed(**changes))

    assert answer.outcome(POLICY) == "passes"
    assert answer.outcome("elasticache-user-valid-names") == "fires"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"userId": "a", "userName": "a"},
        {"userName": "app_reader.1"},
        {"userName": "éclair"},
        {"userName": "12345"},
        {"userName": "default"},
        {"userName": ""},
        {"userName": "日本語"},
        {"userId": REMOVED},
        {"userName": 5},
        {"engine": "VALKEY", "tags": {"Owner": "Team"}},
        {"accessString": "ON ~APP:* +GET"},
        {"userid": "App", "user_id": "App", "username": "App"},
    ],
)
def test_passes_lower_case(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize("changes", [{"userId": UNKNOWN}, {"userName": UNKNOWN}, {"userName": "[secret]"}])
def test_says_when_a_name_cannot_be_read(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "unknown"


@pytest.mark.parametrize("value", [REMOVED, None, 5, ["App"]])
def test_does_not_apply_without_names(value: object) -> None:
    assert analyze(changed(userId=value, userName=value)).outcome(POLICY) == "n/a"


REMEDIATING = configured(POLICY, "remediate")


def test_remediation_writes_lower_case_and_leaves_everything_else_alone() -> None:
    """Secrets stay secret and unknown values unknown: the properties come back but for the two names."""
    properties = changed(
        userId="testUserId",
        userName="testUserName",
        passwords=secret([MARKER_PASSWORD]),
        authenticationMode={"type": "password", "passwords": secret(["[secret]", UNKNOWN])},
        tags={"Owner": UNKNOWN},
    )

    assert remediate(properties, REMEDIATING) == [
        (POLICY, {**properties, "userId": "testuserid", "userName": "testusername"})
    ]


@pytest.mark.parametrize(
    ("names", "lowered"),
    [
        ({"userId": "App", "userName": UNKNOWN}, {"userId": "app", "userName": UNKNOWN}),
        ({"userId": secret(UNKNOWN), "userName": "App"}, {"userId": secret(UNKNOWN), "userName": "app"}),
        ({"userId": secret("App"), "userName": "app"}, {"userId": secret("app"), "userName": "app"}),
        ({"userId": "App", "userName": 5}, {"userId": "app", "userName": 5}),
    ],
)
def test_remediation_keeps_marks_and_unknowns(names: dict[str, object], lowered: dict[str, object]) -> None:
    assert remediate(changed(**names), REMEDIATING) == [(POLICY, {**changed(**names), **lowered})]


@pytest.mark.parametrize("names", [{}, {"userId": UNKNOWN}, {"userId": REMOVED, "userName": None}, {"userName": 5}])
def test_remediation_has_nothing_to_do(names: dict[str, object]) -> None:
    assert remediate(changed(**names), REMEDIATING) == []


@pytest.mark.parametrize("level", ["mandatory", "advisory", "disabled"])
def test_only_the_level_remediate_rewrites(level: str) -> None:
    assert remediate(changed(userId="App"), configured(POLICY, level)) == []

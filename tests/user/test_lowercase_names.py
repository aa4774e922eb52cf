"""elasticache-user-lowercase-names: fires on upper case in userName or userId."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, configured, remediate, secret

POLICY = "elasticache-user-lowercase-names"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        (
            {"userId": "testUserId", "userName": "testUserName"},
            'userId is "testUserId" and userName is "testUserName".',
        ),
        ({"userId": "App"}, 'userId is "App".'),
        ({"userName": "App"}, 'userName is "App".'),
        ({"userName": "Default"}, 'userName is "Default".'),
        ({"userName": "ÉCLAIR"}, 'userName is "ÉCLAIR".'),
        ({"userName": "x" * 99 + "Y"}, f'userName is "{"x" * 59}…".'),
        ({"userName": "a\nB"}, 'userName is "a\\nB".'),
        ({"userId": "App", "userName": UNKNOWN}, 'userId is "App".'),
        ({"userId": UNKNOWN, "userName": "App"}, 'userName is "App".'),
        ({"userId": "App", "userName": REMOVED}, 'userId is "App".'),
        ({"userId": "App", "accessString": "off -@all"}, 'userId is "App".'),
        ({"userId": "App", "accessString": UNKNOWN}, 'userId is "App".'),
        ({"userId": "App", "authenticationMode": UNKNOWN}, 'userId is "App".'),
    ],
)
def test_fires_on_upper_case(changes: dict[str, object], seen: str) -> None:
    """One finding names both properties, as written."""
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [message.splitlines()[0] for message in messages] == [seen]


def test_writes_the_name_to_use() -> None:
    message = analyze(changed(userId="testUserId", userName="testUserName")).violations[POLICY][0]

    assert 'Write userId: "testuserid" and userName: "testusername".' in message


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

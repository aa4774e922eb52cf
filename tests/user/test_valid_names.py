"""elasticache-user-valid-names: an id or a name that AWS refuses. Upper case alone is not its matter."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-valid-names"
CHARACTERS = "may hold letters of a-z, digits and hyphens only, and begins with a letter"
OTHER = 'is another user than "default", since names are compared with case'
RESERVED = 'is the id of the user that AWS makes with every account ("default", in any case)'


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"userId": ""}, 'userId "" is empty'),
        ({"userId": "1app"}, f'userId "1app" {CHARACTERS}'),
        ({"userId": "-app"}, f'userId "-app" {CHARACTERS}'),
        ({"userId": "my_app"}, f'userId "my_app" {CHARACTERS}'),
        ({"userId": "my.app"}, f'userId "my.app" {CHARACTERS}'),
        ({"userId": "my app"}, f'userId "my app" {CHARACTERS}'),
        ({"userId": "äpp"}, f'userId "äpp" {CHARACTERS}'),
        ({"userId": "app\n"}, f'userId "app\\n" {CHARACTERS}'),
        ({"userId": "default"}, f'userId "default" {RESERVED}'),
        ({"userId": "Default"}, f'userId "Default" {RESERVED}'),
        ({"userName": ""}, 'userName "" is empty'),
        ({"userName": "my app"}, 'userName "my app" holds white space, which no server takes in a name'),
        ({"userName": "app\t"}, r'userName "app\t" holds white space, which no server takes in a name'),
        ({"userName": "a\0b"}, r'userName "a\x00b" holds white space, which no server takes in a name'),
        (
            {"userName": "Default"},
            'userName "Default" is another user than "default", since names are compared with case',
        ),
        ({"userId": "my_app", "userName": ""}, f'userId "my_app" {CHARACTERS}; userName "" is empty'),
        ({"userId": 5}, "userId is not a string"),
        ({"userName": ["app"]}, "userName is not a string"),
        ({"userId": secret("my_app")}, f"userId [secret] {CHARACTERS}"),
        ({"userId": "my_app", "accessString": "off -@all"}, f'userId "my_app" {CHARACTERS}'),
        ({"userId": "my_app", "userName": UNKNOWN}, f'userId "my_app" {CHARACTERS}'),
    ],
)
def test_fires_on_what_is_refused(changes: dict[str, object], found: str) -> None:
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [found]


def test_says_what_a_default_in_another_case_is() -> None:
    """The server takes it: it is an ordinary user, and connections without a name are not it."""
    message = analyze(changed(userName="Default")).violations[POLICY][0]

    assert part(message, "risk").startswith("connections that present no user name do not act as this user")
    assert part(message, "fix") == 'userId and userName: "app-reader-user"'


@pytest.mark.parametrize(
    ("user_id", "found"),
    [
        ("a" * 41, "has 41 characters, and other ids of ElastiCache have 40 at most"),
        ("app-", "ends with a hyphen or holds two in a row, which other ids of ElastiCache may not"),
        ("my--app", "ends with a hyphen or holds two in a row, which other ids of ElastiCache may not"),
    ],
)
def test_a_doubt_is_advisory(user_id: str, found: str) -> None:
    """No page of AWS says so of users, so nobody is stopped."""
    answer = analyze(changed(userId=user_id))
    (message,) = answer.violations[POLICY]

    assert part(message, "found").endswith(found)
    assert "may refuse" in part(message, "risk")
    assert {shown.enforcementLevel for shown in answer.response.diagnostics if shown.policyName == POLICY} == {0}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"userId": "a", "userName": "a"},
        {"userId": "App", "userName": "App"},
        {"userId": "a" * 40},
        {"userId": "a-1"},
        {"userId": "defaults"},
        {"userId": "default-2", "userName": "default"},
        {"userName": "app.reader_1@x"},
        {"userName": "日本語"},
        {"userName": "defaulT1"},
        {"userId": REMOVED},
        {"userName": None},
    ],
)
def test_passes(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize("changes", [{"userId": UNKNOWN}, {"userName": UNKNOWN}, {"userName": "[secret]"}])
def test_says_when_a_name_cannot_be_read(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "unknown"


@pytest.mark.parametrize("value", [REMOVED, None])
def test_does_not_apply_without_names(value: object) -> None:
    assert analyze(changed(userId=value, userName=value)).outcome(POLICY) == "n/a"

"""elasticache-user-iam-authentication: fires on users who are on and do not log in with IAM."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-iam-authentication"
NO_TYPE = "authenticationMode has no type"
NOT_SET = "authenticationMode is not set"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"authenticationMode": REMOVED}, NOT_SET),
        ({"authenticationMode": None}, NOT_SET),
        ({"authenticationMode": {}}, NO_TYPE),
        (
            {"authenticationMode": {"type": None}},
            NO_TYPE,
        ),
        ({"authenticationMode": "iam"}, NO_TYPE),
        ({"authenticationMode": ["iam"]}, NO_TYPE),
        (
            {"authenticationMode": {"type": ["iam"]}},
            NO_TYPE,
        ),
        ({"authenticationMode": {"type": "password"}}, 'authenticationMode.type "password", not iam'),
        (
            {"authenticationMode": {"type": "password", "passwords": secret([MARKER_PASSWORD])}},
            'authenticationMode.type "password", not iam',
        ),
        (
            {"authenticationMode": {"type": "password", "passwords": secret([UNKNOWN])}},
            'authenticationMode.type "password", not iam',
        ),
        ({"authenticationMode": {"type": "no-password"}}, 'authenticationMode.type "no-password", not iam'),
        (
            {"authenticationMode": {"type": "no-password-required"}},
            'authenticationMode.type "no-password-required", not iam',
        ),
        ({"authenticationMode": {"type": "iam-role"}}, 'authenticationMode.type "iam-role", not iam'),
        ({"authenticationMode": {"type": ""}}, 'authenticationMode.type "", not iam'),
        (
            {"authenticationMode": {"Type": "iam"}},
            NO_TYPE,
        ),
        (
            {"authenticationMode": REMOVED, "passwords": secret([MARKER_PASSWORD])},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "passwords": secret(UNKNOWN)},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "noPasswordRequired": True},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "accessString": UNKNOWN},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "accessString": "[secret]"},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "accessString": 5},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "accessString": "on -@all"},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "userName": "Default"},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "userId": "default"},
            NOT_SET,
        ),
        (
            {"authenticationMode": REMOVED, "userName": UNKNOWN},
            NOT_SET,
        ),
    ],
)
def test_fires_without_iam(changes: dict[str, object], seen: str) -> None:
    """Missing, password, no password: none of them is IAM, and the message says which it is."""
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"engine": "redis"},
        {"engine": UNKNOWN},
        {"authenticationMode": {"type": "IAM"}},
        {"authenticationMode": {"type": "iam", "passwordCount": 0}},
        {"authenticationMode": {"type": "iam", "passwords": []}},
        {"authenticationMode": secret({"type": "iam"})},
        {"accessString": UNKNOWN},
        {"accessString": "[secret]"},
        {"userId": UNKNOWN, "userName": UNKNOWN},
        {"noPasswordRequired": False},
        {"passwords": []},
    ],
)
def test_passes_with_iam(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    "changes",
    [
        {"accessString": "off -@all"},
        {"accessString": "off ~* +@all"},
        {"accessString": "~* +@all"},
        {"accessString": ""},
        {"accessString": REMOVED},
        {"accessString": None},
        {"userName": "default"},
        {"userName": "default", "accessString": "on ~* +@all", "noPasswordRequired": True},
    ],
)
def test_does_not_apply_to_users_who_do_not_log_in_or_cannot_use_iam(changes: dict[str, object]) -> None:
    assert analyze(changed(authenticationMode=REMOVED, **changes)).outcome(POLICY) == "n/a"


@pytest.mark.parametrize(
    "mode",
    [UNKNOWN, secret(UNKNOWN), "[secret]", {"type": UNKNOWN}, {"type": "[secret]"}],
)
def test_says_when_the_mode_cannot_be_read(mode: object) -> None:
    assert analyze(changed(authenticationMode=mode)).outcome(POLICY) == "unknown"

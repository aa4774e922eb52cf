"""elasticache-user-iam-authentication: fires on users who are on and do not log in with IAM."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, secret

POLICY = "elasticache-user-iam-authentication"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"authenticationMode": REMOVED}, "authenticationMode has no type, so this user does not log in with IAM."),
        ({"authenticationMode": None}, "authenticationMode has no type, so this user does not log in with IAM."),
        ({"authenticationMode": {}}, "authenticationMode has no type, so this user does not log in with IAM."),
        (
            {"authenticationMode": {"type": None}},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        ({"authenticationMode": "iam"}, "authenticationMode has no type, so this user does not log in with IAM."),
        ({"authenticationMode": ["iam"]}, "authenticationMode has no type, so this user does not log in with IAM."),
        (
            {"authenticationMode": {"type": ["iam"]}},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        ({"authenticationMode": {"type": "password"}}, 'authenticationMode.type is "password", not iam.'),
        (
            {"authenticationMode": {"type": "password", "passwords": secret([MARKER_PASSWORD])}},
            'authenticationMode.type is "password", not iam.',
        ),
        (
            {"authenticationMode": {"type": "password", "passwords": secret([UNKNOWN])}},
            'authenticationMode.type is "password", not iam.',
        ),
        ({"authenticationMode": {"type": "no-password"}}, 'authenticationMode.type is "no-password", not iam.'),
        (
            {"authenticationMode": {"type": "no-password-required"}},
            'authenticationMode.type is "no-password-required", not iam.',
        ),
        ({"authenticationMode": {"type": "iam-role"}}, 'authenticationMode.type is "iam-role", not iam.'),
        ({"authenticationMode": {"type": ""}}, 'authenticationMode.type is "", not iam.'),
        (
            {"authenticationMode": {"Type": "iam"}},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "passwords": secret([MARKER_PASSWORD])},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "passwords": secret(UNKNOWN)},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "noPasswordRequired": True},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "accessString": UNKNOWN},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "accessString": "[secret]"},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "accessString": 5},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "accessString": "on -@all"},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "userName": "Default"},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "userId": "default"},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
        (
            {"authenticationMode": REMOVED, "userName": UNKNOWN},
            "authenticationMode has no type, so this user does not log in with IAM.",
        ),
    ],
)
def test_fires_without_iam(changes: dict[str, object], seen: str) -> None:
    """Missing, password, no password: none of them is IAM, and the message says which it is."""
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [message.splitlines()[0] for message in messages] == [seen]


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

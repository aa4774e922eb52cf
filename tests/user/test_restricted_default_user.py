"""elasticache-user-restricted-default-user: named default, on, and needs no credential."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-restricted-default-user"
OPEN = {
    "userId": "new-default",
    "userName": "default",
    "engine": "redis",
    "authenticationMode": REMOVED,
    "noPasswordRequired": True,
}


@pytest.mark.parametrize(
    "changes",
    [
        OPEN,
        {**OPEN, "userId": "default"},
        {**OPEN, "userId": UNKNOWN},
        {**OPEN, "accessString": "on ~* +@all"},
        {**OPEN, "accessString": "on -@all"},
        {**OPEN, "accessString": "off on"},
        {**OPEN, "noPasswordRequired": REMOVED, "authenticationMode": {"type": "no-password-required"}},
        {**OPEN, "noPasswordRequired": REMOVED, "authenticationMode": {"type": "no-password"}},
        {**OPEN, "engine": UNKNOWN},
        {**OPEN, "engine": REMOVED},
    ],
)
def test_fires_on_an_open_default_user(changes: dict[str, object]) -> None:
    messages = analyze(changed(**changes)).violations[POLICY]

    assert len(messages) == 1
    assert part(messages[0], "found").startswith('userName "default", ')
    assert part(messages[0], "fix").startswith('accessString: "off -@all"')


@pytest.mark.parametrize(
    "changes",
    [
        {**OPEN, "noPasswordRequired": REMOVED, "passwords": secret([MARKER_PASSWORD])},
        {**OPEN, "noPasswordRequired": REMOVED, "passwords": secret(UNKNOWN)},
        {**OPEN, "noPasswordRequired": REMOVED, "authenticationMode": {"type": "password", "passwordCount": 1}},
        {**OPEN, "noPasswordRequired": REMOVED, "authenticationMode": {"type": "iam"}},
        {**OPEN, "noPasswordRequired": False},
        {**OPEN, "noPasswordRequired": REMOVED, "passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
    ],
)
def test_passes_with_a_credential(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {**OPEN, "userName": "Default"},
        {**OPEN, "userName": "default-reader"},
        {**OPEN, "userName": REMOVED},
        {**OPEN, "accessString": "off -@all"},
        {**OPEN, "accessString": "off ~* +@all"},
        {**OPEN, "accessString": "~* +@all"},
        {**OPEN, "engine": "valkey"},
    ],
)
def test_does_not_apply_to_other_users_nor_to_one_who_is_off(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "n/a"


@pytest.mark.parametrize(
    "changes",
    [
        {**OPEN, "userName": UNKNOWN},
        {**OPEN, "noPasswordRequired": UNKNOWN},
        {**OPEN, "noPasswordRequired": REMOVED, "authenticationMode": UNKNOWN},
    ],
)
def test_says_when_it_cannot_tell(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "unknown"


def test_an_unknown_string_counts_as_on_and_is_not_quoted() -> None:
    message = analyze(changed(**OPEN, accessString=UNKNOWN)).violations[POLICY][0]

    assert 'accessString "' not in part(message, "found")

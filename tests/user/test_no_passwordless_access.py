"""elasticache-user-no-passwordless-access: on, not named default, and needs no credential."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-no-passwordless-access"
NONE = {"engine": "redis", "authenticationMode": REMOVED, "noPasswordRequired": True}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        (NONE, "noPasswordRequired: true"),
        ({**NONE, "noPasswordRequired": "true"}, "noPasswordRequired: true"),
        ({**NONE, "noPasswordRequired": secret(True)}, "noPasswordRequired: true"),
        (
            {"engine": "redis", "authenticationMode": {"type": "no-password-required"}},
            "authenticationMode.type no-password-required",
        ),
        (
            {"engine": "redis", "authenticationMode": {"type": "no-password", "passwordCount": 0}},
            "authenticationMode.type no-password",
        ),
        ({**NONE, "accessString": UNKNOWN}, "noPasswordRequired: true"),
        ({**NONE, "accessString": "on -@all"}, "noPasswordRequired: true"),
        ({**NONE, "engine": UNKNOWN}, "noPasswordRequired: true"),
        ({**NONE, "engine": "REDIS"}, "noPasswordRequired: true"),
        ({**NONE, "userName": "Default"}, "noPasswordRequired: true"),
        ({**NONE, "userId": "default"}, "noPasswordRequired: true"),
        ({**NONE, "userName": UNKNOWN}, "noPasswordRequired: true"),
        ({**NONE, "passwords": []}, "noPasswordRequired: true"),
    ],
)
def test_fires_without_a_credential(changes: dict[str, object], seen: str) -> None:
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "redis"},
        {"engine": "redis", "authenticationMode": {"type": "password"}},
        {"engine": "redis", "authenticationMode": {"type": "iam"}, "noPasswordRequired": False},
        {"engine": "redis", "authenticationMode": {"type": "iam"}, "noPasswordRequired": True},
        {"engine": "redis", "authenticationMode": {"type": "no-passwords"}},
        {"engine": "redis", "authenticationMode": REMOVED},
        {"engine": "redis", "authenticationMode": REMOVED, "noPasswordRequired": False},
        {"engine": "redis", "authenticationMode": REMOVED, "noPasswordRequired": "yes"},
        {"engine": "redis", "authenticationMode": REMOVED, "noPasswordRequired": 1},
        {**NONE, "passwords": secret([MARKER_PASSWORD])},
        {**NONE, "passwords": secret(UNKNOWN)},
        {**NONE, "passwordsWo": secret(MARKER_PASSWORD)},
        {**NONE, "passwordsWoVersion": 1},
    ],
)
def test_passes_with_one(changes: dict[str, object]) -> None:
    """Passwords beside noPasswordRequired are for valid-authentication: AWS rejects such a user."""
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    "changes",
    [
        {**NONE, "accessString": "off -@all"},
        {**NONE, "accessString": "~* +@all"},
        {**NONE, "accessString": REMOVED},
        {**NONE, "userName": "default"},
        {**NONE, "engine": "valkey"},
        {**NONE, "engine": "Valkey"},
    ],
)
def test_does_not_apply_to_users_who_are_off_or_default_or_of_valkey(changes: dict[str, object]) -> None:
    """Each of them is another policy's matter: one cause, one finding."""
    assert analyze(changed(**changes)).outcome(POLICY) == "n/a"


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "redis", "authenticationMode": UNKNOWN},
        {"engine": "redis", "authenticationMode": {"type": UNKNOWN}},
        {**NONE, "noPasswordRequired": UNKNOWN},
    ],
)
def test_says_when_it_cannot_tell(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "unknown"

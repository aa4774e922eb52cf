"""elasticache-user-no-plaintext-passwords: fires when a password property is present and not empty, known or not."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, secret

POLICY = "elasticache-user-no-plaintext-passwords"
PASSWORDS = [MARKER_PASSWORD]


def mode(**properties: object) -> dict[str, object]:
    return {"type": "password", **properties}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        pytest.param(
            {"passwords": PASSWORDS}, "passwords holds 1 password.", id="a literal without the provider's mark"
        ),
        pytest.param({"passwords": secret(PASSWORDS)}, "passwords holds 1 password.", id="marked secret"),
        pytest.param({"passwords": secret([*PASSWORDS, "b" * 16])}, "passwords holds 2 passwords.", id="two"),
        pytest.param({"passwords": [secret(MARKER_PASSWORD)]}, "passwords holds 1 password.", id="marked one by one"),
        pytest.param(
            {"passwords": secret(UNKNOWN)},
            "passwords is set, to what is not known until the deployment runs.",
            id="not known yet",
        ),
        pytest.param({"passwords": "[secret]"}, "passwords is set.", id="redacted list"),
        pytest.param({"passwords": ["[secret]"]}, "passwords holds 1 password.", id="redacted element"),
        pytest.param({"passwords": MARKER_PASSWORD}, "passwords is set.", id="a string in place of the list"),
        pytest.param({"passwords": {"a": MARKER_PASSWORD}}, "passwords is set.", id="an object in place of the list"),
        pytest.param({"passwords": 5}, "passwords is set.", id="a number in place of the list"),
        pytest.param({"passwords": [""]}, "passwords holds 1 password.", id="an empty password"),
        pytest.param({"passwords": [None, MARKER_PASSWORD]}, "passwords holds 1 password.", id="a null beside it"),
        pytest.param(
            {"authenticationMode": mode(passwords=PASSWORDS)},
            "authenticationMode.passwords holds 1 password.",
            id="nested",
        ),
        pytest.param(
            {"authenticationMode": mode(passwords=secret(PASSWORDS))},
            "authenticationMode.passwords holds 1 password.",
            id="nested, marked secret",
        ),
        pytest.param(
            {"authenticationMode": mode(passwords=secret([MARKER_PASSWORD, UNKNOWN]))},
            "authenticationMode.passwords holds 2 passwords.",
            id="nested, one of them not known yet",
        ),
        pytest.param(
            {"authenticationMode": mode(passwords="[secret]")},
            "authenticationMode.passwords is set.",
            id="nested, redacted",
        ),
        pytest.param(
            {"passwords": secret(PASSWORDS), "authenticationMode": mode(passwords=secret(PASSWORDS))},
            "passwords holds 1 password and authenticationMode.passwords holds 1 password.",
            id="in both places, reported once",
        ),
        pytest.param(
            {"passwords": secret(PASSWORDS), "authenticationMode": UNKNOWN},
            "passwords holds 1 password.",
            id="beside a mode that is not known yet",
        ),
        pytest.param(
            {"passwords": secret(PASSWORDS), "accessString": "off -@all"}, "passwords holds 1 password.", id="off"
        ),
        pytest.param(
            {"passwords": secret(PASSWORDS), "authenticationMode": {"type": "password", "passwordCount": 1}},
            "passwords holds 1 password.",
            id="refreshed state beside the program's passwords",
        ),
    ],
)
def test_fires_and_says_what_is_there(changes: dict[str, object], seen: str) -> None:
    """A stored password is a finding, reported once, by property path and count, never by its value."""
    messages = analyze(changed(**changes)).violations[POLICY]

    assert len(messages) == 1
    assert messages[0].splitlines()[0] == seen


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="the good user"),
        pytest.param({"passwords": None}, id="null"),
        pytest.param({"passwords": []}, id="empty"),
        pytest.param({"passwords": secret([])}, id="empty, marked secret"),
        pytest.param({"passwords": secret(None)}, id="null, marked secret"),
        pytest.param({"passwords": [None]}, id="a null element: what was unknown may turn out to be nothing"),
        pytest.param({"passwords": ""}, id="an empty string"),
        pytest.param({"passwords": {}}, id="an empty object"),
        pytest.param({"authenticationMode": mode()}, id="mode without a list"),
        pytest.param({"authenticationMode": mode(passwords=[])}, id="nested, empty"),
        pytest.param({"authenticationMode": mode(passwords=None)}, id="nested, null"),
        pytest.param({"authenticationMode": mode(passwordCount=2)}, id="AWS holds passwords, the state does not"),
        pytest.param({"authenticationMode": {"type": "no-password"}}, id="refreshed, without a password"),
        pytest.param({"authenticationMode": REMOVED}, id="no mode"),
        pytest.param({"authenticationMode": "password"}, id="a string in place of the mode"),
        pytest.param({"authenticationMode": {"passwords": None, "password": "x" * 16}}, id="another property"),
        pytest.param(
            {"authenticationMode": REMOVED, "passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
            id="write-only password: reported by iam-authentication",
        ),
        pytest.param({"noPasswordRequired": True, "authenticationMode": REMOVED}, id="no password at all"),
        pytest.param({"Passwords": PASSWORDS}, id="another spelling is another property"),
        pytest.param({"tags": {"passwords": "none"}}, id="a tag of that name"),
    ],
)
def test_passes(changes: dict[str, object]) -> None:
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("whole_mode", "why"),
    [
        pytest.param(UNKNOWN, "authenticationMode is not known until the deployment runs", id="not known yet"),
        pytest.param(secret(UNKNOWN), "authenticationMode is not known until the deployment runs", id="and secret"),
        pytest.param("[secret]", "authenticationMode is a secret that cannot be read here", id="redacted"),
    ],
)
def test_says_when_it_cannot_look_inside_the_mode(whole_mode: object, why: str) -> None:
    """What hides the passwords is reported as advice, so that nobody takes it for a pass."""
    answer = analyze(changed(authenticationMode=whole_mode))

    assert why in answer.notes[POLICY]


def test_offers_the_default_user_no_iam() -> None:
    """AWS cannot authenticate the user named default by IAM, so the message must not send people there."""
    properties = changed(userName="default", userId="new-default", passwords=PASSWORDS, authenticationMode=REMOVED)
    message = analyze(properties).violations[POLICY][0]

    assert "switch it off" in message
    assert "{type: iam}" not in message

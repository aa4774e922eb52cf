"""elasticache-user-valid-authentication: what AWS rejects, each fault once; nothing of what cannot be read."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-valid-authentication"
GOOD = [MARKER_PASSWORD]
OTHER = MARKER_PASSWORD[::-1]
REDIS = {"engine": "redis", "authenticationMode": REMOVED}


def mode(kind: object = "password", **properties: object) -> dict[str, object]:
    return {"type": kind, **properties}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        (
            {**REDIS, "passwords": secret(["a" * 16, "b" * 16, "c" * 16])},
            "passwords holds 3 passwords, and a user has two at most",
        ),
        (
            {"authenticationMode": mode(passwords=["a" * 16, "b" * 16, "[secret]"])},
            "authenticationMode.passwords holds 3 passwords, and a user has two at most",
        ),
        (
            {"authenticationMode": mode(passwords=["password1", "password2"])},
            "authenticationMode.passwords holds 2 passwords shorter than 16 or longer than 128 characters",
        ),
        (
            {**REDIS, "passwords": secret(["a" * 15])},
            "passwords holds a password shorter than 16 or longer than 128 characters",
        ),
        (
            {**REDIS, "passwords": [secret("a" * 129), "b" * 128]},
            "passwords holds a password shorter than 16 or longer than 128 characters",
        ),
        (
            {**REDIS, "passwords": [""]},
            "passwords holds a password shorter than 16 or longer than 128 characters",
        ),
        *(
            (
                {**REDIS, "passwords": secret(["a" * 15 + character])},
                'passwords holds a password with a character that AWS forbids: , " / @ or an unprintable one',
            )
            for character in (",", '"', "/", "@", "\n", "\x00")
        ),
        ({**REDIS, "passwords": secret(GOOD * 2)}, "passwords holds the same password twice"),
        (
            {**REDIS, "passwords": secret(["a/" * 20, "b" * 3, "b" * 3])},
            "passwords holds 3 passwords, and a user has two at most; "
            "passwords holds 2 passwords shorter than 16 or longer than 128 characters; "
            'passwords holds a password with a character that AWS forbids: , " / @ or an unprintable one; and 1 more',
        ),
        (
            {"engine": "redis", "passwords": GOOD, "authenticationMode": mode(passwords=[OTHER])},
            "passwords and authenticationMode.passwords are both set",
        ),
        ({**REDIS, "passwords": GOOD, "passwordsWo": OTHER}, "passwordsWo is set beside passwords"),
        ({**REDIS, "passwords": secret(UNKNOWN), "passwordsWoVersion": 1}, "passwordsWo is set beside passwords"),
        (
            {"passwordsWo": MARKER_PASSWORD, "authenticationMode": mode("iam")},
            "passwordsWo is set beside authenticationMode",
        ),
        (
            {**REDIS, "passwordsWo": "short"},
            "passwordsWo holds a password shorter than 16 or longer than 128 characters",
        ),
        (
            {"authenticationMode": mode("iam", passwords=GOOD)},
            "authenticationMode.passwords is set beside authenticationMode.type iam",
        ),
        ({"passwords": secret(UNKNOWN)}, "passwords is set beside authenticationMode.type iam"),
        (
            {"engine": "redis", "authenticationMode": mode("no-password-required", passwords=GOOD)},
            "authenticationMode.passwords is set beside authenticationMode.type no-password-required",
        ),
        ({"authenticationMode": mode()}, "authenticationMode.type is password, but no password is set"),
        ({"authenticationMode": mode(passwords=[])}, "authenticationMode.type is password, but no password is set"),
        ({"noPasswordRequired": True}, "noPasswordRequired is true beside authenticationMode.type iam"),
        (
            {"authenticationMode": mode(passwords=GOOD), "noPasswordRequired": True},
            "noPasswordRequired is true beside authenticationMode.type password",
        ),
        (
            {**REDIS, "passwords": GOOD, "noPasswordRequired": True},
            "noPasswordRequired is true beside passwords",
        ),
        (
            {**REDIS, "passwordsWo": OTHER, "passwordsWoVersion": 1, "noPasswordRequired": "true"},
            "noPasswordRequired is true beside passwordsWo",
        ),
        (
            {"userName": "default"},
            'userName "default" cannot log in with IAM: its userId would have to be "default", which AWS has taken',
        ),
        ({"userName": "other"}, "userId and userName differ, and with IAM they must be the same"),
        (
            {"authenticationMode": mode("ldap")},
            "authenticationMode.type is none of iam, password and no-password-required",
        ),
        (
            {"authenticationMode": mode("")},
            "authenticationMode.type is none of iam, password and no-password-required",
        ),
        ({"authenticationMode": mode(5)}, "authenticationMode.type is none of iam, password and no-password-required"),
        (
            {"authenticationMode": mode("no-password-required")},
            "authenticationMode.type no-password-required needs no credential, "
            "which users of engine valkey cannot have",
        ),
        (
            {"authenticationMode": REMOVED, "noPasswordRequired": True},
            "noPasswordRequired: true needs no credential, which users of engine valkey cannot have",
        ),
        (
            {"authenticationMode": REMOVED, "accessString": "off -@all", "noPasswordRequired": True},
            "noPasswordRequired: true needs no credential, which users of engine valkey cannot have",
        ),
        (
            {"authenticationMode": REMOVED},
            "engine valkey needs authenticationMode with a type, or passwords, and has neither",
        ),
        (
            {"authenticationMode": UNKNOWN, "passwords": secret(["short"])},
            "passwords holds a password shorter than 16 or longer than 128 characters",
        ),
    ],
)
def test_fires_once_with_every_fault(changes: dict[str, object], seen: str) -> None:
    messages = analyze(changed(**changes)).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"userName": "App-Reader"},
        {"userName": UNKNOWN},
        {"userId": REMOVED},
        {"noPasswordRequired": False},
        {"authenticationMode": mode("IAM")},
        {"authenticationMode": mode("iam", passwordCount=0)},
        {"authenticationMode": mode(passwords=GOOD)},
        {"authenticationMode": mode(passwords=[MARKER_PASSWORD, OTHER]), "userName": "other"},
        {"authenticationMode": mode(passwordCount=1)},
        {"authenticationMode": mode(passwordCount=2.0)},
        {"authenticationMode": mode(passwords=secret([MARKER_PASSWORD, UNKNOWN]))},
        {"authenticationMode": mode(passwords=["[secret]", "[secret]"])},
        {"authenticationMode": mode(passwords="[secret]")},
        {**REDIS, "passwords": "[secret]"},
        {**REDIS, "passwords": secret(UNKNOWN)},
        {**REDIS, "passwords": secret(["a" * 16])},
        {**REDIS, "passwords": secret(["a" * 128])},
        {**REDIS, "passwords": ["a-str0ng-pa))word"]},
        {**REDIS, "passwords": ["ünïcödé-pässwörd"]},
        {**REDIS, "passwords": ["with spaces in between"]},
        {**REDIS, "passwords": [MARKER_PASSWORD, MARKER_PASSWORD.upper()]},
        {**REDIS, "passwordsWo": MARKER_PASSWORD, "passwordsWoVersion": 1},
        {**REDIS, "passwordsWoVersion": 3},
        {"authenticationMode": REMOVED, "passwordsWo": secret(UNKNOWN), "passwordsWoVersion": 1},
        {**REDIS, "noPasswordRequired": True},
        REDIS,
        {"engine": "redis", "authenticationMode": mode("no-password-required")},
        {"engine": "redis", "authenticationMode": mode("no-password", passwordCount=0), "noPasswordRequired": True},
        {"authenticationMode": mode(UNKNOWN)},
        {"authenticationMode": REMOVED, "engine": UNKNOWN},
    ],
)
def test_passes_what_aws_accepts_and_what_is_not_known(changes: dict[str, object]) -> None:
    """Equal ids but for case are for lower-case names; what is undocumented is passed in silence."""
    assert analyze(changed(**changes)).outcome(POLICY) == "passes"


@pytest.mark.parametrize("whole_mode", [UNKNOWN, "[secret]"])
def test_says_when_the_mode_cannot_be_read(whole_mode: object) -> None:
    assert analyze(changed(authenticationMode=whole_mode)).outcome(POLICY) == "unknown"

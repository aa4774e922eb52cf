"""One cause, one finding: each cause belongs to one policy, but for what the first four policies share."""

from itertools import product

import pytest

from tests.support.users import GOOD_USER, MARKER_PASSWORD, REMOVED, analyze, changed, configured, secret

PASSWORDS = "elasticache-user-no-plaintext-passwords"
BROAD = "elasticache-user-no-broad-access"
IAM = "elasticache-user-iam-authentication"
NAMES = "elasticache-user-lowercase-names"
PASSWORDLESS = "elasticache-user-no-passwordless-access"
DEFAULT = "elasticache-user-restricted-default-user"
STRING = "elasticache-user-valid-access-string"
AUTHENTICATION = "elasticache-user-valid-authentication"
ENGINE = "elasticache-user-supported-engine"
WIDE = "elasticache-user-no-cache-wide-commands"
KEYS = "elasticache-user-scoped-keys"

SCOPED = GOOD_USER["accessString"]
REDIS_SCOPED = "on ~app:* -@all +@read +@write -@dangerous -@scripting -scan -randomkey"
PASSWORD = secret([MARKER_PASSWORD])
NO_MODE = {"authenticationMode": REMOVED}
CAUSES = [
    pytest.param({}, set(), id="nothing wrong"),
    pytest.param({**NO_MODE, "passwords": PASSWORD}, {PASSWORDS, IAM}, id="a password in place of IAM"),
    pytest.param({"accessString": "on ~* +@all"}, {BROAD}, id="the whole cache"),
    pytest.param({"accessString": "on ~app:* +@all"}, {WIDE}, id="commands that ignore keys"),
    pytest.param({"userId": "App", "userName": "App"}, {NAMES}, id="upper case"),
    pytest.param({"userId": "App", "userName": "app"}, {NAMES}, id="upper case in one of them"),
    pytest.param({"userName": "other"}, {AUTHENTICATION}, id="IAM with another name"),
    pytest.param({"engine": "memcached"}, {ENGINE}, id="no such engine"),
    pytest.param({"accessString": f"{SCOPED} get"}, {STRING}, id="a word that is not a rule"),
    pytest.param({"accessString": f"{SCOPED} >{MARKER_PASSWORD}"}, {STRING}, id="a password in the string"),
    pytest.param(
        {"engine": "redis", "accessString": REDIS_SCOPED, **NO_MODE, "noPasswordRequired": True},
        {IAM, PASSWORDLESS},
        id="no credential",
    ),
    pytest.param(
        {
            "userName": "default",
            "engine": "redis",
            "accessString": REDIS_SCOPED,
            **NO_MODE,
            "noPasswordRequired": True,
        },
        {DEFAULT},
        id="the open default user",
    ),
    pytest.param({**NO_MODE, "noPasswordRequired": True}, {IAM, AUTHENTICATION}, id="no credential on Valkey"),
    pytest.param(NO_MODE, {IAM, AUTHENTICATION}, id="no way to log in on Valkey"),
    pytest.param(
        {**NO_MODE, "passwords": secret(["short"])}, {PASSWORDS, IAM, AUTHENTICATION}, id="a password that is too short"
    ),
    pytest.param(
        {**NO_MODE, "passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1}, {IAM}, id="write-only password"
    ),
    pytest.param({"accessString": "off ~* +@all"}, set(), id="off"),
    pytest.param(
        {"accessString": "off get", **NO_MODE, "passwords": PASSWORD}, {PASSWORDS, STRING}, id="off, and still wrong"
    ),
    # the guide's three users
    pytest.param(
        {
            "userId": "testUserId",
            "userName": "testUserName",
            "accessString": "on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset "
            "-hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember",
            "engine": "redis",
            **NO_MODE,
            "passwords": secret(["password123456789"]),
        },
        {PASSWORDS, IAM, NAMES, WIDE},
        id="the guide's first user",
    ),
    pytest.param(
        {
            "userId": "testUserId",
            "userName": "testUserName",
            "accessString": "on ~* +@all",
            "engine": "redis",
            "authenticationMode": {"type": "iam"},
        },
        {BROAD, NAMES, AUTHENTICATION},
        id="the guide's second user",
    ),
    pytest.param(
        {
            "userId": "testUserId",
            "userName": "testUserName",
            "accessString": "on ~* +@all",
            "engine": "redis",
            "authenticationMode": {"type": "password", "passwords": secret(["password1", "password2"])},
        },
        {PASSWORDS, BROAD, IAM, NAMES, AUTHENTICATION},
        id="the guide's third user",
    ),
]


@pytest.mark.parametrize(("changes", "policies"), CAUSES)
def test_a_cause_is_reported_by_its_policies_and_by_no_other(changes: dict[str, object], policies: set[str]) -> None:
    """And by each of them once."""
    violations = analyze(changed(**changes)).violations

    assert set(violations) == policies
    assert all(len(messages) == 1 for messages in violations.values())


MODES: list[object] = [
    REMOVED,
    {"type": "iam"},
    {"type": "password"},
    {"type": "password", "passwords": PASSWORD},
    {"type": "no-password-required"},
    {"type": "no-password", "passwordCount": 0},
]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: "absent" if mode is REMOVED else str(mode))
def test_every_combination_of_authentication_inputs(mode: object) -> None:
    """However the inputs are combined, no two policies outside the first four report the same thing."""
    for engine, passwords, written, flag, name in product(
        ("redis", "valkey"),
        (REMOVED, PASSWORD),
        (REMOVED, secret(MARKER_PASSWORD[::-1])),
        (REMOVED, True),
        ("app", "default"),
    ):
        properties = changed(
            engine=engine,
            userId="app",
            userName=name,
            accessString=SCOPED if engine == "valkey" else REDIS_SCOPED,
            authenticationMode=mode,
            passwords=passwords,
            passwordsWo=written,
            noPasswordRequired=flag,
        )
        violations = analyze(properties).violations
        reported = set(violations) - {PASSWORDS, IAM}

        assert reported <= {PASSWORDLESS, DEFAULT, AUTHENTICATION}
        assert len(reported & {PASSWORDLESS, DEFAULT}) <= 1
        if engine == "valkey":
            assert not reported & {PASSWORDLESS, DEFAULT}
        if reported & {PASSWORDLESS, DEFAULT} and AUTHENTICATION in reported:
            seen = violations[AUTHENTICATION][0].splitlines()[0]
            assert "credential" not in seen, "the missing credential is reported twice"
        assert all(len(messages) == 1 for messages in violations.values())


@pytest.mark.parametrize(
    ("access_string", "policies"),
    [
        ("on ~* +@all", {BROAD}),
        ("on ~* +get", {KEYS}),
        ("on ~* +@all -@dangerous", {KEYS, WIDE}),
        ("on ~app:* +@all", {WIDE}),
        ("on ~app:* +get", set()),
    ],
)
def test_breadth_is_reported_once(access_string: str, policies: set[str]) -> None:
    """With scoped keys switched on: too many keys and too many commands are two causes, both together a third."""
    answer = analyze(changed(accessString=access_string), pack=configured(KEYS))

    assert set(answer.violations) == policies

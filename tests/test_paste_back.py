"""Whoever pastes every fix of every finding of a user, and judges again, is done after two rounds at most.

The fixes are read as a person reads them: properties with their values, names to write, properties to remove. Nothing
of the pack's own code takes part in that.
"""

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

import pytest
from pulumi.runtime import proto

from tests.support.users import MARKER_PASSWORD, analyze, configured_all, part, secret

ROUNDS: Final = 2
USERS: Final = 500
BATCHES: Final = 5

ACCESS_STRINGS: Final = """
on ~* +@all
on ~* &* +@all
on allkeys allcommands
on ~* +@all -@dangerous
on ~* +@all -@dangerous -@scripting
on ~* +@read
on ~* -@all +@read +@write
on ~* -@all +@read +@write -flushall -flushdb -swapdb
on %R~* +@all
on %W~* +@write
on %R~* +@read
on ~*:* +@all
on ~[a-z]* +@read +@write
on ~app:* +@all
on ~app:* +@read +@write
on ~app:* +@read
on ~app:* -@all +get +set +del
on ~app:* -@all +@string +@hash
on ~app:* +@all -@admin -@dangerous +sort +info
on ~app:* +@all (~shared:* +@read)
on ~bull:* +@all
on ~celery* ~_kombu* &* +@all -@dangerous +keys
on ~session:* +@read +@write +@connection +@transaction +@scripting
on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel
on ~* +@slow
on ~app:* +eval +evalsha +get
on ~* +client|kill +ping
on ~app:* get
on app:* +get
on ~app:*,+get
on ~app:* +get +set -@all
on ~* ~app:* +get
on ~app:* +@all >made-up-password-16
on ~app:* +@all +config
on (~app:* +get
on ~app:*\u00a0+get
off -@all
off ~* +@all
off get
~* +@all
""".strip("\n").split("\n")
NAMES: Final = [
    ("app", "app"),
    ("App", "App"),
    ("testUserId", "testUserName"),
    ("app", "other"),
    ("my_app", "my_app"),
    ("orders-api", "orders-api"),
    ("Orders", "orders"),
    ("app", "my app"),
    ("Default", "Default"),
    ("stock", "default"),
    ("DefaultUser", "default"),
]
PASSWORD: Final = secret([MARKER_PASSWORD])
LOGINS: Final[list[Mapping[str, Any]]] = [
    {"authenticationMode": {"type": "iam"}},
    {"authenticationMode": {"type": "IAM"}},
    {"passwords": PASSWORD},
    {"passwords": secret(["short"])},
    {"passwords": secret([MARKER_PASSWORD] * 2)},
    {"authenticationMode": {"type": "password", "passwords": PASSWORD}},
    {"authenticationMode": {"type": "password"}},
    {"authenticationMode": {"type": "iam"}, "passwords": PASSWORD},
    {"authenticationMode": {"type": "iam"}, "noPasswordRequired": True},
    {"authenticationMode": {"type": "no-password-required"}},
    {"noPasswordRequired": True},
    {"noPasswordRequired": True, "passwords": PASSWORD},
    {"passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
    {"passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1, "authenticationMode": {"type": "iam"}},
    {"authenticationMode": {"type": "ldap"}},
    {},
]
ENGINES: Final = ["redis", "redis", "valkey", "valkey", "REDIS", "memcached", "r\u0435dis"]
CONFIGURATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "default": {},
    "strict": {
        "elasticache-user-no-cache-wide-commands": {"enforcementLevel": "mandatory"},
        "elasticache-user-scoped-keys": {"enforcementLevel": "mandatory"},
        "elasticache-user-required-tags": {"enforcementLevel": "mandatory", "tags": ["Owner", "CostCenter"]},
    },
    "every key": {"elasticache-user-no-broad-access": {"enforcementLevel": "mandatory", "breadth": "every-key"}},
}


def users(seed: int) -> Iterator[dict[str, Any]]:
    """Users without end, most of them wrong in several ways."""
    random = Random(seed)
    while True:
        user_id, user_name = random.choice(NAMES)
        yield {
            "userId": user_id,
            "userName": user_name,
            "engine": random.choice(ENGINES),
            "accessString": random.choice(ACCESS_STRINGS),
            **random.choice(LOGINS),
        }


def pasted(user: Mapping[str, Any], fix: str) -> dict[str, Any] | None:
    """The user after a fix is pasted; None where the user goes."""
    if fix.startswith("remove this user"):
        return None
    after = dict(user)
    if found := re.search(r'accessString: "([^"]*)"', fix):
        after["accessString"] = found[1]
    if found := re.search(r'authenticationMode: \{type: "([^"]*)"\}', fix):
        after["authenticationMode"] = {"type": found[1]}
    if found := re.search(r'userId and userName: "([^"]*)"', fix):
        after["userId"] = after["userName"] = found[1]
    if found := re.search(r'engine: "([^"]*)"', fix):
        after["engine"] = found[1]
    if found := re.search(r"tags: \{(.*?)\}", fix):
        after["tags"] = {**user.get("tags", {}), **dict(re.findall(r'"([^"]+)": "([^"]+)"', found[1]))}
    for removal in re.findall(r"remove ([\w., ]+)", fix):
        for name in re.findall(r"[a-zA-Z.]+", removal):
            after.pop(name, None)
            if name == "passwordsWo":
                after.pop("passwordsWoVersion", None)
    return after


def mandatory_of(answer: Any) -> set[str]:
    return {shown.policyName for shown in answer.response.diagnostics if shown.enforcementLevel == proto.MANDATORY}


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_pasting_every_fix_ends_after_two_rounds(batch: int, configuration: str) -> None:
    """And no round brings a mandatory finding that was not there."""
    pack = configured_all(CONFIGURATIONS[configuration])
    corpus = users(batch)
    for _ in range(USERS // BATCHES):
        original = user = next(corpus)
        answer = analyze(user, pack=pack)
        first = mandatory_of(answer)
        history = [answer.violations]
        for _round in range(ROUNDS):
            if not mandatory_of(answer):
                break
            for messages in answer.violations.values():
                for message in messages:
                    after = pasted(user, part(message, "fix"))
                    if after is None:
                        user = {}
                        break
                    user = after
            if not user:
                break
            answer = analyze(user, pack=pack)
            history.append(answer.violations)
            assert mandatory_of(answer) <= first, (original, user, history)
        assert not user or not mandatory_of(answer), (original, user, history)


def test_the_fixes_of_one_user_agree_on_one_name() -> None:
    """Whichever is pasted first: one new name for id and user name, and never `default`."""
    corpus = users(99)
    for _ in range(USERS):
        user = next(corpus)
        found = {
            name
            for messages in analyze(user).violations.values()
            for message in messages
            for name in re.findall(r'userId and userName: "([^"]*)"', part(message, "fix"))
        }
        assert len(found) <= 1, (user, found)
        assert "default" not in found
        assert not {name for name in found if name in {str(user["userId"]).lower(), str(user["userName"]).lower()}}

"""elasticache-stack-valid-groups: members that AWS refuses, as far as the stack shows them."""

from typing import Any

import pytest

from tests.support.stacks import analyze_stack, association, blamed, group, urn, user
from tests.support.users import REMOVED, UNKNOWN, Answer, part

POLICY = "elasticache-stack-valid-groups"
NONE: dict[str, Any] = {"authenticationMode": {"type": "no-password"}}
DEFAULT: dict[str, Any] = {"userName": "default", "engine": "redis"}


def judge(*resources: object, seed: int = 0) -> Answer:
    return analyze_stack(*resources, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        ([group("g", ["a"], engine="redis"), user("a", engine="redis")], 'no user in userIds is named "default"'),
        ([group("g", [], engine="redis")], 'no user in userIds is named "default"'),
        ([group("g", ["a"], engine="REDIS"), user("a", userName="Default", engine="redis")], "no user in userIds is"),
        (
            [group("g", ["d", "a"], engine="redis"), user("d", **DEFAULT), user("a", engine="valkey")],
            'userIds holds "a": engine valkey, in a group for Redis OSS',
        ),
        (
            [group("g", ["a"]), user("a", **NONE)],
            'userIds holds "a": no credential, in a group for Valkey',
        ),
        (
            [group("g", ["a"], engine="Valkey"), user("a", authenticationMode=REMOVED, noPasswordRequired=True)],
            'userIds holds "a": no credential, in a group for Valkey',
        ),
        (
            [group("g", []), user("a", **NONE), association("x", "g", "a")],
            'userIds holds "a": no credential, in a group for Valkey',
        ),
    ],
)
@pytest.mark.parametrize("seed", range(2))
def test_fires_on_the_group(resources: list[object], found: str, seed: int) -> None:
    answer = judge(*resources, seed=seed)

    assert blamed(answer, POLICY) == ["g"]
    assert part(answer.violations[POLICY][0], "found").startswith(found)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([group("g", ["d"], engine="redis"), user("d", **DEFAULT)], id="a default of its own"),
        pytest.param([group("g", ["default"], engine="redis")], id="the stock default"),
        pytest.param([group("g", ["elsewhere"], engine="redis")], id="a user of another stack"),
        pytest.param([group("g", UNKNOWN, engine="redis"), user("a")], id="not known yet"),
        pytest.param([group("g", [UNKNOWN, "a"], engine="redis"), user("a", engine="redis")], id="one not known yet"),
        pytest.param(
            [group("g", ["a"], engine="redis"), user("a", engine="redis", userName=UNKNOWN)], id="a name not known yet"
        ),
        pytest.param(
            [group("g", ["a"], engine="redis"), user("a", engine="redis"), association("x", "g", UNKNOWN)],
            id="an association not known yet",
        ),
        pytest.param(
            [
                group("g", ["a"], engine="redis"),
                user("a", engine="redis"),
                user("d", **DEFAULT),
                association("x", "g", "d"),
            ],
            id="a default by association",
        ),
        pytest.param([group("g", ["a"]), user("a")], id="IAM in a group for Valkey"),
        pytest.param([group("g", ["a"]), user("a", engine="redis")], id="a Redis user in a group for Valkey"),
        pytest.param([group("g", ["a"]), user("a", authenticationMode=UNKNOWN)], id="a mode not known yet"),
        pytest.param([group("g", ["a"], engine=UNKNOWN), user("a", **NONE)], id="an engine not known yet"),
        pytest.param([group("g", ["a"], engine="memcached"), user("a", **NONE)], id="another engine"),
        pytest.param(
            [group("g", UNKNOWN, {"userIds": [urn("d")]}, engine="redis"), user("d", **DEFAULT)], id="by dependency"
        ),
    ],
)
def test_passes(resources: list[object]) -> None:
    assert judge(*resources).outcome(POLICY) == "passes"


def test_does_not_apply_without_groups() -> None:
    assert judge(user("a")).outcome(POLICY) == "n/a"

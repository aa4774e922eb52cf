"""elasticache-stack-users-in-groups: no group in the stack holds the user; off by default."""

import pytest

from tests.support.stacks import analyze_stack, association, blamed, group, urn, user
from tests.support.users import UNKNOWN, Answer

POLICY = "elasticache-stack-users-in-groups"
ON = {POLICY: {"enforcementLevel": "mandatory"}}


def judge(*resources: object, seed: int = 0) -> Answer:
    return analyze_stack(*resources, configuration=ON, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_fires_on_each_user_outside_in_one_order(seed: int) -> None:
    answer = judge(user("c"), user("a"), user("b"), group("apps", ["b"]), seed=seed)

    assert blamed(answer, POLICY) == ["a", "c"]


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([group("apps", ["app"])], id="by id"),
        pytest.param([group("apps", ["APP"])], id="by id in another case"),
        pytest.param([group("one", ["x"]), group("two", ["app", "y"])], id="in the second group"),
        pytest.param([group("apps", UNKNOWN, {"userIds": [urn("app")]})], id="by dependency, all ids unknown"),
        pytest.param([group("apps", ["x", UNKNOWN], {"userIds": [urn("app")]})], id="by dependency, one id unknown"),
        pytest.param([association("member", "apps", "app")], id="by association with a group elsewhere"),
        pytest.param([association("member", "apps", "App"), group("apps", [])], id="by association"),
        pytest.param(
            [association("member", "apps", UNKNOWN, {"userId": [urn("app")]})], id="by association, unknown id"
        ),
        pytest.param([group("apps", ["app"], engine=UNKNOWN, userGroupId=UNKNOWN)], id="a group that is not known yet"),
    ],
)
def test_passes_a_user_whom_something_holds(resources: list[object]) -> None:
    assert judge(user("app"), *resources).outcome(POLICY) == "passes"


def test_a_mixed_case_id_is_the_same_user() -> None:
    assert judge(user("app", userId="App"), group("apps", ["app"])).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    "resources",
    [
        [],
        [group("apps", [])],
        [group("apps", ["other"])],
        [group("apps", None)],
        [group("apps", ["other"], {"userIds": [urn("app")]})],
        [association("member", "apps", "other")],
    ],
)
def test_fires_when_nothing_does(resources: list[object]) -> None:
    """A dependency alone is not a membership: the ids are known, and the user's is not among them."""
    assert judge(user("app"), *resources).outcome(POLICY) == "fires"


@pytest.mark.parametrize(
    "resources",
    [
        [group("apps", UNKNOWN)],
        [group("apps", [UNKNOWN])],
        [group("apps", "[secret]")],
        [association("member", "apps", UNKNOWN)],
    ],
)
def test_says_when_members_are_not_known_yet(resources: list[object]) -> None:
    answer = judge(user("app"), *resources)

    assert answer.outcome(POLICY) == "unknown"
    assert blamed(answer, POLICY) == ["app"]


def test_does_not_apply_without_users_and_is_silent_unless_switched_on() -> None:
    assert judge(group("apps", [])).outcome(POLICY) == "n/a"
    assert POLICY not in str(analyze_stack(user("app")).response)

"""elasticache-user-group-replaced-default-user: a group for Redis that holds the stock user."""

import pytest

from tests.support.stacks import GROUP_TYPE
from tests.support.users import UNKNOWN, Answer, analyze, part, secret

POLICY = "elasticache-user-group-replaced-default-user"


def judge(user_ids: object, engine: object = "redis", **properties: object) -> Answer:
    return analyze({"userGroupId": "apps", "engine": engine, "userIds": user_ids, **properties}, GROUP_TYPE)


@pytest.mark.parametrize(
    "user_ids",
    [
        ["default"],
        ["app", "default"],
        ["Default"],
        ["default", UNKNOWN],
        secret(["default"]),
        [secret("default"), "app"],
        ["default", 5, None],
    ],
)
@pytest.mark.parametrize("engine", ["redis", "REDIS"])
def test_fires_on_the_stock_user(user_ids: object, engine: str) -> None:
    """Ids are compared without case, as ElastiCache stores them in lower case."""
    messages = judge(user_ids, engine).violations[POLICY]

    assert len(messages) == 1
    assert part(messages[0], "found") == 'userIds holds "default", the user that AWS makes with every account'


@pytest.mark.parametrize(
    "user_ids",
    [
        ["app"],
        ["new-default", "app"],
        ["default-user"],
        [UNKNOWN],
        ["app", "[secret]"],
        [],
        None,
        "default",
        {"default": 1},
    ],
)
def test_passes_other_members(user_ids: object) -> None:
    """An id that is not known yet belongs to a user that the program creates."""
    assert judge(user_ids).outcome(POLICY) == "passes"


@pytest.mark.parametrize("engine", ["valkey", "Valkey", "memcached", None, 5])
def test_does_not_apply_to_other_engines(engine: object) -> None:
    assert judge(["default"], engine).outcome(POLICY) == "n/a"


@pytest.mark.parametrize(("user_ids", "engine"), [(UNKNOWN, "redis"), ("[secret]", "redis"), (["default"], UNKNOWN)])
def test_says_when_it_cannot_tell(user_ids: object, engine: object) -> None:
    assert judge(user_ids, engine).outcome(POLICY) == "unknown"


def test_is_about_groups_only() -> None:
    assert POLICY in analyze({"userIds": ["default"], "engine": "redis"}).not_applicable
    assert judge(["default"]).not_applicable.keys() >= {"elasticache-user-no-broad-access"}


ASSOCIATION = "aws:elasticache/userGroupAssociation:UserGroupAssociation"


@pytest.mark.parametrize("user_id", ["default", "Default", secret("default")])
def test_fires_on_an_association_of_the_stock_user(user_id: object) -> None:
    """The engine of its group is not to be seen, so the message says for which engine it counts."""
    (message,) = analyze({"userGroupId": "apps", "userId": user_id}, ASSOCIATION).violations[POLICY]

    assert part(message, "found") == 'userId "default" is the user that AWS makes with every account'
    assert part(message, "risk").startswith("in a group for Redis OSS it is on, without a password")


@pytest.mark.parametrize(
    ("user_id", "outcome"),
    [("app", "passes"), ("default-2", "passes"), (None, "passes"), (5, "passes"), (UNKNOWN, "unknown")],
)
def test_passes_other_associations(user_id: object, outcome: str) -> None:
    assert analyze({"userGroupId": "apps", "userId": user_id}, ASSOCIATION).outcome(POLICY) == outcome

"""elasticache-stack-unique-user-names: two users of one group have the same name."""

import pytest

from tests.support.stacks import GROUP_TYPE, analyze_stack, association, blamed, group, urn, user
from tests.support.users import UNKNOWN, part, secret

POLICY = "elasticache-stack-unique-user-names"


@pytest.mark.parametrize("seed", range(5))
def test_fires_on_the_group_once_for_each_name(seed: int) -> None:
    answer = analyze_stack(
        user("a", userName="reader"),
        user("b", userName="reader"),
        user("c", userName="writer"),
        user("d", userName="writer"),
        user("e", userName="reader"),
        group("apps", ["a", "b", "c", "d"]),
        group("others", ["c", "e"]),
        seed=seed,
    )

    assert blamed(answer, POLICY) == ["apps", "apps"]
    assert [part(message, "found") for message in answer.violations[POLICY]] == [
        'userIds holds users of one name, "reader": "a", "b"',
        'userIds holds users of one name, "writer": "c", "d"',
    ]


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([group("apps", ["A", "B"])], id="ids without case"),
        pytest.param([group("apps", UNKNOWN, {"userIds": [urn("a"), urn("b")]})], id="by dependency"),
        pytest.param([group("apps", ["a"]), association("member", "apps", "b")], id="one by association"),
        pytest.param([group("apps", ["a"]), association("member", "APPS", "B")], id="association without case"),
        pytest.param(
            [
                group("apps", ["a"], userGroupId=UNKNOWN),
                association("member", UNKNOWN, "b", {"userGroupId": [urn("apps", GROUP_TYPE)]}),
            ],
            id="association by dependency",
        ),
    ],
)
def test_finds_members_however_they_are_written(resources: list[object]) -> None:
    users = [user("a", userName="reader"), user("b", userName="reader")]

    assert blamed(analyze_stack(*users, *resources), POLICY) == ["apps"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "resources"),
    [
        ("reader", "Reader", [group("apps", ["a", "b"])]),
        ("reader", "writer", [group("apps", ["a", "b"])]),
        ("reader", "reader", [group("apps", ["a"]), group("others", ["b"])]),
        ("reader", "reader", [group("apps", ["a"]), association("member", "elsewhere", "b")]),
        ("reader", UNKNOWN, [group("apps", ["a", "b"])]),
        (UNKNOWN, UNKNOWN, [group("apps", ["a", "b"])]),
        ("reader", "reader", [group("apps", [])]),
        ("default", "reader", [group("apps", ["a", "b"])]),
    ],
)
def test_passes_different_names_and_different_groups(first: str, second: str, resources: list[object]) -> None:
    """Names are compared with case, as clients log in by them."""
    answer = analyze_stack(user("a", userName=first), user("b", userName=second), *resources)  # type: ignore[arg-type]

    assert answer.outcome(POLICY) == "passes"


def test_the_stock_user_is_named_default_too() -> None:
    answer = analyze_stack(user("a", userName="default"), group("apps", ["a", "default"]))

    assert '"a", the stock user default' in answer.violations[POLICY][0]


def test_a_secret_name_is_not_shown() -> None:
    answer = analyze_stack(user("a", userName=secret("x")), user("b", userName=secret("x")), group("apps", ["a", "b"]))

    assert 'of one name, [secret]: "a", "b"' in answer.violations[POLICY][0]


def test_does_not_apply_without_groups() -> None:
    assert analyze_stack(user("a"), user("b", userName="a")).outcome(POLICY) == "n/a"

"""elasticache-user-required-tags: option tags names a missing tag."""

from typing import Any

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, configured, part, secret

POLICY = "elasticache-user-required-tags"
PACK = configured(POLICY, tags=["Owner", "CostCenter"])
COMPLETE = {"Owner": "shop", "CostCenter": "42"}


def outcome(tags: object) -> str:
    return analyze(changed(tags=tags), pack=PACK).outcome(POLICY)


@pytest.mark.parametrize(
    ("tags", "seen"),
    [
        (REMOVED, 'tags lacks "Owner", "CostCenter"'),
        (None, 'tags lacks "Owner", "CostCenter"'),
        ({}, 'tags lacks "Owner", "CostCenter"'),
        ({"Owner": "shop"}, 'tags lacks "CostCenter"'),
        ({"owner": "shop", "CostCenter": "42"}, 'tags lacks "Owner"'),
        ({"Owner": None, "CostCenter": "42"}, 'tags lacks "Owner"'),
        ([], 'tags lacks "Owner", "CostCenter"'),
        ("Owner", 'tags lacks "Owner", "CostCenter"'),
        (secret({"Owner": "shop"}), 'tags lacks "CostCenter"'),
    ],
)
def test_fires_and_names_what_is_missing(tags: object, seen: str) -> None:
    messages = analyze(changed(tags=tags), pack=PACK).violations[POLICY]

    assert [part(message, "found") for message in messages] == [seen]


@pytest.mark.parametrize(
    "tags",
    [
        COMPLETE,
        {**COMPLETE, "More": "x"},
        {"Owner": "", "CostCenter": ""},
        {"Owner": UNKNOWN, "CostCenter": "42"},
        {"Owner": "[secret]", "CostCenter": secret("42")},
        secret(COMPLETE),
    ],
)
def test_passes_when_all_are_there(tags: object) -> None:
    """A tag whose value is not known yet is there."""
    assert outcome(tags) == "passes"


def test_users_who_are_off_need_their_tags_too() -> None:
    assert analyze(changed(tags={}, accessString="off"), pack=PACK).outcome(POLICY) == "fires"


@pytest.mark.parametrize("tags", [UNKNOWN, "[secret]"])
def test_says_when_the_tags_cannot_be_read(tags: object) -> None:
    assert outcome(tags) == "unknown"


@pytest.mark.parametrize("options", [{}, {"tags": []}])
def test_does_not_apply_without_the_option(options: dict[str, Any]) -> None:
    assert analyze(changed(tags={}), pack=configured(POLICY, **options)).outcome(POLICY) == "n/a"
    assert analyze(changed(tags={})).outcome(POLICY) == "n/a"

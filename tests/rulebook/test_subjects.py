"""Each spelling of a resource is read into the same typed subject, and a new one is shown here before it counts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from elasticache.user import User
from elasticache.user_group import UserGroup, UserGroupAssociation
from rulebook.subjects import READERS, Subject, subject_of

LIMITS: Final = Path(__file__).parents[2] / "docs" / "limits.md"
USER: Final = {
    "userId": "app",
    "userName": "app",
    "engine": "valkey",
    "accessString": "on ~app:* +get",
    "tags": {"a": "b"},
}
GROUP: Final = {"userGroupId": "apps", "engine": "valkey", "userIds": ["app"]}
ASSOCIATION: Final = {"userGroupId": "apps", "userId": "app"}
EXAMPLES: Final[Mapping[str, tuple[Mapping[str, object], type[Subject]]]] = {
    "aws:elasticache/user:User": (USER, User),
    "aws:elasticache:User": (USER, User),
    "aws:elasticache/userGroup:UserGroup": (GROUP, UserGroup),
    "aws:elasticache:UserGroup": (GROUP, UserGroup),
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": (ASSOCIATION, UserGroupAssociation),
    "aws:elasticache:UserGroupAssociation": (ASSOCIATION, UserGroupAssociation),
}
"""Type token to properties as that provider writes them, and what they are read into."""


def test_every_spelling_has_an_example() -> None:
    without = READERS.keys() - EXAMPLES.keys()
    assert not without, f"add an example of {sorted(without)} to EXAMPLES of {__file__}: its properties as they come"
    stray = EXAMPLES.keys() - READERS.keys()
    assert not stray, f"rulebook/subjects.py has no reader of {sorted(stray)}: add a row to READERS"


def test_every_spelling_is_documented() -> None:
    """Readers of the documentation learn which resources the pack sees."""
    text = LIMITS.read_text()
    missing = sorted(token for token in READERS if f"`{token}`" not in text)
    assert not missing, f"name {missing} under Resources in docs/limits.md"


@pytest.mark.parametrize("token", EXAMPLES)
def test_every_spelling_is_read_into_the_same(token: str) -> None:
    properties, kind = EXAMPLES[token]
    subject = subject_of(token, properties)

    assert type(subject) is kind
    match subject:
        case User():
            assert (subject.user_id.known, subject.user_name.known) == ("app", "app")
            assert subject.is_valkey
            assert subject.access_string.known == "on ~app:* +get"
            assert subject.tag_keys == {"a"}
        case UserGroup():
            assert (subject.group_id.known, subject.engine.known) == ("apps", "valkey")
            assert subject.known_user_ids == {"app"}
        case UserGroupAssociation():
            assert (subject.group_id.known, subject.user_id.known) == ("apps", "app")


@pytest.mark.parametrize(
    "token",
    [
        "aws:s3/bucket:Bucket",
        "aws:elasticache/user:Users",
        "aws:memorydb/user:User",
        "AWS:elasticache:User",
        "",
        "User",
    ],
)
def test_other_types_are_nobodys_business(token: str) -> None:
    assert subject_of(token, USER) is None

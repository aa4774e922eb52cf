"""An ElastiCache user group, typed: `aws:elasticache/userGroup:UserGroup` of the Pulumi AWS provider (7.51.1)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from elasticache.properties import CannotTellError, Marker, Text, reveal

STOCK_USER_ID: Final = "default"
"""The id, and the name, of the user that AWS makes with every account: on, every key, every command, no password."""


class UserGroup:
    """A group by its properties, each read when a rule asks for it.

    :param properties: as for `User`.
    """

    def __init__(self, properties: Mapping[str, object]) -> None:
        self._properties = properties

    def __repr__(self) -> str:
        """No value of any property."""
        return "UserGroup(…)"

    @cached_property
    def group_id(self) -> Text:
        """`userGroupId`: ElastiCache stores it in lower case."""
        return Text.of("userGroupId", self._properties.get("userGroupId"))

    @cached_property
    def engine(self) -> Text:
        """`engine`: redis or valkey, in any case."""
        return Text.of("engine", self._properties.get("engine"))

    @cached_property
    def is_redis(self) -> bool:
        """The engine is Redis OSS.

        :raises CannotTellError: it is not known yet, or unreadable.
        """
        return (self.engine.value or "").lower() == "redis"

    @cached_property
    def known_user_ids(self) -> frozenset[str]:
        """Those of `userIds` that are known, in lower case, as ElastiCache stores them.

        :raises CannotTellError: `userIds` as a whole is not known yet, or unreadable.
        """
        return frozenset(element.lower() for element in self._elements() if isinstance(element, str))

    @cached_property
    def has_unknown_user_ids(self) -> bool:
        """Some of `userIds`, or all, are not known yet or cannot be read."""
        try:
            return any(isinstance(element, Marker) for element in self._elements())
        except CannotTellError:
            return True

    @cached_property
    def user_ids_marker(self) -> Marker | None:
        """Why `userIds` as a whole cannot be read, if so."""
        raw = reveal(self._properties.get("userIds"))
        return raw if isinstance(raw, Marker) else None

    def _elements(self) -> list[object]:
        if self.user_ids_marker is not None:
            raise CannotTellError("userIds", self.user_ids_marker)
        raw = reveal(self._properties.get("userIds"))
        return [reveal(element) for element in raw] if isinstance(raw, list | tuple) else []


class UserGroupAssociation:
    """A user's membership as a resource of its own: `aws:elasticache/userGroupAssociation:UserGroupAssociation`."""

    def __init__(self, properties: Mapping[str, object]) -> None:
        self.group_id = Text.of("userGroupId", properties.get("userGroupId"))
        self.user_id = Text.of("userId", properties.get("userId"))

    def __repr__(self) -> str:
        """No value of any property."""
        return "UserGroupAssociation(…)"

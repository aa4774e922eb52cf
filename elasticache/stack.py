"""The users and groups of a whole stack, as stack policies see them: in one order, whatever the engine's was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from elasticache.properties import Marker, Passwords, Texts, texts_in
from elasticache.user import User
from elasticache.user_group import STOCK_USER_ID, UserGroup, UserGroupAssociation

Dependencies = Mapping[str, Sequence[str]]
"""Property name to the URNs of the resources that its value comes from; nested properties count with their parent."""


class StackResource(NamedTuple):
    """One resource of a stack, typed, with its outputs."""

    urn: str
    subject: User | UserGroup | UserGroupAssociation
    dependencies: Dependencies


class StackUser(NamedTuple):
    """A user of the stack."""

    urn: str
    user: User
    dependencies: Dependencies

    @property
    def name(self) -> str:
        """The resource's name, the last part of its URN."""
        return self.urn.rpartition("::")[2]

    @property
    def user_id(self) -> str | None:
        """`userId` in lower case, None while it is not known."""
        known = self.user.user_id.known
        return None if known is None else known.lower()

    def sources_of(self, passwords: Passwords) -> Sequence[str]:
        """The URNs of what a password property comes from."""
        return self.dependencies.get(passwords.path.partition(".")[0], ())


class StackGroup(NamedTuple):
    """A group of the stack."""

    urn: str
    group: UserGroup
    dependencies: Dependencies

    def holds_stock_user(self) -> bool:
        """The group is known to hold the user that AWS makes with every account."""
        return self.group.user_ids_marker is None and STOCK_USER_ID in self.group.known_user_ids


class _Association(NamedTuple):
    subject: UserGroupAssociation
    dependencies: Dependencies


class Stack:
    """A stack.

    :param resources: its users, groups and associations, in any order; of several with one URN the last one counts.
    :param outputs_of: gives the outputs of any resource of the stack by its URN, None for one that is not in it.
    """

    def __init__(
        self,
        resources: Iterable[StackResource],
        outputs_of: Callable[[str], Mapping[str, object] | None] = lambda _: None,
    ) -> None:
        users, groups, associations = list[StackUser](), list[StackGroup](), list[_Association]()
        once = {resource.urn: resource for resource in resources}
        for urn, subject, dependencies in sorted(once.values(), key=lambda resource: resource.urn):
            match subject:
                case User():
                    users.append(StackUser(urn, subject, dependencies))
                case UserGroup():
                    groups.append(StackGroup(urn, subject, dependencies))
                case UserGroupAssociation():
                    associations.append(_Association(subject, dependencies))
        self.users = tuple(users)
        self.groups = tuple(groups)
        self._associations = tuple(associations)
        self._outputs_of = outputs_of
        self._texts: dict[str, Texts | None] = {}

    def output_texts(self, urn: str) -> Texts | None:
        """The texts among the outputs of any resource of the stack; None where they cannot all be read."""
        if urn not in self._texts:
            outputs = self._outputs_of(urn)
            found = [Marker.UNREADABLE] if outputs is None else [*texts_in(dict(outputs))]
            texts = [text for text in found if isinstance(text, str)]
            self._texts[urn] = Texts(texts) if len(texts) == len(found) else None
        return self._texts[urn]

    def members(self, group: StackGroup) -> tuple[StackUser, ...]:
        """The users of the stack that a group is known to hold, by id, by dependency or by association."""
        return tuple(user for user in self.users if user.urn in self._memberships.get(group.urn, ()))

    def members_are_known(self, group: StackGroup) -> bool:
        """Every member of a group is a user of the stack whose name is known, or the user that AWS makes."""
        if group.group.has_unknown_user_ids or self._has_unknown_associations:
            return False
        ids = group.group.known_user_ids - {STOCK_USER_ID}
        return ids <= self._users_by_id.keys() and all(
            member.user.user_name.known is not None for member in self.members(group)
        )

    @cached_property
    def _has_unknown_associations(self) -> bool:
        return any(
            text.marker is not None
            for association, _ in self._associations
            for text in (association.user_id, association.group_id)
        )

    def is_in_a_group(self, user: StackUser) -> bool:
        """Some group or association of the stack is known to hold the user."""
        return user.urn in self._grouped

    @property
    def has_unknown_members(self) -> bool:
        """Some group or association may hold users that are not known here."""
        return any(group.group.has_unknown_user_ids for group in self.groups) or any(
            association.user_id.marker is not None for association, _ in self._associations
        )

    @cached_property
    def _user_urns(self) -> frozenset[str]:
        return frozenset(user.urn for user in self.users)

    @cached_property
    def _users_by_id(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for user in self.users:
            if user.user_id is not None:
                found[user.user_id] = (*found.get(user.user_id, ()), user.urn)
        return found

    @cached_property
    def _memberships(self) -> Mapping[str, frozenset[str]]:
        """Group URN to the URNs of its users."""
        groups_by_id = {
            group.group.group_id.known.lower(): group.urn
            for group in self.groups
            if group.group.group_id.known is not None
        }
        members: dict[str, set[str]] = {}
        for group in self.groups:
            held = members.setdefault(group.urn, set())
            if group.group.has_unknown_user_ids:
                held.update(urn for urn in group.dependencies.get("userIds", ()) if urn in self._user_urns)
            held.update(urn for user_id in self._ids(group) for urn in self._users_by_id.get(user_id, ()))
        for association, dependencies in self._associations:
            users = self._associated_users(association, dependencies)
            named = association.group_id.known
            groups = [groups_by_id[named.lower()]] if named is not None and named.lower() in groups_by_id else []
            groups += [urn for urn in dependencies.get("userGroupId", ()) if urn in members]
            for urn in groups:
                members[urn].update(users)
        return {urn: frozenset(held) for urn, held in members.items()}

    @cached_property
    def _grouped(self) -> frozenset[str]:
        """Users in any group; an association may name a group of another stack."""
        associated = (self._associated_users(*association) for association in self._associations)
        return frozenset().union(*self._memberships.values(), *associated)

    def _associated_users(self, association: UserGroupAssociation, dependencies: Dependencies) -> tuple[str, ...]:
        known = association.user_id.known
        if known is not None:
            return self._users_by_id.get(known.lower(), ())
        return tuple(urn for urn in dependencies.get("userId", ()) if urn in self._user_urns)

    @staticmethod
    def _ids(group: StackGroup) -> frozenset[str]:
        return frozenset() if group.group.user_ids_marker is not None else group.group.known_user_ids

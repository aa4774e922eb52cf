"""The permission lists of an access string as a comparison looks at them: what each grants, and on what.

Lists never combine, with one exception that changes nothing: lists with the same keys, channels and databases are one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from acl.access_string import AccessString, Selector
from acl.commands import Access
from acl.inclusion import Union


class Reach:
    """The keys, channels and databases of a permission list."""

    def __init__(self, selector: Selector) -> None:
        self._all_keys = selector.all_keys
        self._key_patterns = selector.key_patterns
        every_channel = selector.all_channels or not selector.channel_rules
        self.channels = Union(frozenset(() if every_channel else selector.channel_patterns), every_channel)
        """Every channel where no rule speaks of channels, as `acl-pubsub-default` is on ElastiCache."""
        self.databases = selector.databases
        """None for all."""
        self._keys: dict[Access, Union] = {}

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """Equal for lists that reach the same by the same rules."""
        return (self._all_keys, frozenset(self._key_patterns.items()), self.channels, self.databases)

    @property
    def length(self) -> int:
        """Of all patterns together, in bytes."""
        return sum(len(pattern) + 1 for pattern in (*self._key_patterns, *self.channels.patterns))

    def keys(self, needs: Access) -> Union:
        """The keys with which one may do what is needed."""
        found = self._keys.get(needs)
        if found is None:
            patterns = (pattern for pattern, allowed in self._key_patterns.items() if allowed & needs == needs)
            found = self._keys[needs] = Union(frozenset(() if self._all_keys else patterns), self._all_keys)
        return found

    @property
    def looks_up_any_key(self) -> bool:
        """SORT may look up keys by a pattern: it takes `~*` itself, or `%R~*`; others that match as much do not do."""
        union = self.keys(Access.READ)
        return union.every or b"*" in union.patterns


@dataclass(slots=True, eq=False)
class PermissionList:
    """All that is granted on the same keys, channels and databases."""

    reach: Reach
    commands: int = 0
    """Granted outright, as a set of the command table's bits."""
    first_arguments: dict[int, set[bytes]] = field(default_factory=dict)
    """Command (a bit) to the first arguments that it is granted with, in lower case."""
    future: bool = False
    """Commands that modules add later are granted too."""

    def grants(self, command: int, first_argument: bytes | None) -> bool:
        """Whether a command (a bit) is granted outright, or with this first argument, in lower case."""
        return bool(self.commands >> command & 1) or first_argument in self.first_arguments.get(command, ())


def permission_lists(access: AccessString, known: dict[tuple[object, ...], Reach]) -> list[PermissionList]:
    """The lists of an access string that grant anything.

    :param known: what lists reach, by identity; equal ones, also of several strings, become the same object.
    """
    lists: dict[int, PermissionList] = {}
    for selector in access.selectors:
        if not (selector.commands or selector.first_arguments):
            continue
        reach = Reach(selector)
        reach = known.setdefault(reach.identity, reach)
        one = lists.setdefault(id(reach), PermissionList(reach))
        one.commands |= selector.commands & ~access.commands.no_auth
        one.future = one.future or selector.future
        for command, arguments in selector.first_arguments.items():
            one.first_arguments.setdefault(command, set()).update(arguments)
    return list(lists.values())


def joined_keys(reaches: Iterable[Reach], needs: Access) -> Union:
    """The keys that any of several lists reaches."""
    return _joined(reach.keys(needs) for reach in reaches)


def joined_channels(reaches: Iterable[Reach]) -> Union:
    """The channels that any of several lists reaches."""
    return _joined(reach.channels for reach in reaches)


def _joined(unions: Iterable[Union]) -> Union:
    several = list(unions)
    if any(union.every for union in several):
        return Union(frozenset(), every=True)
    return Union(frozenset().union(*(union.patterns for union in several)))

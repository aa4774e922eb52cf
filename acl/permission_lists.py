"""The permission lists of an access string as a comparison looks at them: what each grants, and on what.

Lists never combine, with one exception that changes nothing: lists with the same keys, channels and databases are one.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from acl.access_string import AccessString, Selector
from acl.commands import Access
from acl.inclusion import Union


class Reach(ABC):
    """The keys, channels and databases of a permission list, or of any of several."""

    def __init__(self) -> None:
        self.channels = Union(frozenset())
        self.databases: frozenset[int] | None = frozenset()
        """None for all."""
        self.size = 0
        """Of all patterns together, in bytes."""
        self._keys: dict[Access, Union] = {}

    def keys(self, needs: Access) -> Union:
        """The keys with which one may do what is needed."""
        found = self._keys.get(needs)
        if found is None:
            found = self._keys[needs] = self._work_out(needs)
        return found

    @property
    def looks_up_any_key(self) -> bool:
        """SORT may look up keys by a pattern: it takes `~*` itself, or `%R~*`; others that match as much do not do."""
        union = self.keys(Access.READ)
        return union.every or b"*" in union.patterns

    @abstractmethod
    def _work_out(self, needs: Access) -> Union:
        """The keys, where they have not been asked for before."""


class ListReach(Reach):
    """What one list reaches."""

    def __init__(self, selector: Selector) -> None:
        super().__init__()
        self._all_keys = selector.all_keys
        self._key_patterns = selector.key_patterns
        every_channel = selector.all_channels or not selector.channel_rules
        # every channel where no rule speaks of channels, as `acl-pubsub-default` is on ElastiCache
        self.channels = Union(frozenset(() if every_channel else selector.channel_patterns), every_channel)
        self.databases = selector.databases
        self.size = sum(len(pattern) + 1 for pattern in (*self._key_patterns, *self.channels.patterns))

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """Equal for lists that reach the same by the same rules."""
        return (self._all_keys, frozenset(self._key_patterns.items()), self.channels, self.databases)

    def _work_out(self, needs: Access) -> Union:
        if self._all_keys:
            return Union(frozenset(), every=True)
        enough = [allowed for allowed in _DIRECTIONS if allowed & needs == needs]
        return Union(frozenset(pattern for pattern, allowed in self._key_patterns.items() if allowed in enough))


_DIRECTIONS: Final = (Access.READ, Access.WRITE, Access.BOTH)


class JoinedReach(Reach):
    """What any of several lists reaches."""

    def __init__(self, several: Sequence[ListReach]) -> None:
        super().__init__()
        self.several = tuple(several)
        self.members = frozenset(several)
        self.size = sum(reach.size for reach in several)
        self.channels = _joined([reach.channels for reach in several])
        some = [reach.databases for reach in several if reach.databases is not None]
        self.databases = frozenset[int]().union(*some) if len(some) == len(several) else None

    def _work_out(self, needs: Access) -> Union:
        return _joined([reach.keys(needs) for reach in self.several])


def _joined(unions: Sequence[Union]) -> Union:
    if any(union.every for union in unions):
        return Union(frozenset(), every=True)
    return Union(frozenset[bytes]().union(*(union.patterns for union in unions)))


@dataclass(slots=True, eq=False)
class PermissionList:
    """All that is granted on the same keys, channels and databases."""

    reach: ListReach
    commands: int = 0
    """Granted outright, as a set of the command table's bits."""
    first_arguments: dict[int, set[bytes]] = field(default_factory=dict)
    """Command (a bit) to the first arguments that it is granted with, in lower case."""
    future: bool = False
    """Commands that modules add later are granted too."""

    def grants(self, command: int, first_argument: bytes | None) -> bool:
        """Whether a command (a bit) is granted outright, or with this first argument, in lower case."""
        return bool(self.commands >> command & 1) or first_argument in self.first_arguments.get(command, ())


Known = dict[tuple[object, ...], ListReach]
"""What lists reach, by identity."""


def permission_lists(access: AccessString, known: Known) -> list[PermissionList]:
    """The lists of an access string that grant anything.

    :param known: is added to; equal reaches, also of several strings, become the same object.
    """
    lists: dict[ListReach, PermissionList] = {}
    for selector in access.selectors:
        if not (selector.commands or selector.first_arguments):
            continue
        reach = ListReach(selector)
        reach = known.setdefault(reach.identity, reach)
        one = lists.setdefault(reach, PermissionList(reach))
        one.commands |= selector.commands & ~access.commands.no_auth
        one.future = one.future or selector.future
        for command, arguments in selector.first_arguments.items():
            one.first_arguments.setdefault(command, set()).update(arguments)
    return list(lists.values())

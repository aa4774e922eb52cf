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
from acl.inclusion import PatternUnion


class Scope(ABC):
    """The keys, channels and databases of a permission list, or of any of several."""

    def __init__(self) -> None:
        self.channels = PatternUnion(frozenset())
        self.databases: frozenset[int] | None = frozenset()
        """None for all."""
        self.size = 0
        """Of all patterns together, in bytes."""
        self._keys: dict[Access, PatternUnion] = {}

    def keys(self, needs: Access) -> PatternUnion:
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
    def _work_out(self, needs: Access) -> PatternUnion:
        """The keys, where they have not been asked for before."""


class ListScope(Scope):
    """What one list reaches."""

    def __init__(self, selector: Selector) -> None:
        super().__init__()
        self._all_keys = selector.all_keys
        self._key_patterns = selector.key_patterns
        every_channel = selector.all_channels or not selector.channel_rules
        # every channel where no rule speaks of channels, as `acl-pubsub-default` is on ElastiCache
        self.channels = PatternUnion(frozenset(() if every_channel else selector.channel_patterns), every_channel)
        self.databases = selector.databases
        self.size = sum(len(pattern) + 1 for pattern in (*self._key_patterns, *self.channels.patterns))

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """Equal for lists that reach the same by the same rules."""
        return (self._all_keys, frozenset(self._key_patterns.items()), self.channels, self.databases)

    def _work_out(self, needs: Access) -> PatternUnion:
        if self._all_keys:
            return PatternUnion(frozenset(), every=True)
        enough = _ENOUGH[needs]
        return PatternUnion(frozenset(pattern for pattern, allowed in self._key_patterns.items() if allowed in enough))


_ENOUGH: Final = tuple(
    tuple(allowed for allowed in (Access.READ, Access.WRITE, Access.BOTH) if allowed & needs == needs)
    for needs in (Access.NONE, Access.READ, Access.WRITE, Access.BOTH)
)
"""What is needed of a key, as a number, to the directions of patterns that allow it."""


class JoinedScope(Scope):
    """What any of several lists reaches."""

    def __init__(self, several: Sequence[ListScope]) -> None:
        super().__init__()
        self.several = tuple(several)
        self.members = frozenset(several)
        self.size = sum(scope.size for scope in several)
        self.channels = _joined([scope.channels for scope in several])
        some = [scope.databases for scope in several if scope.databases is not None]
        self.databases = frozenset[int]().union(*some) if len(some) == len(several) else None

    def _work_out(self, needs: Access) -> PatternUnion:
        return _joined([scope.keys(needs) for scope in self.several])


def _joined(unions: Sequence[PatternUnion]) -> PatternUnion:
    if any(union.every for union in unions):
        return PatternUnion(frozenset(), every=True)
    return PatternUnion(frozenset[bytes]().union(*(union.patterns for union in unions)))


@dataclass(slots=True, eq=False)
class PermissionList:
    """All that is granted on the same keys, channels and databases."""

    scope: ListScope
    commands: int = 0
    """Granted outright, as a set of the command table's bits."""
    first_arguments: dict[int, set[bytes]] = field(default_factory=dict)
    """Command (a bit) to the first arguments that it is granted with, in lower case."""
    future: bool = False
    """Commands that modules add later are granted too."""

    def grants(self, command: int, first_argument: bytes | None) -> bool:
        """Whether a command (a bit) is granted outright, or with this first argument, in lower case."""
        return bool(self.commands >> command & 1) or first_argument in self.first_arguments.get(command, ())


Known = dict[tuple[object, ...], ListScope]
"""What lists reach, by identity."""


def permission_lists(access: AccessString, known: Known) -> list[PermissionList]:
    """The lists of an access string that grant anything.

    :param known: is added to; equal scopes, also of several strings, become the same object.
    """
    lists: dict[ListScope, PermissionList] = {}
    for selector in access.selectors:
        if not (selector.commands or selector.first_arguments):
            continue
        scope = ListScope(selector)
        scope = known.setdefault(scope.identity, scope)
        one = lists.setdefault(scope, PermissionList(scope))
        one.commands |= selector.commands & ~access.commands.no_auth
        one.future = one.future or selector.future
        for command, arguments in selector.first_arguments.items():
            one.first_arguments.setdefault(command, set()).update(arguments)
    return list(lists.values())

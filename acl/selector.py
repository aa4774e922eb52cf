"""What one list of rules grants, and whether it allows a call."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from acl.bits import bits
from acl.commands import Access
from acl.globs import matches
from acl.words import c_string


@dataclass(slots=True)
class Selector:
    """What one permission list grants: the user's own rules, or those of one `( … )`.

    Lists never combine: a call is allowed when one list alone allows the command, all its keys, all its channels
    and its database.
    """

    commands: int = 0
    """Commands granted outright, as a set of `CommandTable` bits."""
    future: bool = False
    """`+@all` was given: commands that modules add later are granted too."""
    first_arguments: dict[int, dict[bytes, None]] = field(default_factory=dict)
    """Command bit to the first arguments that it is allowed with, in lower case."""
    partly: int = 0
    """The commands in `first_arguments`, as a set."""
    all_keys: bool = False
    key_patterns: dict[bytes, Access] = field(default_factory=dict)
    all_channels: bool = False
    channel_patterns: dict[bytes, None] = field(default_factory=dict)
    channel_rules: bool = False
    """A channel token was given; without one the parameter `acl-pubsub-default` decides."""
    databases: frozenset[int] | None = None
    """Logical databases, None for all (Valkey 9.1)."""
    grants: list[tuple[bytes, int]] = field(default_factory=list, repr=False)
    """The rules that granted commands, in order, each with the commands that it grants."""

    def allow(self, mask: int, token: bytes) -> None:
        """Grant a set of commands outright; the token is the rule that does so."""
        self._forget_first_arguments(mask)
        self.commands |= mask
        self.grants.append((token, mask))

    def allow_with(self, command: int, argument: bytes, token: bytes) -> None:
        """Grant one command (a bit) with one first argument."""
        self.first_arguments.setdefault(command, {})[argument] = None
        self.partly |= 1 << command
        self.grants.append((token, 1 << command))

    def deny(self, mask: int) -> None:
        """Take a set of commands away."""
        self._forget_first_arguments(mask)
        self.commands &= ~mask

    def set_all(self, commands: int, token: bytes | None) -> None:
        """Begin anew with these commands: all, granted by the token, future ones too; or none, without a token."""
        self.commands = commands
        self.future = token is not None
        self.first_arguments.clear()
        self.partly = 0
        self.grants[:] = [] if token is None else [(token, commands)]

    def allow_every_key(self) -> None:
        """`~*`, from which on there are no patterns."""
        self.all_keys = True
        self.key_patterns.clear()

    def forget_keys(self) -> None:
        """`resetkeys`."""
        self.all_keys = False
        self.key_patterns.clear()

    def allow_keys(self, pattern: bytes, allowed: Access) -> None:
        """Add a key pattern, or directions to one that is there."""
        self.key_patterns[pattern] = self.key_patterns.get(pattern, Access.NONE) | allowed

    def set_channels(self, *, every: bool) -> None:
        """Begin anew with every channel or with none."""
        self.channel_rules = True
        self.all_channels = every
        self.channel_patterns.clear()

    def allow_channels(self, pattern: bytes) -> None:
        """Add a channel pattern."""
        self.channel_rules = True
        self.channel_patterns[pattern] = None

    def _forget_first_arguments(self, mask: int) -> None:
        if forgotten := self.partly & mask:
            for command in bits(forgotten):
                del self.first_arguments[command]
            self.partly &= ~mask

    def granting(self, mask: int) -> Iterator[tuple[bytes, int]]:
        """The rules that grant the commands of a set, latest first, each with those that no later one grants."""
        wanted = mask & (self.commands | self.partly)
        for token, granted in reversed(self.grants):
            if not wanted:
                return
            if hit := wanted & granted:
                yield token, hit
                wanted &= ~hit

    def allows_command(self, command: int, first_argument: bytes | None = None) -> bool:
        """Whether the command (a bit) is granted, outright or with this first argument."""
        if self.commands >> command & 1:
            return True
        if first_argument is None:
            return False
        return c_string(first_argument).lower() in self.first_arguments.get(command, {})

    def allows_key(self, key: bytes, needs: Access) -> bool:
        """Whether one key pattern allows everything that the command needs to do with the key."""
        return self.all_keys or any(
            allowed & needs == needs and matches(pattern, key) for pattern, allowed in self.key_patterns.items()
        )

    def allows_channel(self, channel: bytes, *, is_pattern: bool = False) -> bool:
        """Whether the channel is allowed; the pattern of a PSUBSCRIBE must be the very text of a rule."""
        if self.all_channels:
            return True
        if is_pattern:
            return channel in self.channel_patterns
        return any(matches(pattern, channel) for pattern in self.channel_patterns)

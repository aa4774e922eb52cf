"""What an access string lets its owner do: the capabilities that it holds, and the commands and rules that give them.

A command counts where a permission list grants it. Commands that name no key ignore key patterns, which is why
`~app:* +@write` can erase everything.
"""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple

from acl.access_string import AccessString
from acl.bits import bits
from acl.capabilities import CAPABILITIES, Capabilities, Capability, Needs
from acl.commands import CommandTable
from acl.coverage import Keys
from acl.grants import Grants, Reaching
from acl.hiding import shown

_MOST_REASONS: Final = 10


class _Held(NamedTuple):
    """How a capability is held."""

    commands: tuple[str, ...]
    """The granted commands that give it; none where it is not held."""
    doubt: str | None = None


class Effect:
    """What the owner of an access string can do, judged as if the user were on.

    Nothing is worked out before it is asked for, and whatever the string, nothing raises.

    :param capabilities: those that are looked for.
    """

    def __init__(self, access_string: AccessString, capabilities: Capabilities = CAPABILITIES) -> None:
        self.access_string = access_string
        self.capabilities = capabilities
        self._grants = Grants(access_string)
        self._known: dict[str, _Held] = {}

    @cached_property
    def commands_by_capability(self) -> Mapping[str, tuple[str, ...]]:
        """The id of each capability that is held, in reading order, to the granted commands that give it."""
        return {row.id: commands for row in self.capabilities if (commands := self._held(row).commands)}

    @property
    def every_key(self) -> bool:
        """It reads, or it writes, every non-empty key."""
        return bool(self._on_every_key.commands)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Why parts of the answer could not be decided; what is undecided counts as yes."""
        rejections = self.access_string.rejections
        reasons = [str(rejection) for rejection in rejections[:_MOST_REASONS]]
        if (more := len(rejections) - len(reasons)) > 0:
            reasons.append(f"{more} more words are refused")
        doubts = [*(self._held(row).doubt for row in self.capabilities), self._on_every_key.doubt]
        return (*reasons, *dict.fromkeys(doubt for doubt in doubts if doubt is not None))

    def can(self, *capability_ids: str) -> tuple[str, ...]:
        """Those of the named capabilities that are held."""
        return tuple(row.id for row in self.capabilities if row.id in capability_ids and self._held(row).commands)

    @cached_property
    def in_name_only(self) -> tuple[str, ...]:
        """The capabilities held only through commands that the caches behind the table are not known to run."""
        table = self.access_string.table
        not_run = table.blocked | table.not_known_to_run
        return tuple(row for row, commands in self.commands_by_capability.items() if not_run.issuperset(commands))

    @property
    def broad(self) -> bool:
        """It reads and writes practically every key, and can act on the whole cache."""
        return bool(self.can(*self.capabilities.on_whole_cache)) and self.reads_and_writes_every_key

    @property
    def reads_and_writes_every_key(self) -> bool:
        """It reads and writes practically every key."""
        return self.can(*self.capabilities.on_every_key) == self.capabilities.on_every_key

    def rules_behind(self, capability_id: str) -> tuple[str, ...]:
        """The rules of the string that grant a capability, in the order of its commands, each once."""
        table = self.access_string.table
        order: dict[int, int] = {}
        for rank, name in enumerate(self.commands_by_capability.get(capability_id, ())):
            command = table.index.get(name, table.index.get(name.partition("|")[0]))
            if command is not None:
                order.setdefault(command, rank)
        granting: dict[bytes, int] = {}
        for selector in self.access_string.selectors:
            for rule, commands in selector.granting(_mask_of(order)):
                granting[rule] = granting.get(rule, 0) | commands
        ranks = {rule: min(order[command] for command in bits(commands)) for rule, commands in granting.items()}
        return tuple(dict.fromkeys(shown(rule) for rule in sorted(ranks, key=ranks.__getitem__)))

    @cached_property
    def _on_every_key(self) -> Reaching:
        reading = self._grants.reading(Keys.EVERY)
        return reading if reading.commands else self._grants.writing(Keys.EVERY)

    def _held(self, capability: Capability) -> _Held:
        if capability.id not in self._known:
            self._known[capability.id] = self._work_out(capability)
        return self._known[capability.id]

    def _work_out(self, capability: Capability) -> _Held:
        match capability.needs:
            case Needs.NOTHING:
                return _Held(self._granted_of(capability))
            case Needs.KEYS_TO_READ:
                reaching = self._grants.reading(Keys.PRACTICALLY_EVERY)
            case Needs.KEYS_TO_WRITE:
                reaching = self._grants.writing(Keys.PRACTICALLY_EVERY)
            case Needs.CHANNELS:
                reaching = self._grants.on_channels()
        return _Held(_names(self.access_string.table, reaching.commands), reaching.doubt)

    def _granted_of(self, capability: Capability) -> tuple[str, ...]:
        """The commands of a row that are granted."""
        table = self.access_string.table
        granted = self._grants.outright | (self._grants.partly if capability.free_first_argument else 0)
        granted &= _masks(table, self.capabilities)[capability.id]
        if not granted and table.syntax.subcommands:
            return ()
        return tuple(
            name
            for name in capability.commands
            if (granted >> table.index[name] & 1 if name in table.index else self._granted_in_part(name))
        )

    def _granted_in_part(self, name: str) -> bool:
        """On 6.2: whether `client|kill` is granted, as a first argument or with all of CLIENT."""
        table = self.access_string.table
        container, _, subcommand = name.partition("|")
        command = table.index.get(container)
        return not (command is None or table.syntax.subcommands) and any(
            selector.allows_command(command, subcommand.encode()) for selector in self.access_string.selectors
        )


def effect_of(access_string: AccessString, capabilities: Capabilities = CAPABILITIES) -> Effect:
    """What an access string lets its owner do."""
    return Effect(access_string, capabilities)


@cache
def _masks(table: CommandTable, capabilities: Capabilities) -> Mapping[str, int]:
    """The id of each capability to its commands, as a set."""
    return {row.id: table.mask(*(name for name in row.commands if name in table.index)) for row in capabilities}


@lru_cache(maxsize=4096)
def _names(table: CommandTable, mask: int) -> tuple[str, ...]:
    return tuple(table.names_in(mask))


def _mask_of(commands: Iterable[int]) -> int:
    mask = 0
    for command in commands:
        mask |= 1 << command
    return mask

"""What an access string lets its owner do, worked out.

A command counts where a permission list grants it. Commands that name no key ignore key patterns, which is why
`~app:* +@write` can erase everything. For commands on keys, the patterns of all lists that grant such a command
are taken together: `~a* +@all (~[^a]* +@all)` reaches every key, one at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final

from elasticache import capabilities, service
from elasticache.access_string import AccessString, Selector
from elasticache.bits import bits
from elasticache.capabilities import CAPABILITIES, Capability
from elasticache.commands import Access, CommandTable, KeySpec
from elasticache.key_patterns import Keys, Reach, reach

_REASONS_TOLD: Final = 10


@dataclass(frozen=True)
class Effect:
    """What the owner of an access string can do, judged as if the user were on."""

    access_string: AccessString
    commands: Mapping[str, tuple[str, ...]]
    """Each capability that is held, in the order of `CAPABILITIES`, to the granted commands that give it."""
    every_key: bool
    """It reads, or it writes, every non-empty key."""
    undecided: tuple[str, ...]
    """Why parts of the answer could not be decided; what is undecided counts as yes."""

    def can(self, *capability_ids: str) -> tuple[str, ...]:
        """Those of the named capabilities that are held."""
        return tuple(capability for capability in self.commands if capability in capability_ids)

    @cached_property
    def blocked_by_elasticache(self) -> tuple[str, ...]:
        """The capabilities held only through commands that ElastiCache blocks or is not known to run."""
        idle = service.BLOCKED_BY_ELASTICACHE | service.NOT_KNOWN_TO_RUN
        return tuple(capability for capability, names in self.commands.items() if idle.issuperset(names))

    @cached_property
    def broad(self) -> bool:
        """It reads and writes practically every key, and can act on the whole cache."""
        return self.reads_and_writes_every_key and bool(self.can(*_WHOLE_CACHE))

    @property
    def reads_and_writes_every_key(self) -> bool:
        """It reads and writes practically every key."""
        return len(self.can(capabilities.READ_ANY_KEY, capabilities.WRITE_ANY_KEY)) == _BOTH

    def rules_behind(self, capability: str) -> tuple[str, ...]:
        """The rules of the string to which a capability is owed, in the order of its commands, each once."""
        table = self.access_string.commands
        rules: dict[str, None] = {}
        for name in self.commands.get(capability, ()):
            command = table.index.get(name, table.index.get(name.partition("|")[0], -1))
            for selector in self.access_string.selectors:
                if command >= 0 and (rule := selector.granted_by(command)) is not None:
                    rules[rule] = None
        return tuple(rules)


_BOTH: Final = 2
_WHOLE_CACHE: Final = (capabilities.ERASE_EVERYTHING, capabilities.DISTURB_CLIENTS, capabilities.WATCH_TRAFFIC)


def effect_of(access_string: AccessString) -> Effect:
    """Work out what an access string lets its owner do; never raises, whatever the string."""
    table = access_string.commands
    judge = _Judge(access_string, _sets_of(table))
    commands: dict[str, tuple[str, ...]] = {}
    for capability in CAPABILITIES:
        if names := judge.commands_for(capability):
            commands[capability.id] = names
    every_key = judge.reaches_every_key()
    reasons = [str(rejection) for rejection in access_string.rejections[:_REASONS_TOLD]]
    if (more := len(access_string.rejections) - len(reasons)) > 0:
        reasons.append(f"{more} more words are refused")
    return Effect(access_string, commands, every_key, (*reasons, *judge.undecided))


@dataclass(frozen=True, slots=True)
class _Sets:
    """The commands of one server line that matter here, as sets of its bits."""

    readers: Mapping[Access, int]
    """Commands that show values, by what they need of a key pattern."""
    movers: Mapping[Access, int]
    writers: Mapping[Access, int]
    read_more: int
    move_more: int
    write_more: int
    sort: int
    no_argument: int
    channels: int
    more_channels: int
    exact_channels: int


@cache
def _sets_of(table: CommandTable) -> _Sets:
    readers = {Access.READ: 0, Access.BOTH: 0}
    movers = {Access.READ: 0, Access.BOTH: 0}
    writers = {Access.WRITE: 0, Access.BOTH: 0}
    for command, (name, specs) in enumerate(zip(table.names, table.key_specs, strict=True)):
        bit = 1 << command
        if reading := [spec for spec in specs if spec.reads]:
            if name in capabilities.MOVERS:
                movers[_least(reading, Access.READ)] |= bit
            elif name not in capabilities.SHOW_NO_VALUE:
                # BITFIELD can only get, so the server asks for no more than READ then
                readers[Access.READ if name == "bitfield" else _least(reading, Access.READ)] |= bit
        if (writing := [spec for spec in specs if spec.writes]) and name not in capabilities.SCRIPTS:
            # SET reads only with its option GET
            writers[Access.WRITE if name == "set" else _least(writing, Access.WRITE)] |= bit
    return _Sets(
        readers=readers,
        movers=movers,
        writers=writers,
        read_more=table.mask(*capabilities.READ_MORE_KEYS),
        move_more=table.mask(*capabilities.MOVE_MORE_KEYS),
        write_more=table.mask(*capabilities.WRITE_MORE_KEYS),
        sort=0 if table.syntax.subcommands else table.mask("sort"),
        no_argument=table.mask(*capabilities.NO_ARGUMENT),
        channels=table.mask(*capabilities.CHANNELS),
        more_channels=table.mask(*capabilities.MORE_CHANNELS),
        exact_channels=table.mask("psubscribe"),
    )


def _least(specs: Iterable[KeySpec], wanted: Access) -> Access:
    return min((spec.needs for spec in specs), key=lambda needs: needs != wanted)


@dataclass
class _Judge:
    access_string: AccessString
    sets: _Sets
    undecided: list[str] = field(default_factory=list)

    def commands_for(self, capability: Capability) -> tuple[str, ...]:
        """The granted commands that give a capability; none when it is not held."""
        match capability.id:
            case capabilities.READ_ANY_KEY:
                mask = self._reading(Keys.PRACTICALLY_EVERY)
            case capabilities.WRITE_ANY_KEY:
                mask = self._writing(Keys.PRACTICALLY_EVERY)
            case capabilities.USE_ANY_CHANNEL:
                mask = self._channels()
            case _:
                return self._keyless(capability)
        return tuple(self.access_string.commands.names_in(mask))

    def reaches_every_key(self) -> bool:
        return bool(self._reading(Keys.EVERY) or self._writing(Keys.EVERY))

    def _granted(self, selector: Selector, free: int) -> int:
        """Commands that a list grants and that run in some database, outright or, for the free ones, in part."""
        table = self.access_string.commands
        granted = selector.commands
        for command in bits(_mask_of(selector.first_arguments) & free & ~self.sets.no_argument):
            granted |= 1 << command
        if selector.databases is not None:
            granted &= ~table.in_all_databases
            if len(selector.databases) <= 1:
                granted &= ~table.mask("swapdb")
            if not selector.databases:
                granted &= ~table.in_database
        return granted

    def _reading(self, keys: Keys) -> int:
        sets = self.sets
        if sets.sort and any(
            selector.commands & sets.sort and (selector.all_keys or selector.key_patterns)
            for selector in self.access_string.selectors
        ):
            return sets.sort  # on 6.x SORT … GET reads any key
        readers = dict(sets.readers)
        every_reader = readers[Access.READ] | readers[Access.BOTH]
        if any(
            self._granted(selector, every_reader) & every_reader and (selector.all_keys or selector.key_patterns)
            for selector in self.access_string.selectors
        ):
            for needs, movers in sets.movers.items():
                readers[needs] |= movers
        return self._on_keys(readers, sets.read_more | sets.move_more, keys)

    def _writing(self, keys: Keys) -> int:
        return self._on_keys(self.sets.writers, self.sets.write_more, keys)

    def _on_keys(self, wanted: Mapping[Access, int], free: int, keys: Keys) -> int:
        """The wanted commands that are granted, when together they reach the keys; else none."""
        found, patterns, unlimited = 0, set[bytes](), False
        for selector in self.access_string.selectors:
            granted = self._granted(selector, free)
            for needs, commands in wanted.items():
                if hit := granted & commands:
                    found |= hit
                    unlimited = unlimited or selector.all_keys
                    patterns.update(
                        pattern for pattern, allowed in selector.key_patterns.items() if allowed & needs == needs
                    )
        if not found or unlimited:
            return found
        return found if self._reaches(patterns, keys, "key") else 0

    def _reaches(self, patterns: set[bytes], keys: Keys, what: str) -> bool:
        answer = reach(patterns, keys)
        if answer is Reach.UNDECIDED:
            reason = f"whether the {what} patterns reach every {what} is too much work to decide, so it counts as yes"
            if reason not in self.undecided:
                self.undecided.append(reason)
        return answer is not Reach.NO

    def _channels(self) -> int:
        sets = self.sets
        found, partial, patterns = 0, 0, set[bytes]()
        for selector in self.access_string.selectors:
            granted = self._granted(selector, sets.more_channels) & sets.channels
            if selector.all_channels or not selector.channel_rules:
                found |= granted
            elif hit := granted & ~sets.exact_channels:
                partial |= hit
                patterns.update(selector.channel_patterns)
        if partial and self._reaches(patterns, Keys.EVERY, "channel"):
            found |= partial
        return found

    def _keyless(self, capability: Capability) -> tuple[str, ...]:
        table = self.access_string.commands
        wanted = table.mask(*(name for name in capability.commands if name in table.index))
        granted = 0
        for selector in self.access_string.selectors:
            granted |= self._granted(selector, wanted if capability.free_first_argument else 0)
        granted &= wanted
        return tuple(
            name
            for name in capability.commands
            if (granted >> table.index[name] & 1 if name in table.index else self._granted_in_part(name))
        )

    def _granted_in_part(self, name: str) -> bool:
        """On 6.2: whether `client|kill` is granted, as a first argument or with all of CLIENT."""
        table = self.access_string.commands
        container, _, subcommand = name.partition("|")
        command = table.index.get(container)
        return not (command is None or table.syntax.subcommands) and any(
            selector.allows_command(command, subcommand.encode()) for selector in self.access_string.selectors
        )


def _mask_of(commands: Iterable[int]) -> int:
    mask = 0
    for command in commands:
        mask |= 1 << command
    return mask

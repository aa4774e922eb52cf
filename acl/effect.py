"""What an access string lets its owner do, worked out.

A command counts where a permission list grants it. Commands that name no key ignore key patterns, which is why
`~app:* +@write` can erase everything. For commands on keys, the patterns of all lists that grant such a command
are taken together: `~a* +@all (~[^a]* +@all)` reaches every key, one at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple

from acl import capabilities
from acl.access_string import AccessString
from acl.bits import bits
from acl.capabilities import CAPABILITIES, Capability
from acl.commands import Access, CommandTable, KeySpec
from acl.coverage import Effort, Keys, Reach, reach
from acl.globs import compile_glob
from acl.hiding import shown
from acl.key_conventions import reaches_most_conventions
from acl.selector import Selector

_REASONS_TOLD: Final = 10


class Effect:
    """What the owner of an access string can do, judged as if the user were on.

    Nothing is worked out before it is asked for, and whatever the string, nothing raises.
    """

    def __init__(self, access_string: AccessString) -> None:
        self.access_string = access_string
        self._judge = _Judge(access_string, _sets_of(access_string.table))

    @cached_property
    def commands(self) -> Mapping[str, tuple[str, ...]]:
        """Each capability that is held, in the order of `CAPABILITIES`, to the granted commands that give it."""
        return {capability.id: names for capability in CAPABILITIES if (names := self._judge.commands_for(capability))}

    @cached_property
    def every_key(self) -> bool:
        """It reads, or it writes, every non-empty key."""
        return self._judge.reaches_every_key()

    @property
    def undecided(self) -> tuple[str, ...]:
        """Why parts of the answer could not be decided; what is undecided counts as yes."""
        rejections = self.access_string.rejections
        reasons = [str(rejection) for rejection in rejections[:_REASONS_TOLD]]
        if (more := len(rejections) - len(reasons)) > 0:
            reasons.append(f"{more} more words are refused")
        _ = self.commands, self.every_key  # every question is asked before its doubts are told
        return (*reasons, *self._judge.undecided)

    def can(self, *capability_ids: str) -> tuple[str, ...]:
        """Those of the named capabilities that are held."""
        return tuple(
            capability.id
            for capability in CAPABILITIES
            if capability.id in capability_ids and self._judge.commands_for(capability)
        )

    @cached_property
    def in_name_only(self) -> tuple[str, ...]:
        """The capabilities held only through commands that the caches behind the table are not known to run."""
        table = self.access_string.table
        not_run = table.blocked | table.not_known_to_run
        return tuple(capability for capability, names in self.commands.items() if not_run.issuperset(names))

    @property
    def broad(self) -> bool:
        """It hands over the whole cache.

        It reads or writes practically every key and can erase everything, or it reads and writes practically every
        key and can disturb other clients or watch their traffic.
        """
        keys = self.can(capabilities.READ_ANY_KEY, capabilities.WRITE_ANY_KEY)
        if not keys:
            return False
        powers = self.can(*WHOLE_CACHE)
        return capabilities.ERASE_EVERYTHING in powers or bool(powers and len(keys) == _BOTH)

    @property
    def reads_and_writes_every_key(self) -> bool:
        """It reads and writes practically every key."""
        return len(self.can(capabilities.READ_ANY_KEY, capabilities.WRITE_ANY_KEY)) == _BOTH

    def rules_behind(self, capability: str) -> tuple[str, ...]:
        """The rules of the string to which a capability is owed, in the order of its commands, each once."""
        table = self.access_string.table
        order: dict[int, int] = {}
        for rank, name in enumerate(self.commands.get(capability, ())):
            command = table.index.get(name, table.index.get(name.partition("|")[0]))
            if command is not None:
                order.setdefault(command, rank)
        mask = _mask_of(order)
        owed: dict[bytes, int] = {}
        for selector in self.access_string.selectors:
            for rule, commands in selector.granting(mask):
                owed[rule] = owed.get(rule, 0) | commands
        ranks = {rule: min(order[command] for command in bits(commands)) for rule, commands in owed.items()}
        return tuple(dict.fromkeys(shown(rule) for rule in sorted(ranks, key=ranks.__getitem__)))


_BOTH: Final = 2
WHOLE_CACHE: Final = (capabilities.ERASE_EVERYTHING, capabilities.DISTURB_CLIENTS, capabilities.WATCH_TRAFFIC)


def effect_of(access_string: AccessString) -> Effect:
    """What an access string lets its owner do."""
    return Effect(access_string)


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
    keyless: Mapping[str, int]
    """Each capability to its commands."""
    never_alone: Mapping[Access, int]
    """Commands that also name a key besides the one asked about, by what they need of that key."""


@cache
def _sets_of(table: CommandTable) -> _Sets:
    readers = {Access.READ: 0, Access.BOTH: 0}
    movers = {Access.READ: 0, Access.BOTH: 0}
    writers = {Access.WRITE: 0, Access.BOTH: 0}
    never_alone = {Access.READ: 0, Access.WRITE: 0, Access.BOTH: 0}
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
        if name == "migrate" or (len(specs) > 1 and name not in capabilities.ONE_KEY_WILL_DO):
            for spec in specs:
                never_alone[spec.needs] |= bit
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
        keyless={
            capability.id: table.mask(*(name for name in capability.commands if name in table.index))
            for capability in CAPABILITIES
        },
        never_alone=never_alone,
    )


def _least(specs: Iterable[KeySpec], wanted: Access) -> Access:
    return min((spec.needs for spec in specs), key=lambda needs: needs != wanted)


@lru_cache(maxsize=4096)
def _names(table: CommandTable, mask: int) -> tuple[str, ...]:
    return tuple(table.names_in(mask))


class _Held(NamedTuple):
    """What one list grants in some database."""

    selector: Selector
    commands: int
    partly: int
    """With a first argument only, where that leaves the capability whole."""


class _OnKeys(NamedTuple):
    """Commands that are granted, with the patterns of the lists that grant them; None for every key."""

    commands: int
    patterns: frozenset[bytes] | None


class _Judge:
    def __init__(self, access_string: AccessString, sets: _Sets) -> None:
        self.access_string = access_string
        self.sets = sets
        self.undecided: list[str] = []
        self._commands: dict[str, tuple[str, ...]] = {}
        self._answers: dict[tuple[frozenset[bytes], Keys], Reach] = {}
        self._lists = [held for selector in access_string.selectors if (held := self._held(selector)) is not None]
        self._outright = self._partly = 0
        for held in self._lists:
            self._outright |= held.commands
            self._partly |= held.partly

    @cached_property
    def _effort(self) -> Effort:
        """What all questions about the string may cost together, so that no string is slow for its length."""
        return Effort(
            sum(
                len(pattern) + 1
                for selector in self.access_string.selectors
                for patterns in (selector.key_patterns, selector.channel_patterns)
                for pattern in patterns
            )
        )

    def _held(self, selector: Selector) -> _Held | None:
        if not selector.commands | selector.partly:
            return None
        table = self.access_string.table
        running = table.all
        if selector.databases is not None:
            running &= ~table.in_all_databases
            if len(selector.databases) <= 1:
                running &= ~table.mask("swapdb")
            if not selector.databases:
                running &= ~table.in_database
        if not selector.all_keys:
            # COPY under `%R~*` alone has nowhere to copy to, MIGRATE without any key nothing to move
            for needs, commands in self.sets.never_alone.items():
                if (selector.commands | selector.partly) & commands and not _touches(selector, needs):
                    running &= ~commands
        return _Held(selector, selector.commands & running, selector.partly & running & ~self.sets.no_argument)

    def commands_for(self, capability: Capability) -> tuple[str, ...]:
        """The granted commands that give a capability; none when it is not held."""
        found = self._commands.get(capability.id)
        if found is None:
            found = self._commands[capability.id] = self._work_out(capability)
        return found

    def _work_out(self, capability: Capability) -> tuple[str, ...]:
        match capability.id:
            case capabilities.READ_ANY_KEY:
                mask = self._reaching(self._readers, Keys.PRACTICALLY_EVERY)
            case capabilities.WRITE_ANY_KEY:
                mask = self._reaching(self._writers, Keys.PRACTICALLY_EVERY)
            case capabilities.USE_ANY_CHANNEL:
                mask = self._channels()
            case _:
                return self._keyless(capability)
        return _names(self.access_string.table, mask)

    def reaches_every_key(self) -> bool:
        return bool(self._reaching(self._readers, Keys.EVERY) or self._reaching(self._writers, Keys.EVERY))

    @cached_property
    def _readers(self) -> _OnKeys:
        sets = self.sets
        if any(held.commands & sets.sort and _touches(held.selector, Access.READ) for held in self._lists):
            return _OnKeys(sets.sort, None)  # on 6.x SORT … GET reads any key
        readers = dict(sets.readers)
        if any(
            (held.commands | held.partly) & those and _touches(held.selector, needs)
            for needs, those in sets.readers.items()
            for held in self._lists
        ):
            for needs, movers in sets.movers.items():
                readers[needs] |= movers
        return self._on_keys(readers, sets.read_more | sets.move_more)

    @cached_property
    def _writers(self) -> _OnKeys:
        return self._on_keys(self.sets.writers, self.sets.write_more)

    def _on_keys(self, wanted: Mapping[Access, int], free: int) -> _OnKeys:
        """The wanted commands that are granted, and the keys that they may touch."""
        found, patterns, unlimited = 0, set[bytes](), False
        for selector, commands, partly in self._lists:
            granted = commands | partly & free
            for needs, those in wanted.items():
                if hit := granted & those:
                    found |= hit
                    unlimited = unlimited or selector.all_keys
                    enough = (needs, Access.BOTH)
                    patterns.update(pattern for pattern, allowed in selector.key_patterns.items() if allowed in enough)
        return _OnKeys(found, None if unlimited else frozenset(patterns))

    def _reaching(self, those: _OnKeys, keys: Keys) -> int:
        """The commands, when together they reach the keys; else none."""
        if not those.commands or those.patterns is None:
            return those.commands
        return those.commands if self._reaches(those.patterns, keys, "key") else 0

    def _reaches(self, patterns: frozenset[bytes], keys: Keys, what: str) -> bool:
        if keys is Keys.EVERY and self._answers.get((patterns, Keys.PRACTICALLY_EVERY)) is Reach.NO:
            return False
        answer = self._answers.get((patterns, keys))
        if answer is None:
            answer = reach(patterns, keys, self._effort)
            if answer is Reach.NO and keys is Keys.PRACTICALLY_EVERY:
                answer = reaches_most_conventions(patterns, self._effort)
            self._answers[patterns, keys] = answer
        if answer is Reach.UNDECIDED:
            reason = f"whether the {what} patterns reach every {what} is too much work to decide, so it counts as yes"
            if reason not in self.undecided:
                self.undecided.append(reason)
        return answer is not Reach.NO

    def _channels(self) -> int:
        sets = self.sets
        found, partial, patterns = 0, 0, set[bytes]()
        for selector, commands, partly in self._lists:
            granted = (commands | partly & sets.more_channels) & sets.channels
            if selector.all_channels or not selector.channel_rules:
                found |= granted
            elif hit := granted & ~sets.exact_channels:
                partial |= hit
                patterns.update(selector.channel_patterns)
        if partial and self._reaches(frozenset(patterns), Keys.EVERY, "channel"):
            found |= partial
        return found

    def _keyless(self, capability: Capability) -> tuple[str, ...]:
        table = self.access_string.table
        granted = self._outright | (self._partly if capability.free_first_argument else 0)
        granted &= self.sets.keyless[capability.id]
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


def _touches(selector: Selector, needs: Access) -> bool:
    """Whether there is any key with which the list allows this; long patterns are taken to match one, late ones too."""
    if selector.all_keys:
        return True
    enough = (needs, Access.BOTH)
    patterns = (pattern for pattern, allowed in selector.key_patterns.items() if allowed in enough)
    return any(
        seen >= _PATTERNS_READ or len(pattern) > _LONGEST_READ or all(compile_glob(pattern).classes)
        for seen, pattern in enumerate(patterns)
    )


_PATTERNS_READ: Final = 20
_LONGEST_READ: Final = 200


def _mask_of(commands: Iterable[int]) -> int:
    mask = 0
    for command in commands:
        mask |= 1 << command
    return mask

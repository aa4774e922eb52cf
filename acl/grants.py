"""Which commands an access string grants, and whether on every key or channel.

Commands that name no key ignore key patterns. For commands on keys, the patterns of all lists that grant such a
command are taken together: `~a* +@all (~[^a]* +@all)` reaches every key, one at a time.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Final, NamedTuple

from acl.access_string import AccessString
from acl.command_kinds import kinds_of
from acl.commands import Access
from acl.coverage import Effort, Keys, Reach, reach
from acl.globs import compile_glob
from acl.selector import Selector


class Reaching(NamedTuple):
    """The granted commands that reach all of what was asked about, as a set; none where they do not."""

    commands: int
    doubt: str | None = None
    """Why it could not be decided; what is undecided counts as reached."""


class _Granted(NamedTuple):
    """What one list grants in some database."""

    selector: Selector
    outright: int
    partly: int
    """With a first argument only."""


class _OnPatterns(NamedTuple):
    """Commands that are granted, with the patterns of the lists that grant them; None for every key."""

    commands: int
    patterns: frozenset[bytes] | None


class Grants:
    """What the lists of an access string grant, judged as if the user were on."""

    def __init__(self, access: AccessString) -> None:
        self._access = access
        self._kinds = kinds_of(access.table)
        self._answers: dict[tuple[frozenset[bytes], Keys], Reach] = {}
        self._lists = [self._granted(selector) for selector in access.selectors if selector.commands | selector.partly]
        self.outright = self.partly = 0
        for _, outright, partly in self._lists:
            self.outright |= outright
            self.partly |= partly

    def _granted(self, selector: Selector) -> _Granted:
        table = self._access.table
        running = table.all
        if selector.databases is not None:
            running &= ~table.in_all_databases
            if len(selector.databases) <= 1:
                running &= ~table.mask("swapdb")
            if not selector.databases:
                running &= ~table.in_database
        if not selector.all_keys:
            # COPY under `%R~*` alone has nowhere to copy to, MIGRATE without any key nothing to move
            for needs, commands in self._kinds.never_alone.items():
                if (selector.commands | selector.partly) & commands and not _touches(selector, needs):
                    running &= ~commands
        return _Granted(selector, selector.commands & running, selector.partly & running & ~self._kinds.no_argument)

    def reading(self, keys: Keys) -> Reaching:
        """The commands that read the keys, directly or by moving values to where they are read."""
        return self._covering(self._readers, keys, "key")

    def writing(self, keys: Keys) -> Reaching:
        """The commands that change the keys."""
        return self._covering(self._writers, keys, "key")

    def on_channels(self) -> Reaching:
        """The commands that reach every channel."""
        kinds = self._kinds
        everywhere, somewhere, patterns = 0, 0, set[bytes]()
        for selector, outright, partly in self._lists:
            granted = (outright | partly & kinds.more_channels) & kinds.channels
            if selector.all_channels or not selector.channel_rules:
                everywhere |= granted
            elif hit := granted & ~kinds.exact_channels:
                somewhere |= hit
                patterns.update(selector.channel_patterns)
        more = self._covering(_OnPatterns(somewhere, frozenset(patterns)), Keys.EVERY, "channel")
        return Reaching(everywhere | more.commands, more.doubt)

    @cached_property
    def _readers(self) -> _OnPatterns:
        kinds = self._kinds
        if any(outright & kinds.sort and _touches(selector, Access.READ) for selector, outright, _ in self._lists):
            return _OnPatterns(kinds.sort, None)
        readers = dict(kinds.readers)
        if any(
            (outright | partly) & those and _touches(selector, needs)
            for needs, those in kinds.readers.items()
            for selector, outright, partly in self._lists
        ):
            for needs, movers in kinds.movers.items():
                readers[needs] |= movers
        return self._on_patterns(readers, kinds.read_more | kinds.move_more)

    @cached_property
    def _writers(self) -> _OnPatterns:
        return self._on_patterns(self._kinds.writers, self._kinds.write_more)

    def _on_patterns(self, wanted: Mapping[Access, int], free: int) -> _OnPatterns:
        """The wanted commands that are granted, and the keys that they may touch."""
        found, patterns, unlimited = 0, set[bytes](), False
        for selector, outright, partly in self._lists:
            granted = outright | partly & free
            for needs, those in wanted.items():
                if hit := granted & those:
                    found |= hit
                    unlimited = unlimited or selector.all_keys
                    enough = (needs, Access.BOTH)
                    patterns.update(pattern for pattern, allowed in selector.key_patterns.items() if allowed in enough)
        return _OnPatterns(found, None if unlimited else frozenset(patterns))

    def _covering(self, those: _OnPatterns, keys: Keys, what: str) -> Reaching:
        if not those.commands or those.patterns is None:
            return Reaching(those.commands)
        match self._reach(those.patterns, keys):
            case Reach.YES:
                return Reaching(those.commands)
            case Reach.NO:
                return Reaching(0)
            case Reach.UNDECIDED:
                return Reaching(
                    those.commands,
                    f"whether the {what} patterns reach every {what} is too much work to decide, so it counts as yes",
                )

    def _reach(self, patterns: frozenset[bytes], keys: Keys) -> Reach:
        """The answer for a union of patterns, worked out once."""
        if keys is Keys.EVERY and self._answers.get((patterns, Keys.PRACTICALLY_EVERY)) is Reach.NO:
            return Reach.NO
        if (patterns, keys) not in self._answers:
            self._answers[patterns, keys] = reach(patterns, keys, self._effort)
        return self._answers[patterns, keys]

    @cached_property
    def _effort(self) -> Effort:
        """What all questions about the string may cost together, so that no string is slow for its length."""
        return Effort(
            sum(
                len(pattern) + 1
                for selector in self._access.selectors
                for patterns in (selector.key_patterns, selector.channel_patterns)
                for pattern in patterns
            )
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

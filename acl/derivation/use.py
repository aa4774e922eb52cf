"""What was observed: commands with their counts, and the keys and channels that they named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acl.calls import Part
from acl.capabilities import CHANNELS
from acl.captures.quoting import words_of
from acl.captures.records import Call, Count, Refusal
from acl.captures.slow_logs import LEFT_OUT, SHORTENED
from acl.commands import Access, CommandTable, typed
from acl.derivation.key_places import Known, Place, places_of
from acl.derivation.names import shown
from acl.derivation.patterns import WORDS, Patterns


@dataclass(slots=True)
class CommandUse:
    """A command that was seen."""

    calls: int = 0
    example: str = ""
    """The first call, with its keys and channels; `…` stands for everything else."""
    without_names: bool = False
    """It was seen without its keys and channels: by commandstats, or as a refused command of ACL LOG."""


class Use:
    """What one application was seen doing, as a server line understands it."""

    def __init__(
        self,
        table: CommandTable,
        *,
        words: int = WORDS,
        keys_by_hand: Sequence[bytes] = (),
        channels_by_hand: Sequence[bytes] = (),
    ) -> None:
        """Start with nothing seen.

        :param words: how many different words may stand in one place of a name before they become `*`.
        :param keys_by_hand: patterns for the keys that they match.
        """
        self.table = table
        self.commands: dict[str, CommandUse] = {}
        self.keys = Patterns(words, keys_by_hand)
        self.channels = Patterns(words, channels_by_hand)
        self.channel_patterns: dict[bytes, dict[str, int]] = {}
        """The texts of PSUBSCRIBE, each with the commands that named it and their calls."""
        self.unknown: dict[str, int] = {}
        """Commands that the server line does not have; "" for those whose name does not look like one."""
        self.undivided: dict[str, int] = {}
        """Containers of which a count does not say which subcommands were called."""
        self.looked_up = 0
        """Calls of SORT that look up other keys by a pattern, for which only `~*` will do."""
        self.indexed = 0
        """Calls that name a search index, whose keys must all be allowed."""
        self.cut = 0
        """Calls in a log that leaves out their later arguments."""
        self._places = places_of(table)
        self._one_key: dict[bytes, tuple[str, int, CommandUse] | None] = {}

    @property
    def calls(self) -> int:
        """How many calls were seen, those of unknown commands not counted."""
        return sum(command.calls for command in self.commands.values())

    def names_something(self, command: str) -> bool:
        """Whether the command takes keys or channels."""
        if self.table.key_specs[self.table.index[command]] if command in self.table.index else ():
            return True
        return command in CHANNELS

    def give_by_hand(self) -> None:
        """Let the patterns by hand stand for the keys and channels of commands that were seen without them."""
        for name, seen in self.commands.items():
            if not seen.without_names:
                continue
            for spec in self.table.key_specs[self.table.index[name]] if name in self.table.index else ():
                self.keys.give_by_hand(name, self._as_allowed(spec.needs))
            if name in CHANNELS:
                self.channels.give_by_hand(name, 1)

    def add_call(self, call: Call) -> None:
        """Take a call.

        :raises TooVariedError: the names share too little.
        """
        pieces = call.text.split(b'"', 4)
        if not call.cut and len(pieces) > _KEY and (known := self._with_one_key(pieces[1])) is not None:
            name, needs, command = known
            key = pieces[_KEY]
            if b"\\" not in key and (needs >= 0 or not _GETS.search(pieces[_REST])):
                command.calls += 1
                self.keys.of(key).add(key, name, needs if needs >= 0 else self._as_allowed(Access.WRITE))
                return
        self._add_words(words_of(call.text), cut=call.cut)

    def _with_one_key(self, first: bytes) -> tuple[str, int, CommandUse] | None:
        """Name, needs and use of a command that was seen before and has one key, right behind its name.

        The needs of SET are -1: they depend on its options.
        """
        if first in self._one_key:
            return self._one_key[first]
        found = self._places.command([first]) if b"\\" not in first else None
        if found is None or found[0].name not in self.commands:
            return None
        known = found[0]
        answer = None
        if known.one_key_first is not None:
            answer = (known.name, self._as_allowed(known.one_key_first), self.commands[known.name])
        elif known.name == "set":
            answer = (known.name, -1, self.commands[known.name])
        if len(self._one_key) < _MOST_SPELLINGS:
            self._one_key[first] = answer
        return answer

    def _as_allowed(self, needs: Access) -> int:
        """What is needed, as a set: without directions (6.2) everything that may be."""
        return 1 << (needs if self.table.syntax.subcommands else Access.BOTH)

    def _add_words(self, words: list[bytes], *, cut: bool) -> None:
        if cut and LEFT_OUT.fullmatch(words[-1]):
            words.pop()
            self.cut += 1
            more = True
        else:
            more = False
        found = self._places.command(words)
        if found is None:
            self._add_unknown(words[0])
            return
        known, length = found
        arguments = words[length:]
        places = known.find(arguments, more)
        use = self.commands.get(known.name)
        if use is None:
            use = self.commands[known.name] = CommandUse()
        use.calls += 1
        if not use.example:
            use.example = _example(known, arguments, places)
        for place in places:
            self._add_place(known.name, place, arguments[place.at], cut=cut)

    def _add_place(self, command: str, place: Place, word: bytes, *, cut: bool) -> None:
        shortened = SHORTENED.search(word) if cut else None
        name = word[: shortened.start()] if shortened else word
        if place.part is Part.KEY:
            self.keys.of(name, cut=shortened is not None).add(name, command, self._as_allowed(place.needs))
        elif place.part is Part.CHANNEL:
            self.channels.of(name, cut=shortened is not None).add(name, command, 1)
        elif place.part is Part.PATTERN:
            calls = self.channel_patterns.setdefault(name, {})
            calls[command] = calls.get(command, 0) + 1
        elif place.part is Part.ANY_KEY:
            self.looked_up += 1
        elif place.part is Part.INDEX:
            self.indexed += 1

    def _add_unknown(self, word: bytes) -> None:
        # a command is named only where it looks like one of a module's: any word may have been typed there
        name = word.decode("ascii", "replace").lower()
        name = name if _MODULE_COMMAND.fullmatch(name) and len(self.unknown) < _MOST_SPELLINGS else ""
        self.unknown[name] = self.unknown.get(name, 0) + 1

    def add_count(self, count: Count) -> None:
        """Take a count of commandstats."""
        if count.calls:
            self._add_without_names(count.name, count.calls)

    def _add_without_names(self, name: str, calls: int) -> None:
        known = self._places.named(name)
        if known is not None:
            use = self.commands.setdefault(known.name, CommandUse())
            use.calls += calls
            use.without_names = True
        elif self._places.is_container(name):
            self.undivided[name] = self.undivided.get(name, 0) + calls
        else:
            self._add_unknown(name.encode())

    def add_refusal(self, refusal: Refusal) -> None:
        """Take what was refused: the command that lacked permission, or the key or channel with its command.

        :raises TooVariedError: the names share too little.
        """
        if refusal.reason == "command":
            self._add_without_names(refusal.object.decode("ascii", "replace").lower(), refusal.times)
        elif refusal.reason in {"key", "channel"}:
            known = self._places.named(refusal.command)
            if known is not None and not refusal.in_script:
                use = self.commands.setdefault(known.name, CommandUse(without_names=True))
                use.calls += refusal.times
            command = known.name if known is not None and not refusal.in_script else ""
            if refusal.reason == "key":
                self.keys.of(refusal.object).add(refusal.object, command, self._refused_needs(known, refusal))
            elif command == "psubscribe":
                calls = self.channel_patterns.setdefault(refusal.object, {})
                calls[command] = calls.get(command, 0) + refusal.times
            else:
                self.channels.of(refusal.object).add(refusal.object, command, 1)

    def _refused_needs(self, known: Known | None, refusal: Refusal) -> int:
        """What the command may have needed of the key: for a script, and for several kinds of keys, everything."""
        if known is None or refusal.in_script:
            return 1 << Access.BOTH
        needs = Access.NONE
        for one in self.table.key_specs[self.table.index[known.name]] if known.name in self.table.index else ():
            needs |= one.needs
        return self._as_allowed(needs)


_KEY: Final = 3
_REST: Final = 4
_GETS: Final = re.compile(rb'" "get"', re.IGNORECASE)
_MOST_SPELLINGS: Final = 1_000
_MODULE_COMMAND: Final = re.compile(r"[a-z]{1,10}\.[a-z_.]{1,30}")


def _example(known: Known, arguments: Sequence[bytes], places: Sequence[Place]) -> str:
    """A call for people: its name, keys and channels, and nothing else that it holds."""
    by_index = {place.at: place for place in places if place.part is not Part.DATABASE}
    words = [typed(known.name)]
    for index, argument in enumerate(arguments):
        if index in by_index:
            words.append(shown(argument) or '""')
        elif words[-1] != "…":
            words.append("…")
        if len(words) > _MOST_SHOWN:
            return " ".join([*words[:_MOST_SHOWN], "…"]).replace("… …", "…")
    return " ".join(words)


_MOST_SHOWN: Final = 8

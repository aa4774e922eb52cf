"""The trial of one access string on one server: each claim is held against calls that the server allows or refuses."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, islice
from random import Random
from typing import Final

from acl.commands import Access
from acl.key_conventions import FAMILIES
from tests.support import command_rows as rows
from tests.support.capability_calls import CapabilityCalls
from tests.support.capability_claims import (
    EVERY_KEY,
    READ_ANY_KEY,
    USE_ANY_CHANNEL,
    WRITE_ANY_KEY,
    Contradiction,
    Tally,
)
from tests.support.capability_keys import CallsOnKeys
from tests.support.keys_to_try import EVERY_KEY as ALL_KEYS
from tests.support.keys_to_try import USUAL_KEYS, KeySpace, key_for, matches, walk
from tests.testbed.random_access_strings import near_misses
from tests.testbed.user_reading import PermissionList
from tests.testbed.verdicts import Call, Form, Verdict

MOST_DATABASES: Final = 100_000
_KEYS_TRIED: Final = 12
_PAIRED: Final = 16
_KEYS_SEARCHED: Final = 4
_WALKS: Final = 60
_WALKS_FOR_YES: Final = 4
_FILLERS: Final = 6
_MOST_COMBINED: Final = 4
_ANOTHER_DATABASE: Final = 4

Ask = Callable[[Sequence[Call]], list[Verdict]]


class Trial:
    """One string on one server."""

    def __init__(
        self, calls: CapabilityCalls, ask: Ask, text: str, lists: Sequence[PermissionList], random: Random
    ) -> None:
        """Prepare the trial.

        :param ask: what the server says about calls of the string's owner.
        :param lists: what the server makes of the string.
        """
        self.calls = calls
        self.ask = ask
        self.random = random
        self._text = text
        self._lists = lists
        self.first_arguments: dict[str, list[bytes]] = {}
        for command, argument in chain.from_iterable(one.first_arguments for one in lists):
            self.first_arguments.setdefault(command, []).append(argument)
        self.databases = self._databases()
        patterns = sorted({pattern for one in lists for pattern in one.patterns})
        likely = [key for pattern in patterns if (key := key_for(pattern, random)) is not None]
        fixed = [argument for arguments in self.first_arguments.values() for argument in arguments]
        self.fillers = [b"filler-key", *random.sample(likely, min(len(likely), _FILLERS)), *fixed[:_FILLERS]]
        self._touches_keys = bool(likely)
        self._on_keys: dict[str, CallsOnKeys] = {}

    def contradictions(self, claimed: AbstractSet[str], tally: Tally) -> Iterator[Contradiction]:
        """What the server says otherwise; what it bears out is counted."""
        shown = self.without_keys([*rows.CACHE_WIDE])
        for capability in rows.CACHE_WIDE:
            if (capability in claimed) == (capability in shown):
                tally.add(capability, claimed=capability in claimed)
            else:
                evidence = shown.get(capability, b"no call of its commands is allowed").decode("utf-8", "replace")
                yield Contradiction(self._text, capability, capability in claimed, evidence)
        for capability, keys in (
            (READ_ANY_KEY, USUAL_KEYS),
            (WRITE_ANY_KEY, USUAL_KEYS),
            (USE_ANY_CHANNEL, ALL_KEYS),
        ):
            missed = [self._missed(capability, keys, claimed=capability in claimed)]
            yield from self._weighed(capability, missed, tally, claimed=capability in claimed)
        both = [
            self._missed(capability, ALL_KEYS, claimed=EVERY_KEY in claimed)
            for capability in (READ_ANY_KEY, WRITE_ANY_KEY)
        ]
        yield from self._weighed(EVERY_KEY, both, tally, claimed=EVERY_KEY in claimed)

    def without_keys(self, wanted: Sequence[str]) -> dict[str, bytes]:
        """Those capabilities that come with commands alone and of which a call is allowed, each with that call."""
        calls: list[Call] = []
        owners: list[str] = []
        for capability in wanted:
            for row in rows.CACHE_WIDE[capability]:
                if self.calls.knows(row.command):
                    for form in self._forms_without_keys(capability, row.command):
                        calls += [Call(form, form.words, database) for database in self.databases]
                        owners += [capability] * len(self.databases)
        return {
            owner: b" ".join(call.words)
            for owner, call, verdict in zip(owners, calls, self.ask(calls), strict=True)
            if verdict is Verdict.ALLOWED
        }

    def _forms_without_keys(self, capability: str, command: str) -> Iterator[Form]:
        granted = self.first_arguments.get(command, [])
        if command == "swapdb":
            return self.calls.swaps(granted, self.databases)
        return self.calls.without_keys(capability, command, granted, self.fillers)

    def _databases(self) -> list[int]:
        named = {number for one in self._lists for number in one.databases or ()}
        if all(one.databases is None for one in self._lists):
            return [0]
        return sorted({0, _ANOTHER_DATABASE, *(number for number in named if number < MOST_DATABASES)})

    def _weighed(
        self, capability: str, missed: Sequence[bytes | None], tally: Tally, *, claimed: bool
    ) -> Iterator[Contradiction]:
        """Count a claim on keys, or contradict it.

        :param missed: for each way of holding it a key that is refused; None where none was found.
        """
        if claimed and None not in missed:
            if self._reaches_conventions(capability):
                tally.add(capability, claimed=claimed)
            elif self._grants_unfitting_calls() or (capability != WRITE_ANY_KEY and self._moves(capability)):
                tally.unfitting.append((self._text, capability))
            else:
                refused = " and ".join(map(repr, missed))
                yield Contradiction(self._text, capability, claimed, f"{refused} is refused by all of its commands")
        elif not claimed and None in missed:
            tally.unconfirmed.append((self._text, capability))
        else:
            tally.add(capability, claimed=claimed)

    def _reaches_conventions(self, capability: str) -> bool:
        """Whether the server allows a call on most sample keys of at least half of the key conventions."""
        calls = self._on_keys.get(capability)
        if calls is None or not calls.any_left or capability == USE_ANY_CHANNEL:
            return False
        reached = sum(
            2 * sum(calls.first_refused([sample]) is None for sample in family.samples) > len(family.samples)
            for family in FAMILIES
        )
        return 2 * reached >= len(FAMILIES)

    def _grants_unfitting_calls(self) -> bool:
        return not self._touches_keys or any(
            not self._fits(command, argument)
            for command, arguments in self.first_arguments.items()
            for argument in arguments
        )

    def _fits(self, command: str, argument: bytes) -> bool:
        """Whether a command can run with this first argument: where that is a key, whether the server lets it."""
        if not self.calls.fits(command, argument):
            return False
        forms = [form for form in self.calls.forms.get(command, ()) if form.keys and form.keys[0][0] == 1]
        calls = [
            Call(form, tuple(argument if at == 1 else other if at in places else word for at, word in words), database)
            for form in forms
            for places in [{place for place, _ in form.keys}]
            for words in [[*enumerate(form.words)]]
            for other in (argument, *self.fillers)
            for database in self.databases
        ]
        return not calls or Verdict.ALLOWED in self.ask(calls)

    def _moves(self, capability: str) -> bool:
        """Whether it may read by moving, which counts wherever there is any key to move to and any to read."""
        if capability == USE_ANY_CHANNEL:
            return False
        forms = [self.calls.forms[name][0] for name in sorted(self.calls.movers)]
        calls = [Call(form, form.words, database) for form in forms for database in self.databases]
        return any(verdict is not Verdict.NO_COMMAND for verdict in self.ask(calls))

    def _missed(self, capability: str, keys: KeySpace, *, claimed: bool) -> bytes | None:
        """A key that no call of the capability's commands may touch; None when each one that was tried may be."""
        calls = self._on_keys.get(capability)
        if calls is None:
            calls = self._on_keys[capability] = CallsOnKeys(self, capability)
        if not calls.any_left:
            return b"no key"
        if calls.reads_anything:
            return None
        searched = self._searched(capability, keys, _WALKS_FOR_YES if claimed else _WALKS)
        chosen = [*searched, *self._random_keys(keys)]
        return calls.first_refused(chosen[:_KEYS_TRIED] if claimed else chosen)

    def _searched(self, capability: str, keys: KeySpace, walks: int) -> list[bytes]:
        """Keys of which few of the patterns that may count match, those first that the fewest match."""
        some = self._patterns(capability, self._lists)
        guesses = self._guesses(capability)
        walked = (walk(guesses[turn % len(guesses)], keys, self.random) for turn in range(walks))
        found = [*islice((key for key in walked if key is not None), _KEYS_SEARCHED)]
        if keys.shortest == 1:
            written = sorted({bytes((byte,)) for pattern in some for byte in pattern})
            found += written
            found += [first + second for first in written[:_PAIRED] for second in written[:_PAIRED]]
        found += [key for key in near_misses(some, self.random) if keys.has(key)]
        # Only an order: what is asked of the server in the end decides.
        return sorted(dict.fromkeys(found), key=lambda key: sum(matches(pattern, key) for pattern in some))[
            :_KEYS_SEARCHED
        ]

    def _guesses(self, capability: str) -> list[list[bytes]]:
        """Sets of patterns, those of some of the lists; one is what the commands of the capability may touch."""
        lists = self._lists[:_MOST_COMBINED]
        subsets = chain.from_iterable(combinations(lists, size) for size in range(len(lists), 0, -1))
        return [
            guess
            for subset in subsets
            for guess in (self._patterns(capability, subset), self._patterns(capability, subset, both=True))
        ]

    @staticmethod
    def _patterns(capability: str, lists: Sequence[PermissionList], *, both: bool = False) -> list[bytes]:
        if capability == USE_ANY_CHANNEL:
            return sorted({pattern for one in lists for pattern in one.channels})
        wanted = Access.WRITE if capability == WRITE_ANY_KEY else Access.READ
        enough = (Access.BOTH,) if both else (wanted, Access.BOTH)
        return sorted({pattern for one in lists for pattern, allowed in one.patterns.items() if allowed in enough})

    def _random_keys(self, keys: KeySpace) -> list[bytes]:
        return [
            bytes(self.random.choices(keys.letters, k=self.random.randrange(keys.shortest, keys.shortest + 5)))
            for _ in range(_KEYS_TRIED)
        ]

"""The calls by which one string's grip on a key, or a channel, is tried."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, Protocol

from acl.commands import Access
from tests.support import command_rows as rows
from tests.support.capability_calls import CapabilityCalls
from tests.support.capability_claims import READ_ANY_KEY, USE_ANY_CHANNEL, WRITE_ANY_KEY
from tests.testbed.verdicts import Call, Form, Verdict

_FEW_FORMS: Final = 4


class Owner(Protocol):
    """The owner of an access string, on one server."""

    calls: CapabilityCalls
    ask: Callable[[Sequence[Call]], list[Verdict]]
    random: Random
    databases: list[int]
    fillers: list[bytes]
    """Keys that the owner may be able to touch."""
    first_arguments: dict[str, list[bytes]]


class CallsOnKeys:
    """Calls with a key of one's choice, and all the rest filled in several ways."""

    def __init__(self, owner: Owner, capability: str) -> None:
        """Find the calls that are granted at all."""
        self._owner = owner
        self._capability = capability
        self._channels = capability == USE_ANY_CHANNEL
        self._movers = owner.calls.movers if capability == READ_ANY_KEY else set[str]()
        forms = owner.calls.of_capability(capability)
        wanted = Access.WRITE if capability == WRITE_ANY_KEY else Access.READ
        self._places = self._granted(
            [(form, place) for several in forms.values() for form in several for place in self._places_in(form, wanted)]
        )
        self._readable = self._readable_fillers() if capability == READ_ANY_KEY else []

    @property
    def any_left(self) -> bool:
        """Whether any command is granted at all, with some first argument at least."""
        return bool(self._places)

    @property
    def reads_anything(self) -> bool:
        """On 6.2 SORT … GET reads any key, if there is one to be sorted."""
        if self._owner.calls.has_subcommands or self._capability != READ_ANY_KEY:
            return False
        form = Form("sort", (b"sort", b"k"), ((1, Access.BOTH),), takes_any_first_argument=False)
        return self._any_allowed([Call(form, (b"sort", key), 0) for key in (*self._owner.fillers, b"")])

    def first_refused(self, keys: Sequence[bytes]) -> bytes | None:
        """The first key with which none of the calls is allowed."""
        for key in keys:
            shuffled = self._owner.random.sample(self._places, len(self._places))
            for some in (shuffled[:_FEW_FORMS], shuffled[_FEW_FORMS:]):
                if self._any_allowed([call for form, place in some for call in self._variants(form, place, key)]):
                    break
            else:
                return key
        return None

    def _places_in(self, form: Form, wanted: Access) -> Sequence[int]:
        if self._channels:
            return [*range(1, len(form.words) if rows.CHANNELS[form.command] else 2)]
        return [place for place, needs in form.keys if needs & wanted]

    def _granted(self, places: Sequence[tuple[Form, int]]) -> list[tuple[Form, int]]:
        """Drop the commands that no list grants, so that the many calls that follow are not wasted."""
        first = {form.command: form for form, _ in reversed(places)}
        calls = [Call(form, form.words, database) for form in first.values() for database in self._owner.databases]
        said = self._owner.ask(calls)
        granted = {
            call.form.command for call, verdict in zip(calls, said, strict=True) if verdict is not Verdict.NO_COMMAND
        }
        granted.update(self._owner.first_arguments)
        return [(form, place) for form, place in places if form.command in granted]

    def _variants(self, form: Form, place: int, key: bytes, *, few: bool = False) -> list[Call]:
        """A form with the key at its place, the other keys and the first argument filled in several ways."""
        if form.command in self._movers:
            others = [*self._readable] if not few else [b"other"]
        else:
            others = [key] if few else [key, *self._owner.fillers]
        keys = [at for at in range(1, len(form.words)) if self._is_key(form, at) and at != place]
        found: dict[tuple[bytes, ...], None] = {}
        for other in others if keys else others[:1]:
            words = list(form.words)
            for at in keys:
                words[at] = other
            words[place] = key
            found[tuple(words)] = None
            for argument in self._owner.first_arguments.get(form.command, ()):
                if place != 1 and (1 in keys or form.words[1].lower() == argument):
                    found[words[0], argument, *words[2:]] = None
        return [Call(form, words, database) for words in found for database in self._owner.databases]

    def _is_key(self, form: Form, at: int) -> bool:
        if self._channels:
            return at == 1 or rows.CHANNELS[form.command]
        return any(place == at for place, _ in form.keys)

    def _readable_fillers(self) -> list[bytes]:
        plain = [(form, place) for form, place in self._places if form.command not in self._movers]
        return [
            filler
            for filler in self._owner.fillers
            if self._any_allowed(
                [call for form, place in plain for call in self._variants(form, place, filler, few=True)]
            )
        ]

    def _any_allowed(self, calls: Sequence[Call]) -> bool:
        return bool(calls) and Verdict.ALLOWED in self._owner.ask(calls)

"""The search for a call that one access string allows and another refuses.

A call is allowed where one list allows all of it, so a call that is refused gives each list of the other string a
reason: a key, a channel or a database at some place of the call. Places are independent of each other. So such a call
is found where the other string's lists can be shared out over the places, and each place can be filled with something
that the one list allows and that none of the lists allows that have their reason there. All ways to share them out are
tried; with many lists, or long patterns, the bound on the work may leave a command undecided.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count, product
from typing import Final, NamedTuple

from acl.bits import bits
from acl.call_shapes import ANYTHING, Filling, FirstArgument, Place, Shape, digits, place, shape_of, written
from acl.calls import PASSED_OVER, Calls, Command, Part, Slot
from acl.commands import Access
from acl.inclusion import PatternUnion, key_outside
from acl.key_patterns import Effort, EffortSpentError
from acl.permission_lists import JoinedScope, ListScope, PermissionList, Scope


class Found(NamedTuple):
    """Commands with a call that one string allows and another refuses, each for the same reason."""

    commands: tuple[Command, ...]
    form: int
    """Which of the commands' forms the call has."""
    filling: Filling
    first: FirstArgument
    by: ListScope
    """The list that allows it."""
    granting: JoinedScope
    """The lists of the other string that grant the command too, and refuse the call."""
    refused_at: int | None
    """The place for which all of them refuse it; None where they do so for several, or grant it not at all."""

    def call_of(self, command: Command) -> tuple[bytes, ...]:
        """The call of one of the commands, word by word."""
        return written(command, self.form, self.filling, self.first)

    @property
    def slots(self) -> list[Slot]:
        """The places that access rules look at."""
        return [slot for slot in self.commands[0].forms[self.form] if slot.part not in PASSED_OVER]

    @property
    def database(self) -> int:
        """The database from which the call is made."""
        for slot, values in zip(self.slots, self.filling, strict=True):
            if slot.part is Part.CURRENT_DATABASE:
                return int(values[0])
        return 0


class CallSearch:
    """Looks for calls that one string allows and another refuses.

    :param calls: how the commands of the server line are called.
    :param effort: the bound on the work.
    """

    def __init__(self, calls: Calls, effort: Effort) -> None:
        self._calls = calls
        self._effort = effort
        self._joined: dict[tuple[ListScope, ...], JoinedScope] = {}
        self._values: dict[tuple[Place, Scope, Scope], bytes | None] = {}
        self._keys: dict[tuple[PatternUnion, PatternUnion, FirstArgument], bytes | None] = {}
        self._nobody = JoinedScope(())
        self.undecided: list[Command] = []
        """The commands for which the bound on the work was hit."""

    def found(self, own: Sequence[PermissionList], others: Sequence[PermissionList]) -> Iterator[Found]:
        """For each command at most one call that `own` allows and `others` refuse, the shortest that is found."""
        divided = self._calls.divided
        for one in (*own, *others):
            for command in one.first_arguments.keys() & self._calls.of.keys():
                divided |= 1 << command
        try:
            classes = self._classes(own, others)
        except EffortSpentError:
            granted = {bit for one in own for bit in (*bits(one.commands), *one.first_arguments)}
            self.undecided += (self._calls.of[bit][-1] for bit in sorted(granted & self._calls.of.keys()))
            return
        for mask, by, granting in classes:
            if self._all_covered(by, granting):
                continue
            for alike in self._calls.alike.values():
                if hit := mask & alike & ~divided:
                    yield from self._decided_alike(hit, by, granting)
        for bit in bits(divided):
            yield from self._with_first_arguments(bit, own, others)

    def grants_more_to_come(self, own: Sequence[PermissionList], others: Sequence[PermissionList]) -> bool:
        """Whether commands that modules add later get more from `own`: such a command may have any number of places.

        :raises EffortSpentError: the bound on the work was hit.
        """
        several = self._join([one.scope for one in others if one.future])
        return any(not self._covered(one.scope, several) for one in own if one.future)

    def _join(self, several: Sequence[ListScope]) -> JoinedScope:
        key = tuple(several)
        found = self._joined.get(key)
        if found is None:
            self._effort.spend(_JOIN_COST + len(key) + sum(scope.size for scope in key) / _BYTES_JOINED_A_STEP)
            found = self._joined[key] = JoinedScope(key)
        return found

    def _all_covered(self, by: JoinedScope, granting: JoinedScope) -> bool:
        """Whether each list is covered by some single other, whatever the command; no where that is too much work."""
        if by.members <= granting.members:
            return True
        if len(by.several) * len(granting.several) > _FEW_PAIRS:
            return False
        try:
            return all(self._covered(scope, granting) for scope in by.several)
        except EffortSpentError:
            return False

    def _covered(self, scope: ListScope, others: JoinedScope) -> bool:
        """Whether some single list reaches all that a list reaches.

        :raises EffortSpentError: the bound on the work was hit.
        """
        return scope in others.members or any(
            all(self._value(one, scope, self._join([other])) is None for one in _PLACES_OF_ANY_COMMAND)
            for other in others.several
        )

    def _classes(
        self, own: Sequence[PermissionList], others: Sequence[PermissionList]
    ) -> list[tuple[int, JoinedScope, JoinedScope]]:
        """The commands by the lists that grant them outright: (commands, lists of `own`, lists of `others`).

        :raises EffortSpentError: the bound on the work was hit.
        """
        every = 0
        for one in own:
            every |= one.commands
        classes: dict[tuple[int, int], int] = {(0, 0): every}
        for side, lists in enumerate((own, others)):
            for rank, one in enumerate(lists):
                self._effort.spend(len(classes) / _CLASSES_A_STEP)
                split: dict[tuple[int, int], int] = {}
                for (by, granting), mask in classes.items():
                    if out := mask & ~one.commands:
                        split[by, granting] = split.get((by, granting), 0) | out
                    if inside := mask & one.commands:
                        key = (by | 1 << rank, granting) if side == 0 else (by, granting | 1 << rank)
                        split[key] = split.get(key, 0) | inside
                classes = split
        return [
            (
                mask,
                self._join([own[rank].scope for rank in bits(by)]),
                self._join([others[rank].scope for rank in bits(granting)]),
            )
            for (by, granting), mask in classes.items()
            if by
        ]

    def _with_first_arguments(
        self, bit: int, own: Sequence[PermissionList], others: Sequence[PermissionList]
    ) -> Iterator[Found]:
        """The call of a command whose first argument matters, or on 6.2 of each subcommand."""
        *parts, whole = self._calls.of[bit]
        subcommands = {part.argument for part in parts if part.argument is not None}
        named = {word for one in (*own, *others) for word in one.first_arguments.get(bit, ())} - subcommands
        tried = [(part, part.argument, ANYTHING) for part in parts]
        tried.append((whole, None, FirstArgument(never=frozenset(subcommands | named))))
        tried += [(whole, word, FirstArgument(only=word)) for word in sorted(named)]
        done = set[Command]()
        for command, word, first in tried:
            if command in done:
                continue
            try:
                self._effort.spend(len(own) + len(others))
                by = self._join([one.scope for one in own if one.grants(bit, word)])
                granting = self._join([one.scope for one in others if one.grants(bit, word)])
                found = self._decided(command, by, granting, first)
            except EffortSpentError:
                self.undecided.append(command)
                done.add(command)
                continue
            if found is not None:
                done |= {command, whole}
                yield found

    def _decided_alike(self, mask: int, by: JoinedScope, granting: JoinedScope) -> Iterator[Found]:
        """The call of commands in whose forms access rules look at the same: it is decided for one of them."""
        one = self._calls.of[mask.bit_length() - 1][-1]
        try:
            found = self._decided(one, by, granting)
        except EffortSpentError:
            self.undecided += (self._calls.of[bit][-1] for bit in bits(mask))
            return
        if found is not None:
            yield found._replace(commands=tuple(self._calls.of[bit][-1] for bit in bits(mask)))

    def _decided(
        self, command: Command, by: JoinedScope, granting: JoinedScope, first: FirstArgument = ANYTHING
    ) -> Found | None:
        """A call of a command that some list of `by` allows and all of `granting` refuse.

        :raises EffortSpentError: the bound on the work was hit.
        """
        if by.members <= granting.members:
            return None
        for number in range(len(command.forms)):
            shape = shape_of(command, number, first)
            if shape is None or (len(by.several) > _FEW_LISTS and not self._may_differ(shape, by, granting)):
                continue
            for scope in by.several:
                if scope in granting.members:
                    continue
                filled = self._filled(shape, scope, granting)
                if filled is not None:
                    return Found((command,), number, filled[0], first, scope, granting, filled[1])
        return None

    def _may_differ(self, shape: Shape, by: JoinedScope, granting: JoinedScope) -> bool:
        """Look at many lists as one, to be done at once with calls that have a single place."""
        return len(shape.places) > 1 or shape.repeated is not None or self._filled(shape, by, granting) is not None

    def _filled(self, shape: Shape, scope: Scope, others: JoinedScope) -> tuple[Filling, int | None] | None:
        """The form's places filled with what one list allows and the others refuse.

        :returns: with the place for which all of them do.
        """
        if any(self._value(one, scope, self._nobody) is None for one in shape.places):
            return None
        for times in shape.times(len(others.several) + 1):
            places = shape.spread(times, min(len(others.several), _MOST_LISTS))
            for at, one in enumerate(places):
                if others.several and self._value(one, scope, others) is not None:
                    given = [others if at == place_at else self._nobody for place_at in range(len(places))]
                    own_place = at if at < len(shape.places) else shape.repeated
                    return shape.arranged(self._values_of(places, scope, given), times), own_place
            shared = self._shared_out(places, scope, others)
            if shared is not None:
                return shape.arranged(self._values_of(places, scope, shared), times), None
        return None

    def _values_of(self, places: Sequence[Place], scope: Scope, given: Sequence[JoinedScope]) -> list[bytes]:
        values = (self._value(one, scope, refused_by) for one, refused_by in zip(places, given, strict=True))
        return [value for value in values if value is not None]

    def _shared_out(self, places: Sequence[Place], scope: Scope, others: JoinedScope) -> list[JoinedScope] | None:
        """For each place those of the others that refuse the call there, where no place alone will do.

        :raises EffortSpentError: there are too many others to try all ways.
        """
        if len(places) <= 1 and others.several:
            return None
        distinct = dict.fromkeys(places)
        choices: dict[ListScope, set[Place]] = {}
        for other in others.several:
            refused = {one for one in distinct if self._value(one, scope, self._join([other])) is not None}
            if not refused:
                return None
            choices[other] = refused
        if len(choices) > _MOST_LISTS:
            raise EffortSpentError
        hardest_first = sorted(choices, key=lambda other: len(choices[other]))
        given: list[tuple[ListScope, ...]] = [()] * len(places)
        if not self._share_out(places, scope, hardest_first, choices, given):
            return None
        return [self._join(some) for some in given]

    def _share_out(
        self,
        places: Sequence[Place],
        scope: Scope,
        others: Sequence[ListScope],
        choices: dict[ListScope, set[Place]],
        given: list[tuple[ListScope, ...]],
    ) -> bool:
        if not others:
            return True
        other, *later = others
        untouched = set[Place]()
        for at, one in enumerate(places):
            before = given[at]
            if one not in choices[other] or (not before and one in untouched):
                continue  # no use here, or no more than at a like place that was as empty
            if not before:
                untouched.add(one)
            given[at] = (*before, other)
            if self._value(one, scope, self._join(given[at])) is not None and self._share_out(
                places, scope, later, choices, given
            ):
                return True
            given[at] = before
        return False

    def _value(self, one: Place, scope: Scope, others: JoinedScope) -> bytes | None:
        """Something that one list allows at a place, and none of the others.

        :raises EffortSpentError: the bound on the work was hit.
        """
        asked = (one, scope, others)
        self._effort.spend(_LOOK_UP)
        if asked not in self._values:
            self._effort.spend(1)
            self._values[asked] = self._work_out(one, scope, others)
        return self._values[asked]

    def _work_out(self, one: Place, scope: Scope, others: JoinedScope) -> bytes | None:
        found = True
        match one.part:
            case Part.KEY | Part.INDEX:
                return self._outside(scope.keys(one.needs), others.keys(one.needs), one.first)
            case Part.CHANNEL:
                return self._outside(scope.channels, others.channels, one.first)
            case Part.PATTERN:
                self._effort.spend(len(scope.channels.patterns) / _PATTERNS_A_STEP)
                return _text(scope.channels, others.channels, one.first)
            case Part.DATABASE | Part.CURRENT_DATABASE:
                self._effort.spend(len(scope.databases or ()) / _PATTERNS_A_STEP)
                return _number(scope.databases, others.databases, one.first)
            case Part.ALL_DATABASES:
                found = scope.databases is None and others.databases is not None
            case Part.ANY_KEY:
                found = scope.looks_up_any_key and not others.looks_up_any_key
            case _:
                found = not others.several  # a count is not refused by any list
        return b"*" if found else None

    def _outside(self, own: PatternUnion, others: PatternUnion, first: FirstArgument) -> bytes | None:
        asked = (own, others, first)
        if asked not in self._keys:
            self._keys[asked] = key_outside(own, others, self._effort, only=first.only, never=first.never)
        return self._keys[asked]


_CLASSES_A_STEP: Final = 4
_JOIN_COST: Final = 6
_BYTES_JOINED_A_STEP: Final = 64
_PATTERNS_A_STEP: Final = 8
_LOOK_UP: Final = 0.4
_FEW_LISTS: Final = 4
_FEW_PAIRS: Final = 64
_MOST_LISTS: Final = 64
_PLACES_OF_ANY_COMMAND: Final = (
    *(place(Part.KEY, needs) for needs in (Access.NONE, Access.READ, Access.WRITE, Access.BOTH)),
    *map(place, (Part.CHANNEL, Part.PATTERN, Part.DATABASE, Part.ALL_DATABASES, Part.ANY_KEY)),
)


def _text(own: PatternUnion, others: PatternUnion, first: FirstArgument) -> bytes | None:
    """A pattern of channels that is the very text of a rule, or anything where every channel is allowed.

    The texts are compared as C strings, so nothing behind a NUL makes another one.
    """
    if others.every:
        return None
    if own.every:
        if first.only is not None:
            letters = ({byte, bytes((byte,)).upper()[0]} for byte in first.only)
            spellings = map(bytes, product(*(sorted(either, reverse=True) for either in letters)))
            return next((text for text in spellings if text not in others.patterns), None)
        texts = chain((b"*", b"a"), map(digits, count()))
        return next(text for text in texts if text not in others.patterns and text not in first.never)
    fitting = (
        text
        for text in own.patterns - others.patterns
        if (text.lower() == first.only if first.only is not None else text.lower() not in first.never)
    )
    return min(fitting, key=lambda text: (len(text), text), default=None)


def _number(own: frozenset[int] | None, others: frozenset[int] | None, first: FirstArgument) -> bytes | None:
    """A database that one list allows and none of the others; None stands for all databases."""
    if others is None:
        return None
    if first.only is not None:
        if not _DATABASE.fullmatch(first.only) or int(first.only) > _LARGEST_DATABASE:
            return None
        number = int(first.only)
        return first.only if number not in others and (own is None or number in own) else None
    numbers = count() if own is None else sorted(own)
    fitting = (digits(number) for number in numbers if number not in others)
    return next((number for number in fitting if number not in first.never), None)


_DATABASE: Final = re.compile(rb"0|[1-9][0-9]{0,9}")
_LARGEST_DATABASE: Final = 2**31 - 1

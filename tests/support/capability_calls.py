"""The calls by which a capability is tried on a server: of which commands, with which arguments.

Which commands show, move and change values was seen by running them (tests/testbed/command_effects.py), or is written
by hand (command_rows.py). Nothing of it is borrowed from what is tried.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Final

from acl.commands import Access
from tests.support import command_rows as rows
from tests.support.capability_claims import READ_ANY_KEY, USE_ANY_CHANNEL, WRITE_ANY_KEY
from tests.testbed.call_forms import CallForms
from tests.testbed.command_effects import Effects, effects_of
from tests.testbed.servers import running, server_named
from tests.testbed.verdicts import Form

_COUNT: Final = re.compile(rb"[1-9][0-9]{0,4}")
_NUMBER: Final = re.compile(rb"[0-9]{1,5}")
_FITTING: Final[Mapping[str, re.Pattern[bytes]]] = {
    **dict.fromkeys(("lmpop", "zmpop", "sintercard", "zinter", "zintercard", "zunion", "zdiff"), _COUNT),
    **dict.fromkeys(("blmpop", "bzmpop"), _NUMBER),
    "bitop": re.compile(rb"and|or|xor|not"),
    "xread": re.compile(rb"streams|count|block"),
    "xreadgroup": re.compile(rb"group"),
    "stralgo": re.compile(rb"lcs"),
}
"""First arguments, in lower case, with which commands can run whose first argument is not a key."""
_OPTIONAL_ARGUMENT: Final = frozenset({"failover", "shutdown", "bgsave"})
"""Commands whose shortest call has no argument, and that take one."""


@cache
def _effects_on(server: str) -> Effects:
    with running(server_named(server)) as started, started.connect() as link:
        return effects_of(link, CallForms(link).by_command)


class CapabilityCalls:
    """The calls of one server line."""

    def __init__(self, server: str, forms: Mapping[str, Sequence[Form]]) -> None:
        """Sort the calls of a server.

        :param server: the server line, by whose own commands all is decided.
        :param forms: what `CallForms` found on it.
        """
        self._server = server
        self.forms = forms
        self.has_subcommands = any("|" in name for name in forms)

    def of_capability(self, capability: str) -> Mapping[str, Sequence[Form]]:
        """The calls by which a capability on keys or channels is tried, by command."""
        names: Collection[str] = {
            READ_ANY_KEY: self._readers | self.movers,
            WRITE_ANY_KEY: self._writers,
            USE_ANY_CHANNEL: {name for name in rows.CHANNELS if name in self.forms},
        }[capability]
        return {name: forms for name, forms in self.forms.items() if name in names}

    @property
    def movers(self) -> set[str]:
        """The commands that read one key into another, and show nothing themselves."""
        effects = _effects_on(self._server)
        return (effects.moves - effects.shows) | self._known(rows.MOVES)

    @property
    def _readers(self) -> set[str]:
        shown_otherwise = {*rows.SHOW_NOTHING, *rows.READ_WITHOUT_PERMISSION}
        return _effects_on(self._server).shows - shown_otherwise - self._unreported

    @property
    def _writers(self) -> set[str]:
        seen = _effects_on(self._server).changes - {*rows.CHANGE_WITHOUT_PERMISSION}
        return (seen | self._known(rows.CHANGES)) - self._unreported

    @property
    def _unreported(self) -> set[str]:
        return set() if self.has_subcommands else {*rows.UNREPORTED_ON_6_2}

    def _known(self, names: Collection[str]) -> set[str]:
        return {*names} & self.forms.keys()

    def needs_of_first_key(self, command: str) -> Access | None:
        """What a command whose first argument is a key needs of it."""
        return next((needs for form in self.forms.get(command, ()) for place, needs in form.keys if place == 1), None)

    def knows(self, command: str) -> bool:
        """Whether the server has a command; 6.2 has subcommands without naming them."""
        container = command.partition("|")[0]
        return command in self.forms or (not self.has_subcommands and "|" in command and container in self.forms)

    def without_keys(
        self, capability: str, command: str, first_arguments: Sequence[bytes], fillers: Sequence[bytes]
    ) -> Iterator[Form]:
        """Fitting calls of a command that gives a capability whatever the keys, also with each granted first argument.

        :param fillers: keys, for MIGRATE.
        """
        (row,) = [row for row in rows.CACHE_WIDE[capability] if row.command == command]
        words = command.encode().split(b"|")
        if row.calls:
            plain = [tuple(call.encode().split()) for call in row.calls]
        elif command in self.forms:
            plain = [self.forms[command][0].words]
        else:
            plain = [(*words, b"1"), tuple(words)]
        free = capability not in rows.FIXED_ARGUMENT_IS_TOO_LITTLE and "|" not in command
        calls = [*plain]
        if free:
            calls += [(call[0], argument, *call[2:]) for call in plain for argument in first_arguments if len(call) > 1]
        if free and command in _OPTIONAL_ARGUMENT:
            calls += [(words[0], argument) for argument in first_arguments]
        if command == "migrate":
            calls = [(*call[:3], key, *call[4:]) for call in calls for key in fillers]
        for call in calls:
            yield Form(command, call, (), takes_any_first_argument=True)

    @staticmethod
    def swaps(first_arguments: Sequence[bytes], databases: Collection[int]) -> Iterator[Form]:
        """Calls of SWAPDB with two different databases."""
        numbers = [b"%d" % number for number in sorted({0, 1, *databases})]
        for first, second in product([*numbers, *first_arguments], numbers):
            if first != second:
                yield Form("swapdb", (b"swapdb", first, second), (), takes_any_first_argument=True)

    @staticmethod
    def fits(command: str, argument: bytes) -> bool:
        """Whether a command can run with this first argument, if that is not a key."""
        return command not in _FITTING or _FITTING[command].fullmatch(argument) is not None

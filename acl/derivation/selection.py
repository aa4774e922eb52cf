"""Which records of a capture count, and to which application each belongs."""

import fnmatch
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from acl.captures.addresses import host_of
from acl.captures.records import SCRIPT_ADDRESS, Call, Count, Damaged, Record, Refusal
from acl.derivation.patterns import TooVariedError
from acl.derivation.use import Use

_MOST_CLIENTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records count; without any condition, all."""

    address: str | None = None
    """A glob of client addresses, with or without the port: `10.0.1.*`."""
    database: int | None = None
    since: float | None = None
    """In seconds since 1970."""
    until: float | None = None

    @property
    def everything(self) -> bool:
        """It has no condition."""
        return self.address is None and self.database is None and self.since is None and self.until is None


@dataclass(slots=True)
class Tally:
    """What a capture held."""

    calls: int = 0
    counts: int = 0
    refusals: int = 0
    logged: int = 0
    """Of the calls, those from SLOWLOG and COMMANDLOG."""
    failed_logins: int = 0
    """Refusals that were logins, which no access string grants."""
    other_databases: int = 0
    """Refusals for a database, which no rule for keys or commands grants."""
    deselected: int = 0
    """Records that the selection leaves out."""
    not_selectable: int = 0
    """Of those, records that do not say what the selection asks about."""
    damaged: int = 0
    damaged_lines: list[int] = field(default_factory=list)
    """The first of them."""


MOST_DAMAGED_NAMED: Final = 10


class Sorter:
    """Gives each record to the use that it belongs to."""

    def __init__(self, selection: Selection, new_use: Callable[[], Use], *, by_client: bool = False) -> None:
        """Start with no use.

        :param new_use: makes a use with nothing seen.
        :param by_client: keep clients apart by their addresses, ports not counted.
        """
        self._selection = selection
        self._new_use = new_use
        self._by_client = by_client
        self._address = re.compile(fnmatch.translate(selection.address)) if selection.address is not None else None
        self.uses: dict[str, Use] = {}
        """By address; all under "" where clients are not kept apart."""

    def take(self, records: Iterable[Record], tally: Tally) -> None:
        """Take the records of one file, and count them.

        :raises TooVariedError: names share too little, or there are too many clients.
        """
        caller: Call | None = None
        simple = self._selection.everything and not self._by_client
        only = self._use("") if simple else None
        for record in records:
            if isinstance(record, Call):
                tally.calls += 1
                tally.logged += record.cut
                if only is not None:
                    only.add_call(record)
                    continue
                # what a script calls stands behind the call of the script, and runs as its caller
                if record.address == SCRIPT_ADDRESS:
                    address = caller.address if caller is not None else None
                    record = record._replace(address=address)  # noqa: PLW2901 - the same call, attributed
                else:
                    caller = record
                if self._selects(record.address, record.database, record.time, tally):
                    self._use_of(record.address).add_call(record)
            else:
                self._take_other(record, tally)

    def _take_other(self, record: Count | Refusal | Damaged, tally: Tally) -> None:
        if isinstance(record, Count):
            tally.counts += 1
            if self._selects(None, None, None, tally):
                self._use_of(None).add_count(record)
        elif isinstance(record, Refusal):
            tally.refusals += 1
            tally.failed_logins += record.reason == "auth"
            tally.other_databases += record.reason == "database"
            if self._selects(record.address, record.database, record.time, tally):
                self._use_of(record.address).add_refusal(record)
        else:
            tally.damaged += 1
            if len(tally.damaged_lines) < MOST_DAMAGED_NAMED:
                tally.damaged_lines.append(record.line)

    def _selects(self, address: bytes | None, database: int | None, time: float | None, tally: Tally) -> bool:
        chosen = self._selection
        asked = (
            (self._address, address),
            (chosen.database, database),
            (chosen.since, time),
            (chosen.until, time),
        )
        if any(condition is not None and value is None for condition, value in asked):
            tally.deselected += 1
            tally.not_selectable += 1
            return False
        selected = (
            (self._address is None or address is None or self._matches(address))
            and (chosen.database is None or database == chosen.database)
            and (chosen.since is None or time is None or time >= chosen.since)
            and (chosen.until is None or time is None or time <= chosen.until)
        )
        tally.deselected += not selected
        return selected

    def _matches(self, address: bytes) -> bool:
        pattern = self._address
        return pattern is None or any(
            pattern.match(text.decode("utf-8", "replace")) for text in (address, host_of(address))
        )

    def _use_of(self, address: bytes | None) -> Use:
        if not self._by_client:
            return self._use("")
        return self._use(host_of(address).decode("utf-8", "replace") if address is not None else "")

    def _use(self, client: str) -> Use:
        use = self.uses.get(client)
        if use is None:
            if len(self.uses) >= _MOST_CLIENTS:
                raise TooVariedError(f"there are more than {_MOST_CLIENTS:,} client addresses: choose some of them")
            use = self.uses[client] = self._new_use()
        return use

"""What `python -m audit derive` does, loaded when it runs."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from acl.access_string import AccessString, parse
from acl.captures.reader import read
from acl.clients import Client, client_named, server
from acl.commands import CommandTable, commands_of
from acl.comparison import compare
from acl.derivation.key_places import places_of
from acl.derivation.narrowest import Narrowest, narrowest
from acl.derivation.patterns import TooVariedError
from acl.derivation.selection import Selection, Sorter, Tally
from acl.derivation.use import Use
from audit.derivation_report import (
    BLOCKED,
    Answer,
    Source,
    as_json,
    as_text,
    clients_as_json,
    clients_as_text,
)
from audit.output import complain
from audit.sources.captures import CaptureError, lines_of, name_of
from elasticache.service import commands_for

EXIT_DERIVED, EXIT_DIFFERS, EXIT_INCOMPLETE = 0, 1, 2


class _MistakeError(Exception):
    """What the command was given cannot be used; the text says why."""


def run(arguments: argparse.Namespace) -> int:
    """Derive the string and write the report."""
    table = commands_of(arguments.line) if arguments.line else commands_for(arguments.engine)
    try:
        if not arguments.file:
            return _of_clients(arguments)
        current = _current(arguments.current, table)
        sources, sorter, failures = _read(arguments, table)
        answers = _answers(sorter, current, arguments, _connecting(arguments.client, table))
    except (_MistakeError, TooVariedError) as mistake:
        complain(str(mistake))
        return EXIT_INCOMPLETE
    for failure in failures:
        complain(failure)
    if not answers:
        complain("nothing was seen of which a string could be made")
        return EXIT_INCOMPLETE
    tally = _sum(sources)
    write = as_json if arguments.format == "json" else as_text
    if not _put_out(write(table, sources, tally, answers, by_client=arguments.by_client_address), arguments.output):
        return EXIT_INCOMPLETE
    if failures:
        return EXIT_INCOMPLETE
    differs = any(answer.compared is not None and answer.compared.relation != "equal" for answer in answers)
    return EXIT_DIFFERS if differs else EXIT_DERIVED


def _current(text: str | None, table: CommandTable) -> AccessString | None:
    if text is None:
        return None
    current = parse(text, table)
    if not current.valid:
        raise _MistakeError(f"the server refuses the current string: {current.rejections[0]}")
    return current


def _read(arguments: argparse.Namespace, table: CommandTable) -> tuple[list[Source], Sorter, list[str]]:
    selection = Selection(arguments.only_client_address, arguments.only_db, arguments.since, arguments.until)
    by_hand = {
        "keys_by_hand": [pattern.removeprefix("~").encode() for pattern in arguments.keys],
        "channels_by_hand": [pattern.removeprefix("&").encode() for pattern in arguments.channels],
    }
    sorter = Sorter(
        selection, lambda: Use(table, words=arguments.words, **by_hand), by_client=arguments.by_client_address
    )
    sources: list[Source] = []
    failures: list[str] = []
    for path in arguments.file:
        tally = Tally()
        try:
            sorter.take(read(lines_of(path)), tally)
        except CaptureError as failure:
            failures.append(str(failure))
        sources.append(Source(name_of(path), tally))
    return sources, sorter, failures


def _clients(names: Sequence[str]) -> list[Client]:
    try:
        return [client_named(name) for name in names]
    except KeyError as unknown:
        raise _MistakeError(unknown.args[0]) from None


def _connecting(names: Sequence[str], table: CommandTable) -> dict[str, str]:
    """The commands that clients need to connect, each with the reason; those that the server line has not left out."""
    places = places_of(table)
    return {
        command: f"{client.title} does not connect without it"
        for client in _clients(names)
        for command in client.connect
        if places.named(command) is not None
    }


def _of_clients(arguments: argparse.Namespace) -> int:
    """Write the strings for the typical work of clients, as they were seen."""
    found = _clients(arguments.client)
    if not found:
        raise _MistakeError("name a capture, or a client with --client")
    write = clients_as_json if arguments.format == "json" else clients_as_text
    return EXIT_DERIVED if _put_out(write(found, server()), arguments.output) else EXIT_INCOMPLETE


def _answers(
    sorter: Sorter, current: AccessString | None, arguments: argparse.Namespace, also: Mapping[str, str]
) -> list[Answer]:
    by_string: dict[str, tuple[list[str], Use, Narrowest]] = {}
    for address, use in sorted(sorter.uses.items()):
        if not use.commands:
            continue
        derived = narrowest(use, also=also, without=BLOCKED, in_selectors=arguments.selectors)
        by_string.setdefault(derived.access_string, ([], use, derived))[0].append(address)
    return [
        Answer(
            tuple(addresses) if arguments.by_client_address else (),
            use,
            derived,
            None if current is None else compare(current, parse(derived.access_string, use.table)),
        )
        for addresses, use, derived in by_string.values()
    ]


def _sum(sources: Sequence[Source]) -> Tally:
    total = Tally()
    for source in sources:
        total.calls += source.tally.calls
        total.logged += source.tally.logged
        total.counts += source.tally.counts
        total.refusals += source.tally.refusals
    return total


def _put_out(report: str, output: str | None) -> bool:
    if output is None:
        print(report)
        return True
    try:
        Path(output).write_text(report + "\n", encoding="utf-8")
    except OSError as failure:
        complain(f"{output}: {(failure.strerror or 'cannot be written').lower()}")
        return False
    return True

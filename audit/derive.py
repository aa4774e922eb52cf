"""`python -m audit derive`: the narrowest access string for what an application was seen doing."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from acl.access_string import AccessString, parse
from acl.captures.reader import read
from acl.clients import Client, client_named, server
from acl.commands import SYNTAX, CommandTable, commands_for, commands_of
from acl.comparison import compare
from acl.derivation.key_places import places_of
from acl.derivation.narrowest import Narrowest, narrowest
from acl.derivation.patterns import WORDS, TooVariedError
from acl.derivation.selection import Selection, Sorter, Tally
from acl.derivation.use import Use
from audit.derivation_report import Answer, Source, as_json, as_text, clients_as_json, clients_as_text, printable
from audit.sources.captures import CaptureError, lines_of, name_of

EXIT_DERIVED, EXIT_DIFFERS, EXIT_INCOMPLETE = 0, 1, 2
EPILOG: Final = """\
exit codes:
  0  a string was derived
  1  with --current: the current string allows calls that were not seen, or refuses some that were
  2  a file could not be read, or nothing was seen of which a string could be made

example:
  redis-cli -h cache.example.com monitor | head -n 1000000 | python -m audit derive - --current 'on ~* +@all'
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "file",
        nargs="*",
        metavar="FILE",
        help="what redis-cli or valkey-cli printed of MONITOR, INFO commandstats, ACL LOG, SLOWLOG GET or COMMANDLOG"
        " GET, plain or gzip; - for standard input; may be left out with --client",
    )
    parser.add_argument("--engine", choices=("redis", "valkey"), default="valkey", help="default: %(default)s")
    parser.add_argument(
        "--line", choices=tuple(SYNTAX), help="a server line that must take the string; overrides --engine"
    )
    parser.add_argument("--current", metavar="STRING", help="compare with the access string that the user has now")
    parser.add_argument(
        "--client",
        metavar="NAME",
        action="append",
        default=[],
        help="add what a well-known client needs to connect, such as celery or bullmq; without FILE, the string for its"
        " typical work",
    )
    parser.add_argument("--only-client-address", metavar="GLOB", help="only clients at such addresses: '10.0.1.*'")
    parser.add_argument("--only-db", metavar="N", type=int, help="only calls on this database")
    parser.add_argument("--since", metavar="TIME", type=_time, help="2026-11-24T10:00 (UTC unless it says), or seconds")
    parser.add_argument("--until", metavar="TIME", type=_time, help="likewise")
    parser.add_argument(
        "--by-client-address", action="store_true", help="a string for each application of a shared cache"
    )
    parser.add_argument("--keys", metavar="PATTERN", action="append", default=[], help="for the keys that it matches")
    parser.add_argument("--channels", metavar="PATTERN", action="append", default=[], help="likewise")
    parser.add_argument(
        "--words",
        metavar="N",
        type=_number,
        default=WORDS,
        help="so many different words may stand in one place of a key before they become * (default: %(default)s)",
    )
    parser.add_argument("--selectors", action="store_true", help="keep groups of commands on different keys apart")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="short for --format json")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.set_defaults(run=run)


def _time(text: str) -> float:
    """Seconds since 1970.

    :raises ValueError: it is not a time.
    """
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(text: str) -> int:
    """A number from 1.

    :raises ValueError: it is not one.
    """
    number = int(text)
    if number < 1:
        raise ValueError
    return number


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
        _complain(str(mistake))
        return EXIT_INCOMPLETE
    for failure in failures:
        _complain(failure)
    if not answers:
        _complain("nothing was seen of which a string could be made")
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
        derived = narrowest(use, also=also, in_selectors=arguments.selectors)
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
        _complain(f"{output}: {(failure.strerror or 'cannot be written').lower()}")
        return False
    return True


def _complain(message: str) -> None:
    print(f"audit: {printable(message)}", file=sys.stderr)

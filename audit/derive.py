"""`python -m audit derive`: the narrowest access string for what an application was seen doing."""

import argparse
from datetime import UTC, datetime
from importlib import import_module
from typing import Final

from acl.commands import LINES

_WORDS: Final = 20
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
        "--line",
        choices=[line.id for line in LINES],
        help="a server line that must take the string; overrides --engine",
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
        default=_WORDS,
        help="so many different words may stand in one place of a key before they become * (default: %(default)s)",
    )
    parser.add_argument("--selectors", action="store_true", help="keep groups of commands on different keys apart")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="short for --format json")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # the other commands start sooner without what only this one needs
    return int(import_module("audit.derivation").run(arguments))


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

"""Compare the parser with the real servers on random access strings.

    python -m tools.fuzz --seconds 600 --server valkey-9.1 --seed 7
    python -m tools.fuzz --strings 2000

Without --server every server gets an equal share of the time, or each its number of strings. Prints the smallest string
for each difference found, the progress now and then, and the counts at the end. Exit code 1 when server and parser
differed, 2 when a server is missing or nothing was compared. The same server, seed and number of strings give the same
comparison.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random, SystemRandom
from typing import Final

from tests.testbed.comparison import STRINGS_PER_BATCH, comparison_with
from tests.testbed.random_access_strings import RandomAccessStrings
from tests.testbed.servers import SERVERS, Server, ServerMissingError, running, server_named

_STRINGS_BETWEEN_CLOCK_READINGS: Final = 8 * STRINGS_PER_BATCH
_SECONDS_BETWEEN_LINES: Final = 10.0
_MOST_DIFFERENCES: Final = 20

Clock = Callable[[], float]
"""Seconds since some moment."""


class NothingComparedError(Exception):
    """The limit left no string to compare; the text says so in one line."""


def counted(made: RandomAccessStrings, strings: int) -> Iterator[list[str]]:
    """So many strings, in batches."""
    for left in range(strings, 0, -_STRINGS_BETWEEN_CLOCK_READINGS):
        yield [made.string() for _ in range(min(left, _STRINGS_BETWEEN_CLOCK_READINGS))]


def timed(made: RandomAccessStrings, seconds: float, clock: Clock) -> Iterator[list[str]]:
    """Batches of strings until the time is over, which begins with the first one that is asked for."""
    end = clock() + seconds
    while clock() < end:
        yield [made.string() for _ in range(_STRINGS_BETWEEN_CLOCK_READINGS)]


def fuzz(server: Server, batches: Iterable[Sequence[str]], seed: int, clock: Clock) -> int:
    """Compare the batches and return the number of differences; stops early after twenty.

    :param seed: decides which calls are tried.
    :param clock: says when a line about the progress is due.
    :raises NothingComparedError: there was no batch.
    :raises ServerMissingError: the server is not installed.
    """
    compared = found = 0
    with running(server) as started, comparison_with(started, seed=seed) as comparison:
        counts = ""
        next_line = clock() + _SECONDS_BETWEEN_LINES
        for texts in batches:
            for difference in comparison.differences(texts):
                found += 1
                _say(f"{server.name} differs\n{comparison.smallest(difference)}")
            compared += len(texts)
            counts = (
                f"{compared:,} strings, {comparison.valid_strings:,} valid, {comparison.calls:,} calls, {found} differ"
            )
            if found >= _MOST_DIFFERENCES:
                break
            if clock() >= next_line:
                next_line += _SECONDS_BETWEEN_LINES
                _say(f"{server.name}: {counts}")
    if not compared:
        raise NothingComparedError(f"{server.name}: the limit left no string to compare. Give it more.")
    _say(f"{server.name}, seed {seed}: {counts}")
    return found


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None, clock: Clock = time.monotonic) -> int:
    """Run the comparison that the command line asks for; return the exit code."""
    options = _parser().parse_args(arguments)
    seed = SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    servers = [server_named(name) for name in options.server] if options.server else SERVERS
    found = 0
    try:
        for server in servers:
            made = RandomAccessStrings(server.name, Random(seed))  # noqa: S311 - test cases, not secrets
            batches = (
                timed(made, options.seconds / len(servers), clock)
                if options.strings is None
                else counted(made, options.strings)
            )
            found += fuzz(server, batches, seed, clock)
    except (ServerMissingError, NothingComparedError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=(__doc__ or "").splitlines()[0])
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=float, default=60, help="how long to compare in all (default 60)")
    limit.add_argument("--strings", type=int, help="how many strings to compare with each server, instead of a time")
    parser.add_argument(
        "--server", action="append", choices=[server.name for server in SERVERS], help="may be repeated; default all"
    )
    parser.add_argument("--seed", type=int, default=None, help="default: a new one each time, printed at the end")
    return parser


if __name__ == "__main__":
    sys.exit(main())

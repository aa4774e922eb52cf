"""Compare the parser with the real servers on random access strings, for as long as told.

    python -m tools.fuzz --seconds 600 --server valkey-9.1 --seed 7

Without --server every server gets an equal share. Prints the smallest string for each difference found, the progress
now and then, and the counts at the end; exit code 1 when server and parser differed, 2 when a server is missing.
The same server, seed and number of strings give the same comparison.
"""

from __future__ import annotations

import argparse
import sys
import time
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Final

from tools.compare_with_servers import STRINGS_A_BATCH, comparison_with
from tools.random_access_strings import RandomAccessStrings
from tools.servers import SERVERS, Server, ServerMissingError, running, server_named

if TYPE_CHECKING:
    from collections.abc import Sequence

_BATCHES_BETWEEN_CLOCK_READINGS: Final = 8
_SECONDS_BETWEEN_LINES: Final = 10.0
_MOST_DIFFERENCES: Final = 20


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fuzz(server: Server, seconds: float, seed: int) -> int:
    """Compare for so many seconds and return the number of differences; stops early after twenty."""
    made = RandomAccessStrings(server.name, Random(seed))  # noqa: S311 - test cases, not secrets
    compared = found = 0
    end = time.monotonic() + seconds
    next_line = time.monotonic() + _SECONDS_BETWEEN_LINES
    with running(server) as started, comparison_with(started, seed=seed) as comparison:
        while time.monotonic() < end and found < _MOST_DIFFERENCES:
            texts = [made.string() for _ in range(STRINGS_A_BATCH * _BATCHES_BETWEEN_CLOCK_READINGS)]
            for difference in comparison.differences(texts):
                found += 1
                _say(f"{server.name} differs\n{comparison.smallest(difference)}")
            compared += len(texts)
            counts = (
                f"{compared:,} strings, {comparison.valid_strings:,} valid, {comparison.calls:,} calls, {found} differ"
            )
            if time.monotonic() >= next_line:
                next_line += _SECONDS_BETWEEN_LINES
                _say(f"{server.name}: {counts}")
    _say(f"{server.name}, seed {seed}: {counts}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison that the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long in all (default 60)")
    parser.add_argument(
        "--server", action="append", choices=[server.name for server in SERVERS], help="may be repeated; default all"
    )
    parser.add_argument("--seed", type=int, default=None, help="default: a new one each time, printed at the end")
    options = parser.parse_args(arguments)
    seed = SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    servers = [server_named(name) for name in options.server] if options.server else SERVERS
    try:
        found = sum(fuzz(server, options.seconds / len(servers), seed) for server in servers)
    except ServerMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

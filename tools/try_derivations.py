"""Run generated applications under their derived access strings, on a real server.

    python -m tools.try_derivations --server valkey-9.1 --workloads 300 [--first 0] [--selectors]

Says what was tried, and names each fault with the number of its workload. Exit code 1 where there is a fault.
"""

import argparse
import sys
from collections.abc import Sequence

from tests.testbed.derivation_trials import trial_on
from tests.testbed.servers import SERVERS, ServerMissingError, server_named


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.try_derivations", description=__doc__.splitlines()[0])
    parser.add_argument("--server", choices=[server.name for server in SERVERS], default=SERVERS[-1].name)
    parser.add_argument("--workloads", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the number of the first workload (%(default)s)")
    parser.add_argument("--selectors", action="store_true", help="derive strings with selectors")
    options = parser.parse_args(arguments)
    applications = calls = rules = faulty = 0
    try:
        with trial_on(server_named(options.server), in_selectors=options.selectors) as trial:
            for number in range(options.first, options.first + options.workloads):
                for outcome in trial.run(number):
                    applications += 1
                    calls += outcome.calls
                    rules += outcome.rules_taken_away
                    faulty += bool(outcome.faults)
                    for fault in outcome.faults:
                        print(f"workload {number}, {outcome.application}: {fault}\n  {outcome.string}")
    except ServerMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    print(
        f"{options.server}: {options.workloads} workloads, {applications} applications, {calls} calls, "
        f"{rules} rules taken away or narrowed, {faulty} applications with faults"
    )
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())

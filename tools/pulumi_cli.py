"""Print the path of a Pulumi CLI that works; build one where there is none on PATH.

    python -m tools.pulumi_cli

What it does meanwhile goes to standard error. Exit code 1, after one line that says what is missing, without a CLI.
"""

import sys

from tests.testbed import pulumi_cli


def main() -> int:
    """Print the path; return the exit code."""
    try:
        path = pulumi_cli.find_or_build()
    except pulumi_cli.PulumiCliError as error:
        print(f"pulumi_cli: {error}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write acl/commands.json: every command of every server, with its categories and keys, as the server says it.

    python -m tools.build_command_table            write the table
    python -m tools.build_command_table --check    compare with the committed table; exit 1 when it differs

Exit code 2 when a server is missing or contradicts itself. tests/testbed/command_survey.py explains the table.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from tests.testbed.command_survey import TABLE, DisagreementError, survey_server, table_text
from tests.testbed.servers import SERVERS, ServerMissingError

REBUILD: Final = "python -m tools.build_command_table"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, or with --check compare it; return the exit code."""
    parser = argparse.ArgumentParser(prog=REBUILD, description="Write acl/commands.json from the real servers.")
    parser.add_argument("--check", action="store_true", help="compare with the committed table instead of writing it")
    check = parser.parse_args(arguments).check
    try:
        text = table_text([survey_server(server) for server in SERVERS])
    except (ServerMissingError, DisagreementError) as problem:
        print(problem, file=sys.stderr)
        return 2
    if not check:
        TABLE.write_text(text, encoding="utf-8")
    elif not TABLE.is_file() or TABLE.read_text(encoding="utf-8") != text:
        print(f"{TABLE.name} is not what the servers say. Write it anew: {REBUILD}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the command line prints: nothing that came from input is obeyed by a terminal or by a CI system."""

import re
import sys
from typing import Final

from acl.hiding import printable

_WORKFLOW_COMMAND: Final = re.compile(r"^(\s*)::|##(?=\[)")
"""What GitHub's runner takes for a command: `::error::` at the start of a line, `##[group]` anywhere in it."""


def harmless(line: str) -> str:
    """A line without control characters, and without what a CI system would run."""
    return _WORKFLOW_COMMAND.sub(lambda found: rf"{found[1]}\::" if found[1] is not None else r"#\#", printable(line))


def complain(message: str) -> None:
    """Say on standard error, in one line, what could not be done."""
    print(f"audit: {printable(message)}", file=sys.stderr)

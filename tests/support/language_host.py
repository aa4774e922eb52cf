"""Puts the stand-in for `pulumi-language-python` on an engine's PATH, so that packs run as they do for everybody.

With it, the engine runs every pack, local ones too, from the virtual environment that the pack's PulumiPolicy.yaml
names. So it belongs into an `Engine` of the test's own, never into the one that all tests share.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parent.parent / "stand_ins" / "python_language_host.py"


def install(directory: Path) -> None:
    """Write the launcher into an existing folder that is on the engine's PATH, for the interpreter running this."""
    launcher = directory / "pulumi-language-python"
    launcher.write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, str(_SOURCE)])}\n", encoding="utf-8")
    launcher.chmod(0o755)

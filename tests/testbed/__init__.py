"""The real things that tests and tools run against: servers, the Pulumi CLI and its engine, and stand-ins for AWS."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
"""The checkout."""

PATIENCE_SECONDS: Final = 900
"""How long to wait for what must come, on a machine however busy. Only what hangs for ever waits so long."""

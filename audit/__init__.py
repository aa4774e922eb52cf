"""Runs the rules over exported state: `python -m audit`, inside the checkout."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should read this, and no traceback
    sys.exit(f"audit needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")

"""What Pulumi starts: the policy pack."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should read this, and no traceback
    sys.exit(f"aws-elasticache-users needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")

from enforce import run

run()

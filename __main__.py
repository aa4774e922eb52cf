"""What Pulumi starts: the policy pack."""

from enforce import run

run()

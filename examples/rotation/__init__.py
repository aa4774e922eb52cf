"""From one password to the next, and on to IAM, without an outage: the programs of docs/rotation.md, in order."""

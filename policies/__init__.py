"""The rules: one short module per policy, and the catalogue that lists them in reading order."""

from typing import Final

PACK_NAME: Final = "aws-elasticache-users"
PACK_VERSION: Final = "0.2.0"
"""The version in PulumiPolicy.yaml, and the newest heading in CHANGELOG.md."""

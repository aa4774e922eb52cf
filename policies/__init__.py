"""The rules: one short module a policy, and the catalogue that lists them in reading order."""

from typing import Final

from policies.policy import Policy
from policies.user import iam_authentication, lowercase_names, no_broad_access, no_plaintext_passwords

PACK_NAME: Final = "aws-elasticache-users"
PACK_VERSION: Final = "0.1.0"
"""The version in PulumiPolicy.yaml, and the newest heading in CHANGELOG.md."""

CATALOGUE: Final[tuple[Policy, ...]] = (
    no_plaintext_passwords.POLICY,
    no_broad_access.POLICY,
    iam_authentication.POLICY,
    lowercase_names.POLICY,
)
"""Every policy, in reading order."""

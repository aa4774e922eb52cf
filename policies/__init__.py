"""The rules: one short module a policy, and the catalogue that lists them in reading order."""

from typing import Any, Final

from policies.policy import Policy
from policies.user import (
    iam_authentication,
    lowercase_names,
    no_broad_access,
    no_cache_wide_commands,
    no_plaintext_passwords,
    scoped_keys,
    valid_access_string,
)

PACK_NAME: Final = "aws-elasticache-users"
PACK_VERSION: Final = "0.1.0"
"""The version in PulumiPolicy.yaml, and the newest heading in CHANGELOG.md."""

CATALOGUE: Final[tuple[Policy[Any], ...]] = (
    no_plaintext_passwords.POLICY,
    no_broad_access.POLICY,
    iam_authentication.POLICY,
    lowercase_names.POLICY,
    valid_access_string.POLICY,
    no_cache_wide_commands.POLICY,
    scoped_keys.POLICY,
)
"""Every policy, in reading order."""

"""The catalogue: every policy, listed in reading order."""

from collections.abc import Mapping
from typing import Any, Final

from policies import exemptions
from policies.stack import managed_passwords, unique_passwords, unique_user_names, users_in_groups, valid_groups
from policies.user import (
    iam_authentication,
    lowercase_names,
    no_broad_access,
    no_cache_wide_commands,
    no_passwordless_access,
    no_plaintext_passwords,
    required_tags,
    restricted_default_user,
    scoped_keys,
    supported_engine,
    valid_access_string,
    valid_authentication,
    valid_names,
    within_boundary,
)
from policies.user_group import replaced_default_user
from rulebook.policy import Policy

CATALOGUE: Final[tuple[Policy[Any, Any], ...]] = (
    no_plaintext_passwords.POLICY,
    no_broad_access.POLICY,
    iam_authentication.POLICY,
    lowercase_names.POLICY,
    valid_names.POLICY,
    no_passwordless_access.POLICY,
    restricted_default_user.POLICY,
    valid_access_string.POLICY,
    valid_authentication.POLICY,
    supported_engine.POLICY,
    no_cache_wide_commands.POLICY,
    scoped_keys.POLICY,
    within_boundary.POLICY,
    required_tags.POLICY,
    replaced_default_user.POLICY,
    unique_user_names.POLICY,
    valid_groups.POLICY,
    unique_passwords.POLICY,
    users_in_groups.POLICY,
    managed_passwords.POLICY,
    exemptions.POLICY,
)
"""Every policy, in reading order."""

RETIRED: Final[Mapping[str, str]] = {}
"""Ids of policies that are gone, to what became of them. Configuration that names them is still accepted."""

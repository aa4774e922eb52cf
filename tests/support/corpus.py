"""One program in which every policy fires at least once, and one in which none does."""

from typing import Any, Final

import pulumi_aws as aws

from tests.support.engine_programs import MARKER, good_user

EVERYTHING_ON: Final[dict[str, Any]] = {
    "all": "mandatory",
    "elasticache-user-required-tags": {"enforcementLevel": "mandatory", "tags": ["Owner"]},
    "elasticache-user-within-boundary": {
        "enforcementLevel": "mandatory",
        "boundaries": [{"resource": "urn:pulumi:prod::shop::*", "accessString": "on ~app:* &app:* +@all"}],
    },
    "elasticache-exemptions": {
        "enforcementLevel": "advisory",
        "exempt": [
            {
                "policies": ["elasticache-user-lowercase-names"],
                "resource": "urn:pulumi:prod::shop::*::exempted",
                "reason": "renamed with the next release, SHOP-7",
                "expires": "2099-12-31",
            }
        ],
    },
}
"""A configuration in which every policy runs and can fire."""

_TAGS: Final = {"Owner": "shop"}


def bad() -> None:
    """Create users and groups that break every rule; each user is named after what is wrong with it."""
    good_user("password", authentication_mode=None, passwords=[MARKER])
    good_user("same-password", authentication_mode={"type": "password", "passwords": [MARKER]})
    good_user("broad", access_string="on ~* +@all")
    good_user("upper-case", user_id="UpperCase", user_name="UpperCase")
    good_user("exempted", user_id="Exempted", user_name="Exempted")
    good_user("passwordless", authentication_mode=None, no_password_required=True)
    good_user("open-default", user_name="default", authentication_mode=None, no_password_required=True)
    good_user("bad-string", access_string="on get ~app:* +get")
    good_user("bad-authentication", user_name="another-name")
    good_user("bad-engine", engine="memcached")
    good_user("cache-wide", access_string="on ~app:* +@read +@write")
    good_user("all-keys", access_string="on ~* +get")
    good_user("bad-names", user_id="two--hyphens", user_name="two--hyphens")
    valkey = good_user("of-valkey", engine="valkey")
    aws.elasticache.UserGroup("mixed", user_group_id="mixed", engine="redis", user_ids=["default", valkey.user_id])
    twins = [good_user(f"twin-{number}", user_name="twin") for number in (1, 2)]
    aws.elasticache.UserGroup(
        "group", user_group_id="group", engine="redis", user_ids=["default", *(twin.user_id for twin in twins)]
    )


def good() -> None:
    """Create users and groups that break no rule, with every policy switched on."""
    reader = good_user("reader", access_string="on %R~app:* -@all +get +mget", tags=_TAGS)
    writer = good_user("writer", tags=_TAGS)
    default = good_user(
        "own-default",
        user_name="default",
        access_string="off -@all",
        authentication_mode=None,
        no_password_required=True,
        tags=_TAGS,
    )
    valkey = good_user("valkey-reader", engine="valkey", access_string="on ~app:* -@all +@string", tags=_TAGS)
    aws.elasticache.UserGroup(
        "apps", user_group_id="apps", engine="redis", user_ids=[default.user_id, reader.user_id], tags=_TAGS
    )
    aws.elasticache.UserGroupAssociation("writer-in-apps", user_group_id="apps", user_id=writer.user_id)
    aws.elasticache.UserGroup(
        "valkeys", user_group_id="valkeys", engine="valkey", user_ids=[valkey.user_id], tags=_TAGS
    )

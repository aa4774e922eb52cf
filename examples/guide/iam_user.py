"""The guide's second user, "Authenticate users with IAM instead of passwords", and the same user mended."""

import pulumi_aws as aws


def program() -> None:
    """Create the user as the guide does: every command on every key, and names in mixed case."""
    aws.elasticache.User(
        "test",
        user_id="testUserId",
        user_name="testUserName",
        access_string="on ~* +@all",
        engine="redis",
        authentication_mode={
            "type": "iam",
        },
    )


def mended() -> None:
    """Create a user that reads and writes its own keys; with IAM, ElastiCache wants its id and name to be the same."""
    aws.elasticache.User(
        "test",
        user_id="test-user",
        user_name="test-user",
        access_string="on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
        engine="redis",
        authentication_mode={
            "type": "iam",
        },
    )

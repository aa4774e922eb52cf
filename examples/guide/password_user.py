"""The guide's first user, "Create a user with password authentication and scoped access", and the same user mended."""

import pulumi_aws as aws


def program() -> None:
    """Create the user as the guide does: a password in the program, and names in mixed case."""
    aws.elasticache.User(
        "test",
        user_id="testUserId",
        user_name="testUserName",
        access_string="on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember",  # noqa: E501 - exactly as in the guide
        engine="redis",
        passwords=["password123456789"],
    )


def mended() -> None:
    """Create a user that reads the same keys, keeps no password anywhere, and has one name in lower case."""
    aws.elasticache.User(
        "test",
        user_id="test-user",
        user_name="test-user",
        access_string="on ~app::* -@all +@read -@keyspace -@dangerous",
        engine="redis",
        authentication_mode={
            "type": "iam",
        },
    )

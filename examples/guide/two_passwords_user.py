"""The guide's third user, "Configure password rotation with dual passwords", and the same user mended."""

import pulumi_aws as aws


def program() -> None:
    """Create the user as the guide does: two passwords in the program, and every command on every key."""
    aws.elasticache.User(
        "test",
        user_id="testUserId",
        user_name="testUserName",
        access_string="on ~* +@all",
        engine="redis",
        authentication_mode={
            "type": "password",
            "passwords": [
                "password1",
                "password2",
            ],
        },
    )


def mended() -> None:
    """Create a user that has nothing to rotate: IAM hands out credentials that end after minutes by themselves."""
    aws.elasticache.User(
        "test",
        user_id="rotation-user",
        user_name="rotation-user",
        access_string="on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
        engine="redis",
        authentication_mode={
            "type": "iam",
        },
    )

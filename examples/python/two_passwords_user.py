"""The guide's third user, as it is written there: two passwords in the program, and every command on every key."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="testUserId",
    user_name="testUserName",
    access_string="on ~* +@all",
    engine="redis",
    authentication_mode={"type": "password", "passwords": ["password1", "password2"]},
)

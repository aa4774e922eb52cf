"""The guide's second user, as it is written there: every command on every key, and names in mixed case."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="testUserId",
    user_name="testUserName",
    access_string="on ~* +@all",
    engine="redis",
    authentication_mode={"type": "iam"},
)

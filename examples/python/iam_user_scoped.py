"""The guide's second user, mended: its own keys, commands that read and write them, and one name in lower case."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="test-user",
    user_name="test-user",
    access_string="on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine="redis",
    authentication_mode={"type": "iam"},
)

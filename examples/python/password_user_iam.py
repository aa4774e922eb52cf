"""The guide's first user, mended: IAM instead of a password, commands that read, and one name in lower case."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="test-user",
    user_name="test-user",
    access_string="on ~app::* -@all +@read -@keyspace -@dangerous",
    engine="redis",
    authentication_mode={"type": "iam"},
)

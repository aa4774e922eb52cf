"""The guide's third user, mended: with IAM there is nothing to rotate, since its tokens end after minutes."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="rotation-user",
    user_name="rotation-user",
    access_string="on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine="redis",
    authentication_mode={"type": "iam"},
)

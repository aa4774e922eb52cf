"""The guide's first user for teams that keep passwords: generated, and written to AWS without a way back."""

import pulumi_aws as aws
import pulumi_random as random

password = random.RandomPassword("password", length=32, special=False)

aws.elasticache.User(
    "test",
    user_id="test-user",
    user_name="test-user",
    access_string="on ~app::* -@all +@read -@keyspace -@dangerous",
    engine="redis",
    passwords_wo=password.result,
    passwords_wo_version=1,
)

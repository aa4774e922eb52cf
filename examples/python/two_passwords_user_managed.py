"""The guide's third user for teams that keep passwords: both are generated, and replaced one after the other."""

import pulumi_aws as aws
import pulumi_random as random

current_password = random.RandomPassword("current", length=32, special=False)
next_password = random.RandomPassword("next", length=32, special=False)

aws.elasticache.User(
    "test",
    user_id="rotation-user",
    user_name="rotation-user",
    access_string="on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine="redis",
    authentication_mode={"type": "password", "passwords": [current_password.result, next_password.result]},
)

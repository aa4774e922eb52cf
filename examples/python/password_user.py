"""The guide's first user, as it is written there: a password in the program, and names in mixed case."""

import pulumi_aws as aws

aws.elasticache.User(
    "test",
    user_id="testUserId",
    user_name="testUserName",
    access_string="on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember",  # noqa: E501 - exactly as in the guide
    engine="redis",
    passwords=["password123456789"],
)

"""No password is left: the user with IAM alone, under the pack's default rules."""

import pulumi
import pulumi_aws as aws


def program() -> None:
    """Remove the user with the password, the secret, and the password itself."""
    app_iam = aws.elasticache.User(
        "app-iam",
        user_id="app-iam",
        user_name="app-iam",
        access_string="on ~app:* -@all +@string +@hash +del +expire",
        engine="valkey",
        authentication_mode={"type": "iam"},
    )
    apps = aws.elasticache.UserGroup("apps", user_group_id="apps", engine="valkey", user_ids=[app_iam.user_id])
    cache = aws.elasticache.ServerlessCache("cache", name="shop", engine="valkey", user_group_id=apps.user_group_id)
    connect = {"Effect": "Allow", "Action": "elasticache:Connect", "Resource": [cache.arn, app_iam.arn]}
    document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [connect]})
    aws.iam.RolePolicy("connect", role="app", policy=document)

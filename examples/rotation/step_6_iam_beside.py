"""A second user, with IAM and the same rights, beside the one with a password: clients move one after the other."""

import pulumi
import pulumi_aws as aws

from examples.rotation.generated import GeneratedPassword


def program() -> None:
    """Add the user with IAM, to the same group, and allow the role of the clients to connect as it."""
    second = GeneratedPassword("second")
    secret = aws.secretsmanager.Secret("secret", name="shop/cache/app")
    aws.secretsmanager.SecretVersion("current", secret_id=secret.id, secret_string=second.result)
    app = aws.elasticache.User(
        "app",
        user_id="app",
        user_name="app",
        access_string="on ~app:* -@all +@string +@hash +del +expire",
        engine="valkey",
        passwords_wo=second.result,
        passwords_wo_version=1,
    )
    app_iam = aws.elasticache.User(
        "app-iam",
        user_id="app-iam",
        user_name="app-iam",
        access_string="on ~app:* -@all +@string +@hash +del +expire",
        engine="valkey",
        authentication_mode={"type": "iam"},
    )
    apps = aws.elasticache.UserGroup(
        "apps", user_group_id="apps", engine="valkey", user_ids=[app.user_id, app_iam.user_id]
    )
    cache = aws.elasticache.ServerlessCache("cache", name="shop", engine="valkey", user_group_id=apps.user_group_id)
    connect = {"Effect": "Allow", "Action": "elasticache:Connect", "Resource": [cache.arn, app_iam.arn]}
    document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [connect]})
    aws.iam.RolePolicy("connect", role="app", policy=document)

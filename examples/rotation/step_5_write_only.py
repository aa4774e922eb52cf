"""The same password, handed over write-only: it is no longer in the outputs of the user."""

import pulumi_aws as aws

from examples.rotation.generated import GeneratedPassword


def program() -> None:
    """Put passwordsWo in place of passwords."""
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
    aws.elasticache.UserGroup("apps", user_group_id="apps", engine="valkey", user_ids=[app.user_id])

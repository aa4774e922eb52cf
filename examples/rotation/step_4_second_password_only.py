"""The user takes the second password only; the first is worth nothing any more."""

import pulumi_aws as aws

from examples.rotation.generated import GeneratedPassword


def program() -> None:
    """Remove the first password from the user and from the program."""
    second = GeneratedPassword("second")
    secret = aws.secretsmanager.Secret("secret", name="shop/cache/app")
    aws.secretsmanager.SecretVersion("current", secret_id=secret.id, secret_string=second.result)
    app = aws.elasticache.User(
        "app",
        user_id="app",
        user_name="app",
        access_string="on ~app:* -@all +@string +@hash +del +expire",
        engine="valkey",
        passwords=[second.result],
    )
    aws.elasticache.UserGroup("apps", user_group_id="apps", engine="valkey", user_ids=[app.user_id])

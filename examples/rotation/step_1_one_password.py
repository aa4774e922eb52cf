"""Where it begins: one generated password, which clients fetch from a secret."""

import pulumi_aws as aws

from examples.rotation.generated import GeneratedPassword


def program() -> None:
    """Create the user, its group, and the secret that clients read."""
    first = GeneratedPassword("first")
    secret = aws.secretsmanager.Secret("secret", name="shop/cache/app")
    aws.secretsmanager.SecretVersion("current", secret_id=secret.id, secret_string=first.result)
    app = aws.elasticache.User(
        "app",
        user_id="app",
        user_name="app",
        access_string="on ~app:* -@all +@string +@hash +del +expire",
        engine="valkey",
        passwords=[first.result],
    )
    aws.elasticache.UserGroup("apps", user_group_id="apps", engine="valkey", user_ids=[app.user_id])

"""Pulumi programs that the engine tests run: plain functions of real `pulumi_aws` code around one good user."""

from typing import Any

import pulumi
import pulumi_aws as aws

# Passwords of all programs that the tests run. None may ever show up in what a run lets out.
MARKER = "MARKER-pa55word-do-not-print"
PASSWORDS = (MARKER, "password123456789", "password1", "password2")

SCOPED = "on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire"


def good_user(name: str, opts: pulumi.ResourceOptions | None = None, **changes: Any) -> aws.elasticache.User:
    """Create a user that breaks no rule, but for the given arguments; None takes one away."""
    arguments: dict[str, Any] = {
        "user_id": name,
        "user_name": name,
        "access_string": SCOPED,
        "engine": "redis",
        "authentication_mode": {"type": "iam"},
        **changes,
    }
    return aws.elasticache.User(name, opts=opts, **arguments)


class RandomPassword(pulumi.CustomResource):
    """A generated password: secret, and unknown until it exists."""

    result: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        """Generate a password of 24 letters and digits."""
        super().__init__("random:index/randomPassword:RandomPassword", name, {"length": 24, "result": None})


class HandWritten(pulumi.CustomResource):
    """An ElastiCache user as a program without the library's types can write it: anything in any property."""

    def __init__(self, name: str, properties: dict[str, Any]) -> None:
        """Create a user with these properties, spelled as on the wire (`userId`)."""
        super().__init__("aws:elasticache/user:User", name, properties, pulumi.ResourceOptions(version="7.51.1"))


class AppUsers(pulumi.ComponentResource):
    """A component as teams write them: its users are its own business."""

    def __init__(self, name: str) -> None:
        """Create a good user and one with a password."""
        super().__init__("my:index:AppUsers", name)
        inside = pulumi.ResourceOptions(parent=self)
        good_user(f"{name}-reader", opts=inside)
        good_user(f"{name}-writer", opts=inside, authentication_mode=None, passwords=[MARKER])
        self.register_outputs({})

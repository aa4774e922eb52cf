"""A generated password.

Programs that have pulumi-random installed write `pulumi_random.RandomPassword` instead, which is the same resource.
"""

import pulumi


class GeneratedPassword(pulumi.CustomResource):
    """32 letters and digits, secret, made once: AWS takes 16 to 128 characters, and not all special ones."""

    result: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        """Generate the password."""
        inputs = {"length": 32, "special": False, "result": None}
        super().__init__("random:index/randomPassword:RandomPassword", name, inputs)

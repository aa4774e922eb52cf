"""The version of pulumi-policy that enforce/ was written against."""

from typing import Final

from pulumi_policy.version import VERSION

from policies import PACK_NAME

BUILT_FOR: Final = "1.21.0"
"""requirements.txt pins it, and enforce/servicer.py stands on a private class of it."""


def require_pinned_sdk() -> None:
    """Make sure of it before anything else of the SDK is imported.

    :raises SystemExit: another version is installed.
    """
    if VERSION != BUILT_FOR:
        message = (
            f"{PACK_NAME} needs pulumi-policy {BUILT_FOR} and found {VERSION}. "
            "Install what requirements.txt pins: pip install -r requirements.txt"
        )
        raise SystemExit(message)

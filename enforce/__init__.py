"""Runs the rules inside Pulumi. The only room that imports pulumi_policy."""

from enforce.pinned import require_pinned_sdk

require_pinned_sdk()

from enforce.pack import run  # noqa: E402 - an older SDK lacks names that the pack imports

__all__ = ["run"]

"""Runs the rules inside Pulumi. The only room that imports pulumi_policy."""

from enforce.pack import run

__all__ = ["run"]

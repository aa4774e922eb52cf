"""Declares the catalogue to the SDK and serves it to the engine."""

import gc
from collections.abc import Callable
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)

from elasticache.stack import Stack
from enforce import servicer
from policies import PACK_NAME
from policies.catalogue import CATALOGUE
from rulebook.options import schema_of
from rulebook.policy import Policy


def run() -> None:
    """Serve the pack until the engine stops the process: the constructor returns only on an interrupt."""
    servicer.install()
    # What the imports made lives as long as the process: the collector need not walk through it time and again.
    gc.freeze()
    PolicyPack(
        name=PACK_NAME,
        policies=[declared(policy) for policy in CATALOGUE],
        display_name="AWS ElastiCache users",
        description="Stops unsafe ElastiCache users, judged by what they can do, before they are deployed.",
        provider="aws",
        tags=["aws", "elasticache", "redis", "valkey", "security"],
    )


def _never_called(*_arguments: object) -> None:
    """The SDK wants a validation; its own servicer would call it, and ours stands in its place.

    :raises RuntimeError: always, so that an SDK that goes another way cannot pass everything in silence.
    """
    raise RuntimeError("the pack's servicer is not installed")


def declared(
    policy: Policy[Any, Any], validate: Callable[..., None] = _never_called
) -> ResourceValidationPolicy | StackValidationPolicy:
    """A policy as the SDK describes it to the engine.

    :param validate: what the SDK's own servicer would call. In the pack `Servicer` judges, and nobody calls it.
    """
    properties = schema_of(policy.options)
    declaration: dict[str, Any] = {
        "name": policy.id,
        "description": policy.description,
        "enforcement_level": EnforcementLevel(policy.level.value),
        "display_name": policy.display_name,
        "severity": Severity(policy.severity.value),
        "tags": [*policy.tags],
        "remediation_steps": policy.fix,
        "url": policy.url,
        "config_schema": PolicyConfigSchema(properties) if properties else None,
        "validate": validate,
    }
    return (StackValidationPolicy if policy.subjects == (Stack,) else ResourceValidationPolicy)(**declaration)

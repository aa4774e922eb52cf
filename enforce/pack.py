"""Builds the policy pack out of the catalogue and serves it to the engine."""

from collections.abc import Callable
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)
from pulumi_policy.deserialize import serialize_properties

from elasticache.user import User
from enforce import sdk
from policies import CATALOGUE, PACK_NAME
from policies.configuration import configure
from policies.judge import judge
from policies.options import schema_of
from policies.policy import Policy
from policies.resource import USER_TYPES, decode


def run() -> None:
    """Serve the pack until the engine stops the process: the constructor returns only on an interrupt."""
    sdk.install()
    PolicyPack(
        name=PACK_NAME,
        policies=[*pulumi_policies()],
        display_name="AWS ElastiCache users",
        description="Stops unsafe ElastiCache users, judged by what they can do, before they are deployed.",
        provider="aws",
        tags=["aws", "elasticache", "redis", "valkey", "security"],
    )


def pulumi_policies() -> list[ResourceValidationPolicy]:
    """The catalogue as the SDK's objects, in its order. They work under the stock servicer too, only slower."""
    return [
        ResourceValidationPolicy(
            name=policy.id,
            description=policy.description,
            validate=_validation(policy),
            enforcement_level=EnforcementLevel(policy.level.value),
            display_name=policy.display_name,
            severity=Severity(policy.severity.value),
            tags=[*policy.tags],
            remediation_steps=policy.fix,
            url=policy.url,
            config_schema=_schema(policy),
        )
        for policy in CATALOGUE
    ]


def _schema(policy: Policy[Any]) -> PolicyConfigSchema | None:
    properties = schema_of(policy.options)
    return PolicyConfigSchema(properties) if properties else None


def _validation(policy: Policy[Any]) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        if args.resource_type not in USER_TYPES:
            args.not_applicable(sdk.OTHER_TYPE)
        properties = decode(serialize_properties(args.props))
        setting = configure([policy], {policy.id: (None, dict(args.get_config()))})[policy.id]
        judgement = judge(policy, User(properties if isinstance(properties, dict) else {}), setting.options)
        if judgement.not_applicable:
            args.not_applicable(judgement.not_applicable)
        for message in judgement.messages:
            report_violation(message, None)

    return validate

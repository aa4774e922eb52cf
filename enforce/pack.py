"""Builds the policy pack out of the catalogue and serves it to the engine."""

import gc
from collections.abc import Callable, Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties

from elasticache.stack import Deployment, StackResource
from elasticache.user import User
from elasticache.user_group import UserGroup
from enforce import sdk
from policies import PACK_NAME
from policies.catalogue import CATALOGUE
from rulebook.configuration import configure
from rulebook.judge import judge
from rulebook.options import Options, schema_of
from rulebook.policy import Policy, StackPolicy, UserGroupPolicy, UserPolicy
from rulebook.wire import GROUP_TYPES, USER_TYPES, decode


def run() -> None:
    """Serve the pack until the engine stops the process: the constructor returns only on an interrupt."""
    sdk.install()
    # What the imports made lives as long as the process: the collector need not walk through it time and again.
    gc.freeze()
    PolicyPack(
        name=PACK_NAME,
        policies=[*pulumi_policies()],
        display_name="AWS ElastiCache users",
        description="Stops unsafe ElastiCache users, judged by what they can do, before they are deployed.",
        provider="aws",
        tags=["aws", "elasticache", "redis", "valkey", "security"],
    )


def pulumi_policies() -> list[ResourceValidationPolicy | StackValidationPolicy]:
    """The catalogue as the SDK's objects, in its order. They work under the stock servicer too, only slower.

    Exemptions and notes are the business of our servicer alone.
    """
    return [_pulumi_policy(policy) for policy in CATALOGUE]


def _pulumi_policy(policy: Policy[Any, Any]) -> ResourceValidationPolicy | StackValidationPolicy:
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
    }
    if isinstance(policy, StackPolicy):
        return StackValidationPolicy(validate=_stack_validation(policy), **declaration)
    return ResourceValidationPolicy(validate=_validation(policy), **declaration)


def _validation(policy: Policy[Any, Any]) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        subject: Any
        if isinstance(policy, UserPolicy) and args.resource_type in USER_TYPES:
            subject = User(_properties(args.props))
        elif isinstance(policy, UserGroupPolicy) and args.resource_type in GROUP_TYPES:
            subject = UserGroup(_properties(args.props))
        else:
            return args.not_applicable(sdk.OTHER_TYPE)
        judgement = judge(policy, subject, _options(policy, args.get_config()))
        for told in judgement.findings:
            report_violation(told.text, None)
        return args.not_applicable(judgement.not_applicable) if judgement.not_applicable else None

    return validate


def _stack_validation(policy: StackPolicy[Any]) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        outputs = {resource.urn: resource.props for resource in args.resources}
        deployment = Deployment(
            [
                StackResource(
                    resource.urn,
                    resource.resource_type,
                    _properties(resource.props),
                    {name: [found.urn for found in told] for name, told in resource.property_dependencies.items()},
                )
                for resource in args.resources
            ],
            lambda urn: _properties(outputs[urn]) if urn in outputs else None,
        )
        for told in judge(policy, deployment, _options(policy, args.get_config())).findings:
            report_violation(told.text, told.urn)

    return validate


def _properties(props: Mapping[str, Any]) -> Mapping[str, object]:
    """What the SDK's proxies hold, as the engine sent it; they themselves raise on unknown values."""
    decoded = decode(serialize_properties(props))
    return decoded if isinstance(decoded, dict) else {}


def _options(policy: Policy[Any, Any], config: Mapping[str, Any]) -> Options:
    return configure([policy], {policy.id: (None, dict(config))})[policy.id].options

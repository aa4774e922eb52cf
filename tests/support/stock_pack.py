"""The catalogue on the stock SDK, without our servicer: an oracle for what ours answers, and what it is timed against.

Exemptions and notes are the business of our servicer alone, so this pack has neither.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_policy import (
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties

from elasticache.stack import Stack, StackResource
from enforce.pack import declared
from enforce.servicer import OTHER_TYPE
from policies.catalogue import CATALOGUE
from rulebook.configuration import configure
from rulebook.message import message_of
from rulebook.options import Options
from rulebook.outcome import Outcome, run
from rulebook.policy import Finding, NotApplicable, Policy
from rulebook.subjects import subject_of
from rulebook.wire import decode


def stock_policies() -> list[ResourceValidationPolicy | StackValidationPolicy]:
    """The catalogue as policies that the stock servicer runs, in its order."""
    return [
        declared(policy, _stack_validation(policy) if policy.subjects == (Stack,) else _validation(policy))
        for policy in CATALOGUE
    ]


def _validation(policy: Policy[Any, Any]) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        subject = subject_of(args.resource_type, _properties(args.props))
        if type(subject) not in policy.subjects:
            return args.not_applicable(OTHER_TYPE)
        for result in run(policy, subject, _options(policy, args.get_config())):
            if isinstance(result, NotApplicable):
                return args.not_applicable(result.reason)
            if isinstance(result, Finding) and not result.advisory:
                report_violation(message_of(Outcome(policy, policy.level, "", result)), None)
        return None

    return validate


def _stack_validation(policy: Policy[Any, Any]) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        outputs = {resource.urn: resource.props for resource in args.resources}
        stack = Stack(
            (
                StackResource(
                    resource.urn,
                    subject,
                    {name: [source.urn for source in given] for name, given in resource.property_dependencies.items()},
                )
                for resource in args.resources
                if (subject := subject_of(resource.resource_type, _properties(resource.props))) is not None
            ),
            lambda urn: _properties(outputs[urn]) if urn in outputs else None,
        )
        for result in run(policy, stack, _options(policy, args.get_config())):
            if isinstance(result, Finding) and not result.advisory:
                report_violation(message_of(Outcome(policy, policy.level, result.urn, result)), result.urn)

    return validate


def _properties(props: Mapping[str, Any]) -> Mapping[str, object]:
    """What the SDK's proxies hold, as the engine sent it; they themselves raise on unknown values."""
    decoded = decode(serialize_properties(props))
    return decoded if isinstance(decoded, dict) else {}


def _options(policy: Policy[Any, Any], config: Mapping[str, Any]) -> Options:
    return configure([policy], {policy.id: (None, dict(config))})[policy.id].options

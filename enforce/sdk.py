"""The one seam on the SDK: a servicer of ours in place of pulumi_policy's own.

pulumi-policy 1.21.0 builds its analyzer out of the private class `_PolicyAnalyzerServicer`. Ours answers for other
resource types at once, converts a user once for all policies, and can add notes that people see; the rest (metadata,
configuration, levels) stays the SDK's. tests/process/test_sdk_seam.py says which name moved when the pin is raised.
"""

from collections.abc import Iterable
from types import NoneType
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime import proto
from pulumi_policy import policy as sdk

from elasticache.user import User
from elasticache.user_group import UserGroup
from enforce.properties import RequestProperties, replace_text
from enforce.stack import deployment_of
from policies import PACK_NAME, PACK_VERSION, exemptions
from rulebook.configuration import ConfigurationError
from rulebook.exemptions import Clock, utc_today
from rulebook.policy import Level, Policy, UserGroupPolicy, UserPolicy
from rulebook.rulebook import Kind, Outcome, Rulebook
from rulebook.wire import GROUP_TYPES, USER_TYPES

OTHER_TYPE: Final = "the resource is of another type"

_SERVICER: Final = "_PolicyAnalyzerServicer"


def install() -> None:
    """Make `PolicyPack` serve with our servicer."""
    setattr(sdk, _SERVICER, Servicer)


class Servicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the seam
    """Answers the engine's calls.

    :param clock: tells today's date, by UTC, to the register of exemptions.
    """

    def __init__(
        self,
        name: str,
        version: str,
        policies: list[Any],
        *rest: Any,  # noqa: ANN401 - whatever the SDK passes on
        clock: Clock = utc_today,
    ) -> None:
        super().__init__(name, version, policies, *rest)
        self._follow(Rulebook.of({}, clock=clock))

    def _follow(self, rules: Rulebook) -> None:
        self._rules = rules
        # What most of a stack is answered with, made once and not for every resource of every preview.
        self._other_type = _not_applicable(rules, NoneType)
        self._user_type = _not_applicable(rules, UserPolicy)
        self._group_type = _not_applicable(rules, UserGroupPolicy)

    def Configure(self, request: proto.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Take the levels and options that the engine was given; a mistake in them stops the run with one line."""
        entries = {
            name: (
                Level(proto.EnforcementLevel.Name(config.enforcementLevel).lower()),
                json_format.MessageToDict(config.properties),
            )
            for name, config in request.policyConfig.items()
        }
        try:
            self._follow(Rulebook.of(entries, clock=self._rules.clock))
        except ConfigurationError as mistake:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(mistake))
        super().Configure(request, context)  # type: ignore[no-untyped-call]
        return empty_pb2.Empty()

    def Analyze(self, request: proto.AnalyzeRequest, _context: grpc.ServicerContext) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge one resource by its inputs."""
        if request.type in USER_TYPES:
            answered = self._user_type
            outcomes = self._rules.judge_user(request.urn, User(RequestProperties(request.properties)))
        elif request.type in GROUP_TYPES:
            answered = self._group_type
            outcomes = self._rules.judge_group(request.urn, UserGroup(RequestProperties(request.properties)))
        else:
            return self._other_type
        response = proto.AnalyzeResponse()
        response.CopyFrom(answered)
        _tell(response, outcomes)
        return response

    def AnalyzeStack(self, request: proto.AnalyzeStackRequest, _context: grpc.ServicerContext) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge the whole stack by its outputs, and tell what whoever configured the pack should know."""
        response = proto.AnalyzeResponse()
        _tell(response, self._rules.judge_stack(deployment_of(request)))
        for notice in self._rules.notices:
            _report(response, exemptions.POLICY, Level.ADVISORY, notice)
        return response

    def Remediate(self, request: proto.AnalyzeRequest, _context: grpc.ServicerContext) -> proto.RemediateResponse:  # noqa: N802
        """Mend one resource where a policy is set to do so. Properties that no policy mends pass through untouched."""
        response = proto.RemediateResponse()
        if request.type not in USER_TYPES:
            return response
        mended = request.properties
        for policy, changes in self._rules.remedies(request.urn, User(RequestProperties(request.properties))):
            remediation = response.remediations.add(
                policyName=policy.id,
                policyPackName=PACK_NAME,
                policyPackVersion=PACK_VERSION,
                description=policy.description,
                properties=mended,
            )
            mended = remediation.properties  # each policy goes on from what the one before it made
            for name, value in changes.items():
                replace_text(mended.fields[name], value)
        return response


def _not_applicable(rules: Rulebook, judged: type[object]) -> proto.AnalyzeResponse:
    """The answer about a resource that only one kind of policy judges, without what that kind finds."""
    response = proto.AnalyzeResponse()
    for policy, _ in rules.enabled():
        if isinstance(policy, UserPolicy | UserGroupPolicy) and not isinstance(policy, judged):
            response.not_applicable.add(policy_name=policy.id, reason=OTHER_TYPE)
    return response


def _tell(response: proto.AnalyzeResponse, outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.kind is Kind.NOT_APPLICABLE:
            response.not_applicable.add(policy_name=outcome.policy.id, reason=outcome.text)
        else:
            speaker = exemptions.POLICY if outcome.kind is Kind.EXEMPTED else outcome.policy
            _report(response, speaker, outcome.level, outcome.text, outcome.urn)


def _report(
    response: proto.AnalyzeResponse, policy: Policy[Any, Any], level: Level, message: str, urn: str = ""
) -> None:
    response.diagnostics.add(
        policyName=policy.id,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        message=f"{policy.description}\n{message}",
        urn=urn,
        description=policy.description,
        enforcementLevel=_told_as(level),
        severity=proto.PolicySeverity.Value(f"POLICY_SEVERITY_{policy.severity.name}"),
    )


def _told_as(level: Level) -> proto.EnforcementLevel.ValueType:
    """A remediation that left a violation behind is told as mandatory, as the SDK does."""
    return proto.EnforcementLevel.Value((Level.MANDATORY if level is Level.REMEDIATE else level).name)

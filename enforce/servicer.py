"""The one seam on the SDK: a servicer of ours in place of pulumi_policy's own.

pulumi-policy 1.21.0 builds its analyzer out of the private class `_PolicyAnalyzerServicer`. Ours answers for other
resource types at once, converts a user once for all policies, and can add notes that people see; the rest (metadata,
configuration, levels) stays the SDK's. tests/enforce/test_sdk_seam.py says which name moved when the pin is raised.
"""

from collections.abc import Iterable, Mapping
from types import NoneType
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime import proto
from pulumi_policy import policy as sdk

from elasticache.stack import Stack
from enforce.request import RequestProperties, replace_text, stack_of
from policies import PACK_NAME, PACK_VERSION
from policies.catalogue import CATALOGUE, RETIRED
from rulebook import wording
from rulebook.configuration import ConfigurationError
from rulebook.exemptions import Clock, utc_today
from rulebook.message import message_of
from rulebook.outcome import Outcome
from rulebook.policy import Level, NotApplicable, Policy
from rulebook.rulebook import Entries, Rulebook
from rulebook.subjects import subject_of

OTHER_TYPE: Final = "the resource is of another type"

_SERVICER: Final = "_PolicyAnalyzerServicer"


def install() -> None:
    """Make `PolicyPack` serve with our servicer."""
    setattr(sdk, _SERVICER, Servicer)


class Servicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the seam
    """Answers the engine's calls.

    :param clock: gives today's date, by UTC, by which exemptions end.
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
        self._clock = clock
        self._configure({})

    def _configure(self, entries: Entries) -> None:
        self._rules = Rulebook.of(CATALOGUE, entries, retired=RETIRED, clock=self._clock)
        # What most of a stack is answered with, made once and not for every resource of every preview.
        self._other_type = _not_applicable(self._rules, NoneType)
        judged = {kind for policy, _ in self._rules.enabled() for kind in policy.subjects}
        self._answers: Mapping[type[object], proto.AnalyzeResponse] = {
            kind: _not_applicable(self._rules, kind) for kind in judged
        }

    def Configure(self, request: proto.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Take the levels and options that the engine was given; a mistake in them stops the run with one line."""
        try:
            self._configure({name: _entry(name, config) for name, config in request.policyConfig.items()})
        except ConfigurationError as mistake:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(mistake))
        return empty_pb2.Empty()

    def Analyze(self, request: proto.AnalyzeRequest, _context: grpc.ServicerContext) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge one resource by its inputs."""
        subject = subject_of(request.type, RequestProperties(request.properties))
        answer = self._answers.get(type(subject))
        if subject is None or answer is None:
            return self._other_type
        response = proto.AnalyzeResponse()
        response.CopyFrom(answer)
        self._report(response, self._rules.judge(request.urn, subject))
        return response

    def AnalyzeStack(self, request: proto.AnalyzeStackRequest, _context: grpc.ServicerContext) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge the whole stack by its outputs, and say what whoever configured the pack should know."""
        response = proto.AnalyzeResponse()
        self._report(response, self._rules.judge("", stack_of(request)))
        speaker = self._rules.exemptions_policy
        if speaker is not None:
            for notice in self._rules.notices:
                _add(response, speaker, Level.ADVISORY, notice)
        return response

    def Remediate(self, request: proto.AnalyzeRequest, _context: grpc.ServicerContext) -> proto.RemediateResponse:  # noqa: N802
        """Repair one resource where a policy is set to do so. Other properties pass through untouched."""
        response = proto.RemediateResponse()
        subject = subject_of(request.type, RequestProperties(request.properties))
        if subject is None:
            return response
        properties = request.properties
        for policy, changes in self._rules.remediations(request.urn, subject):
            remediation = response.remediations.add(
                policyName=policy.id,
                policyPackName=PACK_NAME,
                policyPackVersion=PACK_VERSION,
                description=policy.description,
                properties=properties,
            )
            properties = remediation.properties  # each policy goes on from what the one before it made
            for name, value in changes.items():
                replace_text(properties.fields[name], value)
        return response

    def _report(self, response: proto.AnalyzeResponse, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome.result, NotApplicable):
                response.not_applicable.add(policy_name=outcome.policy.id, reason=outcome.result.reason)
                continue
            speaker = self._rules.exemptions_policy if outcome.exempted else outcome.policy
            _add(response, speaker or outcome.policy, outcome.level, message_of(outcome), outcome.urn)


def _entry(name: str, config: proto.PolicyConfig) -> tuple[Level, dict[str, object]]:
    """The configuration of one policy as the engine sends it.

    :raises ConfigurationError: its level is of a newer engine, or a number of its options is not finite.
    """
    level = _LEVELS.get(config.enforcementLevel)
    if level is None:
        allowed = ", ".join(known.value for known in Level)
        raise ConfigurationError(
            f"the level of {wording.quoted(name)} has the number {config.enforcementLevel}, which this version of the "
            f"pack does not know; allowed: {allowed}"
        )
    try:
        return level, json_format.MessageToDict(config.properties)
    except ValueError:
        raise ConfigurationError(
            f"the options of {wording.quoted(name)} hold a number that is not finite (NaN or infinity), which no "
            "option takes"
        ) from None


_LEVELS: Final = {proto.EnforcementLevel.Value(level.name): level for level in Level}


def _not_applicable(rules: Rulebook, judged: type[object]) -> proto.AnalyzeResponse:
    """The answer about a resource before any policy has judged it: the policies that judge others do not apply."""
    response = proto.AnalyzeResponse()
    for policy, _ in rules.enabled():
        if policy.subjects not in ((Stack,), (NoneType,)) and judged not in policy.subjects:
            response.not_applicable.add(policy_name=policy.id, reason=OTHER_TYPE)
    return response


def _add(response: proto.AnalyzeResponse, policy: Policy[Any, Any], level: Level, message: str, urn: str = "") -> None:
    response.diagnostics.add(
        policyName=policy.id,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        message=f"{policy.description}\n{message}",
        urn=urn,
        description=policy.description,
        enforcementLevel=_reported_as(level),
        severity=proto.PolicySeverity.Value(f"POLICY_SEVERITY_{policy.severity.name}"),
    )


def _reported_as(level: Level) -> proto.EnforcementLevel.ValueType:
    """A remediation that left a violation behind is reported as mandatory, as the SDK does."""
    return proto.EnforcementLevel.Value((Level.MANDATORY if level is Level.REMEDIATE else level).name)

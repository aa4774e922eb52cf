"""The one seam on the SDK: a servicer of ours in place of pulumi_policy's own.

pulumi-policy 1.21.0 builds its analyzer out of the private class `_PolicyAnalyzerServicer`. Ours answers for other
resource types at once, converts a user once for all policies, and can add notes that people see; the rest (metadata,
configuration, levels) stays the SDK's. tests/process/test_sdk_seam.py says which name moved when the pin is raised.
"""

from typing import Any, Final, cast

import grpc
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy
from pulumi_policy import policy as sdk
from pulumi_policy.version import VERSION

from elasticache.user import User
from enforce.properties import RequestProperties
from policies import CATALOGUE, PACK_NAME, PACK_VERSION
from policies.judge import judge
from policies.policy import Policy
from policies.resource import USER_TYPES

BUILT_FOR: Final = "1.21.0"
"""The version of pulumi-policy that the seam was written against; requirements.txt pins it."""

OTHER_TYPE: Final = "the resource is not an ElastiCache user"

_SERVICER: Final = "_PolicyAnalyzerServicer"


def install() -> None:
    """Make `PolicyPack` serve with our servicer.

    :raises SystemExit: another version of pulumi-policy is installed.
    """
    if VERSION != BUILT_FOR or not hasattr(sdk, _SERVICER):
        message = (
            f"{PACK_NAME} needs pulumi-policy {BUILT_FOR} and found {VERSION}. "
            "Install what requirements.txt pins: pip install -r requirements.txt"
        )
        raise SystemExit(message)
    setattr(sdk, _SERVICER, Servicer)


class Servicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the seam
    """Answers the engine's calls."""

    def __init__(self, name: str, version: str, policies: list[ResourceValidationPolicy], *rest: Any) -> None:  # noqa: ANN401 - whatever the SDK passes on
        super().__init__(name, version, policies, *rest)  # type: ignore[arg-type]
        self._sdk_policies = {policy.name: policy for policy in policies}

    def Analyze(self, request: proto.AnalyzeRequest, _context: grpc.ServicerContext) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge one resource by its inputs."""
        response = proto.AnalyzeResponse()
        levels = [(policy, self._level_of(policy)) for policy in CATALOGUE]
        enabled = [(policy, level) for policy, level in levels if level is not EnforcementLevel.DISABLED]
        if request.type not in USER_TYPES:
            for policy, _ in enabled:
                response.not_applicable.add(policy_name=policy.id, reason=OTHER_TYPE)
            return response
        user = User(RequestProperties(request.properties))
        for policy, level in enabled:
            judgement = judge(policy, user)
            for message in judgement.messages:
                self._report(response, policy, level, message)
            if judgement.note:
                self._report(response, policy, EnforcementLevel.ADVISORY, judgement.note)
            elif judgement.not_applicable:
                response.not_applicable.add(policy_name=policy.id, reason=judgement.not_applicable)
        return response

    def Remediate(self, request: proto.AnalyzeRequest, context: grpc.ServicerContext) -> proto.RemediateResponse:  # noqa: N802
        """Mend one resource; other types are left alone at once."""
        if request.type not in USER_TYPES:
            return proto.RemediateResponse()
        return cast("proto.RemediateResponse", super().Remediate(request, context))  # type: ignore[no-untyped-call]

    def _level_of(self, policy: Policy) -> EnforcementLevel:
        level = self._get_enforcement_level(self._sdk_policies[policy.id])
        # a remediation that left a violation behind is told as mandatory, as in the SDK
        return EnforcementLevel.MANDATORY if level is EnforcementLevel.REMEDIATE else level

    def _report(self, response: proto.AnalyzeResponse, policy: Policy, level: EnforcementLevel, message: str) -> None:
        response.diagnostics.add(
            policyName=policy.id,
            policyPackName=PACK_NAME,
            policyPackVersion=PACK_VERSION,
            message=f"{policy.description}\n{message}",
            description=policy.description,
            enforcementLevel=self._map_enforcement_level(level),
            severity=self._map_severity(self._sdk_policies[policy.id].severity),
        )

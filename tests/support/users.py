"""One good user, and the way in which every test hands users to the pack: as the engine does.

A user is turned into the protobuf request that the engine sends, secret marks and unknown values included, and judged
by the servicer that serves the engine. Nothing is tested on bare dictionaries, which have neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, Final
from unittest.mock import Mock

from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from elasticache.stack import Stack
from enforce.pack import declared
from enforce.servicer import Servicer
from policies import PACK_NAME
from policies.catalogue import CATALOGUE
from rulebook.exemptions import Clock, utc_today
from rulebook.policy import Level
from rulebook.wire import SECRET_SIGNATURE, SIGNATURE_KEY

USER_TYPE: Final = "aws:elasticache/user:User"
MARKER_PASSWORD: Final = "MARKER-pa55word-do-not-print"
"""The one password of every fixture; no output of anything may hold it."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends at preview in place of a value that is not known yet."""

RESOURCE_POLICIES: Final = [
    policy.id
    for policy in CATALOGUE
    if policy.subjects not in ((Stack,), (NoneType,)) and policy.level is not Level.DISABLED
]
"""The policies about single resources that run where no configuration says otherwise, in reading order."""

DECLARED: Final = [declared(policy) for policy in CATALOGUE]
"""The catalogue as the pack hands it to the SDK."""

NOT_CHECKED: Final = "Not checked: "
"""How the text of a note begins that a policy could not be checked."""

REMOVED: Final[Any] = object()
"""In a change: the property is left out."""

GOOD_ACCESS_STRING: Final = (
    "on ~app:* -@all +@read +@write +@connection -@keyspace -@dangerous -@scripting +del +expire"
)

GOOD_USER: Final[Mapping[str, Any]] = {
    "userId": "app-reader",
    "userName": "app-reader",
    "accessString": f"{GOOD_ACCESS_STRING} -client|tracking",
    "engine": "valkey",
    "authenticationMode": {"type": "iam"},
}


def secret(value: object) -> dict[str, object]:
    """A value with the mark that the AWS provider's Check puts on passwords."""
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def changed(**changes: object) -> dict[str, object]:
    """The good user with some properties changed, or left out where the change is `REMOVED`."""
    properties: dict[str, object] = {**GOOD_USER, **changes}
    return {name: value for name, value in properties.items() if value is not REMOVED}


@dataclass(frozen=True)
class Answer:
    """What the pack answered the engine about one resource."""

    violations: dict[str, list[str]] = field(default_factory=dict)
    """Policy id to its messages, of policies that found something."""
    notes: dict[str, str] = field(default_factory=dict)
    """Policy id to the advice that it could not be checked."""
    not_applicable: dict[str, str] = field(default_factory=dict)
    """Policy id to the reason."""
    response: proto.AnalyzeResponse = field(default_factory=proto.AnalyzeResponse)

    def outcome(self, policy: str) -> str:
        """One word for a policy: fires, unknown, n/a, or passes."""
        outcomes = {"fires": {*self.violations}, "unknown": {*self.notes}, "n/a": {*self.not_applicable}}
        return next((outcome for outcome, policies in outcomes.items() if policy in policies), "passes")


def part(message: str, name: str) -> str:
    """One part of a finding's message: what stands behind `found:`, `risk:`, `fix:`, `or:` or `docs:`."""
    (line,) = [line for line in message.splitlines() if line.startswith(f"{name}:")]
    return line.removeprefix(f"{name}:").strip()


def servicer() -> Servicer:
    """The pack's own servicer, over the whole catalogue, as `PolicyPack` makes it."""
    return Servicer(PACK_NAME, "0.0.1", DECLARED, EnforcementLevel.ADVISORY)


def configured(policy: str, level: str = "mandatory", **options: object) -> Servicer:
    """The pack's servicer with one policy configured, as the engine does it; other policies keep their defaults."""
    return configured_all({policy: {"enforcementLevel": level, **options}})


def configured_all(configuration: Mapping[str, Mapping[str, Any]], clock: Clock = utc_today) -> Servicer:
    """The pack's servicer with a configuration, as the engine hands it over, and a clock."""
    pack = Servicer(PACK_NAME, "0.0.1", DECLARED, EnforcementLevel.ADVISORY, clock=clock)
    pack.Configure(configuration_request(configuration), Mock())
    return pack


def configuration_request(configuration: Mapping[str, Mapping[str, Any]]) -> proto.ConfigureAnalyzerRequest:
    """What the engine sends for a configuration."""
    made = proto.ConfigureAnalyzerRequest()
    for policy, entry in configuration.items():
        options = {name: value for name, value in entry.items() if name != "enforcementLevel"}
        made.policyConfig[policy].enforcementLevel = proto.EnforcementLevel.Value(entry["enforcementLevel"].upper())
        json_format.ParseDict(options, made.policyConfig[policy].properties)
    return made


def remediate(properties: Mapping[str, object], pack: Servicer) -> list[tuple[str, dict[str, Any]]]:
    """What the pack would have the engine write in place of the properties: policy and new properties, in order."""
    response = pack.Remediate(request(properties), Mock())
    return [(reported.policyName, json_format.MessageToDict(reported.properties)) for reported in response.remediations]


def request(properties: Mapping[str, object], resource_type: str = USER_TYPE) -> proto.AnalyzeRequest:
    """What the engine sends for one resource."""
    made = proto.AnalyzeRequest(
        type=resource_type, urn=f"urn:pulumi:dev::shop::{resource_type}::subject", name="subject"
    )
    json_format.ParseDict(dict(properties), made.properties)
    return made


def analyze(properties: Mapping[str, object], resource_type: str = USER_TYPE, pack: Servicer | None = None) -> Answer:
    """Judge one resource, and sort the answer."""
    return sorted_answer((pack or servicer()).Analyze(request(properties, resource_type), Mock()))


def sorted_answer(response: proto.AnalyzeResponse) -> Answer:
    """An answer of the pack, sorted into findings, notes and what does not apply."""
    answer = Answer(response=response)
    for diagnostic in response.diagnostics:
        description, _, message = diagnostic.message.partition("\n")
        assert description == diagnostic.description
        if message.startswith(NOT_CHECKED):
            assert diagnostic.enforcementLevel == proto.ADVISORY
            answer.notes[diagnostic.policyName] = message
        else:
            answer.violations.setdefault(diagnostic.policyName, []).append(message)
    answer.not_applicable.update({reported.policy_name: reported.reason for reported in response.not_applicable})
    assert MARKER_PASSWORD not in str(response)
    return answer

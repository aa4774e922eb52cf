"""The examples of Markdown pages: Pulumi YAML programs, judged by the pack's own servicer as a preview judges them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from unittest.mock import Mock

import yaml
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from enforce.servicer import Servicer
from policies import PACK_NAME
from policies.catalogue import CATALOGUE
from tests.support.users import DECLARED, MARKER_PASSWORD, UNKNOWN, USER_TYPE, secret

TODAY: Final = date(2027, 1, 15)
"""The day on which examples are judged; it lies before the end of every exemption that they show."""

CONFIG_MARK: Final = "# --policy-pack-config: "
"""How the first line of an example begins that needs a configuration, which follows as JSON."""

_FENCE: Final = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_REFERENCE: Final = re.compile(r"\$\{(?P<name>\w[\w-]*)(?:\.(?P<property>\w+))?\}")

Config = Mapping[str, Any]
"""The content of a file for --policy-pack-config."""


@dataclass(frozen=True)
class Example:
    """One YAML program of a page."""

    page: str
    section: str
    number: int
    """Counted from 1 in its section."""
    text: str

    def __str__(self) -> str:
        """A name for test reports."""
        return f"{self.page}: {self.section} {self.number}"

    @property
    def config(self) -> Config:
        """The configuration in its first line; empty where it has none."""
        first = self.text.partition("\n")[0]
        read: Config = json.loads(first.removeprefix(CONFIG_MARK)) if first.startswith(CONFIG_MARK) else {}
        return read

    @property
    def program(self) -> Mapping[str, Any]:
        """The program, as YAML reads it."""
        read: Mapping[str, Any] = yaml.safe_load(self.text)
        return read


@dataclass
class Resource:
    """A resource as the engine sends it."""

    name: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    dependencies: dict[str, set[str]] = field(default_factory=dict)
    """Property to the names of the resources that its value comes from."""

    @property
    def urn(self) -> str:
        """Its name in the stack prod of the project shop."""
        return f"urn:pulumi:prod::shop::{self.type}::{self.name}"


def sections(page: Path) -> dict[str, str]:
    """The second-level headings of a page, to what stands below each."""
    found: dict[str, list[str]] = {}
    heading, fenced = "", False
    for line in page.read_text().splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            heading = line.removeprefix("## ")
        else:
            found.setdefault(heading, []).append(line)
    return {title: "\n".join(lines) for title, lines in found.items() if title}


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [match["text"] for match in _FENCE.finditer(text) if match["language"] == language]


def examples(page: Path, section: str) -> list[Example]:
    """The programs of a section; none where page or section is missing."""
    text = sections(page).get(section, "") if page.exists() else ""
    programs = [block for block in blocks(text, "yaml") if "resources:" in block]
    return [Example(page.stem, section, number, block) for number, block in enumerate(programs, 1)]


def resources(program: Mapping[str, Any]) -> list[Resource]:
    """The resources of a program at preview: references resolved, passwords marked as the AWS provider's Check does."""
    declared: Mapping[str, Any] = program["resources"]
    made: dict[str, Resource] = {}
    for name, body in declared.items():
        resource = Resource(name, _token(body["type"]))
        for key, value in body.get("properties", {}).items():
            sources: set[str] = set()
            resource.properties[key] = _resolved(value, program, made, sources)
            if sources:
                resource.dependencies[key] = sources
        if resource.type == USER_TYPE:
            _mark_passwords(resource.properties)
        made[name] = resource
    return [*made.values()]


def judge(example: Example, config: Config) -> dict[str, list[str]]:
    """What the pack says of a program in a preview: policy id to all its messages, advice included.

    Fails where one of the program's passwords is in what it says.
    """
    made = resources(example.program)
    pack = servicer(config)
    answers = [pack.Analyze(_request(resource), Mock()) for resource in made]
    answers.append(pack.AnalyzeStack(_stack_request(made), Mock()))
    said = [diagnostic for answer in answers for diagnostic in answer.diagnostics]
    reported: dict[str, list[str]] = {}
    for diagnostic in said:
        reported.setdefault(diagnostic.policyName, []).append(diagnostic.message)
    for password in passwords(made):
        assert not any(password in str(answer) for answer in answers), f"{example}: a password came out"
    return reported


def servicer(config: Config) -> Servicer:
    """The pack's own servicer, configured as the engine does it."""
    pack = Servicer(PACK_NAME, "0.0.1", DECLARED, EnforcementLevel.ADVISORY, clock=lambda: TODAY)
    request = proto.ConfigureAnalyzerRequest()
    levels = {policy.id: policy.level.value for policy in CATALOGUE}
    every: str | None = config.get("all")
    if every is not None:
        for name in levels:
            request.policyConfig[name].enforcementLevel = _level(every)
    for name, entry in config.items():
        if name == "all":
            continue
        options = dict(entry) if isinstance(entry, Mapping) else {"enforcementLevel": entry}
        level = options.pop("enforcementLevel", every or levels[name])
        request.policyConfig[name].enforcementLevel = _level(level)
        json_format.ParseDict(options, request.policyConfig[name].properties)
    pack.Configure(request, Mock(abort=Mock(side_effect=AssertionError)))
    return pack


def passwords(made: Sequence[Resource]) -> Iterator[str]:
    """The passwords that the users of a program hold."""
    for resource in made:
        held = resource.properties
        for value in (held.get("passwords"), held.get("passwordsWo"), held.get("authenticationMode")):
            yield from _texts_in_secrets(value)


def _level(name: str) -> proto.EnforcementLevel.ValueType:
    return proto.EnforcementLevel.Value(name.upper())


def _token(written: str) -> str:
    """`aws:elasticache:User` as programs write it, `aws:elasticache/user:User` as the engine does."""
    package, *module, kind = written.split(":")
    return f"{package}:{module[0] if module else 'index'}/{kind[:1].lower()}{kind[1:]}:{kind}"


def _resolved(value: Any, program: Mapping[str, Any], made: Mapping[str, Resource], sources: set[str]) -> Any:
    if isinstance(value, list):
        return [_resolved(element, program, made, sources) for element in value]
    if isinstance(value, dict):
        inner = {key: _resolved(element, program, made, sources) for key, element in value.items()}
        return UNKNOWN if any(key.startswith("fn::") for key in inner) else inner
    reference = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if reference is None:
        assert not (isinstance(value, str) and "${" in value), f"{value}: examples refer to a whole value"
        return value
    name = reference["name"]
    if name in program.get("config", {}):
        return f"{MARKER_PASSWORD}-{name}"
    assert name in made, f"{value}: declare {name} before it is used"
    sources.add(name)
    return made[name].properties.get(reference["property"], UNKNOWN)


def _mark_passwords(properties: dict[str, Any]) -> None:
    for name in ("passwords", "passwordsWo"):
        if name in properties:
            properties[name] = secret(UNKNOWN if UNKNOWN in properties[name] else properties[name])
    mode = properties.get("authenticationMode")
    if isinstance(mode, dict) and "passwords" in mode:
        mode["passwords"] = secret(mode["passwords"])


def _texts_in_secrets(value: Any) -> Iterator[str]:
    inner = value.get("value", value.get("passwords")) if isinstance(value, dict) else value
    if isinstance(inner, dict):
        yield from _texts_in_secrets(inner)
    elif isinstance(inner, list):
        yield from (text for text in inner if text != UNKNOWN)
    elif isinstance(inner, str) and inner != UNKNOWN:
        yield inner


def _request(resource: Resource) -> proto.AnalyzeRequest:
    request = proto.AnalyzeRequest(type=resource.type, urn=resource.urn, name=resource.name)
    json_format.ParseDict(resource.properties, request.properties)
    return request


def _stack_request(made: Sequence[Resource]) -> proto.AnalyzeStackRequest:
    request = proto.AnalyzeStackRequest()
    urns = {resource.name: resource.urn for resource in made}
    for resource in made:
        sent = request.resources.add(type=resource.type, urn=resource.urn, name=resource.name)
        json_format.ParseDict(resource.properties, sent.properties)
        for key, sources in resource.dependencies.items():
            sent.propertyDependencies[key].urns.extend(sorted(urns[source] for source in sources))
    return request

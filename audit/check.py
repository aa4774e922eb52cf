"""`python -m audit check`: the rules over exported state, without the Pulumi engine."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from audit.configuration_file import read_configuration
from audit.export import InputError, Resource, files_of, read
from elasticache.stack import Deployment, StackResource
from elasticache.user import User
from elasticache.user_group import UserGroup
from policies import PACK_NAME, PACK_VERSION
from policies.catalogue import CATALOGUE
from rulebook.configuration import ConfigurationError
from rulebook.judge import NOT_CHECKED
from rulebook.policy import Level
from rulebook.rulebook import Kind, Outcome, Rulebook
from rulebook.wire import GROUP_TYPES, USER_TYPES, decode

EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE = 0, 1, 2
_FAILING = {"mandatory": {Level.MANDATORY}, "advisory": {Level.MANDATORY, Level.ADVISORY}, "never": set[Level]()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report: what a policy said of a user."""

    policy: str
    level: str
    severity: str
    urn: str
    file: str
    message: str


@dataclass(slots=True)
class Report:
    """What came of a run."""

    findings: list[Entry] = field(default_factory=list)
    exempted: list[Entry] = field(default_factory=list)
    not_checked: list[Entry] = field(default_factory=list)
    not_applicable: list[Entry] = field(default_factory=list)
    unused_exemptions: list[str] = field(default_factory=list)
    """Entries of the register that are about nothing that was found: mended, misspelt, or about another stack."""
    users: int = 0

    def add(self, outcomes: Iterable[Outcome], file: str) -> None:
        """Sort in what policies had to say of one file."""
        for outcome in outcomes:
            policy = outcome.policy
            entry = Entry(policy.id, outcome.level.value, policy.severity.value, outcome.urn, file, outcome.text)
            match outcome.kind:
                case Kind.NOT_APPLICABLE:
                    self.not_applicable.append(entry)
                case Kind.EXEMPTED:
                    self.exempted.append(entry)
                case Kind.ADVICE if outcome.text.startswith(NOT_CHECKED):
                    self.not_checked.append(entry)
                case _:
                    self.findings.append(entry)


class _Decoded(Mapping[str, object]):
    """Properties that are decoded when a rule reads them."""

    def __init__(self, properties: Mapping[str, object]) -> None:
        self._properties = properties

    def __getitem__(self, name: str) -> object:
        return decode(self._properties[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)


def run(arguments: argparse.Namespace) -> int:
    """Audit the files and print the report.

    :returns: the exit code: 2 where a file or the configuration could not be read, else 1 where a finding has a failing
        level, else 0.
    """
    try:
        rules = Rulebook.of(read_configuration(Path(arguments.config)) if arguments.config else {})
    except ConfigurationError as mistake:
        print(f"audit: {mistake}", file=sys.stderr)
        return EXIT_INCOMPLETE
    for notice in rules.notices:
        print(f"audit: {notice}", file=sys.stderr)
    report = Report()
    complete = True
    for path in arguments.path:
        complete = _audit(path, rules, report) and complete
    told = [*report.findings, *report.exempted]
    report.unused_exemptions = [
        f"exempt[{position}]: {exemption.resource} ({', '.join(exemption.policies)})"
        for position, exemption in enumerate(rules.register.exemptions)
        if not any(exemption.covers(entry.policy, entry.urn) for entry in told)
    ]
    print(_as_json(report) if arguments.format == "json" else _as_text(report))
    if not complete:
        return EXIT_INCOMPLETE
    failing = {level.value for level in _FAILING[arguments.fail_on]}
    return EXIT_FINDINGS if any(entry.level in failing for entry in report.findings) else EXIT_CLEAN


def _audit(path: str, rules: Rulebook, report: Report) -> bool:
    """Audit a file, or the files of a folder; false where something could not be read, which is told at once."""
    complete = True
    try:
        files = files_of(path)
    except InputError as failure:
        print(f"audit: {failure}", file=sys.stderr)
        return False
    for file in files:
        try:
            resources = read(file)
        except InputError as failure:
            print(f"audit: {failure}", file=sys.stderr)
            complete = False
        else:
            _judge(resources, file, rules, report)
    return complete


def _judge(resources: Sequence[Resource], path: str, rules: Rulebook, report: Report) -> None:
    for resource in resources:
        if resource.type in USER_TYPES:
            report.users += 1
            report.add(rules.judge_user(resource.urn, User(_Decoded(resource.inputs))), path)
        elif resource.type in GROUP_TYPES:
            report.add(rules.judge_group(resource.urn, UserGroup(_Decoded(resource.inputs))), path)
    outputs = {resource.urn: _Decoded(resource.outputs) for resource in resources}
    deployment = Deployment(
        (
            StackResource(resource.urn, resource.type, outputs[resource.urn], resource.dependencies)
            for resource in resources
        ),
        outputs.get,
    )
    report.add(rules.judge_stack(deployment), path)


def _as_json(report: Report) -> str:
    document = {
        "findings": [asdict(entry) for entry in report.findings],
        "exempted": [asdict(entry) for entry in report.exempted],
        "not_checked": [asdict(entry) for entry in report.not_checked],
        "not_applicable": [asdict(entry) for entry in report.not_applicable],
        "unused_exemptions": report.unused_exemptions,
        "summary": {
            "users": report.users,
            "findings": len(report.findings),
            "exempted": len(report.exempted),
            "not_checked": len(report.not_checked),
        },
    }
    return json.dumps(document, indent=2)


def _as_text(report: Report) -> str:
    descriptions = {policy.id: policy.description for policy in CATALOGUE}
    told = [*report.findings, *report.exempted, *report.not_checked]
    lines: list[str] = []
    for urn in dict.fromkeys(entry.urn for entry in told):
        lines.append(urn or "the stack as a whole")
        for entry in [entry for entry in told if entry.urn == urn]:
            lines.append(f"  [{entry.level}] [severity: {entry.severity}] {entry.policy}")
            lines += [f"      {line}" for line in (descriptions[entry.policy], *entry.message.splitlines())]
        lines.append("")
    if report.unused_exemptions:
        lines += ["Exemptions that match no finding:", *(f"  {entry}" for entry in report.unused_exemptions), ""]
    counts = [
        _counted(report.users, "ElastiCache user"),
        _counted(len(report.findings), "finding"),
        *([f"{len(report.exempted)} exempted"] if report.exempted else []),
        *([f"{len(report.not_checked)} not checked"] if report.not_checked else []),
    ]
    lines.append(f"{PACK_NAME} {PACK_VERSION}: {', '.join(counts)}")
    return "\n".join(lines)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

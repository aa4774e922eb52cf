"""`python -m audit check`: the rules over exported state, without the Pulumi engine."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from audit.export import InputError, Resource, read
from elasticache.user import User
from policies import CATALOGUE, PACK_NAME, PACK_VERSION
from policies.judge import NOT_CHECKED
from policies.policy import Level
from policies.resource import USER_TYPES, decode
from policies.rulebook import Kind, Outcome, Rulebook

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
    users: int = 0


class _DecodedInputs(Mapping[str, object]):
    """Inputs that are decoded when a rule reads them."""

    def __init__(self, inputs: Mapping[str, object]) -> None:
        self._inputs = inputs

    def __getitem__(self, name: str) -> object:
        return decode(self._inputs[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)


def run(arguments: argparse.Namespace) -> int:
    """Audit the files and print the report.

    :returns: the exit code: 1 where a finding has a failing level, else 2 where a file could not be read, else 0.
    """
    report = Report()
    rules = Rulebook.of({})
    complete = True
    for path in arguments.path:
        try:
            resources = read(path)
        except InputError as failure:
            print(f"audit: {failure}", file=sys.stderr)
            complete = False
            continue
        for resource in resources:
            if resource.type in USER_TYPES:
                _judge(resource, path, rules, report)
    print(_as_json(report) if arguments.format == "json" else _as_text(report))
    if not complete:
        return EXIT_INCOMPLETE
    failing = {level.value for level in _FAILING[arguments.fail_on]}
    return EXIT_FINDINGS if any(entry.level in failing for entry in report.findings) else EXIT_CLEAN


def _judge(resource: Resource, path: str, rules: Rulebook, report: Report) -> None:
    report.users += 1
    for outcome in rules.judge_user(resource.urn, User(_DecodedInputs(resource.inputs))):
        entry = _entry(outcome, resource, path)
        match outcome.kind:
            case Kind.NOT_APPLICABLE:
                report.not_applicable.append(entry)
            case Kind.EXEMPTED:
                report.exempted.append(entry)
            case Kind.ADVICE if outcome.text.startswith(NOT_CHECKED):
                report.not_checked.append(entry)
            case _:
                report.findings.append(entry)


def _entry(outcome: Outcome, resource: Resource, path: str) -> Entry:
    policy = outcome.policy
    return Entry(policy.id, outcome.level.value, policy.severity.value, resource.urn, path, outcome.text)


def _as_json(report: Report) -> str:
    document = {
        "findings": [asdict(entry) for entry in report.findings],
        "exempted": [asdict(entry) for entry in report.exempted],
        "not_checked": [asdict(entry) for entry in report.not_checked],
        "not_applicable": [asdict(entry) for entry in report.not_applicable],
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
        lines.append(urn)
        for entry in [entry for entry in told if entry.urn == urn]:
            lines.append(f"  [{entry.level}] [severity: {entry.severity}] {entry.policy}")
            lines += [f"      {line}" for line in (descriptions[entry.policy], *entry.message.splitlines())]
        lines.append("")
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

"""`python -m audit check`: the rules over exported state, without the Pulumi engine."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Final

from audit.configuration_file import ConfigurationFile
from audit.formats import json, text
from audit.output import complain
from audit.report import Report
from audit.sources.export import InputError, Resource, files_of, read
from elasticache.stack import Stack, StackResource
from elasticache.user import User
from policies.catalogue import CATALOGUE, RETIRED
from rulebook.configuration import ConfigurationError
from rulebook.policy import Level
from rulebook.rulebook import Rulebook
from rulebook.subjects import READERS, subject_of
from rulebook.wire import decode

EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE = 0, 1, 2
_FAILING = {
    # a finding at level remediate is one that the engine would repair, and that stands here unrepaired
    "mandatory": {Level.MANDATORY, Level.REMEDIATE},
    "advisory": {Level.MANDATORY, Level.REMEDIATE, Level.ADVISORY},
    "never": set[Level](),
}
FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {"text": text.write, "json": json.write}
"""What `--format` takes, to what writes it."""


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
        rules = _configured(arguments.config)
    except ConfigurationError as mistake:
        complain(str(mistake))
        return EXIT_INCOMPLETE
    for notice in rules.notices:
        complain(str(notice))
    report = Report(any_policy_enabled=any(policy.subjects != (NoneType,) for policy, _ in rules.enabled()))
    complete = True
    for path in arguments.path:
        complete = _audit(path, rules, report) and complete
    report.note_unused(rules.exemptions.entries)
    print(FORMATS[arguments.format](report))
    if not complete:
        return EXIT_INCOMPLETE
    failing = _FAILING[arguments.fail_on]
    return EXIT_FINDINGS if any(entry.outcome.level in failing for entry in report.findings) else EXIT_CLEAN


def _configured(config: str | None) -> Rulebook:
    """The rules, by a configuration file or by the policies' own levels.

    :raises ConfigurationError: with the place of the mistake in the file.
    """
    if config is None:
        return Rulebook.of(CATALOGUE, {}, retired=RETIRED)
    file = ConfigurationFile(Path(config))
    try:
        return Rulebook.of(CATALOGUE, file.entries, retired=RETIRED)
    except ConfigurationError as mistake:
        raise file.located(mistake) from None


def _audit(path: str, rules: Rulebook, report: Report) -> bool:
    """Audit a file, or the files of a folder; false where something could not be read, which is reported at once."""
    complete = True
    try:
        files = files_of(path)
    except InputError as failure:
        complain(str(failure))
        return False
    for file in files:
        try:
            resources = read(file)
        except InputError as failure:
            complain(str(failure))
            complete = False
        else:
            report.sources += 1
            _judge(resources, file, rules, report)
    return complete


def _judge(resources: Sequence[Resource], path: str, rules: Rulebook, report: Report) -> None:
    for resource in resources:
        subject = subject_of(resource.type, _Decoded(resource.inputs))
        if subject is not None:
            report.users += isinstance(subject, User)
            report.subjects += 1
            report.add(rules.judge(resource.urn, subject), path)
    outputs = {resource.urn: _Decoded(resource.outputs) for resource in resources}
    stack = Stack(
        (
            StackResource(resource.urn, subject, resource.dependencies)
            for resource in resources
            if resource.type in READERS and (subject := subject_of(resource.type, outputs[resource.urn])) is not None
        ),
        outputs.get,
    )
    report.add(rules.judge("", stack), path)

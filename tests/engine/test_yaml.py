"""The examples in YAML as plain `pulumi preview` in their folders: the language host runs them, and no SDK is there."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pulumi_aws
import pytest

from tests.testbed import ROOT, languages, pulumi_yaml, stand_ins
from tests.testbed.engine import Engine
from tools.languages import record

FOLDERS = sorted(path.parent for path in (ROOT / "examples" / "yaml").glob("*/Pulumi.yaml"))
SCHEMA = json.loads((Path(stand_ins.__file__).with_name("schema.json")).read_text(encoding="utf-8"))


def test_every_example_is_there() -> None:
    assert {folder.name for folder in FOLDERS} == languages.expected().keys()


@pytest.mark.engine
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_gets_the_findings_of_every_language(engine: Engine, folder: Path) -> None:
    """The user arrives with the inputs that the other languages send, and gets the same findings."""
    run = engine.preview_folder(folder, config=languages.config_of(folder.name))

    findings = record()["findings"][folder.name]
    assert run.errors == []
    assert {violation.policy: violation.level for violation in run.violations} == findings
    assert run.ok is ("mandatory" not in findings.values())


@pytest.mark.engine
def test_the_folder_is_left_as_it_is(engine: Engine) -> None:
    """A run keeps its stack's settings in a copy."""
    before = sorted(path.name for path in FOLDERS[0].iterdir())

    engine.preview_folder(FOLDERS[0])

    assert sorted(path.name for path in FOLDERS[0].iterdir()) == before


def test_versions_agree() -> None:
    """The version that is named is the one that go.mod builds."""
    required = (pulumi_yaml._MODULE / "go.mod").read_text(encoding="utf-8").split()

    assert required[required.index("github.com/pulumi/pulumi-yaml") + 1] == f"v{pulumi_yaml.VERSION}"


@pytest.mark.parametrize("token", SCHEMA["aws"]["resources"])
def test_the_schema_of_the_stand_in_is_that_of_the_package(token: str) -> None:
    """Each input is one that pulumi-aws takes, of the same kind, and the same ones are required."""
    _, module, name = token.split(":")
    made: Any = getattr(getattr(pulumi_aws, module.partition("/")[0]), name)
    inputs = SCHEMA["aws"]["resources"][token]["inputProperties"]
    parameters = inspect.signature(getattr(inspect.getmodule(made), f"{name}Args").__init__).parameters

    assert {snake(key) for key in inputs} <= parameters.keys()
    required = {key for key, parameter in parameters.items() if parameter.default is inspect.Parameter.empty}
    assert {snake(key) for key in SCHEMA["aws"]["resources"][token]["requiredInputs"]} == required - {"__self__"}
    for key, schema in inputs.items():
        annotation = str(parameters[snake(key)].annotation).removeprefix("typing.")
        assert annotation.startswith(KINDS[schema.get("type", "reference")]), key


KINDS = {
    "string": "Union[str, ",
    "integer": "Union[int, ",
    "boolean": "Union[bool, ",
    "array": "Union[typing.Sequence[typing.Union[str, ",
    "object": "Union[typing.Mapping[str, typing.Union[str, ",
    "reference": "Union[ForwardRef('UserAuthenticationModeArgs')",
}
"""The kind of an input in the schema, to how its annotation begins in the package."""


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", name)

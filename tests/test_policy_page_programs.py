"""What stands on top of a policy's page works, and its programs say the same in every language."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.catalogue import CATALOGUE
from policies.exemptions import POLICY as EXEMPTIONS
from rulebook.options import schema_of
from rulebook.policy import Policy
from tests.support.python_programs import made_by
from tests.support.yaml_programs import Example, blocks, examples, judge, judge_resources, resources, sections
from tests.testbed import ROOT
from tools import docs, translate

LAST_LINE_OF_A_FIX = 25
"""A reader sees that much without scrolling."""

EVERY_POLICY = pytest.mark.parametrize("policy", CATALOGUE, ids=lambda policy: policy.id)
EXEMPTABLE = pytest.mark.parametrize(
    "policy", [policy for policy in CATALOGUE if policy is not EXEMPTIONS], ids=lambda policy: policy.id
)
PREFERRED = [
    pytest.param(policy, example, id=f"{policy.id}-{example.number}")
    for policy in CATALOGUE
    for example in examples(ROOT / docs.page_of(policy), "Prefer")
]


def page(policy: Policy[Any, Any]) -> Path:
    return ROOT / docs.page_of(policy)


def hunks(difference: str) -> Iterator[tuple[str, str]]:
    """What each hunk of a difference takes away and what it puts there, with the lines around."""
    for hunk in re.split(r"^@@\n", difference, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        yield (
            "".join(line[1:] for line in lines if line[0] in " -"),
            "".join(line[1:] for line in lines if line[0] in " +"),
        )


def fixed(text: str, difference: str) -> str:
    """A program with a difference applied."""
    for old, new in hunks(difference):
        assert text.count(old) == 1, f"the example to avoid has this {text.count(old)} times:\n{old}"
        text = text.replace(old, new)
    return text


@EVERY_POLICY
def test_a_fix_starts_near_the_top(policy: Policy[Any, Any]) -> None:
    lines = page(policy).read_text().splitlines()

    assert lines.index("```diff") < LAST_LINE_OF_A_FIX


@EVERY_POLICY
def test_a_fix_fixes_the_first_example_to_avoid(policy: Policy[Any, Any]) -> None:
    """What results passes every policy that is on by default."""
    first = examples(page(policy), "Avoid")[0]
    (difference,) = blocks(sections(page(policy))["Fix now"], "diff")

    result = Example(first.page, "Fix now", 1, fixed(first.text, difference))

    assert policy.id in judge(first, first.config)
    assert judge(result, first.config) == {}


@EXEMPTABLE
def test_the_exemption_holds_back_the_first_example_to_avoid(policy: Policy[Any, Any]) -> None:
    """The register alone speaks."""
    first = examples(page(policy), "Avoid")[0]
    (written,) = blocks(sections(page(policy))["Let it pass for a while"], "json")

    assert judge(first, {**first.config, **json.loads(written)}).keys() == {EXEMPTIONS.id}


@EVERY_POLICY
def test_the_configuration_changes_something(policy: Policy[Any, Any]) -> None:
    """A configuration that is the default teaches nothing."""
    configs = [json.loads(block) for block in blocks(sections(page(policy))["Options"], "json")]
    defaults = {name: option.get("default") for name, option in schema_of(policy.options).items()}

    for config in configs:
        entry = config[policy.id]
        level = entry.get("enforcementLevel", policy.level.value) if isinstance(entry, dict) else entry
        options = {name: entry[name] for name in defaults if isinstance(entry, dict) and name in entry}
        assert level != policy.level.value or any(options[name] != defaults[name] for name in options)


@pytest.mark.parametrize(("policy", "example"), PREFERRED)
def test_the_python_of_a_page_asks_for_the_same(policy: Policy[Any, Any], example: Example) -> None:
    """It is run, sends the resources that the YAML describes, and passes as the YAML does."""
    program = translate.translate(without_comments(example.text), "python")
    assert program in page(policy).read_text()

    made = made_by(program, [*example.program.get("config", {})])

    assert {resource.name: resource for resource in made} == {
        resource.name: resource for resource in resources(example.program)
    }
    assert judge_resources(made, example.config, str(example)) == {}


def without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


@pytest.mark.parametrize(
    ("program", "refused"),
    [
        ("resources: {a: {type: 'aws:s3:Bucket'}}", "resources of type aws:s3:Bucket are not translated"),
        ("config: {a: {type: string}}\nresources: {}", "config a is not a secret"),
        ("variables: {a: b}\nresources: {}", "programs with variables are not translated"),
        (
            "resources: {a: {type: 'aws:elasticache:User', properties: {userId: 'x-${b.id}'}}}",
            "x-${b.id} is not a whole reference",
        ),
        (
            "resources: {a: {type: 'aws:elasticache:User', properties: {userId: {'fn::join': ['', []]}}}}",
            "fn::join is not translated",
        ),
    ],
)
def test_what_is_not_known_is_refused(program: str, refused: str) -> None:
    with pytest.raises(translate.TranslationError) as raised:
        translate.translate(program, "go")

    assert str(raised.value) == refused


def test_the_command_prints_a_program(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.yaml"
    file.write_text("resources: {app: {type: 'aws:elasticache:User', properties: {userId: app}}}\n")

    runs = [run(str(file), "python"), run(str(file), "cobol"), run(str(tmp_path))]

    assert [code for code, _ in runs] == [0, 1, 1]
    assert runs[0][1] == 'import pulumi_aws as aws\n\naws.elasticache.User(\n    "app",\n    user_id="app",\n)\n'
    assert "usage: python -m tools.translate" in runs[1][1]


def run(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.translate", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout or done.stderr

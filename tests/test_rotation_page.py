"""docs/rotation.md: its programs pass the pack as the page says, and its Python and YAML make the same resources.

tests/engine/test_rotation.py runs the Python programs in the real engine.
"""

import ast
import json
from pathlib import Path

import pytest

from tests.support.yaml_programs import Example, blocks, judge

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rotation.md"
TEXT = PAGE.read_text()
STEPS = [
    Example(PAGE.stem, "Step", number, block)
    for number, block in enumerate([block for block in blocks(TEXT, "yaml") if "resources:" in block], 1)
]
(PROFILE,) = [json.loads(block) for block in blocks(TEXT, "json")]


def modules() -> list[Path]:
    return sorted((ROOT / "examples" / "rotation").glob("step_*.py"))


def test_every_step_has_its_program() -> None:
    """Each module is linked from the page, and each step has one."""
    assert len(STEPS) == len(modules()) == TEXT.count("\n### Step ")
    for module in modules():
        assert f"(../examples/rotation/{module.name})" in TEXT


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_step_passes(step: Example) -> None:
    """With passwords under the profile of the page; without, in the last step, under the default levels."""
    last = step is STEPS[-1]

    assert judge(step, {} if last else PROFILE) == {}
    assert last or judge(step, {}), "the default levels let a password pass"


@pytest.mark.parametrize(("step", "module"), [*zip(STEPS, modules(), strict=True)], ids=str)
def test_both_languages_make_the_same_resources(step: Example, module: Path) -> None:
    """Every call in a program that begins with a name makes a resource of that name, with the page's access strings."""
    calls = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]
    names = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    keywords = {
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "access_string" and isinstance(keyword.value, ast.Constant)
    }
    properties = [resource["properties"] for resource in step.program["resources"].values()]

    assert names == step.program["resources"].keys()
    assert keywords == {found["accessString"] for found in properties if "accessString" in found}

"""The catalogue: a policy's id, module, test and page carry one name, and each policy is listed once."""

import ast
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from policies import PACK_NAME, PACK_VERSION
from policies.catalogue import CATALOGUE, RETIRED
from rulebook.policy import Policy

ROOT = Path(__file__).parent.parent
FOLDERS = {
    "elasticache-user-group-": "user_group",
    "elasticache-stack-": "stack",
    "elasticache-user-": "user",
    "elasticache-": "",
}
"""Id prefix to the folder in policies/ and tests/; the longest prefix wins."""
NOT_POLICIES = {"__init__"}


def place(policy_id: str) -> str:
    """The path of a policy below policies/ and, with test_ before the name, below tests/."""
    prefix = max((prefix for prefix in FOLDERS if policy_id.startswith(prefix)), key=len)
    return f"{FOLDERS[prefix]}/{policy_id.removeprefix(prefix).replace('-', '_')}".removeprefix("/")


def path_of_test(policy_id: str) -> str:
    """The path of a policy's test below tests/, without its ending."""
    folder, separator, name = place(policy_id).rpartition("/")
    return f"{folder}{separator}test_{name}"


def on_disk(root: Path, pattern: str) -> set[str]:
    found = {
        path.relative_to(root).with_suffix("").as_posix()
        for folder in filter(None, FOLDERS.values())
        for path in (root / folder).glob(pattern)
    }
    return {path for path in found if path.rpartition("/")[2] not in NOT_POLICIES}


def test_every_module_is_listed_once_and_every_listed_policy_has_its_module() -> None:
    listed = [place(policy.id) for policy in CATALOGUE]
    listed_in_folders = [path for path in listed if "/" in path]
    stray = on_disk(ROOT / "policies", "*.py") - set(listed_in_folders)

    assert len(listed) == len(set(listed)), "a policy is listed twice in policies/__init__.py: remove one of the lines"
    assert not stray, f"list the POLICY of {stray} in policies/__init__.py, or delete the file"
    for policy in CATALOGUE:
        module = importlib.import_module(f"policies.{place(policy.id).replace('/', '.')}")
        assert module.POLICY is policy, (
            f"{policy.id} must be the POLICY of policies/{place(policy.id)}.py: move it there"
        )


def test_every_policy_has_its_test_and_every_test_its_policy() -> None:
    expected = {path_of_test(policy.id) for policy in CATALOGUE}
    found = on_disk(ROOT / "tests", "test_*.py") | {
        path for path in expected if (ROOT / "tests" / f"{path}.py").exists()
    }

    assert not expected - found, (
        f"write tests/{expected - found}.py: a table around the good user of tests/support/users.py"
    )
    assert not found - expected, f"tests/{found - expected}.py names no policy of the catalogue: rename or delete it"


def test_every_policy_has_its_page_and_every_page_its_policy() -> None:
    expected = {policy.id for policy in CATALOGUE}
    found = {path.stem for path in (ROOT / "docs" / "policies").glob("*.md")} - {"index", *RETIRED}

    assert not expected - found, f"run `python -m tools.docs` to begin the pages of {expected - found}, and write them"
    assert not found - expected, f"docs/policies holds pages of no policy, {found - expected}: rename or delete them"


def test_every_test_of_a_policy_names_its_id() -> None:
    for policy in CATALOGUE:
        path = ROOT / "tests" / f"{path_of_test(policy.id)}.py"
        tree = ast.parse(path.read_text())
        constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert policy.id in constants, f'{path} must test "{policy.id}": set POLICY to it'


@pytest.mark.parametrize("policy", CATALOGUE, ids=lambda policy: policy.id)
def test_the_declaration_is_complete(policy: Policy[Any, Any]) -> None:
    """Pulumi prints the description above every finding, and Pulumi Cloud shows the rest."""
    assert re.fullmatch(r"elasticache(-[a-z]+)+", policy.id)
    assert policy.description.endswith("."), "a description is one sentence with a period"
    assert not policy.description.lower().startswith("ensure"), "describe the user who passes"
    assert policy.fix.endswith(".")
    assert policy.fix != policy.description
    assert policy.display_name
    assert not policy.display_name.endswith(".")
    assert policy.tags
    assert policy.url.startswith("https://")


def test_the_version_is_the_same_everywhere() -> None:
    project = (ROOT / "PulumiPolicy.yaml").read_text()
    headings = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert f"version: {PACK_VERSION}\n" in project, "set version in PulumiPolicy.yaml to PACK_VERSION of policies/"
    assert f"name: {PACK_NAME}\n" in project
    assert headings[0] == PACK_VERSION, "the newest heading of CHANGELOG.md names PACK_VERSION"

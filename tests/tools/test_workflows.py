"""The workflows of the repository: what a job may do, what it runs, and what zizmor says of them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.testbed import ROOT
from tools import environments, workflows

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^\s*(?:- )?uses: (?P<action>[\w./-]+)@(?P<commit>[0-9a-f]{40}) # v\d+\.\d+\.\d+$")
OWN = re.compile(r"^\s*(?:- )?uses: \$/\.github/workflows/[\w-]+\.yml$")

INSTALLS_MORE = re.compile(r"requirements-|\bmake\b|pytest|npm|apt-get")
"""What installs or runs more than enforcement needs."""

JOBS = [
    pytest.param(job, id=f"{file.stem}-{name}")
    for file in FILES
    for name, job in yaml.safe_load(file.read_text())["jobs"].items()
]


def runs(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job.get("steps", []))


def test_there_are_workflows() -> None:
    assert {file.stem for file in FILES} == {"pages", "release", "test"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_named_by_its_commit(file: Path) -> None:
    uses = [line for line in file.read_text().splitlines() if "uses:" in line]

    assert uses
    assert [line for line in uses if not (PINNED.match(line) or OWN.match(line))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_grants_nothing_and_each_job_what_it_needs(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


@pytest.mark.parametrize("job", JOBS)
def test_a_job_with_a_token_waits_for_approval_and_installs_nothing_else(job: dict[str, Any]) -> None:
    """A token of Pulumi Cloud reaches the steps that name it alone, in jobs that an environment guards."""
    if "id-token" not in job["permissions"]:
        assert "PULUMI_ACCESS_TOKEN" not in str(job)
        return

    assert job["environment"]
    assert not INSTALLS_MORE.search(runs(job))
    for step in job["steps"]:
        if "pip install" in step.get("run", ""):
            assert step["run"].endswith("-r requirements.txt")
            assert "env" not in step


def test_both_rules_can_fail() -> None:
    """The patterns above see what they are for."""
    assert not PINNED.match("      - uses: actions/checkout@v7")
    assert not PINNED.match(f"      - uses: actions/checkout@{'a' * 40}")
    assert PINNED.match(f"      - uses: actions/checkout@{'a' * 40} # v7.0.1")
    assert all(map(INSTALLS_MORE.search, ["make test", "pip install -r requirements-dev.txt", "npm install"]))


def installed() -> Path:
    """The folder of zizmor; the test is left out where `python -m tools.workflows` has not installed it."""
    programs = environments.programs_of("workflows")
    if not (programs / "zizmor").exists():
        pytest.skip("python -m tools.workflows installs zizmor")
    return programs


def test_zizmor_finds_nothing() -> None:
    done = workflows.look_through(installed(), ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


def test_zizmor_finds_something_elsewhere(tmp_path: Path) -> None:
    """A workflow as it must not be: the run above can fail."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v7\n"
    )

    assert workflows.look_through(installed(), tmp_path).returncode != 0

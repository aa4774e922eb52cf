"""The demo, as a newcomer runs it: with an engine, and on a machine that has neither Pulumi nor Go."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.engine_programs import PASSWORDS
from tests.testbed import ROOT
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

CLOSING_WORDS = "All three are blocked before anything is deployed, as they should be."
# What the demo and the auditor are made of.
PARTS = ("acl", "audit", "elasticache", "enforce", "examples", "policies", "rulebook", "tools", "tests/testbed")


def run_demo(checkout: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the demo of a checkout from another folder, with only this PATH."""
    return subprocess.run(
        [sys.executable, str(checkout / "tools" / "demo.py")],
        cwd=checkout.parent,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_demo_shows_a_real_preview(engine: Engine) -> None:
    """The demo shows what the CLI prints, says what blocked each user, and prints no password."""
    assert engine.cli.is_file()

    demo = run_demo(ROOT, os.environ["PATH"])

    assert demo.returncode == 0, demo.stdout
    assert demo.stdout.count("[mandatory] [severity: low]  elasticache-user-lowercase-names") == 4
    assert CLOSING_WORDS in demo.stdout
    assert "Traceback" not in demo.stdout
    assert [number for number, password in enumerate(PASSWORDS) if password in demo.stdout] == []


def test_demo_without_tools_audits_an_export(tmp_path: Path) -> None:
    """Without Pulumi and Go the demo says so, and lets the same rules judge an export of the same users."""
    checkout = tmp_path / "checkout"
    for part in PARTS:
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "tests" / "__init__.py", checkout / "tests" / "__init__.py")

    demo = run_demo(checkout, str(tmp_path))

    assert demo.returncode == 0, demo.stdout
    assert "no pulumi and no go on PATH" in demo.stdout
    assert CLOSING_WORDS in demo.stdout
    assert "Traceback" not in demo.stdout

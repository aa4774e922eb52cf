"""What README shows of a terminal is what a terminal shows."""

import re

import pytest

from examples.guide import iam_user
from tests.testbed import ROOT
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine


def test_the_findings_in_readme_are_those_of_a_real_preview(engine: Engine) -> None:
    """Every line of the block, but for the path of the checkout and what is left out."""
    shown = re.search(r"```text\n(=== The guide.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown is not None
    findings = [line.strip() for line in shown[1].splitlines() if line.startswith("        ")]

    run = engine.preview(iam_user.program)

    reported = {line.strip() for line in run.text.splitlines()}
    assert len(findings) > 5
    assert [line for line in findings if line not in reported] == []

"""What runs on the other Pythons is there, and so is what it needs."""

import re

from tests.testbed import ROOT
from tools import other_pythons


def test_every_path_that_is_run_exists() -> None:
    assert [path for path in other_pythons.TESTS if not (ROOT / path).exists()] == []


def test_the_tools_of_the_tests_are_taken_from_the_pins() -> None:
    pinned = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    taken = other_pythons.needed_tools(pinned)

    assert {re.split("==", line)[0] for line in taken} >= {"pytest", "pytest-xdist", "hypothesis", "redis"}
    assert set(taken) <= set(pinned.splitlines())

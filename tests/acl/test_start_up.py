"""Every preview waits for the imports, so what only a user needs is made with the first user."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WHAT_IS_MADE = """
import re, sys
{first}
for name, module in [*sys.modules.items()]:
    if name.partition(".")[0] in ("acl", "elasticache"):
        for attribute, value in vars(module).items():
            if isinstance(value, re.Pattern):
                print(f"{{name}}.{{attribute}} is compiled")
            elif hasattr(value, "cache_info") and value.cache_info().currsize:
                print(f"{{name}}.{{attribute}} holds something")
"""


def made_by(first: str) -> list[str]:
    """What the rooms hold, in a process that has run some lines."""
    code = WHAT_IS_MADE.format(first=first)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


@pytest.mark.parametrize(
    "module", ["elasticache.user", "acl.narrower", "acl.idle_words", "acl.effect", "elasticache.service"]
)
def test_importing_reads_no_data_and_compiles_nothing(module: str) -> None:
    made = [line for line in made_by(f"import {module}") if line.startswith(("acl.", "elasticache.service."))]

    assert made == []


def test_the_first_user_makes_what_it_needs() -> None:
    """So the search above can find."""
    made = made_by('from elasticache.user import User; User({"accessString": "on ~a*b +get", "engine": "redis"}).is_on')

    assert "acl.commands._facts holds something" in made
    assert "acl.commands.commands_of holds something" in made

"""A capability is one row; what else shows it to people is asked for in a sentence."""

import re
from pathlib import Path

from acl.capabilities import CAPABILITIES

PAGE = Path(__file__).parents[2] / "docs" / "access-strings.md"


def test_every_capability_is_documented() -> None:
    text = PAGE.read_text()
    rows = re.findall(r"^\| (`[a-z`, -]+`) \|", text, re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    missing = {capability.id for capability in CAPABILITIES} - documented

    assert not missing, f"add a row for {sorted(missing)} to the table of capabilities in docs/access-strings.md"


def test_every_capability_is_shown_by_an_example() -> None:
    """A heading of the page has a string that holds it, tried on real servers by tests/test_access_strings_page.py."""
    lines = re.findall(r"^can: (.*)$", PAGE.read_text(), re.MULTILINE)
    shown = {name.strip() for line in lines for name in line.split(",")}
    missing = {capability.id for capability in CAPABILITIES} - shown

    assert not missing, (
        f"show a string that holds {sorted(missing)} in docs/access-strings.md: a line `can: …` in a block"
    )

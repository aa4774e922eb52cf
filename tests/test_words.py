"""The words that readers see: the plain ones, in every page, and no line of a transcript too long to read."""

import re
from pathlib import Path

import pytest

from tests.support.yaml_programs import blocks
from tests.testbed import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").glob("*.md"),
        *(ROOT / ".github").rglob("*.*"),
    ]
)

BANNED = re.compile(
    r"\b(?:told|tells|owed|owes|mend(?:s|ed|ing)?|(?<!there )(?:is|are) no (?!longer\b|more\b))", re.IGNORECASE
)
"""Words for which there is a plainer one: reported, says, needed, corrected, is not a."""

_PASTED = re.compile(r" *(?:on|off) [~%&r-]")
"""An access string alone on its line, which is pasted whole and so stays in one."""

LONGEST = 160
"""Characters of a line that a terminal shows."""

_EXACT = re.compile(r"`[^`\n]*`|\]\([^)]*\)")
"""Code and the targets of links, which are what they are."""


def found_in(text: str) -> list[str]:
    prose = _EXACT.sub("", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line for line in prose.splitlines() if BANNED.search(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_uses_plain_words(page: Path) -> None:
    assert found_in(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_transcript_fits_a_terminal(page: Path) -> None:
    lines = "\n".join(blocks(page.read_text(encoding="utf-8"), "text")).splitlines()

    assert [line for line in lines if len(line) > LONGEST and not _PASTED.match(line)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The finding is told as advice.", True),
        ("It tells of the user.", True),
        ("Mended, it passes.", True),
        ("This is no pass.", True),
        ("A user that is no longer there.", False),
        ("An untold story, recommended.", False),
        ("There is no folder.", False),
        ("`is no` in code", False),
        ("```text\nit is told\n```\n", False),
        ("The user is not an administrator.", False),
    ],
)
def test_the_check_sees_what_it_is_for(text: str, found: bool) -> None:
    assert bool(found_in(text)) is found

"""Links in Markdown files lead somewhere: relative ones to a file and a heading that are there, others by https."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_OURS = {"build", "venv"}
"""Folders at the root that hold what was built or installed; those that begin with a dot are left out too."""

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def pages() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not any(part in NOT_OURS or part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])
    )


def links(text: str) -> list[str]:
    """The targets of all links, those in code left out."""
    prose = CODE.sub("", COMMENT.sub("", FENCED.sub("", text)))
    return [inline or reference for inline, reference in TARGET.findall(prose)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCED.sub("", text)):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        number, unique = 0, slug
        while unique in found:
            number += 1
            unique = f"{slug}-{number}"
        found.add(unique)
    return found


def fault(page: Path, target: str) -> str | None:
    """What is wrong with a link; None when it leads somewhere."""
    if OUTSIDE.match(target):
        return None if target.startswith("https://") else "links to other places begin with https://"
    path, _, anchor = target.partition("#")
    goal = (page.parent / path).resolve() if path else page
    if not goal.is_relative_to(ROOT):
        return "it leads out of the repository"
    if not goal.exists():
        return "there is no such file"
    if anchor and anchor not in anchors(goal.read_text()):
        return "the page has no such heading"
    return None


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    faults = {target: why for target in links(page.read_text()) if (why := fault(page, target)) is not None}

    assert not faults


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("https://example.com/a#b", None),
        ("there.md", None),
        ("there.md#a-heading--more-1", None),
        ("#a-heading--more", None),
        ("folder/", None),
        ("http://example.com", "links to other places begin with https://"),
        ("mailto:somebody@example.com", "links to other places begin with https://"),
        ("missing.md", "there is no such file"),
        ("there.md#missing", "the page has no such heading"),
        ("#in-code", "the page has no such heading"),
        ("../../../outside.md", "it leads out of the repository"),
    ],
)
def test_finds_what_is_wrong(target: str, why: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "folder").mkdir()
    page = tmp_path / "there.md"
    page.write_text("# A `heading`: & more\n\n```\n# In code\n```\n\n## A [heading](x.md): & more\n")

    assert fault(page, target) == why


def test_reads_links_and_leaves_code_alone() -> None:
    text = (
        'a [b](c.md) [d\ne](f.md "title") ![g](h.png) `[i](j.md)`\n```\n[k](l.md)\n```\n[m]: n.md\n<!-- [o](p.md) -->'
    )

    assert links(text) == ["c.md", "f.md", "h.png", "n.md"]

"""The checks of the site see what is wrong, and its navigation leaves no page out. `make site` builds and checks it."""

import json
from pathlib import Path

import pytest

from tests.testbed import ROOT
from tools import site

GOOD = '<html><body><h1 id="top">A</h1><a href="../b/#there">b</a><a href="https://example.com">c</a></body></html>'


def made(folder: Path, page: str) -> Path:
    """A site with the page `a`, whose content is given, and a page `b` with the place `there`."""
    for name, text in (("a", page), ("b", '<p id="there">b</p>')):
        (folder / name).mkdir()
        (folder / name / "index.html").write_text(text)
    (folder / "site.css").write_text("p { color: red; }")
    (folder / "searchindex.js").write_text(f"Search.setIndex({json.dumps({'docnames': ['a', 'b']})})")
    return folder


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param('<img src="data:image/svg+xml,x">', [], id="an embedded picture"),
        pytest.param('<a href="#here">x</a><p id="here">y</p>', [], id="its own place"),
        pytest.param('<a href="#nowhere">x</a>', ["a/index.html: #nowhere: the page has no such place"], id="no place"),
        pytest.param('<a href="../c/">x</a>', ["a/index.html: ../c/: there is no such page"], id="no page"),
        pytest.param(
            '<a href="http://example.com">x</a>',
            ["a/index.html: http://example.com: links to other places begin with https://"],
            id="not encrypted",
        ),
        pytest.param(
            '<script src="https://cdn.example/x.js"></script>',
            ["a/index.html: https://cdn.example/x.js is fetched from elsewhere"],
            id="a script from elsewhere",
        ),
        pytest.param(
            '<link rel="stylesheet" href="//fonts.example/x.css">',
            ["a/index.html: //fonts.example/x.css is fetched from elsewhere"],
            id="a font from elsewhere",
        ),
        pytest.param('<img src="../x.png">', ["a/index.html: ../x.png is not there"], id="a lost picture"),
    ],
)
def test_faults_of_a_page(page: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_SOURCES", tmp_path / "none")

    assert list(site.faults(made(tmp_path, page))) == expected


@pytest.mark.parametrize(
    "style", ['@import "https://fonts.example/x.css";', "p { background: url(//cdn.example/x.png) }"]
)
def test_a_style_that_fetches_is_a_fault(style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_SOURCES", tmp_path / "none")
    (made(tmp_path, GOOD) / "site.css").write_text(style)

    (fault,) = site.faults(tmp_path)

    assert fault.endswith("is fetched from elsewhere")


def test_a_page_that_search_misses_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for name in ("a.md", "b.md", "c.md"):
        (sources / name).touch()
    monkeypatch.setattr(site, "_SOURCES", sources)
    (tmp_path / "site").mkdir()

    assert list(site.faults(made(tmp_path / "site", GOOD))) == ["c is not in the search index"]


def test_the_navigation_has_every_page() -> None:
    listed = [page for pages in site._ORDER.values() for page in pages]
    there = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    of_the_root = {name.lower().removesuffix(".md") for name in site.REPOSITORY_PAGES}

    assert sorted(listed) == sorted(there | of_the_root | {"policies/index"})

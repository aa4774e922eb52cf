"""Build the documentation as a site, and check it: `make site`, or `python -m tools.site`.

    python -m tools.site             build it into build/site, and check it
    python -m tools.site --check     check what was built before

The generator is Sphinx, with MyST for Markdown and Furo for the looks, in an environment of its own. A page's address
is its path without `.md`, with a slash: docs/policies/X.md is /policies/X/. Addresses change when a file moves only.

Checked is that every link leads to a page and a place on it, that nothing is fetched from elsewhere (no font, script or
picture), that every page is in the search index, and, where Java and npm are there, that the HTML is valid. Exit code 1
with a line for each fault.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from policies import PACK_VERSION
from policies.catalogue import CATALOGUE
from tools import environments

ROOT: Final = environments.ROOT
BUILT: Final = ROOT / "build" / "site"
_SOURCES: Final = ROOT / "build" / "site-sources"
_VALIDATOR: Final = "26.9.27"
"""The version of the HTML checker, npm's vnu-jar."""

REPOSITORY_PAGES: Final = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")
"""Pages of the root that the site has too."""

_ORDER: Final = {
    "Use it": (
        "setup",
        "policies/index",
        "access-strings",
        "well-known-users",
        "from-broad-to-narrow",
        "clients",
        "rotation",
        "audit",
        "comparing-access",
        "organization",
        "releases",
    ),
    "Look it up": ("faq", "troubleshooting", "limits", "comparison", "compliance", "languages", "cost", "glossary"),
    "Work on it": ("upgrades", "changelog", "contributing", "security", "code_of_conduct"),
}
"""The navigation: a title, to its pages."""

_CONFIGURATION: Final = """\
project = "aws-elasticache-users"
version = release = {version!r}
author = copyright = "The aws-elasticache-users authors"
extensions = ["myst_parser", "sphinx_copybutton"]
html_theme = "furo"
html_title = "aws-elasticache-users"
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_permalinks_icon = "#"
html_theme_options = {{"navigation_with_keys": True, "top_of_page_buttons": []}}
myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]
# GitHub's own names of headings, so that a link works there and here.
myst_heading_slug_func = "github_slug.slug"
copybutton_exclude = ".linenos, .gp"
copybutton_prompt_text = "$ "
language = "en"
nitpicky = True
# `acl` marks the examples of access strings, which tests run and no highlighter knows.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = []
"""

_SLUG: Final = '''\
"""The name of a heading as GitHub makes it."""

import re


def slug(title: str) -> str:
    """Lower case, without what is neither a letter, a digit, a hyphen nor a space."""
    return re.sub(r"[^\\w\\- ]", "", title.strip().lower()).replace(" ", "-")
'''

_STYLE: Final = """\
/* Wide tables scroll by themselves, so that a phone does not scroll the page. */
.table-wrapper { overflow-x: auto; }
table.docutils td, table.docutils th { vertical-align: top; }
table.docutils code.literal { white-space: nowrap; overflow-wrap: normal; }
article table.docutils td:last-child code.literal { white-space: normal; }
.highlight .gd { color: #b3261e; }
.highlight .gi { color: #116329; }
body[data-theme="dark"] .highlight .gd { color: #ff8a80; }
body[data-theme="dark"] .highlight .gi { color: #7ee2a0; }
@media (prefers-color-scheme: dark) {
  body:not([data-theme="light"]) .highlight .gd { color: #ff8a80; }
  body:not([data-theme="light"]) .highlight .gi { color: #7ee2a0; }
}
details { margin: 0.5rem 0; }
summary { cursor: pointer; font-weight: 600; }
"""


class Page(HTMLParser):
    """What a page refers to, and the places on it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note identifiers, the targets of links, and what a browser fetches to show the page."""
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.places.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in {"stylesheet", "icon", "preload", "modulepreload", "manifest"}:
            self.fetched.append(found.get("href", ""))
        for name in ("src", "srcset", "poster"):
            if found.get(name):
                self.fetched.append(found[name])


def build() -> None:
    """Build the site into `BUILT`.

    :raises environments.EnvironmentMissingError: the generator cannot be installed, or it warned of something.
    """
    programs = environments.ready("site")
    for folder in (_SOURCES, BUILT):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", _SOURCES)
    for name in REPOSITORY_PAGES:
        shutil.copyfile(ROOT / name, _SOURCES / name.lower())
    for page in _SOURCES.rglob("*.md"):
        page.write_text(_for_the_site(page), encoding="utf-8")
    (_SOURCES / "conf.py").write_text(_CONFIGURATION.format(version=PACK_VERSION), encoding="utf-8")
    (_SOURCES / "github_slug.py").write_text(_SLUG, encoding="utf-8")
    (_SOURCES / "_static").mkdir()
    (_SOURCES / "_static" / "site.css").write_text(_STYLE, encoding="utf-8")
    command = [str(programs / "python"), "-m", "sphinx", "-b", "dirhtml", "-q", "-W", "--keep-going", "-j", "1"]
    environment = os.environ | {"PYTHONPATH": str(_SOURCES)}
    command += [str(_SOURCES), str(BUILT)]
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode != 0:
        raise environments.EnvironmentMissingError(f"`{' '.join(command)}` ended with exit code {done.returncode}")
    for page in BUILT.rglob("*.html"):
        # Sphinx gives the titles of the navigation a role that needs a level, and no level.
        text = page.read_text(encoding="utf-8").replace('role="heading"', 'role="heading" aria-level="2"')
        page.write_text(text, encoding="utf-8")
    for left_over in (".buildinfo", "objects.inv"):
        (BUILT / left_over).unlink(missing_ok=True)
    shutil.rmtree(BUILT / ".doctrees", ignore_errors=True)
    (BUILT / ".nojekyll").touch()  # GitHub Pages would leave out folders that begin with an underscore


def _for_the_site(page: Path) -> str:
    """A page with links to files of the repository turned into links that the site can follow."""
    text = page.read_text(encoding="utf-8")
    in_docs = ROOT / ("docs" / page.relative_to(_SOURCES) if page.name not in _LOWERED else page.name.upper())

    def target(match: re.Match[str]) -> str:
        path, _, place = match["target"].partition("#")
        if not path or "://" in path:
            return match[0]
        goal = (in_docs.parent / path).resolve()
        hash_ = f"#{place}" if place else ""
        if goal.is_relative_to(ROOT / "docs") or goal.name in REPOSITORY_PAGES:
            return f"]({_relative(page, goal)}{hash_})"
        return f"]({repository()}/{goal.relative_to(ROOT).as_posix()}{hash_})"

    text = re.sub(r"\]\((?P<target>[^)\s]+)\)", target, text)
    if page == _SOURCES / "index.md":
        trees = [
            f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(pages) + "\n```\n"
            for title, pages in _ORDER.items()
        ]
        text += "\n" + "\n".join(trees)
    if page == _SOURCES / "policies" / "index.md":
        names = [policy.id for policy in CATALOGUE]
        text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"
    return re.sub(r"^```acl[^\n]*$", "```text", text, flags=re.MULTILINE)


_LOWERED: Final = frozenset(name.lower() for name in REPOSITORY_PAGES)


def _relative(page: Path, goal: Path) -> str:
    inside = goal.relative_to(ROOT / "docs") if goal.is_relative_to(ROOT / "docs") else Path(goal.name.lower())
    return Path(os.path.relpath(_SOURCES / inside, page.parent)).as_posix()


def repository() -> str:
    """Where files are looked at that the site does not have: SITE_REPOSITORY, or what GitHub's workflow names."""
    named = os.environ.get("GITHUB_REPOSITORY", "aws-elasticache-users/aws-elasticache-users")
    return os.environ.get("SITE_REPOSITORY", f"https://github.com/{named}/blob/main")


def faults(site: Path) -> Iterator[str]:
    """What is wrong with a built site, one line each: links, requests to elsewhere, and pages that search misses."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for link in page.links:
            if (fault := _fault(site, path, link, pages)) is not None:
                yield f"{name}: {link}: {fault}"
        for address in page.fetched:
            if urlsplit(address).netloc:
                yield f"{name}: {address} is fetched from elsewhere"
            elif not address.startswith("data:") and not _goal(site, path, address).exists():
                yield f"{name}: {address} is not there"
    for style in site.rglob("*.css"):
        for address in re.findall(r"(?:url\(|@import )[\"']?(https?:)?//[^\"')]+", style.read_text(encoding="utf-8")):
            yield f"{style.relative_to(site)}: {address} is fetched from elsewhere"
    yield from _unsearched(site)


def _read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _fault(site: Path, path: Path, link: str, pages: dict[Path, Page]) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None if parts.scheme == "https" else "links to other places begin with https://"
    goal = _goal(site, path, parts.path) if parts.path else path
    if goal.is_dir():
        goal /= "index.html"
    if goal not in pages:
        return None if goal.exists() else "there is no such page"
    if parts.fragment and unquote(parts.fragment) not in pages[goal].places:
        return "the page has no such place"
    return None


def _goal(site: Path, path: Path, address: str) -> Path:
    clean = unquote(urlsplit(address).path)
    return (site / clean.lstrip("/") if clean.startswith("/") else path.parent / clean).resolve()


def _unsearched(site: Path) -> Iterator[str]:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    found = json.loads(index[index.index("(") + 1 : index.rindex(")")])
    indexed = set(found["docnames"])
    for page in _SOURCES.rglob("*.md"):
        name = page.relative_to(_SOURCES).with_suffix("").as_posix()
        if name not in indexed:
            yield f"{name} is not in the search index"


def invalid_html(site: Path) -> list[str] | None:
    """What the Nu HTML checker says, one line each; None where Java or npm is missing."""
    if shutil.which("java") is None or shutil.which("npm") is None:
        return None
    folder = ROOT / "build" / "html-checker"
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", f"vnu-jar@{_VALIDATOR}"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True)
    command = ["java", "-Xss2m", "-jar", str(jar), "--errors-only", "--skip-non-html", "--format", "gnu", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if line]


def main() -> int:
    """Build and check the site."""
    try:
        if "--check" not in sys.argv[1:]:
            build()
        found = list(faults(BUILT))
        html = invalid_html(BUILT)
    except (environments.EnvironmentMissingError, OSError, subprocess.SubprocessError) as error:
        print(f"site: {error}", file=sys.stderr)
        return 1
    if html is None:
        print("The HTML was not checked: that needs Java and npm.")
    for line in [*found, *(html or [])]:
        print(line)
    print(f"{BUILT.relative_to(ROOT)}: {len(list(BUILT.rglob('*.html')))} pages, {len(found) + len(html or [])} faults")
    return 1 if found or html else 0


if __name__ == "__main__":
    sys.exit(main())

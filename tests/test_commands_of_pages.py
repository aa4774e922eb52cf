"""Every command that a page asks its reader to paste is one that a test or continuous integration runs."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.testbed import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

RUN: Final[dict[str, tuple[str, str]]] = {
    r"make demo": ("tests/engine/test_demo.py", "demo.py"),
    r"make test": (".ci/run", "make test"),
    r"make package": ("tests/engine/test_package.py", "package.stage"),
    r"make (publish|enable) ORG=acme( [A-Z]+=\S+)*": ("tests/engine/test_required_by_organization.py", "package"),
    r"make bench|\.venv/bin/python -m benchmarks --quick": ("tests/test_benchmarks.py", "benchmarks"),
    r"pulumi policy .+": ("tests/engine/test_package.py", "releases.md"),
    r"pulumi preview( --policy-pack \S+)( --policy-pack-config \S+)?": ("tests/engine/test_yaml.py", "preview_folder"),
    r"pulumi stack export --file \S+": ("tests/testbed/engine.py", '"stack", "export"'),
    r"(venv/bin/)?python -m audit check export\.json": ("tests/audit/test_check.py", "check"),
    r"pulumi preview --json > preview\.json": ("tests/audit/test_changes.py", "preview.json"),
    r"(venv/bin/)?python -m audit changes .+": ("tests/audit/test_changes.py", "changes"),
    r'python -m audit explain ".+"': ("tests/audit/test_explain.py", "explain"),
}
"""Commands, to the file that runs them and a text of it."""

NOT_RUN: Final[dict[str, str]] = {
    r"pulumi install": "needs the language host of an installed Pulumi; the tests make the same environment with pip",
    r"git (clone|commit|checkout|tag) .+": "is git's own",
    r"cd \S+": "is the shell's own",
}
"""Commands that nothing here runs, to the reason."""


def commands(text: str) -> list[str]:
    """The commands in the indented blocks of a page: what a reader pastes, each by itself."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE).replace("\\\n", " ")
    lines = [
        line[4:] for line in prose.splitlines() if re.match(r" {4}(?:make|pulumi|python|git|cd|\.venv|venv)\b", line)
    ]
    return [part.strip() for line in lines for part in re.sub(r"\s+#.*", "", line).split("&&")]


def known(command: str) -> bool:
    several_packs = re.sub(r"(?: +--policy-pack \S+(?: --policy-pack-config \S+)?)+$", " --policy-pack P", command)
    return any(re.fullmatch(pattern, several_packs) for pattern in (*RUN, *NOT_RUN))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_is_run_somewhere(page: Path) -> None:
    assert [command for command in commands(page.read_text(encoding="utf-8")) if not known(command)] == []


@pytest.mark.parametrize(("file", "text"), RUN.values(), ids=[*RUN])
def test_it_is_run_where_the_table_says(file: str, text: str) -> None:
    assert text in (ROOT / file).read_text(encoding="utf-8")


def test_every_row_is_needed() -> None:
    """A command that no page shows any more has no row."""
    shown = [command for page in PAGES for command in commands(page.read_text(encoding="utf-8"))]
    squeezed = [
        re.sub(r"(?: +--policy-pack \S+(?: --policy-pack-config \S+)?)+$", " --policy-pack P", c) for c in shown
    ]

    assert [row for row in (*RUN, *NOT_RUN) if not any(re.fullmatch(row, command) for command in squeezed)] == []


@pytest.mark.parametrize("command", ["make demo", "pulumi preview --policy-pack ../p --policy-pack ../q", "cd x"])
def test_known_commands(command: str) -> None:
    assert known(command)


@pytest.mark.parametrize("command", ["make it-so", "pulumi up --yes", "python -m audit unknown", "pulumi preview"])
def test_unknown_commands(command: str) -> None:
    assert not known(command)

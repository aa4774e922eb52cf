"""The programs of the policies' pages in TypeScript and Go compile: part of `make test-languages`, minutes long.

Their Python is run by tests/test_policy_page_programs.py.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.catalogue import CATALOGUE
from tests.support.yaml_programs import blocks, sections
from tests.testbed import ROOT, languages
from tools import docs

TOOLS = {"typescript": "npm", "go": "go"}


def programs(language: str) -> dict[str, str]:
    """The programs of a language under Prefer, by page and number."""
    return {
        f"{policy.id}-{number}": program
        for policy in CATALOGUE
        for number, program in enumerate(blocks(sections(ROOT / docs.page_of(policy))["Prefer"], language), 1)
    }


def test_every_page_has_programs_of_every_language() -> None:
    """As many in each as there are in YAML."""
    in_yaml = programs("yaml").keys()

    assert len(in_yaml) >= len(CATALOGUE)
    assert all(programs(language).keys() == in_yaml for language in ("typescript", "python", "go"))


def needs(language: str) -> None:
    if shutil.which(TOOLS[language]) is None:
        assert os.environ.get("CI") != "true", f"missing: {TOOLS[language]}"
        pytest.skip(f"install {TOOLS[language]} to compile the programs of the pages")


def done(command: list[str], folder: Path, **variables: str) -> str:
    result = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def written(work: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        file = work / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def test_typescript_is_accepted_by_its_compiler() -> None:
    """With the packages and the strict settings of examples/typescript."""
    needs("typescript")
    work = languages._BUILT / "typescript"
    pages = work / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    settings = (languages.EXAMPLES / "typescript" / "tsconfig.json").read_text(encoding="utf-8")
    written(pages, {"tsconfig.json": settings, **{f"{name}.ts": text for name, text in programs("typescript").items()}})
    shutil.copyfile(languages.EXAMPLES / "typescript" / "package.json", work / "package.json")
    install = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]

    assert done(install, work) == ""
    assert done([str(work / "node_modules" / ".bin" / "tsc"), "--noEmit", "-p", str(pages)], work) == ""


def test_go_is_accepted_by_its_compiler_and_formatter() -> None:
    """With the modules of examples/go."""
    needs("go")
    work = languages._BUILT / "go" / "pages"
    shutil.rmtree(work, ignore_errors=True)
    written(work, {f"{name}/main.go": text for name, text in programs("go").items()})
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(languages.EXAMPLES / "go" / name, work / name)

    assert done(["go", "vet", "./..."], work, GOFLAGS="-mod=readonly", GOWORK="off") == ""
    formatted = subprocess.run(["gofmt", "-l", "."], cwd=work, capture_output=True, text=True, check=True)
    assert formatted.stdout == ""

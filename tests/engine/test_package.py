"""What is published: staged from an allow-list, complete, small, and enough to enforce with nothing beside it."""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from examples.guide import two_passwords_user
from policies import PACK_NAME, PACK_VERSION
from policies.catalogue import CATALOGUE
from tests.support.engine_programs import PASSWORDS
from tests.testbed import ROOT, stand_ins
from tests.testbed.cloud import running_cloud
from tests.testbed.engine import ORGANIZATION, Engine
from tests.testbed.pulumi_cli import PulumiCliError
from tests.testbed.stand_ins.python_language_host import commands_for
from tools import package

PAGES = [ROOT / "docs" / name for name in ("releases.md", "organization.md")]
LARGEST_ARCHIVE_BYTES = 128 * 1024
FIRST_FOUR = {policy.id for policy in CATALOGUE[:4]}
# The places that say the version, and what each says of 1.2.3.
VERSIONED = {
    "PulumiPolicy.yaml": "name: pack\nversion: 1.2.3\n",
    "CHANGELOG.md": "# Changelog\n\n## [1.2.3] - 2026-11-01\n\n## [1.2.2] - 2026-10-01\n",
    "policies/__init__.py": 'PACK_VERSION: Final = "1.2.3"\n',
}


@pytest.fixture
def own_engine(tmp_path: Path) -> Iterator[Engine]:
    """Return an engine that runs packs from their own environments, and look for passwords in what it let out."""
    home = tmp_path / "engine"
    home.mkdir()
    try:
        engine = Engine(home)
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    stand_ins.install(engine.home / "plugins", [stand_ins.LANGUAGE_HOST])
    yield engine
    assert [number for number, text in enumerate(PASSWORDS) for run in engine.runs if text in run.everything] == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return what `git archive` gives of the last commit, in a folder that no repository is around."""
    if not (ROOT / ".git").exists():
        assert os.environ.get("CI") != "true", "the checkout is not a git repository"
        pytest.skip("this is not a git checkout: `git clone` the repository to test what a release is made of")
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], stdout=subprocess.PIPE, check=True).stdout
    folder = tmp_path / "checkout"
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def versioned(folder: Path, **changes: str) -> Path:
    """Write a checkout that holds nothing but its version, with some places changed."""
    for name, text in (VERSIONED | changes).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_version_is_the_same_everywhere() -> None:
    """PulumiPolicy.yaml, the newest heading of the changelog and the pack's own constant agree."""
    assert package.version_of(ROOT) == PACK_VERSION


@pytest.mark.parametrize("place", VERSIONED)
def test_a_version_that_differs_is_named(tmp_path: Path, place: str) -> None:
    changed = versioned(tmp_path, **{place: VERSIONED[place].replace("1.2.3", "1.3.0")})

    with pytest.raises(package.PackageError, match=rf"^the versions differ: .*{re.escape(place)} says 1\.3\.0"):
        package.version_of(changed)


def test_a_release_needs_a_date_and_a_clean_checkout(tmp_path: Path) -> None:
    """Before anything is made, what stands against publishing is said, each thing in one line."""
    released = versioned(tmp_path)
    assert package.hindrances(released, "1.2.3") == []

    subprocess.run(["git", "init", "--quiet", str(released)], check=True)
    versioned(tmp_path, **{"CHANGELOG.md": "## [1.2.3] - Unreleased\n"})
    date, changes = package.hindrances(released, "1.2.3")

    assert date == "CHANGELOG.md gives no date of release for 1.2.3: it says 'Unreleased'"
    assert "not committed" in changes


def test_staging_takes_the_allow_list_alone(tmp_path: Path) -> None:
    """The rooms that enforce, with their data, and four files; no tests, tools, caches or the auditor."""
    source = tmp_path / "source"
    source.mkdir()
    for name in package.FILES:
        shutil.copyfile(ROOT / name, source / name)
    for name in package.ROOMS:
        shutil.copytree(ROOT / name, source / name)
    (source / "policies" / "notes.txt").write_text("not for everybody", encoding="utf-8")
    (source / "policies" / ".env").write_text("TOKEN=of-nobody", encoding="utf-8")
    (source / "audit").mkdir()
    (source / "audit" / "__init__.py").touch()

    names = package.stage(source, tmp_path / "target")

    found = {path.relative_to(tmp_path / "target").as_posix() for path in (tmp_path / "target").rglob("*.*")}
    assert found - {".gitignore"} == set(names) - {"LICENSE"}
    assert {name.partition("/")[0] for name in names} == {*package.FILES, *package.ROOMS}
    assert {Path(name).suffix for name in names if "/" in name} == set(package.SUFFIXES)
    assert not [name for name in names if name.startswith(package.AUDIT_ONLY)]
    assert all([*source.glob(f"{begin.rstrip('/')}*")] for begin in package.AUDIT_ONLY)


def test_staging_empties_the_target(tmp_path: Path) -> None:
    """A module that is gone from the checkout is gone from the next archive."""
    (tmp_path / "target" / "policies").mkdir(parents=True)
    (tmp_path / "target" / "policies" / "gone.py").touch()

    assert "policies/gone.py" not in package.stage(ROOT, tmp_path / "target")
    assert not (tmp_path / "target" / "policies" / "gone.py").exists()


def test_staging_refuses_what_is_incomplete_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(package.PackageError, match=r"lacks PulumiPolicy\.yaml, .*enforce$"):
        package.stage(tmp_path, tmp_path / "target")

    monkeypatch.setattr(package, "LARGEST_PACK_BYTES", 1000)
    with pytest.raises(package.PackageError, match=r"bytes, more than the 1,000 that it may have$"):
        package.stage(ROOT, tmp_path / "target")


def test_the_command_says_in_one_line_why_it_cannot(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(package, "ROOT", versioned(tmp_path, **{"CHANGELOG.md": "## [1.2.3] - Unreleased\n"}))

    assert package.main(["publish", "acme"]) == 1
    assert capsys.readouterr().err == (
        "package: CHANGELOG.md gives no date of release for 1.2.3: it says 'Unreleased'\n"
    )


@pytest.mark.engine
def test_a_folder_that_git_ignores_publishes_nothing(engine: Engine, tmp_path: Path) -> None:
    """The CLI heeds a .gitignore above the folder and calls an empty archive a success: hence the detour."""
    (tmp_path / ".gitignore").write_text("/build/\n", encoding="utf-8")
    package.stage(ROOT, tmp_path / "build" / "pack")

    with running_cloud(ORGANIZATION) as cloud:
        run = engine.publish(cloud_url=cloud.url, pack=tmp_path / "build" / "pack")

    assert run.ok
    assert cloud.files() == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_in_the_documentation_are_valid(page: Path, tmp_path: Path) -> None:
    """Configurations that the pages show are accepted by the pack, and their workflow is YAML with two jobs."""
    text = page.read_text(encoding="utf-8")
    configurations = re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert configurations
    for number, configuration in enumerate(configurations):
        file = tmp_path / f"{number}.json"
        file.write_text(configuration, encoding="utf-8")
        check = [sys.executable, "-m", "audit", "check", "--fail-on", "never", "--config", str(file)]
        done = subprocess.run(
            [*check, "examples/exports/guide.json"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    for workflow in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        assert [*yaml.safe_load(workflow)["jobs"]] == ["publish", "enable"]


@pytest.mark.engine
def test_ids_of_retired_policies_stay_accepted(engine: Engine, tmp_path: Path) -> None:
    """A file that names a policy which the pack has no longer keeps working, and says what became of it."""
    package.stage(ROOT, tmp_path / "pack")
    catalogue = tmp_path / "pack" / "policies" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    none, one = "RETIRED: Final[Mapping[str, str]] = {}", "RETIRED: Final[Mapping[str, str]] = {ID: SENTENCE}"
    assert none in text
    one = one.replace("ID", '"elasticache-user-old-id"').replace("SENTENCE", '"its part is played by another one."')
    catalogue.write_text(text.replace(none, one), encoding="utf-8")

    config = {"all": "advisory", "elasticache-user-old-id": "mandatory"}
    run = engine.preview(two_passwords_user.program, pack=tmp_path / "pack", config=config)

    assert run.ok, run.text
    assert run.policies("test") >= FIRST_FOUR
    assert "elasticache-user-old-id is retired: its part is played by another one." in run.text


@pytest.mark.engine
def test_commands_in_the_documentation_exist(engine: Engine) -> None:
    """Each `pulumi policy` command of the pages on releases is one of the real CLI's, and so are its flags."""
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    inline = [code.replace("\n", " ") for page in pages for code in re.findall(r"`(pulumi\s+policy\s[^`]+)`", page)]
    blocks = [line.strip() for page in pages for line in re.findall(r"^ {4}(pulumi policy .*)$", page, re.MULTILINE)]
    commands = {line for line in [*inline, *blocks] if "…" not in line}
    assert len(commands) >= 8

    for command in sorted(commands):
        _, _, *words = command.split()
        path = words[: 2 if words[0] == "group" else 1]
        help_text = engine._run(["policy", *path, "--help"], engine.home).text
        usage = help_text.partition("Usage:")[2].partition("Flags:")[0]
        assert re.search(rf"\b{path[-1]}\b", usage), f"{command}: there is no such command"
        for flag in (word for word in words if word.startswith("--")):
            assert re.search(rf"^ +(?:-\w, )?{flag}\b", help_text, re.MULTILINE), f"{command}: there is no flag {flag}"


@pytest.mark.engine
def test_publishing_refuses_to_be_ignored(own_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .gitignore above the folder for temporary files stops it, instead of an archive with holes."""
    assert own_engine.cli.is_file()
    (tmp_path / ".gitignore").write_text("*.json\n", encoding="utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(package.PackageError, match=r"\.gitignore would hide files of the pack: set TMPDIR"):
        package.publish(versioned(tmp_path / "released"), ORGANIZATION)


@pytest.mark.engine
def test_from_git_archive_to_a_blocked_preview(
    own_engine: Engine, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clean checkout is published by its one command; what arrives, alone in a folder, blocks the guide's user.

    The published pack runs in a virtual environment of its own, made from its own requirements.txt.
    """
    changelog = checkout / "CHANGELOG.md"
    dated = re.sub(
        r"^(## \[\S+\] - ).*$", r"\g<1>2026-11-24", changelog.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    changelog.write_text(dated, encoding="utf-8")
    environment = own_engine._environment(tmp_path)
    with running_cloud(ORGANIZATION) as cloud:
        variables = {"PULUMI_BACKEND_URL": cloud.url, "PULUMI_ACCESS_TOKEN": "token-of-nobody"}
        for name, value in (environment | variables).items():
            monkeypatch.setenv(name, value)
        package.publish(checkout, ORGANIZATION)

    (metadata,) = cloud.metadata
    assert (metadata["name"], metadata["versionTag"]) == (PACK_NAME, package.version_of(checkout))
    assert {policy["name"] for policy in metadata["policies"]} >= FIRST_FOUR
    files = cloud.files()
    assert sorted(files) == package.stage(checkout, tmp_path / "staged")
    assert len(cloud.archives[0]) <= LARGEST_ARCHIVE_BYTES

    published = tmp_path / "published"
    for name, content in files.items():
        (published / name).parent.mkdir(parents=True, exist_ok=True)
        (published / name).write_bytes(content)
    for command in commands_for(published / "venv"):
        subprocess.run(command, cwd=published, check=True)

    run = own_engine.preview(two_passwords_user.program, pack=published)

    assert not run.ok
    assert run.errors == []
    assert run.policies("test", level="mandatory") & FIRST_FOUR == FIRST_FOUR, run.text

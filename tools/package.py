"""Stage what `pulumi policy publish` is to send, publish it, and enable it: the steps of docs/releases.md.

    python -m tools.package                    stage the pack into build/pack and print its size
    python -m tools.package publish ORG        stage it into a folder outside of any checkout, and publish it from there
    python -m tools.package enable ORG --config profiles/audit.json [--group GROUP] [--version VERSION]
                                               check a configuration, and enable a published version with it

Publishing sends every file of the folder that it runs in, but for those that a .gitignore names: one in the folder, or
in any folder above. So it must neither run in the checkout, which would send tests and tools along, nor in build/pack,
whose files the checkout's .gitignore hides, all of them.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from policies import PACK_NAME
from tests.testbed import pulumi_cli

ROOT: Final = Path(__file__).resolve().parent.parent
STAGED: Final = ROOT / "build" / "pack"
_ANY_EXPORT: Final = ROOT / "examples" / "exports" / "guide.json"

FILES: Final = ("PulumiPolicy.yaml", "__main__.py", "requirements.txt", "LICENSE")
ROOMS: Final = ("acl", "elasticache", "rulebook", "policies", "enforce")
AUDIT_ONLY: Final = ("acl/captures/", "acl/derivation/", "acl/clients")
"""How the paths begin of what only the auditor's commands read."""

SUFFIXES: Final = (".py", ".json")
"""What a room may hold: modules, and the data that they read."""

LARGEST_PACK_BYTES: Final = 1024 * 1024
"""The files of a staged pack together, not packed. Every machine of an organization downloads them once a version."""

_HIDDEN: Final = "/.gitignore\n/venv/\n__pycache__/\n*.pyc\n"
"""What publishing must leave out of the staged folder: the environment that it starts the pack in, and this file."""


class PackageError(Exception):
    """The pack cannot be staged or published; the text says why in one line."""


def stage(source: Path, target: Path) -> list[str]:
    """Copy the pack out of a checkout into an emptied folder; return the files' paths below it, sorted.

    :raises PackageError: a file is missing, or the pack is larger than `LARGEST_PACK_BYTES`.
    """
    missing = [name for name in (*FILES, *ROOMS) if not (source / name).exists()]
    if missing:
        raise PackageError(f"{source} lacks {', '.join(missing)}")
    names = [*FILES]
    for room in ROOMS:
        found = (path for path in (source / room).rglob("*") if path.is_file() and path.suffix in SUFFIXES)
        paths = (path.relative_to(source).as_posix() for path in found)
        names += [path for path in paths if not path.startswith(AUDIT_ONLY)]
    if target.exists():
        shutil.rmtree(target)
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, copy)
    (target / ".gitignore").write_text(_HIDDEN, encoding="utf-8")
    size = size_of(target, names)
    if size > LARGEST_PACK_BYTES:
        raise PackageError(f"the pack has {size:,} bytes, more than the {LARGEST_PACK_BYTES:,} that it may have")
    return sorted(names)


def size_of(folder: Path, names: list[str]) -> int:
    """Return the bytes of files in a folder."""
    return sum((folder / name).stat().st_size for name in names)


def version_of(source: Path) -> str:
    """Return the version of a checkout, which its three places must agree on.

    :raises PackageError: they do not agree; the text holds what each says.
    """
    places = {
        "PulumiPolicy.yaml": r"^version: (\S+)$",
        "CHANGELOG.md": r"^## \[(\d[^\]]*)\]",
        "policies/__init__.py": r'^PACK_VERSION: Final = "(\S+)"$',
    }
    versions = {}
    for name, pattern in places.items():
        found = re.search(pattern, (source / name).read_text(encoding="utf-8"), re.MULTILINE)
        versions[name] = found[1] if found else "no version"
    if len(set(versions.values())) != 1:
        said = ", ".join(f"{name} says {version}" for name, version in versions.items())
        raise PackageError(f"the versions differ: {said}")
    return versions["PulumiPolicy.yaml"]


def hindrances(source: Path, version: str) -> list[str]:
    """Say what stands against publishing a checkout, one line each; an empty list when nothing does."""
    found = []
    heading = re.search(
        rf"^## \[{re.escape(version)}\] - (.*)$", (source / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    date = heading[1] if heading else "no date"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        found.append(f"CHANGELOG.md gives no date of release for {version}: it says {date!r}")
    if (source / ".git").exists():
        command = ["git", "-C", str(source), "status", "--porcelain"]
        if subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout:
            found.append("the checkout has changes that are not committed: `git status` names them")
    return found


def publish(source: Path, organization: str) -> None:
    """Publish a checkout's pack to an organization of the Pulumi Cloud that the CLI is logged in to.

    :raises PackageError: something stands against it, or a step failed.
    """
    version = version_of(source)
    if found := hindrances(source, version):
        raise PackageError("; ".join(found))
    cli = pulumi_cli.find_or_build()
    with tempfile.TemporaryDirectory(prefix="pack-") as directory:
        # Resolved, because a link on the way would hide the folders above.
        folder = Path(directory).resolve() / "pack"
        if above := [path for path in folder.parents if (path / ".gitignore").exists()]:
            raise PackageError(f"{above[0] / '.gitignore'} would hide files of the pack: set TMPDIR to another folder")
        stage(source, folder)
        # The CLI starts the pack to ask it for its policies, from the environment that PulumiPolicy.yaml names.
        _run([sys.executable, "-m", "venv", "venv"], folder, without="PULUMI_ACCESS_TOKEN")
        pip = ["venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "-r", "requirements.txt"], folder, without="PULUMI_ACCESS_TOKEN")
        _run([str(cli), "policy", "publish", organization], folder)
    print(f"Published {version} to {organization}.")


def enable(organization: str, version: str, config: Path, group: str | None) -> None:
    """Enable a published version for a policy group, or for all stacks where no group is named.

    The configuration is held against the pack of the checkout first, and then against the published schema: Pulumi
    Cloud takes names of policies that do not exist, and then the pack stops every preview of the group.

    :raises PackageError: the configuration is refused, or a step failed.
    """
    cli = str(pulumi_cli.find_or_build())
    # Exit code 2 is for a bad configuration; what the export holds does not matter.
    check = [sys.executable, "-m", "audit", "check", "--fail-on", "never", "--config", str(config.resolve())]
    done = subprocess.run([*check, str(_ANY_EXPORT)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PackageError(done.stderr.strip() or f"{config} could not be checked")
    pack = f"{organization}/{PACK_NAME}"
    _run([cli, "policy", "validate-config", pack, version, "--config", str(config)], Path.cwd())
    groups = ["--policy-group", group] if group else []
    _run([cli, "policy", "enable", pack, version, "--config", str(config), *groups], Path.cwd())
    print(f"Enabled {version} of {pack} for {group or 'the default policy group'} with {config.name}.")


def _run(command: list[str], folder: Path, without: str = "") -> None:
    """Run a command; `without` names a variable that it is not given, as what installs packages needs no token."""
    environment = {name: value for name, value in os.environ.items() if name != without}
    code = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    if code != 0:
        raise PackageError(f"`{' '.join(command)}` ended with exit code {code}; it says why above")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 1 after one line on standard error that says what was wrong."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.step == "publish":
            publish(ROOT, chosen.organization)
        elif chosen.step == "enable":
            enable(chosen.organization, chosen.version or version_of(ROOT), chosen.config, chosen.group)
        else:
            version = version_of(ROOT)
            names = stage(ROOT, STAGED)
            size = size_of(STAGED, names)
            print(f"Staged {version} in {STAGED.relative_to(ROOT)}: {len(names)} files, {size:,} bytes.")
    except (PackageError, pulumi_cli.PulumiCliError) as error:
        sys.stderr.write(f"package: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.package", description="Stage the policy pack in build/pack, publish or enable it."
    )
    steps = parser.add_subparsers(dest="step", metavar="STEP")
    publishing = steps.add_parser("publish", help="publish the checkout's version to an organization")
    publishing.add_argument("organization", metavar="ORG")
    enabling = steps.add_parser("enable", help="enable a published version for a policy group")
    enabling.add_argument("organization", metavar="ORG")
    enabling.add_argument("--config", type=Path, required=True, help="levels, options and exemptions, as in profiles/")
    enabling.add_argument("--group", help="the policy group; the default one, which has all stacks, if not given")
    enabling.add_argument("--version", help="the published version; the checkout's if not given")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Run the examples of every language that runs here through the real engine, and write down what the pack reports.

    python -m tools.languages             run them, and write examples/findings.json and docs/languages.md
    python -m tools.languages --check     exit 1 when the two are not current; needs none of the languages

Each language has its own Automation API, its own package of the AWS provider and its own type checker or compiler, and
its packages come from its own registry into build/languages/. The programs in C# and YAML have no language host here:
tests hold them against the same properties, examples/expected.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from policies.catalogue import CATALOGUE
from tools import pulumi_cli, stand_ins

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLES: Final = ROOT / "examples"
EXPECTED: Final = EXAMPLES / "expected.json"
RECORD: Final = EXAMPLES / "findings.json"
PAGE: Final = ROOT / "docs" / "languages.md"
_BUILT: Final = ROOT / "build" / "languages"

MANAGED: Final = ROOT / "profiles" / "managed-passwords.json"
"""The configuration for teams that keep passwords, under which their two examples are meant to run."""
MANAGED_EXAMPLES: Final = frozenset({"password-user-write-only", "two-passwords-user-managed"})

RUN: Final = {"typescript": "TypeScript", "python": "Python", "go": "Go", "java": "Java"}
"""The languages that run here, by their folder."""
READ: Final = {"csharp": "C#", "yaml": "YAML"}
"""The languages whose programs are read, because their hosts are on no package registry."""

_MADE: Final = frozenset({"__pycache__", "bin", "node_modules", "obj", "target", "venv"})
"""Folders that people's own tools leave beside the sources."""

_SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the mark of a secret on the wire
HIDDEN: Final = "[secret]"
"""What stands for a password in what the engine tells."""
_LONGEST_SECONDS: Final = 900


class LanguageError(Exception):
    """A language lacks its tools, or its examples cannot be built or run; the text says which and why."""


@dataclass
class Outcome:
    """What one example did in one language: the user's inputs, what the policies reported, and the engine's errors.

    `reported` holds policy, level and message of each report, sorted. Passwords in `inputs` are `HIDDEN`.
    """

    inputs: object = None
    reported: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, str]:
        """The level of each policy that reported the user, by its id."""
        return {policy: level for policy, level, _ in self.reported}


def expected() -> dict[str, dict[str, Any]]:
    """Return the properties of the user of each example, references as in YAML (`${next.result}`)."""
    properties: dict[str, dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return properties


def config_of(example: str) -> Path | None:
    """Return the configuration that an example is run with; None for the pack's defaults."""
    return MANAGED if example in MANAGED_EXAMPLES else None


def hidden(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties as the engine tells them: what the provider marks as secret is `HIDDEN`."""
    shown = {name: HIDDEN if name in {"passwords", "passwordsWo"} else value for name, value in properties.items()}
    mode = shown.get("authenticationMode")
    if isinstance(mode, dict):
        shown["authenticationMode"] = hidden(mode)
    return shown


def _told(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Take the marks of the wire off inputs: a secret becomes `HIDDEN`."""
    if isinstance(value, dict):
        return HIDDEN if _SECRET_KEY in value else {key: _told(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_told(inner) for inner in value]
    return value


def run(language: str, examples: list[str], tell: Callable[[str], None] = print) -> dict[str, Outcome]:
    """Install and build one language's examples, run them, and return what each did.

    Raises:
        LanguageError: see there.

    """
    started = time.monotonic()
    command = _PREPARE[language](_sources(language))
    ready = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="languages-") as home:
        lines = _output(command, examples, Path(home), language)
    outcomes = {example: Outcome() for example in examples}
    for line in lines:
        outcome = outcomes[line["example"]]
        if "policy" in line:
            outcome.reported.append((line["policy"], line["level"], line["message"]))
        elif "inputs" in line:
            outcome.inputs = _told(line["inputs"])
        else:
            outcome.errors.append(line["error"].strip())
    for outcome in outcomes.values():
        outcome.reported.sort()
        # What the engine adds to a run that a policy has ended.
        outcome.errors = [error for error in outcome.errors if error != "preview failed"]
    tell(f"{RUN[language]}: ready after {ready - started:.0f} s, run in {time.monotonic() - ready:.0f} s")
    return outcomes


def _output(command: list[str], examples: list[str], home: Path, language: str) -> list[dict[str, Any]]:
    """Run a language's own program over the examples; return the lines of JSON that it wrote."""
    programs = home / "bin"
    programs.mkdir()
    (programs / "pulumi").symlink_to(pulumi_cli.find_or_build())
    stand_ins.install(programs)
    (home / "backend").mkdir()
    ambient = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    environment = ambient | {
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
        "PULUMI_BACKEND_URL": (home / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "nothing-to-protect",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    runs = [argument for example in examples for argument in (example, str(config_of(example) or ""))]
    done = subprocess.run(
        [*command, str(ROOT), *runs],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise LanguageError(f"{RUN[language]}: the examples ended with exit code {done.returncode}:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _sources(language: str) -> Path:
    """Copy a language's examples to where they are built; packages lie one folder above, and stay from run to run."""
    target = _BUILT / language / "sources"
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(EXAMPLES / language, target, ignore=shutil.ignore_patterns(*_MADE))
    return target


def _typescript(sources: Path) -> list[str]:
    work = sources.parent
    shutil.copyfile(sources / "package.json", work / "package.json")
    # No lock file: it would hold the address of a registry. All that package.json names is pinned. Install scripts are
    # for plugins and telemetry, and nothing here needs them.
    _do(["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"], work)
    _do([str(work / "node_modules" / ".bin" / "tsc"), "-p", str(sources)], work)
    return ["node", str(sources / "run.js")]


def _python(sources: Path) -> list[str]:
    python = sources.parent / "venv" / "bin" / "python"
    if not python.exists():
        _do([sys.executable, "-m", "venv", str(python.parent.parent)], sources)
    _do([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements.txt"], sources)
    return [str(python), str(sources / "run.py")]


def _go(sources: Path) -> list[str]:
    program = sources.parent / "run"
    _do(["go", "build", "-buildvcs=false", "-o", str(program), "."], sources, GOFLAGS="-mod=readonly", GOWORK="off")
    return [str(program)]


def _java(sources: Path) -> list[str]:
    path = sources / "target" / "class-path"
    _do(["mvn", "-q", "-B", "compile", "dependency:build-classpath", f"-Dmdep.outputFile={path}"], sources)
    jars = path.read_text(encoding="utf-8").strip()
    return ["java", "-cp", os.pathsep.join([str(sources / "target" / "classes"), jars]), "examples.Run"]


_PREPARE: Final[Mapping[str, Callable[[Path], list[str]]]] = {
    "typescript": _typescript,
    "python": _python,
    "go": _go,
    "java": _java,
}


def _do(command: list[str], folder: Path, **variables: str) -> None:
    if shutil.which(command[0]) is None:
        raise LanguageError(f"{command[0]} is not on PATH")
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise LanguageError(f"`{' '.join(command)}` ended with exit code {done.returncode}:\n{done.stdout}")


def differences(outcomes: Mapping[str, Mapping[str, Outcome]]) -> list[str]:
    """Say what is not as it should be, one line each: an error, other inputs than expected, or other findings.

    :param outcomes: by language, then by example.
    """
    found = []
    (first, *_) = outcomes
    for example, properties in expected().items():
        wanted = hidden(properties)
        for language, by_example in outcomes.items():
            outcome = by_example[example]
            found += [f"{language}, {example}: {error}" for error in outcome.errors]
            if outcome.inputs != wanted:
                found.append(f"{language}, {example}: the user's inputs are {outcome.inputs}, not {wanted}")
            if outcome.reported != outcomes[first][example].reported:
                found.append(f"{language}, {example}: {outcome.findings} is reported, or in other words than {first}")
    return found


def digests() -> dict[str, str]:
    """Return a digest of each language's sources, by which a record knows what it was made of."""
    made = {}
    for language in (*RUN, *READ):
        digest = hashlib.sha256()
        folder = EXAMPLES / language
        files = (path for path in folder.rglob("*") if path.is_file() and not _MADE.intersection(path.parts))
        for path in sorted(files):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        made[language] = digest.hexdigest()
    return made


def record() -> dict[str, Any]:
    """Return what was written down: `findings`, by example the level of each policy, and the sources' `digests`."""
    written: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return written


def page(findings: Mapping[str, Mapping[str, str]]) -> str:
    """Return docs/languages.md."""
    return _PAGE.replace("TABLE", table(findings))


def table(findings: Mapping[str, Mapping[str, str]]) -> str:
    """Return what was found, as a table of example, policy and language in Markdown."""
    languages = [*RUN.values(), *READ.values()]
    rows = [f"| example | policy | {' | '.join(languages)} |", f"| --- | --- |{' --- |' * len(languages)}"]
    for example, reported in findings.items():
        name = f"`{example}`" + (" (managed)" if example in MANAGED_EXAMPLES else "")
        for policy, level in reported.items():
            cells = [*[level] * len(RUN), *["the same"] * len(READ)]
            rows.append(f"| {name} | `{policy}` | {' | '.join(cells)} |")
        if not reported:
            cells = [*["passes"] * len(RUN), *["the same"] * len(READ)]
            rows.append(f"| {name} | none | {' | '.join(cells)} |")
    return "\n".join(rows)


_PAGE: Final = """\
<!-- Written by `python -m tools.languages`. -->
# The same findings in every language

Policies judge what a program asks Pulumi for, whatever it is written in. [examples/](../examples) has the guide's three
users in all of its languages: as the guide writes them, mended, and for teams that keep passwords.

TABLE

- **TypeScript, Python, Go, Java** ran through the real engine by their Automation APIs, each with its own package of
  the AWS provider. The user's inputs and every report, its message included, are the same in all four.
- **C#, YAML**: "the same" means that a test reads the program and finds the very properties that the four sent. They
  were not run: C# needs the .NET SDK, YAML a language host that comes with an installed Pulumi alone, and what runs the
  others needs neither.
- The provider itself is a stand-in that marks passwords as secrets as the real one does, and creates nothing.
- `(managed)`: run with [profiles/managed-passwords.json](../profiles/managed-passwords.json), for teams that keep
  passwords. All others run with the defaults.
- The random provider of the last example stands in too. In Java, its class is written out in the examples, and so are
  the write-only arguments, which the newest `com.pulumi:aws` on Maven Central (6.83.0) does not know.

`make test-languages` runs it all again and compares. Packages take about 600 MB in `build/languages/`. On two cores it
needs one and a half minutes, and another two the first time, for packages and compiling.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 1 when something differs or is not current."""
    parser = argparse.ArgumentParser(prog="python -m tools.languages", description="Run the examples in all languages.")
    parser.add_argument("--check", action="store_true", help="only say whether what was written down is current")
    if parser.parse_args(arguments).check:
        return _check()
    try:
        outcomes = {language: run(language, [*expected()]) for language in RUN}
    except (LanguageError, pulumi_cli.PulumiCliError) as error:
        print(f"languages: {error}", file=sys.stderr)
        return 1
    if found := differences(outcomes):
        print("\n".join(found), file=sys.stderr)
        return 1
    (first, *_) = outcomes.values()
    order = [policy.id for policy in CATALOGUE]
    findings = {
        example: dict(sorted(outcome.findings.items(), key=lambda finding: order.index(finding[0])))
        for example, outcome in first.items()
    }
    content = {"findings": findings, "digests": digests()}
    RECORD.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(findings), encoding="utf-8")
    print(f"The same in all of them: {RECORD.relative_to(ROOT)} and {PAGE.relative_to(ROOT)} are written.")
    return 0


def _check() -> int:
    written = record()
    stale = []
    if written["digests"] != digests() or [*written["findings"]] != [*expected()]:
        stale.append(f"{RECORD.relative_to(ROOT)} is of other examples than those in the checkout")
    if PAGE.read_text(encoding="utf-8") != page(written["findings"]):
        stale.append(f"{PAGE.relative_to(ROOT)} does not tell what {RECORD.relative_to(ROOT)} says")
    for line in stale:
        print(f"{line}: run python -m tools.languages", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

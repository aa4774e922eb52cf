"""Runs the examples of every language that runs here through the real engine, and says what each did.

Each language has its own Automation API, its own package of the AWS provider and its own type checker or compiler, and
its packages come from its own registry into build/languages/. The programs in C# and YAML have no language host here:
tests hold them against the same properties, examples/expected.json.
"""

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

from tests.testbed import ROOT, pulumi_cli, stand_ins
from tests.testbed.pulumi_environment import isolated

EXAMPLES: Final = ROOT / "examples"
EXPECTED: Final = EXAMPLES / "expected.json"
_BUILT: Final = ROOT / "build" / "languages"

MANAGED: Final = ROOT / "profiles" / "managed-passwords.json"
"""The configuration for teams that keep passwords, under which their two examples are meant to run."""
MANAGED_EXAMPLES: Final = frozenset({"password-user-write-only", "two-passwords-user-managed"})

RUN: Final = {"typescript": "TypeScript", "python": "Python", "go": "Go", "java": "Java"}
"""The languages that run here, by their folder."""
READ: Final = {"csharp": "C#", "yaml": "YAML"}
"""The languages whose programs are read, because their hosts are on no package registry."""

MADE: Final = frozenset({"__pycache__", "bin", "node_modules", "obj", "target", "venv"})
"""Folders that people's own tools leave beside the sources."""

_SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"
HIDDEN: Final = "[secret]"
"""What stands for a password in what the engine shows."""


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
    """Return properties as the engine shows them: what the provider marks as secret is `HIDDEN`."""
    shown = {name: HIDDEN if name in {"passwords", "passwordsWo"} else value for name, value in properties.items()}
    mode = shown.get("authenticationMode")
    if isinstance(mode, dict):
        shown["authenticationMode"] = hidden(mode)
    return shown


def _unmarked(value: Any) -> Any:
    """Take the marks of the wire off inputs: a secret becomes `HIDDEN`."""
    if isinstance(value, dict):
        return HIDDEN if _SECRET_KEY in value else {key: _unmarked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unmarked(inner) for inner in value]
    return value


def run(language: str, examples: list[str], say: Callable[[str], None] = print) -> dict[str, Outcome]:
    """Install and build one language's examples, run them, and return what each did.

    :param say: is given a line about how long it took.
    :raises LanguageError: see there.
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
            outcome.inputs = _unmarked(line["inputs"])
        else:
            outcome.errors.append(line["error"].strip())
    for outcome in outcomes.values():
        outcome.reported.sort()
        # What the engine adds to a run that a policy has ended.
        outcome.errors = [error for error in outcome.errors if error != "preview failed"]
    say(f"{RUN[language]}: ready after {ready - started:.0f} s, run in {time.monotonic() - ready:.0f} s")
    return outcomes


def _output(command: list[str], examples: list[str], home: Path, language: str) -> list[dict[str, Any]]:
    """Run a language's own program over the examples; return the lines of JSON that it wrote."""
    programs = home / "bin"
    programs.mkdir()
    (programs / "pulumi").symlink_to(pulumi_cli.find_or_build())
    stand_ins.install(programs)
    (home / "backend").mkdir()
    runs = [argument for example in examples for argument in (example, str(config_of(example) or ""))]
    done = subprocess.run(
        [*command, str(ROOT), *runs],
        env=isolated(home / "pulumi", (home / "backend").as_uri(), programs),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
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
    shutil.copytree(EXAMPLES / language, target, ignore=shutil.ignore_patterns(*MADE))
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

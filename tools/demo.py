#!/usr/bin/env python3
"""Show the pack at work on the guide's three users: the rules alone, then a real `pulumi preview` of each.

Which policies blocked each user comes last. The engine's part needs `pulumi` or Go, and is left out without them. It
needs no AWS account and no Pulumi account. Exit code 0 if the users were blocked as they should be, else 1.
"""

import argparse
import importlib.util
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # so that `python tools/demo.py` works from any folder

from tests.testbed import pulumi_cli, pulumi_yaml, stand_ins  # noqa: E402 - needs the line above
from tests.testbed.pulumi_environment import settings  # noqa: E402

_EXPORT = ROOT / "examples" / "exports" / "guide.json"
_YAML = ROOT / "examples" / "yaml" / "iam-user"
_NO_PASSWORDS = "elasticache-user-no-plaintext-passwords"
_NO_BROAD_ACCESS = "elasticache-user-no-broad-access"
_IAM = "elasticache-user-iam-authentication"
_LOWERCASE = "elasticache-user-lowercase-names"


class GuideUser(NamedTuple):
    """One user of the guide: what the guide calls it, its module in examples/guide, and what must block it."""

    title: str
    module: str
    blocked_by: frozenset[str]

    @property
    def resource(self) -> str:
        """The name of this user in the export of all three."""
        return self.module.replace("_", "-")


USERS = (
    GuideUser(
        "a user with password authentication and scoped access",
        "password_user",
        frozenset({_NO_PASSWORDS, _IAM, _LOWERCASE}),
    ),
    GuideUser(
        "a user that authenticates with IAM instead of passwords",
        "iam_user",
        frozenset({_NO_BROAD_ACCESS, _LOWERCASE}),
    ),
    GuideUser(
        "a user with two passwords for rotation",
        "two_passwords_user",
        frozenset({_NO_PASSWORDS, _NO_BROAD_ACCESS, _IAM, _LOWERCASE}),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo with what this machine has; see the module's text for the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description="Show the pack over the guide's users.")
    parser.add_argument("--part", choices=("rules", "engine"), help="only one of the two; default: both")
    part = parser.parse_args(arguments).part
    needed = ("pulumi", "pulumi_policy") if part == "rules" else ("pulumi", "pulumi_policy", "pulumi_aws")
    if missing := [name for name in needed if importlib.util.find_spec(name) is None]:
        _say(f"This Python lacks {', '.join(missing)}: run `make demo`, which installs what the demo needs.")
        return 1
    audited: dict[str, set[str]] = {}
    if part != "engine":
        _say(f"=== The rules alone, over an export of the guide's three users: {_EXPORT.relative_to(ROOT)}")
        audited = _audited()
    return _summary(audited) if part == "rules" else _in_the_engine(audited)


def _in_the_engine(audited: dict[str, set[str]]) -> int:
    """Go on to a real preview where there is an engine."""
    try:
        if pulumi_cli.find() is None and pulumi_cli.can_build():
            _say(f"\nThere is no pulumi on PATH, so Pulumi {pulumi_cli.VERSION} is built once (about five minutes).")
        cli = pulumi_cli.find_or_build()
    except pulumi_cli.PulumiCliError as error:
        _say(f"\nNo real preview: {error}.")
        return _summary(audited) if audited else 0
    # The Automation API does not close its event loop when a policy ends a run. Nothing is lost by that but calm: the
    # interpreter would report the loop, and gRPC calls to an engine that has gone, with tracebacks.
    sys.unraisablehook = lambda _: None
    logging.getLogger("grpc").setLevel(logging.CRITICAL + 1)
    return _summary(_previewed(cli))


def _previewed(cli: Path) -> dict[str, set[str]]:
    """Preview the guide's programs one by one, showing what the CLI prints; return what blocked each, by module."""
    with tempfile.TemporaryDirectory(prefix="policy-pack-demo-") as home:
        # The Automation API wants the CLI in a folder bin, which it puts first on the PATH of everything it starts.
        programs = Path(home, "bin")
        programs.mkdir()
        (programs / "pulumi").symlink_to(cli)
        if shutil.which(stand_ins.AWS_PROVIDER) is None:
            _say("AWS provider: stand-in, no AWS account needed")
            stand_ins.install(programs)
        else:
            _say("AWS provider: the one on PATH")
            stand_ins.install(programs, [stand_ins.POLICY_ANALYZER])
        blocked = {user.module: _preview(user, Path(home)) for user in USERS}
        _preview_folder(_YAML, Path(home))
        return blocked


def _preview_folder(folder: Path, home: Path) -> None:
    """Show a plain `pulumi preview` of a program in YAML, in a copy of its folder."""
    _say(f"\n=== The same user in YAML, as its author runs it: pulumi preview, in {folder.relative_to(ROOT)}")
    plugins = home / "bin"
    try:
        pulumi_yaml.install(plugins)
    except pulumi_cli.PulumiCliError as error:
        _say(f"Left out: {error}.")
        return
    project, backend = home / folder.name, home / f"{folder.name}-backend"
    shutil.copytree(folder, project)
    backend.mkdir()
    path = os.pathsep.join([str(plugins), os.environ.get("PATH", os.defpath)])
    environment = os.environ | {"PATH": path} | _environment(home, backend.as_uri())
    color = "always" if sys.stdout.isatty() else "never"
    made = subprocess.run(
        [str(plugins / "pulumi"), "stack", "init", "demo", "--secrets-provider", "passphrase"],
        cwd=project,
        env=environment,
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        _say(f"Left out: {made.stderr.decode(errors='replace').strip()}")
        return
    command = [str(plugins / "pulumi"), "preview", "--stack", "demo", "--color", color, "--policy-pack", str(ROOT)]
    sys.stdout.flush()
    subprocess.run(command, cwd=project, env=environment, check=False)


def _preview(user: GuideUser, home: Path) -> set[str]:
    """Run one preview through the Automation API; return the ids of the policies that blocked it."""
    # Imported here because a machine without it gets a sentence from main() and no traceback.
    from pulumi import automation  # noqa: PLC0415

    program: Callable[[], None] = importlib.import_module(f"examples.guide.{user.module}").program
    _say(f"\n=== The guide's program for {user.title}: examples/guide/{user.module}.py")
    backend = home / user.module
    backend.mkdir()
    project = automation.ProjectSettings(name="guide", runtime="python")
    blocked: set[str] = set()

    def note(event: automation.events.EngineEvent) -> None:
        report = event.policy_event
        if report is not None and report.enforcement_level == "mandatory":
            blocked.add(report.policy_name)

    try:
        stack = automation.create_stack(
            stack_name="demo",
            project_name=project.name,
            program=program,
            opts=automation.LocalWorkspaceOptions(
                project_settings=project,
                pulumi_command=automation.PulumiCommand(str(home)),
                env_vars=_environment(home, backend.as_uri()),
            ),
        )
        color = "always" if sys.stdout.isatty() else "never"
        stack.preview(policy_packs=[str(ROOT)], color=color, on_output=_say, on_event=note)
    except automation.InvalidVersionError as error:
        _say(f"The pulumi on PATH cannot be used: {error}")
    except (automation.CommandError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        # A preview that is blocked ends as one that is broken does: the events show which it was.
        if not blocked:
            _say(f"The preview failed for another reason than a policy: {error}")
    return blocked


def _environment(home: Path, backend: str) -> dict[str, str]:
    """Return what keeps a preview on this machine; an AWS provider wants a region and keys even if it asks nobody."""
    stands_in = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
    has_own = any(name in os.environ for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN"))
    return settings(home / "pulumi", backend) | ({} if has_own else stands_in)


def _audited() -> dict[str, set[str]]:
    """Show what the auditor says of the export of the three users; return what would block each, by module."""
    command = [sys.executable, "-m", "audit", "check", str(_EXPORT)]
    sys.stdout.flush()
    subprocess.run(command, cwd=ROOT, check=False)
    result = subprocess.run([*command, "--format", "json"], cwd=ROOT, check=False, stdout=subprocess.PIPE)
    try:
        findings = json.loads(result.stdout)["findings"]
    except ValueError:
        _say("The audit failed; its own words are above.")
        return {}
    return {
        user.module: {
            finding["policy"]
            for finding in findings
            if finding["level"] == "mandatory" and finding["urn"].endswith(f"::{user.resource}")
        }
        for user in USERS
    }


def _summary(blocked: dict[str, set[str]]) -> int:
    """Print one line for each user; return the exit code."""
    _say("\n=== Which policies blocked the guide's users")
    as_expected = True
    for user in USERS:
        policies = blocked.get(user.module, set())
        _say(f"{user.title}: {', '.join(sorted(policies)) or 'not blocked'}")
        absent = user.blocked_by - policies
        if absent:
            as_expected = False
            _say(f"  expected as well: {', '.join(sorted(absent))}")
    if as_expected:
        _say("All three are blocked before anything is deployed, as they should be.")
    return 0 if as_expected else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

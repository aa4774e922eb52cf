"""Runs the real Pulumi engine on this machine alone: no account, no cloud, no plugin from elsewhere.

`Engine` gives `preview`, `up`, `export`, `analyze` and `publish`; each run comes back as an `EngineRun`, whose
violations are read from the engine's own events and never from the text for people.
"""

import asyncio
import contextlib
import contextvars
import json
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import reset_options, run_in_stack
from pulumi.runtime.proto import language_pb2, plugin_pb2
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer, add_LanguageRuntimeServicer_to_server

from tests.testbed import PATIENCE_SECONDS, ROOT, pulumi_cli, pulumi_yaml, stand_ins
from tests.testbed.pulumi_environment import isolated

PROJECT = "shop"
STACK = "prod"
ORGANIZATION = "acme"

# What the engine adds to a run that a violation has ended.
_CLOSING_WORDS = {"preview failed", "update failed"}
_LONGEST_GRPC_MESSAGE = 400 * 1024 * 1024
# How often the tasks of a program that has ended get a turn to end as well.
_TURNS_TO_END = 100


_SIGNATURE = "4dabf18193072939515e22adb298388d"


def redacted(value: Any) -> Any:
    """Replace every secret as Pulumi does where it cannot decrypt: by a text, whatever the secret's type was."""
    if isinstance(value, dict):
        return "[secret]" if _SIGNATURE in value else {key: redacted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner) for inner in value]
    return value


class Violation(NamedTuple):
    """One thing that a policy reported: the resource's name, the policy's id, the level, and the message."""

    resource: str
    policy: str
    level: str
    message: str


@dataclass(frozen=True)
class EngineRun:
    """What one run of the CLI did: its exit code, all it printed (both streams), and its events as JSON lines."""

    exit_code: int
    text: str
    raw_events: str = ""

    @property
    def ok(self) -> bool:
        """Whether the CLI ended with exit code 0."""
        return self.exit_code == 0

    @property
    def everything(self) -> str:
        """All that the run let out, to look for what must not be in it."""
        return f"{self.text}\n{self.raw_events}"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The engine's events in order (`policyEvent`, `diagnosticEvent`, `resourcePreEvent`, …)."""
        return [json.loads(line) for line in self.raw_events.splitlines() if line.startswith("{")]

    @property
    def violations(self) -> list[Violation]:
        """All reports of all policies, advisory and mandatory ones, in the engine's order."""
        reports = [event["policyEvent"] for event in self.events if "policyEvent" in event]
        return [
            Violation(
                resource=report.get("resourceUrn", "").rpartition("::")[2],
                policy=report["policyName"],
                level=report["enforcementLevel"],
                message=report["message"],
            )
            for report in reports
        ]

    @property
    def errors(self) -> list[str]:
        """The texts of the engine's own error diagnostics: a broken program, provider or pack, never a violation."""
        diagnostics = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        texts = [entry["message"].strip() for entry in diagnostics if entry["severity"] == "error"]
        return [text for text in texts if text not in _CLOSING_WORDS]

    def policies(self, resource: str, *, level: str | None = None) -> set[str]:
        """Return the ids of the policies that reported a resource, at one level or at any."""
        return {
            violation.policy
            for violation in self.violations
            if violation.resource == resource and level in {None, violation.level}
        }


@dataclass(frozen=True)
class Stack:
    """A stack of its own: a folder with a project, its settings, and the state in a folder beside them."""

    directory: Path

    @property
    def backend(self) -> Path:
        """The folder that stands in for a state store."""
        return self.directory / "backend"

    @property
    def state_text(self) -> str:
        """All that the state store holds, as it lies on disk (current state, history, checkpoints)."""
        files = sorted(path for path in self.backend.rglob("*") if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


@dataclass
class Engine:
    """The CLI in an environment of its own below `home`, an empty folder that the caller removes.

    `runs` and `stacks` keep all that was run and made, oldest first, for checks that hold for every run.
    """

    home: Path
    cli: Path = field(default_factory=pulumi_cli.find_or_build)
    runs: list[EngineRun] = field(default_factory=list, init=False)
    stacks: list[Stack] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Write the plugins' launchers and one empty stack, which every later stack is a copy of."""
        self._plugins.mkdir()
        stand_ins.install(self._plugins)
        template = Stack(self._template)
        template.backend.mkdir(parents=True)
        project = {"name": PROJECT, "runtime": "python"}
        (template.directory / "Pulumi.yaml").write_text(json.dumps(project), encoding="utf-8")
        made = self._run(["stack", "init", STACK, "--secrets-provider", "passphrase"], template.directory)
        if not made.ok:
            raise RuntimeError(f"the engine could not make a stack:\n{made.text}")

    def new_stack(self) -> Stack:
        """Return a stack without resources that no other run shares."""
        stack = Stack(self.home / f"stack-{len(self.stacks) + 1}")
        shutil.copytree(self._template, stack.directory)
        self.stacks.append(stack)
        return stack

    def preview(
        self,
        program: Callable[[], None],
        *,
        pack: Path | None = ROOT,
        config: Mapping[str, object] | Path | None = None,
        stack: Stack | None = None,
        flags: Sequence[str] = (),
    ) -> EngineRun:
        """Run `pulumi preview` of a function as the program, with a pack, or with none for `pack=None`.

        `config` is the content of the file for --policy-pack-config, or its path; `stack` an empty one if not given.
        """
        return self._operate(["preview", *flags], program, pack, config, stack)

    def up(
        self,
        program: Callable[[], None],
        *,
        pack: Path | None = ROOT,
        config: Mapping[str, object] | Path | None = None,
        stack: Stack | None = None,
        flags: Sequence[str] = (),
    ) -> EngineRun:
        """Run `pulumi up` without its preview, so that policies see values and no unknowns; else like `preview`."""
        return self._operate(["up", "--yes", "--skip-preview", *flags], program, pack, config, stack)

    def preview_folder(
        self, folder: Path, *, pack: Path | None = ROOT, config: Mapping[str, object] | Path | None = None
    ) -> EngineRun:
        """Run `pulumi preview` in a copy of a project's folder, as its users do: the language host runs the program.

        For YAML alone: the host is built once where there is none.

        :raises PulumiCliError: there is no host, and none can be built.
        """
        if not (self._plugins / pulumi_yaml.PROGRAM).exists():
            pulumi_yaml.install(self._plugins)
        stack = Stack(self.home / f"project-{len(self.stacks) + 1}")
        shutil.copytree(folder, stack.directory)
        stack.backend.mkdir()
        self.stacks.append(stack)
        made = self._run(["stack", "init", STACK, "--secrets-provider", "passphrase"], stack.directory)
        if not made.ok:
            raise RuntimeError(f"the engine could not make a stack:\n{made.text}")
        log = stack.directory / "events.jsonl"
        arguments = ["preview", "--stack", STACK, "--color", "never", "--event-log", str(log)]
        if pack is not None:
            arguments += ["--policy-pack", str(pack), *self._config_arguments(config, stack.directory)]
        run = self._run(arguments, stack.directory)
        events = log.read_text(encoding="utf-8") if log.exists() else ""
        return self._kept(EngineRun(exit_code=run.exit_code, text=run.text, raw_events=events))

    def export(self, stack: Stack, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return `pulumi stack export`; secrets are encrypted in it, or plain with `show_secrets`."""
        arguments = ["stack", "export", "--stack", STACK, *(["--show-secrets"] if show_secrets else [])]
        run = self._run(arguments, stack.directory)
        if not run.ok:
            raise RuntimeError(f"the engine could not export the stack:\n{run.text}")
        exported: dict[str, Any] = json.loads(run.text)
        return exported

    def analyze(
        self,
        export: Mapping[str, Any] | Path,
        *,
        pack: Path = ROOT,
        config: Mapping[str, object] | Path | None = None,
        as_text: bool = False,
    ) -> EngineRun:
        """Run `pulumi policy analyze` over an export; with `as_text` as people see it, which has no violations."""
        folder = self.new_stack().directory
        file = export if isinstance(export, Path) else _written(folder / "export.json", export)
        arguments = ["policy", "analyze", "--policy-pack", str(pack), "--file", str(file)]
        arguments += self._config_arguments(config, folder)
        if as_text:
            return self._kept(self._run(arguments, folder))
        run = self._run([*arguments, "--json"], folder)
        return self._kept(EngineRun(exit_code=run.exit_code, text=run.text, raw_events=run.text))

    def publish(self, *, cloud_url: str, pack: Path = ROOT, organization: str = ORGANIZATION) -> EngineRun:
        """Run `pulumi policy publish` against a server that answers as Pulumi Cloud does."""
        variables = {"PULUMI_BACKEND_URL": cloud_url, "PULUMI_ACCESS_TOKEN": "token-of-nobody"}
        return self._kept(self._run(["policy", "publish", organization], pack, variables))

    @property
    def _plugins(self) -> Path:
        return self.home / "plugins"

    @property
    def _template(self) -> Path:
        return self.home / "empty-stack"

    def _operate(
        self,
        command: list[str],
        program: Callable[[], None],
        pack: Path | None,
        config: Mapping[str, object] | Path | None,
        stack: Stack | None,
    ) -> EngineRun:
        folder = (stack or self.new_stack()).directory
        log = folder / "events.jsonl"
        log.unlink(missing_ok=True)
        with _served(program) as address:
            arguments = [*command, "--stack", STACK, "--color", "never", "--event-log", str(log)]
            arguments += ["--client", address, "--exec-kind", "auto.inline"]
            if pack is not None:
                arguments += ["--policy-pack", str(pack), *self._config_arguments(config, folder)]
            run = self._run(arguments, folder)
        events = log.read_text(encoding="utf-8") if log.exists() else ""
        return self._kept(EngineRun(exit_code=run.exit_code, text=run.text, raw_events=events))

    def _kept(self, run: EngineRun) -> EngineRun:
        self.runs.append(run)
        return run

    @staticmethod
    def _config_arguments(config: Mapping[str, object] | Path | None, folder: Path) -> list[str]:
        if config is None:
            return []
        file = config if isinstance(config, Path) else _written(folder / "policy-config.json", config)
        return ["--policy-pack-config", str(file)]

    def _run(self, arguments: Sequence[str], directory: Path, variables: Mapping[str, str] | None = None) -> EngineRun:
        result = subprocess.run(
            [str(self.cli), "--non-interactive", *arguments],
            cwd=directory,
            env=self._environment(directory) | dict(variables or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return EngineRun(exit_code=result.returncode, text=result.stdout.decode("utf-8", errors="replace"))

    def _environment(self, directory: Path) -> dict[str, str]:
        """Return the variables of a run, with those that the CLI wants for what the tests read."""
        variables = isolated(self.home / "pulumi", (directory / "backend").as_uri(), self._plugins)
        return variables | {"PULUMI_DEBUG_COMMANDS": "true"}  # opens --event-log


def _written(file: Path, content: Mapping[str, Any]) -> Path:
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


class _InlineProgram(LanguageRuntimeServicer):
    """Runs a function as the program of the engine that asks for it.

    Does what the Automation API does, which is not used because its `Stack.preview` makes five calls of the CLI where
    one will do, keeps no raw events, hands on every variable of this process, and leaves an event loop open whenever a
    policy ends the run.
    """

    def __init__(self, program: Callable[[], None]) -> None:
        self._program = program
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """End a program whose engine has gone, as it does when a policy ends a run: nothing will answer it any more."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it ended by itself meanwhile
                loop.call_soon_threadsafe(loop.stop)

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        del context
        return contextvars.copy_context().run(self._run, request)

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        del request, context
        return language_pb2.AboutResponse(executable=sys.executable)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        del request, context
        return plugin_pb2.PluginInfo()

    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        del request, context
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        del request, context
        return language_pb2.GetRequiredPackagesResponse()

    def _run(self, request: language_pb2.RunRequest) -> language_pb2.RunResponse:
        reset_options(
            project=request.project,
            stack=request.stack,
            parallel=request.parallel,
            engine_address=request.args[0],
            monitor_address=request.monitor_address,
            preview=request.dryRun,
            organization=request.organization,
        )
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)  # about an engine that has gone, nobody listens
        main = self._loop.create_task(run_in_stack(self._program))
        main.add_done_callback(self._main_done)
        try:
            self._loop.run_forever()
            return language_pb2.RunResponse(error=_failure(main))
        finally:
            main.remove_done_callback(self._main_done)
            _close(self._loop)

    def _main_done(self, main: asyncio.Task[None]) -> None:
        main.get_loop().stop()


def _failure(main: asyncio.Task[None]) -> str:
    """Say what went wrong in a program, for the engine to report; an empty text if nothing did."""
    error = main.exception() if main.done() and not main.cancelled() else None
    if error is None or (isinstance(error, grpc.RpcError) and error.code() is grpc.StatusCode.UNAVAILABLE):
        return ""
    return "".join(traceback.format_exception(error))


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop and what runs in it, without waiting for calls to an engine that has gone."""
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    # A stop from the other thread may still be on its way, and takes one of the turns.
    for _ in range(_TURNS_TO_END):
        if any(not task.done() for task in pending):
            with contextlib.suppress(RuntimeError):
                loop.run_until_complete(asyncio.sleep(0))
    loop.close()


@contextlib.contextmanager
def _served(program: Callable[[], None]) -> Iterator[str]:
    """Offer a function to the engine as a program; gives the address for its --client flag."""
    limits = [("grpc.max_receive_message_length", _LONGEST_GRPC_MESSAGE)]
    threads = futures.ThreadPoolExecutor(max_workers=4)
    server = grpc.server(threads, options=limits)
    inline = _InlineProgram(program)
    add_LanguageRuntimeServicer_to_server(inline, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        inline.stop()
        server.stop(grace=0).wait()
        threads.shutdown()

"""Stand-in for `pulumi-language-python`, run by the real engine: it installs and starts policy packs, and nothing else.

What it does is what the real one does for a pack with the toolchain pip: InstallDependencies makes the virtual
environment that PulumiPolicy.yaml names and installs requirements.txt into it; RunPlugin starts `pulumi.policy` from
that environment and hands its output on. Programs are not run here. Source: sdk/python/cmd/pulumi-language-python.
"""

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import BinaryIO

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, plugin_pb2
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer, add_LanguageRuntimeServicer_to_server

_ENDED = None


class PythonLanguageHost(LanguageRuntimeServicer):
    """Serves the calls that the engine makes for a policy pack."""

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        del request, context
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        del request, context
        return plugin_pb2.PluginInfo(version="0.0.1")

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the pack's virtual environment; what pip says goes to the engine, which shows it."""
        folder, environment = _places(request.info)
        for command in commands_for(environment):
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            yield language_pb2.InstallDependenciesResponse(stdout=done.stdout)
            if done.returncode != 0:
                context.abort(grpc.StatusCode.INTERNAL, f"{' '.join(command)} ended with {done.returncode}")

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a pack until it ends, or until the engine ends the call."""
        folder, environment = _places(request.info)
        process = subprocess.Popen(
            [str(environment / "bin" / "python"), "-u", "-m", "pulumi.policy", *request.args, str(folder)],
            cwd=request.pwd or folder,
            env=dict(variable.split("=", 1) for variable in request.env) or None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(process.kill)
        assert process.stdout is not None
        assert process.stderr is not None
        output: queue.SimpleQueue[language_pb2.RunPluginResponse | None] = queue.SimpleQueue()
        for stream, name in ((process.stdout, "stdout"), (process.stderr, "stderr")):
            threading.Thread(target=_copy, args=(stream, name, output), daemon=True).start()
        for _ in range(2):
            while (response := output.get()) is not _ENDED:
                yield response
        yield language_pb2.RunPluginResponse(exitcode=process.wait())


def commands_for(environment: Path) -> tuple[list[str], list[str]]:
    """What makes a virtual environment and fills it from the requirements of the working folder.

    The environment gets no pip of its own, and nothing is compiled before it is imported, which saves half the work.
    """
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
    return (
        [sys.executable, "-m", "venv", "--without-pip", str(environment)],
        [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-compile", "-r", "requirements.txt"],
    )


def _places(info: language_pb2.ProgramInfo) -> tuple[Path, Path]:
    """Return a pack's folder, and its virtual environment, which the real host names `venv` too where nothing does."""
    folder = Path(info.program_directory)
    options = info.options.fields
    name = options["virtualenv"].string_value if "virtualenv" in options else "venv"
    return folder, folder / name


def _copy(stream: BinaryIO, name: str, output: queue.SimpleQueue[language_pb2.RunPluginResponse | None]) -> None:
    """Hand on a stream line by line; the first line of the standard output is the pack's port."""
    for line in stream:
        response = language_pb2.RunPluginResponse()
        setattr(response, name, line)
        output.put(response)
    output.put(_ENDED)


def main() -> None:
    """Serve on a free port of the loopback address, print the port, and stay until the engine ends the process."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    add_LanguageRuntimeServicer_to_server(PythonLanguageHost(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):  # how the engine ends a plugin
        threading.Event().wait()
    server.stop(grace=0)


if __name__ == "__main__":
    main()

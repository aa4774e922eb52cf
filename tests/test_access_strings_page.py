"""Every example of docs/access-strings.md, run on the real servers that it names.

The examples are fenced blocks whose info string is `acl` and the servers to run them on. The page tells readers how to
read them; this is the whole of their syntax, one line each:

    # a remark
    user: RULES                        a new user with these rules in an empty cache; it can log in
    user: RULES -> cannot log in       … which the server accepts, and lets nobody in
    user: RULES -> refused: TEXT       … which the server refuses, for this reason
    can: ID, ID                        capabilities that the pack finds in the rules
    cannot: ID, ID                     capabilities that it does not find
    admin> COMMAND -> OUTCOME          a command of somebody who may do everything
    user> COMMAND -> OUTCOME           a command of the user
    user sees -> OUTCOME               what the server sends the user next, unasked

OUTCOME is OK, NOPERM, `error TEXT` (another error whose text has TEXT in it), `(value)` (any reply but an error),
`contains "TEXT"` (a reply with TEXT somewhere in it), or the very reply as JSON, with null for no value.
"""

import contextlib
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
import redis
from redis.backoff import NoBackoff
from redis.connection import UnixDomainSocketConnection
from redis.retry import Retry
from servers import SERVER_NAMES, started

from elasticache.access_string import parse
from elasticache.capabilities import CAPABILITIES
from elasticache.commands import commands_of
from elasticache.effect import effect_of
from tools.servers import Link, RunningServer

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "access-strings.md"
USER: Final = "reader"
PASSWORD: Final = "a-made-up-password"
CAPABILITY_IDS: Final = frozenset(capability.id for capability in CAPABILITIES)
CANNOT_LOG_IN: Final = "cannot log in"
REFUSED: Final = "refused: "

_FENCE: Final = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_USER: Final = re.compile(r"user: (?P<rules>.*?)(?: +-> (?P<outcome>.+))?")
_CAPABILITIES: Final = re.compile(r"(?P<which>can|cannot): (?P<ids>.+)")
_CALL: Final = re.compile(r"(?:(?P<who>admin|user)> +(?P<command>.+?)|user sees) +-> (?P<outcome>.+)")


class PageError(Exception):
    """The page has a form that nobody can run, or an example that does not hold; the text names the line."""


@dataclass
class Step:
    """One line of an example that runs on a server."""

    line: int
    text: str
    who: str
    """"admin" or "user"."""
    command: tuple[str, ...]
    """Its words; none where the user only reads what the server sends."""
    outcome: str


@dataclass
class Case:
    """One user of an example, in an empty cache."""

    line: int
    rules: str
    outcome: str
    """"" for a user that can log in, else `CANNOT_LOG_IN` or `REFUSED` with a reason."""
    capabilities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """"can" and "cannot" to capability ids."""
    steps: list[Step] = field(default_factory=list)


@dataclass
class Block:
    """One fenced block: its users run one after the other on each of its servers."""

    line: int
    servers: tuple[str, ...]
    cases: list[Case]


def _fail(line: int, text: str, why: str) -> NoReturn:
    raise PageError(f"line {line}: {text!r}: {why}")


def blocks_of(page: str) -> Iterator[Block]:
    """The examples of a page, in order.

    :raises PageError: a block or a line has a form that is not known.
    """
    for fence in _FENCE.finditer(page):
        first_line = page.count("\n", 0, fence.start()) + 1
        language, *servers = fence["info"].split() or [""]
        if language != "acl":
            continue
        if not servers or (unknown := set(servers) - set(SERVER_NAMES)):
            _fail(first_line, fence["info"], f"names no server, or others than {', '.join(SERVER_NAMES)}")
        cases = _cases(first_line + 1, fence["body"].splitlines())
        if not cases:
            _fail(first_line, fence["info"], "shows nothing")
        yield Block(first_line, tuple(servers), cases)


def _cases(first_line: int, lines: list[str]) -> list[Case]:
    cases: list[Case] = []
    for number, line in enumerate(lines, first_line):
        if not line.strip() or line.startswith("#"):
            continue
        if user := _USER.fullmatch(line):
            cases.append(Case(number, user["rules"], _user_outcome(number, line, user["outcome"] or "")))
        elif not cases:
            _fail(number, line, "comes before the first user")
        elif named := _CAPABILITIES.fullmatch(line):
            ids = tuple(named["ids"].split(", "))
            if unknown := set(ids) - CAPABILITY_IDS:
                _fail(number, line, f"no such capability: {', '.join(sorted(unknown))}")
            cases[-1].capabilities[named["which"]] = ids
        elif call := _CALL.fullmatch(line):
            command = tuple(shlex.split(call["command"] or ""))
            cases[-1].steps.append(Step(number, line, call["who"] or "user", command, call["outcome"]))
        else:
            _fail(number, line, "is no form that the page explains")
    return cases


def _user_outcome(number: int, line: str, outcome: str) -> str:
    if outcome not in {"", CANNOT_LOG_IN} and not outcome.startswith(REFUSED):
        _fail(number, line, "is no way for a user to begin")
    return outcome


def run(case: Case, running: RunningServer) -> None:
    """Make the case's user on a server and run its lines.

    :raises PageError: something else happened than the page says.
    """
    with running.connect() as admin:
        _empty(admin)
        refusal = admin.call("ACL", "SETUSER", USER, *case.rules.split(), f">{PASSWORD}")
        if case.outcome.startswith(REFUSED):
            if case.outcome.removeprefix(REFUSED) not in str(refusal) or not isinstance(refusal, redis.ResponseError):
                _fail(case.line, case.rules, f"the server said {refusal}")
            return
        if refusal != b"OK":
            _fail(case.line, case.rules, f"the server said {refusal}")
        try:
            with _connected(running, USER, PASSWORD) as user, _connected(running) as owner:
                for step in case.steps:
                    _run_step(step, owner if step.who == "admin" else user)
        except redis.AuthenticationError as error:
            if case.outcome != CANNOT_LOG_IN:
                _fail(case.line, case.rules, f"cannot log in: {error}")
        else:
            if case.outcome == CANNOT_LOG_IN:
                _fail(case.line, case.rules, "can log in")


def _empty(admin: Link) -> None:
    """Forget what earlier examples left behind, and take ElastiCache's default for channels."""
    for command in (
        ("ACL", "DELUSER", USER),
        ("FLUSHALL",),
        ("SCRIPT", "FLUSH"),
        ("SLOWLOG", "RESET"),
        ("CONFIG", "SET", "acl-pubsub-default", "allchannels", "slowlog-log-slower-than", "10000"),
        ("CONFIG", "SET", "acl-pubsub-default", "allchannels"),  # 6.2 sets one at a time
        ("CONFIG", "SET", "slowlog-log-slower-than", "10000"),
    ):
        admin.call(*command)


@contextlib.contextmanager
def _connected(
    running: RunningServer, username: str | None = None, password: str | None = None
) -> Iterator[UnixDomainSocketConnection]:
    """A connection that shows what the server sends unasked, which RESP3 alone can."""
    connection = UnixDomainSocketConnection(
        running.socket_path,
        username=username,
        password=password,
        protocol=3,
        decode_responses=True,
        driver_info=None,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=5,
    )
    try:
        connection.connect()
        connection._parser.set_invalidation_push_handler(lambda message: message)
        yield connection
    finally:
        connection.disconnect()


def _run_step(step: Step, connection: UnixDomainSocketConnection) -> None:
    if step.command:
        connection.send_command(*step.command)
    try:
        reply: object = connection.read_response(push_request=True)
    except redis.ResponseError as error:
        reply = error
    except redis.TimeoutError:
        _fail(step.line, step.text, "the server sent nothing")
    if not _is(reply, step):
        _fail(step.line, step.text, f"the server said {reply!r}")


def _is(reply: object, step: Step) -> bool:
    kind, _, text = step.outcome.partition(" ")
    if kind == "NOPERM":
        return isinstance(reply, redis.exceptions.NoPermissionError)
    if kind == "error":
        known = isinstance(reply, redis.ResponseError) and not isinstance(reply, redis.exceptions.NoPermissionError)
        return known and text in str(reply)
    if isinstance(reply, redis.ResponseError):
        return False
    if step.outcome == "(value)":
        return reply is not None
    if step.outcome == "OK":
        return reply == "OK"
    try:
        wanted: Any = json.loads(text if kind == "contains" else step.outcome)
    except json.JSONDecodeError:
        _fail(step.line, step.text, "is no outcome that the page explains")
    return wanted in str(reply) if kind == "contains" else bool(reply == wanted)

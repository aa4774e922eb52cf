"""Every example of docs/access-strings.md, run on the real servers that it names.

The examples are fenced blocks whose info string is `acl` and the servers to run them on. The page says how to
read them; this is the whole of their syntax, one line each:

    # a remark
    user: RULES                        a new user with these rules in an empty cache; it can log in
    user: RULES -> cannot log in       … which the server accepts, and lets nobody in
    user: RULES -> refused: TEXT       … which the server refuses, for this reason
    can: ID, ID                        capabilities that the pack finds in the rules
    cannot: ID, ID                     capabilities that it does not find
    cannot: any of them                … which are all that there are
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
import redis
from redis.backoff import NoBackoff
from redis.connection import UnixDomainSocketConnection
from redis.retry import Retry

from acl.access_string import parse
from acl.capabilities import CAPABILITIES
from acl.commands import commands_of
from acl.effect import effect_of
from elasticache.service import BLOCKED_BY_ELASTICACHE
from tests.support.servers import SERVER_NAMES, started
from tests.testbed import PATIENCE_SECONDS
from tests.testbed.servers import Link, RunningServer

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "access-strings.md"
USER: Final = "reader"
PASSWORD: Final = "a-made-up-password"
CAPABILITY_IDS: Final = frozenset(capability.id for capability in CAPABILITIES)
NO_CAPABILITY: Final = "cannot: any of them"
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
        if not servers or not set(servers) <= set(SERVER_NAMES):
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
            ids = tuple(CAPABILITY_IDS) if line == NO_CAPABILITY else tuple(named["ids"].split(", "))
            if unknown := set(ids) - CAPABILITY_IDS:
                _fail(number, line, f"no such capability: {', '.join(sorted(unknown))}")
            cases[-1].capabilities[named["which"]] = ids
        elif call := _CALL.fullmatch(line):
            command = tuple(shlex.split(call["command"] or ""))
            cases[-1].steps.append(Step(number, line, call["who"] or "user", command, call["outcome"]))
        else:
            _fail(number, line, "has a form that the page does not explain")
    return cases


def _user_outcome(number: int, line: str, outcome: str) -> str:
    if outcome not in {"", CANNOT_LOG_IN} and not outcome.startswith(REFUSED):
        _fail(number, line, "is not a way for a user to begin")
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
        ("CONFIG", "SET", "acl-pubsub-default", "allchannels"),
        ("CONFIG", "SET", "slowlog-log-slower-than", "1000000"),
        ("SLOWLOG", "RESET"),
    ):
        reply = admin.call(*command)
        if isinstance(reply, redis.ResponseError):
            raise PageError(f"{' '.join(command)}: the server said {reply}")


@contextlib.contextmanager
def _connected(
    running: RunningServer, username: str | None = None, password: str | None = None
) -> Iterator[UnixDomainSocketConnection]:
    """A connection that shows what the server sends unasked, which RESP3 alone can."""
    connection = UnixDomainSocketConnection(  # type: ignore[abstract, no-untyped-call] # its stubs are unfinished
        running.socket_path,
        username=username,
        password=password,
        protocol=3,
        decode_responses=True,
        driver_info=None,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
    )
    try:
        connection.connect()  # type: ignore[no-untyped-call]
        connection._parser.set_invalidation_push_handler(lambda message: message)
        yield connection
    finally:
        connection.disconnect()  # type: ignore[no-untyped-call]


def _run_step(step: Step, connection: UnixDomainSocketConnection) -> None:
    if step.command:
        connection.send_command(*step.command)  # type: ignore[no-untyped-call]
    try:
        reply: object = connection.read_response(push_request=True)
    except redis.ResponseError as error:
        reply = error
    except redis.TimeoutError:
        _fail(step.line, step.text, "the server sent nothing")
    if not _is(reply, step):
        said = f"{type(reply).__name__}: {reply}" if isinstance(reply, Exception) else repr(reply)
        _fail(step.line, step.text, f"the server said {said}")


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
        _fail(step.line, step.text, "has an outcome that the page does not explain")
    return wanted in str(reply) if kind == "contains" else bool(reply == wanted)


def _slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


TEXT: Final = PAGE.read_text(encoding="utf-8")
BLOCKS: Final = tuple(blocks_of(TEXT))
EXAMPLES: Final = [
    pytest.param(case, server, id=f"line {case.line} on {server}")
    for block in BLOCKS
    for server in block.servers
    for case in block.cases
]


@pytest.fixture(scope="module")
def server_named() -> Iterator[Callable[[str], RunningServer]]:
    """Starts a server when the first example asks for it; all end with the module."""
    with contextlib.ExitStack() as stack:

        @cache
        def start(name: str) -> RunningServer:
            return stack.enter_context(started(name))

        yield start


@pytest.mark.server
@pytest.mark.parametrize(("case", "server"), EXAMPLES)
def test_the_server_does_what_the_page_says(
    case: Case, server: str, server_named: Callable[[str], RunningServer]
) -> None:
    run(case, server_named(server))


@pytest.mark.parametrize(("case", "server"), EXAMPLES)
def test_the_pack_finds_the_capabilities_that_the_page_names(case: Case, server: str) -> None:
    effect = effect_of(parse(case.rules, commands_of(server)))

    held = set(effect.commands)
    assert set(case.capabilities.get("can", ())) - held == set()
    assert set(case.capabilities.get("cannot", ())) & held == set()


@pytest.mark.parametrize(("case", "server"), EXAMPLES)
def test_the_pack_reads_a_string_as_the_page_does(case: Case, server: str) -> None:
    """What the page says is refused is invalid for the pack, and who cannot log in is off for it."""
    access_string = parse(case.rules, commands_of(server))

    assert access_string.valid == (not case.outcome.startswith(REFUSED))
    if access_string.valid:
        assert access_string.enabled == (case.outcome != CANNOT_LOG_IN)


def test_the_page_shows_every_server_and_every_capability() -> None:
    assert {server for block in BLOCKS for server in block.servers} == set(SERVER_NAMES)
    for which in ("can", "cannot"):
        named = {name for block in BLOCKS for case in block.cases for name in case.capabilities.get(which, ())}
        assert named == CAPABILITY_IDS


def test_every_string_to_start_from_has_no_capability_at_all() -> None:
    start = TEXT.count("\n", 0, TEXT.index("\n## Strings to start from\n")) + 1

    strings = [case for block in BLOCKS if block.line > start for case in block.cases]

    assert len(strings) >= 4
    for case in strings:
        assert set(case.capabilities["cannot"]) == CAPABILITY_IDS


def test_the_page_explains_every_capability() -> None:
    table = TEXT[TEXT.index("\n## How to read the examples\n") : TEXT.index("\n## A key pattern does not limit")]

    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", table)) == CAPABILITY_IDS


def test_the_page_links_every_section_and_no_other() -> None:
    prose = _FENCE.sub("", TEXT)

    linked = re.findall(r"\]\(#([^)]+)\)", prose)

    assert set(linked) == {_slug(heading) for heading in re.findall(r"^## (.+)$", prose, re.MULTILINE)}


def test_the_page_names_the_commands_that_elasticache_blocks() -> None:
    section = TEXT[TEXT.index("\n## What ElastiCache blocks anyway\n") :].split("Serverless caches", 1)[0]
    plain, cluster = section.split("and of `CLUSTER`:")

    reported = {name.lower().replace(" ", "|") for name in re.findall(r"`([A-Z ]+)`", plain)}
    reported |= {f"cluster|{name.lower()}" for name in re.findall(r"`([A-Z]+)`", cluster)}

    assert reported == {name for name in BLOCKED_BY_ELASTICACHE if not name.startswith("config|")}


def _page(*lines: str, info: str = "acl redis-7.0") -> str:
    return "\n".join((f"```{info}", *lines, "```", ""))


@pytest.mark.parametrize(
    ("page", "why"),
    [
        pytest.param(_page("user: on +get", info="acl"), "names no server", id="no server"),
        pytest.param(_page("user: on +get", info="acl redis-5.0"), "names no server", id="unknown server"),
        pytest.param(_page(), "shows nothing", id="empty"),
        pytest.param(_page("# only a remark"), "shows nothing", id="only a remark"),
        pytest.param(_page("admin> PING -> PONG"), "before the first user", id="no user"),
        pytest.param(_page("user: on +get", "guest> GET a -> OK"), "has a form", id="unknown person"),
        pytest.param(_page("user: on +get", "user> GET a"), "has a form", id="no outcome"),
        pytest.param(_page("user: on +get", "can:"), "has a form", id="no capability"),
        pytest.param(_page("user: on +get", "can: fly"), "no such capability", id="unknown capability"),
        pytest.param(_page("user: on +get", "can: any of them"), "no such capability", id="all capabilities"),
        pytest.param(_page("user: on +get -> confused"), "not a way for a user to begin", id="unknown beginning"),
    ],
)
def test_a_block_with_an_unknown_form_is_an_error(page: str, why: str) -> None:
    with pytest.raises(PageError, match=why):
        list(blocks_of(page))


def test_blocks_in_other_languages_are_left_alone() -> None:
    assert list(blocks_of(_page("anything", info="yaml") + _page("anything", info=""))) == []


@pytest.mark.server
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("user: on ~app:* +get", "user> GET app:1 -> NOPERM"), id="allowed, not refused"),
        pytest.param(("user: on ~app:* +get", "user> GET web:1 -> null"), id="refused, not allowed"),
        pytest.param(("user: on ~app:* +get", "user> GET web:1 -> error permission"), id="refused, no other error"),
        pytest.param(("user: on ~app:* +get", "user> GET app:1 -> (value)"), id="nothing, no value"),
        pytest.param(("user: on +ping", "user> PING -> OK"), id="another status"),
        pytest.param(("user: on +ping", 'user> PING -> contains "pang"'), id="another text"),
        pytest.param(("user: on +ping", "user> PING -> PONG"), id="an outcome that is not JSON"),
        pytest.param(("user: on +ping", "user> PING x y -> error no such text"), id="another error"),
        pytest.param(("user: on +ping -> cannot log in",), id="can log in"),
        pytest.param(("user: +ping",), id="cannot log in"),
        pytest.param(("user: on +ping -> refused: Syntax error",), id="not refused"),
        pytest.param(("user: on ping -> refused: Unknown command",), id="refused for another reason"),
        pytest.param(("user: on ping",), id="refused"),
    ],
)
def test_an_example_that_does_not_hold_is_an_error(
    lines: tuple[str, ...], server_named: Callable[[str], RunningServer]
) -> None:
    (block,) = blocks_of(_page(*lines))

    with pytest.raises(PageError):
        run(block.cases[0], server_named("redis-7.0"))


@pytest.mark.server
def test_each_user_begins_with_an_empty_cache_and_no_rules(server_named: Callable[[str], RunningServer]) -> None:
    (block,) = blocks_of(
        _page(
            "user: on ~* +@all",
            "user> SET a 1 -> OK",
            "user> CONFIG SET slowlog-log-slower-than 0 -> OK",
            "user: on ~* +get +slowlog",
            "user> GET a -> null",
            "user> SET a 1 -> NOPERM",
            "user> SLOWLOG LEN -> 0",
        )
    )

    for case in block.cases:
        run(case, server_named("redis-7.0"))

"""What well-known software typically sends, on a real server: as its user, and as its user with a fix pasted.

The server runs with `acl-pubsub-default allchannels`, which is ElastiCache's default. It has no modules, so users of
JSON, search and Bloom filters have no work in the table.
"""

import contextlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
import redis
from redis.backoff import NoBackoff
from redis.connection import UnixDomainSocketConnection
from redis.exceptions import ExecAbortError, NoPermissionError
from redis.retry import Retry

from acl.commands import commands_of
from tests.support.servers import started
from tests.support.users import analyze, configured_all
from tests.support.well_known_users import WellKnownUser, well_known_users
from tests.testbed import PATIENCE_SECONDS
from tests.testbed.servers import Link, RunningServer

pytestmark = pytest.mark.server

SERVER: Final = "valkey-9.1"
USER: Final = "worker"
PASSWORD: Final = "a-made-up-password"
SCRIPT: Final = "return 1"
"""The script whose hash the table calls by EVALSHA."""
FEWEST_AT_WORK: Final = 20
CONTAINERS: Final = frozenset(name.partition("|")[0].upper() for name in commands_of(SERVER).names if "|" in name)
"""Commands that are named with their subcommand."""
LISTENING: Final = frozenset({"SUBSCRIBE", "PSUBSCRIBE"})
"""Commands that get a connection of their own, since the server then sends unasked."""

WORKING: Final = [user for user in well_known_users() if user.work]


@dataclass
class Cache:
    """A running server, as its administrator sees it."""

    server: RunningServer
    admin: Link
    dump: bytes
    """What RESTORE takes."""


@pytest.fixture(scope="module")
def cache() -> Iterator[Cache]:
    with started(SERVER) as server, server.connect() as admin:
        assert admin.call("CONFIG", "SET", "acl-pubsub-default", "allchannels") == b"OK"
        assert admin.call("SCRIPT", "LOAD", SCRIPT)
        admin.call("SET", "sample", "1")
        dump = admin.call("DUMP", "sample")
        assert isinstance(dump, bytes)
        yield Cache(server, admin, dump)


def refused(cache: Cache, access_string: str, work: tuple[str, ...]) -> list[str]:
    """The commands of some work that the server refuses to a user, each once and in order.

    Whatever else goes wrong is a fault of the table, and fails the test.
    """
    for command in (("FLUSHALL",), ("SCRIPT", "LOAD", SCRIPT), ("ACL", "DELUSER", USER)):
        cache.admin.call(*command)
    made = cache.admin.call("ACL", "SETUSER", USER, *access_string.split(), f">{PASSWORD}")
    assert made == b"OK", made
    names: dict[str, None] = {}
    with connected(cache.server) as connection:
        for line in work:
            words = shlex.split(line)
            if words[0] in LISTENING:
                with connected(cache.server) as listener:
                    allowed = answers(listener, cache, words)
            else:
                allowed = answers(connection, cache, words)
            if not allowed:
                names[" ".join(words[:2]) if words[0] in CONTAINERS else words[0]] = None
    return [*names]


@contextlib.contextmanager
def connected(server: RunningServer) -> Iterator[UnixDomainSocketConnection]:
    connection = UnixDomainSocketConnection(  # type: ignore[abstract, no-untyped-call] # its stubs are unfinished
        server.socket_path,
        username=USER,
        password=PASSWORD,
        driver_info=None,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
    )
    try:
        connection.connect()  # type: ignore[no-untyped-call]
        yield connection
    finally:
        connection.disconnect()  # type: ignore[no-untyped-call]


def answers(connection: UnixDomainSocketConnection, cache: Cache, words: list[str]) -> bool:
    """Whether the server lets the user send a command; EXEC is not blamed for what was refused before it."""
    sent = [cache.dump if word == "{dump}" else word for word in words]
    connection.send_command(*sent)  # type: ignore[no-untyped-call]
    try:
        connection.read_response(push_request=True)
    except NoPermissionError:
        return False
    except ExecAbortError:
        return True
    except redis.ResponseError as error:
        pytest.fail(f"{words}: {error}")
    return True


def fixed(user: WellKnownUser) -> dict[str, str]:
    """The access string of each finding's fix; of two fixes, the second, which keeps what it can."""
    found: dict[str, str] = {}
    engine = user.engines[-1]
    answer = analyze(user.properties(engine), pack=configured_all(user.configuration))
    for policy, messages in answer.violations.items():
        for message in messages:
            for fix in re.findall(r'^(?:fix|or):.*?accessString: "([^"]*)"', message, re.MULTILINE):
                found[policy] = fix
    return found


@pytest.mark.parametrize("user", WORKING, ids=lambda user: user.id)
def test_the_software_works_as_its_user(user: WellKnownUser, cache: Cache) -> None:
    assert refused(cache, user.access_string, user.work) == []


@pytest.mark.parametrize("user", WORKING, ids=lambda user: user.id)
def test_a_fix_takes_away_what_the_table_says(user: WellKnownUser, cache: Cache) -> None:
    lost = {policy: refused(cache, fix, user.work) for policy, fix in fixed(user).items()}

    assert lost == {policy: [*commands] for policy, commands in user.lost.items()}


def test_enough_software_is_at_work() -> None:
    assert len([user for user in WORKING if user.lost]) >= FEWEST_AT_WORK

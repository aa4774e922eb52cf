"""Clients really run: derived from their own run, run again under the string, nothing is refused.

These four run here; the others by `make clients`, whose answers acl/clients.json keeps.
"""

import contextlib
from collections.abc import Iterator

import pytest

from acl.access_string import parse
from acl.clients import client_named, clients, clients_using, judge
from acl.commands import commands_of
from tests.clients.catalogue import CLIENTS, ClientMissingError
from tests.clients.runner import ClientRunner, runner_on
from tests.support.servers import give_up
from tests.testbed.servers import ServerMissingError, server_named
from tools.clients_page import PAGE, page

IN_THE_SUITE = [client for client in CLIENTS if client.name in {"redis-py", "valkey-py", "celery", "rq"}]
TABLE = commands_of("valkey-9.1")


@pytest.fixture(scope="module")
def runner() -> Iterator[ClientRunner]:
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(runner_on(server_named("valkey-9.1")))
        except ServerMissingError as missing:
            give_up(str(missing))


@pytest.mark.server
@pytest.mark.parametrize("client", [pytest.param(client, id=client.name) for client in IN_THE_SUITE])
def test_nothing_is_refused_under_the_derived_string(runner: ClientRunner, client: object) -> None:
    (one,) = [known for known in IN_THE_SUITE if known is client]
    try:
        learned = runner.learn(one)
    except ClientMissingError as missing:
        give_up(str(missing))

    assert learned.faults == []
    assert learned.work is not None
    recorded = client_named(one.name)
    if dict(recorded.versions) == learned.versions:
        assert tuple(learned.connect) == recorded.connect
        assert learned.handshake.keys() == recorded.handshake.keys()


def test_every_client_is_recorded() -> None:
    assert list(clients()) == [client.name for client in CLIENTS]
    assert len(clients()) >= 18


def test_the_page_is_what_was_recorded() -> None:
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("name", [client.name for client in CLIENTS])
def test_a_recorded_string_suffices_by_its_own_judgement(name: str) -> None:
    client = client_named(name)
    access = parse(client.access_string, TABLE)
    verdict = judge(name, access)

    assert access.valid
    assert verdict == (True, (), (), (), ())
    for command in client.connect:
        without = client.access_string.replace(f"+{command} ", "", 1)
        assert judge(name, parse(without, TABLE)).lacks_to_connect == (command,)


@pytest.mark.parametrize(
    ("name", "string", "connects"),
    [
        ("redis-py", "on ~* +@all", True),
        ("redis-py", "on", True),
        ("celery", "on ~* +@all -ping", False),
        ("celery", "on ~* +@all -@dangerous", True),
        ("celery", "on ~* -@all +@read +@write", False),
        ("valkey-glide-node", "on ~* +@all -@dangerous", False),
        ("valkey-glide-node", "on ~* +@all -@dangerous +info", True),
        ("go-redis", "on ~* -@all +@read", True),
    ],
)
def test_whether_a_client_connects(name: str, string: str, *, connects: bool) -> None:
    assert judge(name, parse(string, TABLE)).connects is connects


def test_what_is_refused_of_a_client() -> None:
    verdict = judge("bullmq", parse("on ~bull:* +@all -evalsha -info", TABLE))

    assert "evalsha" in verdict.refused
    assert verdict.keys_refused == ()
    assert judge("bullmq", parse("on ~queue:* +@all", TABLE)).keys_refused


@pytest.mark.parametrize(
    ("commands", "some", "others"),
    [
        (("client|tracking",), {"rueidis", "valkey-go"}, {"redis-py", "celery"}),
        (("info",), {"bullmq", "ioredis", "rq", "sidekiq"}, {"redis-py", "phpredis"}),
        (("brpop", "brpoplpush"), {"celery", "bull", "huey"}, {"rq", "redis-py"}),
        (("flushall",), set(), {"celery"}),
        (("no-such-command",), set(), set()),
    ],
)
def test_who_uses_a_command(commands: tuple[str, ...], some: set[str], others: set[str]) -> None:
    found = {*clients_using(*commands)}

    assert some <= found
    assert not others & found


def test_unknown_clients_are_named() -> None:
    with pytest.raises(KeyError, match="no client is named 'cellery'; there are redis-py, "):
        client_named("cellery")

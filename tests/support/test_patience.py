"""A port that somebody else takes in the meantime costs another attempt, and no other failure is hidden."""

import contextlib
from collections.abc import Iterator, Sequence

import pytest

from tests.support.patience import on_free_ports, wait_until
from tests.support.servers import give_up
from tests.testbed.servers import ServerMissingError, running, server_named


@pytest.mark.server
def test_a_server_whose_port_is_taken_is_started_on_another_one() -> None:
    attempts: list[int] = []

    @contextlib.contextmanager
    def start(ports: Sequence[int]) -> Iterator[int]:
        """The first attempt meets a server on its port."""
        server = server_named("valkey-9.1")
        settings = ("--bind", "127.0.0.1", "--port", str(ports[0]))
        attempts.append(ports[0])
        with contextlib.ExitStack() as stack:
            if len(attempts) == 1:
                stack.enter_context(running(server, *settings))
            stack.enter_context(running(server, *settings))
            yield ports[0]

    try:
        with on_free_ports(1, start) as port:
            assert attempts[-1] == port
    except ServerMissingError as missing:
        give_up(str(missing))
    assert len(attempts) == 2


def test_another_failure_is_raised() -> None:
    @contextlib.contextmanager
    def start(_ports: Sequence[int]) -> Iterator[None]:
        raise RuntimeError("out of memory")
        yield

    with pytest.raises(RuntimeError, match="out of memory"), on_free_ports(1, start):
        pass


def test_waiting_ends_as_soon_as_the_condition_holds() -> None:
    answers = iter([False, False, True])

    wait_until(lambda: next(answers), "the third answer")

    assert [*answers] == []

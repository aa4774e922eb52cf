"""Real servers for tests: started for the test, or the test is skipped, or in CI failed."""

import contextlib
import os
from collections.abc import Iterator

import pytest

from acl.commands import CommandTable
from tests.testbed.comparison import Comparison, comparison_with
from tests.testbed.servers import SERVERS, RunningServer, ServerMissingError, running, server_named

SERVER_NAMES = tuple(server.name for server in SERVERS)
"""Every server that a test may ask for, oldest first."""


def give_up(reason: str) -> None:
    """Skip the running test for want of a server, or fail it where everything must be there (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def started(name: str) -> Iterator[RunningServer]:
    """Start the named server for the length of the context.

    :param name: one of `SERVER_NAMES`.
    """
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running(server_named(name)))
        except ServerMissingError as missing:
            give_up(str(missing))
        yield server


@contextlib.contextmanager
def comparison(name: str, *, table: CommandTable | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Start the named server and compare the parser with it.

    :param table: the table to parse with instead of the server's own; for planting faults.
    :param seed: decides which calls are tried.
    """
    with started(name) as server, comparison_with(server, table, seed) as compared:
        yield compared

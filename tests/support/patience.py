"""Waiting for what must come, on a machine however busy, and starting what needs ports that others may take."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from tests.testbed import PATIENCE_SECONDS

_PAUSE_SECONDS: Final = 0.02
_ATTEMPTS: Final = 50

Started = TypeVar("Started")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as a condition holds.

    :param what: the condition in words, for people who wait in vain.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(_PAUSE_SECONDS)


@contextlib.contextmanager
def on_free_ports(
    number: int, start: Callable[[Sequence[int]], contextlib.AbstractContextManager[Started]]
) -> Iterator[Started]:
    """Start something on ports of the loopback address, and again on others where somebody else took one meanwhile.

    :param start: raises a RuntimeError that holds "in use" where a port is taken.
    """
    for _ in range(_ATTEMPTS):
        with contextlib.ExitStack() as stack:
            try:
                started = stack.enter_context(start(_free_ports(number)))
            except RuntimeError as failure:
                if "in use" not in str(failure):
                    raise
                continue
            yield started
            return
    raise RuntimeError(f"{_ATTEMPTS} times somebody else took a port that was free")


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(number)]
        for free in found:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in found]

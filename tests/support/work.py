"""Bounds on work that do not depend on a clock: calls of functions are counted, on any machine alike."""

import contextlib
import sys
from collections.abc import Iterator
from types import FrameType


class TooMuchWorkError(AssertionError):
    """Something has called more functions than it may."""


@contextlib.contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Stop what calls more functions than that, Python's own included, in this thread.

    :raises TooMuchWorkError: at the first call too many, and at the end if that was caught inside.
    """
    left = calls

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        left -= event in {"call", "c_call"}
        if left < 0:
            raise TooMuchWorkError(f"more than {calls:,} calls")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)
    if left < 0:
        raise TooMuchWorkError(f"more than {calls:,} calls")

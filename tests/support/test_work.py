"""The bound on work counts calls, and nothing gets past it."""

import contextlib
import math

import pytest

from tests.support.work import TooMuchWorkError, at_most


def work(calls: int) -> None:
    for _ in range(calls):
        math.sqrt(2)


def test_work_within_the_bound_passes() -> None:
    with at_most(1_010):
        work(1_000)


def test_work_past_the_bound_is_stopped() -> None:
    with pytest.raises(TooMuchWorkError, match="more than 999 calls"), at_most(999):
        work(10**12)


def test_a_stop_that_is_caught_inside_still_counts() -> None:
    with pytest.raises(TooMuchWorkError), at_most(10), contextlib.suppress(Exception):
        work(1_000)

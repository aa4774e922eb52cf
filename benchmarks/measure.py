"""Measuring side by side: whoever is compared takes turns, so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Samples = Mapping[str, list[float]]
"""Name to seconds per call, one sample per round; all have the same rounds."""


def take_turns(calls: Mapping[str, Callable[[], object]], rounds: int, repeats: int = 1) -> Samples:
    """Time each of the calls in every round, in an order that moves on from round to round.

    :param repeats: how many calls make one sample.
    :returns: seconds per call.
    """
    samples: dict[str, list[float]] = {name: [] for name in calls}
    names = [*calls]
    for call in calls.values():
        call()
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            call = calls[name]
            start = time.perf_counter()
            for _ in range(repeats):
                call()
            samples[name].append((time.perf_counter() - start) / repeats)
    return samples


@dataclass(frozen=True)
class Row:
    """One line of the result: how many times as dear one thing is as another.

    :param what: what is measured.
    :param against: what it is compared with.
    :param ratios: one a round.
    :param target: the median must not be higher; None where nothing is promised.
    :param milliseconds: the median of what is measured, on this machine.
    :param base_milliseconds: the median of what it is compared with.
    """

    what: str
    against: str
    ratios: list[float] = field(repr=False)
    target: float | None
    milliseconds: float
    base_milliseconds: float

    @classmethod
    def of(cls, what: str, samples: Samples, measured: str, against: str, target: float | None = None) -> "Row":
        """Compare two of the samples, round by round."""
        own, base = samples[measured], samples[against]
        ratios = [mine / other for mine, other in zip(own, base, strict=True)]
        return cls(what, against, ratios, target, statistics.median(own) * 1000, statistics.median(base) * 1000)

    @property
    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios)

    @property
    def missed(self) -> bool:
        """The target is not met."""
        return self.target is not None and self.ratio > self.target

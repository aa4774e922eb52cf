"""What is measured, in which order, and what it may cost: the targets of docs/cost.md."""

import gc
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import access_strings, engine, messages
from benchmarks.analyzers import NOTHING, ONE_POLICY, OURS, STOCK, Analyzer, Running
from benchmarks.measure import Row, Samples, take_turns
from benchmarks.report import Results
from tests.testbed.pulumi_cli import PulumiCliError

OTHER_TYPES: Final = 1.15
STACK: Final = 1.5
USER: Final = 2.5
START: Final = 1.3
HOSTILE: Final = 5.0
MEMORY: Final = 1.25

_STACK_OF_THE_TARGET: Final = 10_000


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    :param calls: how many calls make one sample of a single resource.
    :param stacks: sizes of stacks, in resources, each with its rounds.
    :param stock_up_to: the largest stack that the stock SDK is given, once; it takes half a minute over 50,000.
    :param lengths: of access strings, each with its rounds.
    :param engine_size: resources in the export that the real CLI analyzes; 0 leaves the CLI out.
    """

    rounds: int
    calls: int
    starts: int
    stacks: dict[int, int]
    stock_up_to: int
    lengths: dict[int, int]
    engine_size: int
    engine_rounds: int


FULL: Final = Scale(
    rounds=60,
    calls=20,
    starts=15,
    stacks={1_000: 15, 10_000: 9, 50_000: 3},
    stock_up_to=10_000,
    lengths={256: 25, 512: 15, 1_024: 15, 4_096: 9, 16_384: 7, 65_536: 5},
    engine_size=2_000,
    engine_rounds=5,
)
QUICK: Final = Scale(
    rounds=20,
    calls=20,
    starts=5,
    stacks={1_000: 7, 10_000: 3},
    stock_up_to=1_000,
    lengths={256: 7, 4_096: 3, 65_536: 3},
    engine_size=500,
    engine_rounds=2,
)


def run(scale: Scale, say: Callable[[str], None]) -> Results:
    """Measure everything.

    :param say: is given a line about each step.
    """
    results = Results()
    first = messages.resource(messages.GOOD_USER, messages.USER_TYPE)
    steps: dict[str, Callable[[], None]] = {
        "start-up": partial(_starts, scale, results),
        "single resources": partial(_single_resources, scale, results),
        "access strings": partial(_access_strings, scale, results),
        "stacks": partial(_stacks, scale, results),
        "the real CLI": partial(_engine, scale, results),
    }
    with ExitStack() as warm:
        for analyzer in (NOTHING, ONE_POLICY, STOCK, OURS):  # the first start ever compiles modules
            warm.enter_context(Running(analyzer, first))
    for name, step in steps.items():
        say(name)
        gc.collect()
        step()
    return results


def _starts(scale: Scale, results: Results) -> None:
    first = messages.resource(messages.GOOD_USER, messages.USER_TYPE)
    analyzers = (NOTHING, ONE_POLICY, STOCK, OURS)
    to_port: dict[str, list[float]] = {analyzer.name: [] for analyzer in analyzers}
    to_answer: dict[str, list[float]] = {analyzer.name: [] for analyzer in analyzers}
    for _ in range(scale.starts):
        for analyzer in analyzers:
            with Running(analyzer, first) as running:
                to_port[analyzer.name].append(running.seconds_to_port)
                to_answer[analyzer.name].append(running.seconds_to_answer)
    results.rows.append(Row.of("start, until the port line", to_port, OURS.name, ONE_POLICY.name, START))
    results.rows.append(Row.of("start, until the first answer", to_answer, OURS.name, ONE_POLICY.name, START))
    results.rows.append(Row.of("stock SDK: start, until the first answer", to_answer, STOCK.name, ONE_POLICY.name))


def _single_resources(scale: Scale, results: Results) -> None:
    cases = {
        "another type (a bucket of 30 properties)": (
            messages.resource(messages.BUCKET, messages.BUCKET_TYPE),
            OTHER_TYPES,
        ),
        "a good user": (messages.resource(messages.GOOD_USER, messages.USER_TYPE), USER),
        "the guide's third user, with all its findings": (
            messages.resource(messages.GUIDE_USER, messages.USER_TYPE),
            USER,
        ),
    }
    with ExitStack() as stack:
        running = {
            analyzer.name: stack.enter_context(Running(analyzer, cases["a good user"][0]))
            for analyzer in (NOTHING, STOCK, OURS)
        }
        for what, (request, target) in cases.items():
            calls = {name: partial(found.stub.Analyze, request) for name, found in running.items()}
            samples = take_turns(calls, scale.rounds, scale.calls)
            results.rows.append(Row.of(what, samples, OURS.name, NOTHING.name, target))
            results.rows.append(Row.of(f"stock SDK: {what}", samples, STOCK.name, NOTHING.name))
        bucket = next(iter(cases.values()))[0]
        calls = {name: partial(found.stub.Remediate, bucket) for name, found in running.items()}
        samples = take_turns(calls, scale.rounds, scale.calls)
        results.rows.append(Row.of("Remediate of another type", samples, OURS.name, NOTHING.name, OTHER_TYPES))


def _access_strings(scale: Scale, results: Results) -> None:
    families = {"ordinary": access_strings.ordinary, **access_strings.HOSTILE}
    with Running(OURS, messages.resource(messages.GOOD_USER, messages.USER_TYPE)) as ours:
        for length, rounds in scale.lengths.items():
            requests = {name: messages.user_with(family(length)) for name, family in families.items()}
            samples = take_turns({name: partial(ours.stub.Analyze, made) for name, made in requests.items()}, rounds)
            for name, seconds in samples.items():
                results.string_curves.setdefault(name, {})[length] = statistics.median(seconds) * 1000
            worst = max(
                (Row.of(name, samples, name, "ordinary", HOSTILE) for name in access_strings.HOSTILE),
                key=lambda row: row.ratio,
            )
            results.rows.append(
                Row.of(
                    f"hostile access strings of {length:,}, the worst: {worst.what}",
                    samples,
                    worst.what,
                    "ordinary",
                    HOSTILE,
                )
            )


def _stacks(scale: Scale, results: Results) -> None:
    first = messages.resource(messages.GOOD_USER, messages.USER_TYPE)
    for size, rounds in scale.stacks.items():
        request = messages.stack(size)
        analyzers: list[Analyzer] = [NOTHING, OURS]
        with ExitStack() as stack:
            running = {analyzer.name: stack.enter_context(Running(analyzer, first)) for analyzer in analyzers}
            calls = {name: partial(found.stub.AnalyzeStack, request) for name, found in running.items()}
            samples = take_turns(calls, rounds)
            target = STACK if size >= _STACK_OF_THE_TARGET else None
            results.rows.append(Row.of(f"AnalyzeStack, {size:,} resources", samples, OURS.name, NOTHING.name, target))
            _keep(results, size, request.ByteSize() / 2**20, running, samples)
        if size <= scale.stock_up_to:
            with Running(STOCK, first) as stock:
                samples = {**samples, **take_turns({STOCK.name: partial(stock.stub.AnalyzeStack, request)}, 1)}
            once = {name: [statistics.median(seconds)] for name, seconds in samples.items()}
            results.rows.append(Row.of(f"stock SDK: AnalyzeStack, {size:,} resources", once, STOCK.name, NOTHING.name))
            results.stack_curves.setdefault(STOCK.name, {})[size] = once[STOCK.name][0] * 1000


def _keep(results: Results, size: int, megabytes: float, running: dict[str, Running], samples: Samples) -> None:
    results.megabytes.setdefault("request", {})[size] = megabytes
    for name, found in running.items():
        results.stack_curves.setdefault(name, {})[size] = statistics.median(samples[name]) * 1000
        peak = found.peak_megabytes
        if peak is not None:
            results.megabytes.setdefault(name, {})[size] = peak
    if size in results.megabytes.get(OURS.name, {}):
        peaks = {name: [results.megabytes[name][size]] for name in (OURS.name, NOTHING.name)}
        results.rows.append(Row.of(f"peak memory, {size:,} resources", peaks, OURS.name, NOTHING.name, MEMORY))


def _engine(scale: Scale, results: Results) -> None:
    if not scale.engine_size:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            analyze = engine.analysis(scale.engine_size, Path(folder))
        except PulumiCliError as missing:
            results.notes.append(f"the real CLI was left out: {missing}")
            return
        analyzers = (NOTHING, STOCK, OURS)
        samples = take_turns({analyzer.name: partial(analyze, analyzer) for analyzer in analyzers}, scale.engine_rounds)
    what = f"`pulumi policy analyze`, {scale.engine_size:,} resources"
    results.rows.append(Row.of(what, samples, OURS.name, NOTHING.name, OTHER_TYPES))
    results.rows.append(Row.of(f"stock SDK: {what}", samples, STOCK.name, NOTHING.name))

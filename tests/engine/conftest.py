"""One engine for all tests of a worker process, and what holds for every run of it: no password comes out."""

import os
from collections.abc import Iterator

import pytest

from tests.support.engine_programs import PASSWORDS
from tests.testbed.engine import Engine
from tests.testbed.pulumi_cli import PulumiCliError


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return an engine that no other process uses."""
    try:
        return Engine(tmp_path_factory.mktemp("engine"))
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def engine(shared_engine: Engine) -> Iterator[Engine]:
    """Return the engine, and look through all that the test made it print, report and store for a password."""
    runs_before, stacks_before = len(shared_engine.runs), len(shared_engine.stacks)
    yield shared_engine

    let_out = [run.everything for run in shared_engine.runs[runs_before:]]
    stored = [stack.state_text for stack in shared_engine.stacks[stacks_before:]]
    # Positions and not texts: a failing test must not print a password either.
    leaks = [
        (kind, number, PASSWORDS.index(password))
        for kind, texts in (("run", let_out), ("state", stored))
        for number, text in enumerate(texts)
        for password in PASSWORDS
        if password in text
    ]
    assert not leaks, "a password came out: (where, which run or stack of the test, which of PASSWORDS)"

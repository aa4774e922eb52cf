"""The whole catalogue in the real engine: every policy fires on the bad program, and none on the good one."""

import pytest

from policies.catalogue import CATALOGUE
from tests.support import corpus
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine


def test_every_policy_fires_at_least_once(engine: Engine) -> None:
    """A policy that never fires in the engine is not tested there."""
    run = engine.preview(corpus.bad, config=corpus.EVERYTHING_ON)

    silent = {policy.id for policy in CATALOGUE} - {violation.policy for violation in run.violations}
    assert not silent, "these policies did not fire: add what they are about to tests/support/corpus.py"
    assert not run.ok
    assert run.errors == []
    assert len(run.violations) == len(set(run.violations)), "something is reported twice"


def test_no_policy_fires_on_the_good_program(engine: Engine) -> None:
    """In preview, in up, and again when nothing changes."""
    stack = engine.new_stack()
    config = corpus.EVERYTHING_ON

    runs = [
        engine.preview(corpus.good, stack=stack, config=config),
        engine.up(corpus.good, stack=stack, config=config),
        engine.preview(corpus.good, stack=stack, config=config),
        engine.analyze(engine.export(stack), config=config),
    ]

    assert [run.violations for run in runs] == [[], [], [], []]
    assert [run.text for run in runs if not run.ok] == []


def test_an_exempted_finding_is_reported_and_stops_nobody(engine: Engine) -> None:
    """The register speaks in its own name, with reason and date."""
    run = engine.preview(corpus.bad, config=corpus.EVERYTHING_ON)

    (reported,) = [violation for violation in run.violations if violation.policy == "elasticache-exemptions"]
    assert reported.resource == "exempted"
    assert reported.level == "advisory"
    assert "renamed with the next release, SHOP-7" in reported.message
    assert "elasticache-user-lowercase-names" not in run.policies("exempted")

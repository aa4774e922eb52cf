"""Generated applications under their derived strings on real servers: a slice of `python -m tools.try_derivations`."""

import pytest

from tests.support.servers import SERVER_NAMES, give_up
from tests.testbed.derivation_trials import trial_on
from tests.testbed.servers import ServerMissingError, server_named

WORKLOADS = 3


@pytest.mark.server
@pytest.mark.parametrize("in_selectors", [False, True], ids=["one list", "selectors"])
@pytest.mark.parametrize("name", SERVER_NAMES)
def test_derived_strings_suffice_and_are_the_least(name: str, *, in_selectors: bool) -> None:
    try:
        with trial_on(server_named(name), in_selectors=in_selectors) as trial:
            outcomes = [outcome for seed in range(WORKLOADS) for outcome in trial.run(seed + 100 * in_selectors)]
    except ServerMissingError as missing:
        give_up(str(missing))

    assert [(outcome.seed, outcome.string, outcome.faults) for outcome in outcomes if outcome.faults] == []
    assert len(outcomes) >= 2 * WORKLOADS
    assert all(outcome.calls > 10 and outcome.rules_taken_away > 5 for outcome in outcomes)

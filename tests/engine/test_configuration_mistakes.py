"""Mistakes in a --policy-pack-config file, as the engine shows them: the run stops at once, with one line."""

from typing import Any

import pytest

from tests.support.engine_programs import good_user
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine


def program() -> None:
    """Create a good user, which no mistake lets through unjudged."""
    good_user("app")


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (
            {"elasticache-user-lowercase-name": "mandatory"},
            'no policy is named "elasticache-user-lowercase-name" (did you mean elasticache-user-lowercase-names?)',
        ),
        (
            {"elasticache-user-no-broad-access": {"bredth": "every-key"}},
            'elasticache-user-no-broad-access has no option "bredth": its options are breadth (did you mean breadth?)',
        ),
        (
            {
                "elasticache-exemptions": {
                    "exempt": [{"policies": ["x"], "resource": "*", "reason": "r", "expires": "2027-01-01"}]
                }
            },
            'elasticache-exemptions: option exempt[0].policies: no policy is named "x"',
        ),
        ({"all": {"enforcementLevel": "advisory", "which": []}}, '"all" takes an enforcement level only, not "which"'),
    ],
)
def test_the_run_stops_with_one_line(engine: Engine, config: dict[str, Any], line: str) -> None:
    """In preview and in an audit of an export alike; nothing is judged by half a configuration."""
    stack = engine.new_stack()
    assert engine.up(program, pack=None, stack=stack).ok

    runs = [engine.preview(program, config=config), engine.analyze(engine.export(stack), config=config)]

    for run in runs:
        assert not run.ok
        assert run.violations == []
        assert [reported for reported in run.text.splitlines() if line in reported] != [], run.text
        assert "Traceback" not in run.text


@pytest.mark.parametrize(
    "config",
    [
        {"elasticache-user-no-broad-access": {"breadth": "all"}},
        {
            "elasticache-exemptions": {
                "exempt": [{"policies": ["elasticache-user-lowercase-names"], "resource": "urn:pulumi:prod::shop::*"}]
            }
        },
        {"elasticache-exemptions": {"exempt": [{"until": "2027-01-01"}]}},
        {"elasticache-user-lowercase-names": "mandatry"},
    ],
)
def test_what_the_engine_itself_refuses(engine: Engine, config: dict[str, Any]) -> None:
    """Known options are checked by the engine, against the schema that the pack gives it, nested objects included."""
    run = engine.preview(program, config=config)

    assert not run.ok
    assert run.violations == []
    assert "Traceback" not in run.text

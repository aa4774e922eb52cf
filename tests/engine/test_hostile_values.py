"""Users with a bad value in every property: whatever a program sends, the run ends in good order."""

from typing import Any

import pulumi
import pytest

from tests.support.engine_programs import MARKER, HandWritten
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

PROPERTIES = (
    "accessString",
    "authenticationMode",
    "engine",
    "noPasswordRequired",
    "passwords",
    "passwordsWo",
    "passwordsWoVersion",
    "region",
    "tags",
    "userId",
    "userName",
)


def bad_values() -> dict[str, Any]:
    """Return the values by name; made anew in each program, because outputs belong to the run they are made in."""
    secret = pulumi.Output.secret(MARKER)
    return {
        "number": 12.5,
        "true": True,
        "empty-text": "",
        "text": "Zu\u0308rich \U0001f511 \x00 \u202e {0} %s $(id)",
        "long-text": "on ~*" + "[a-z]*" * 5_000,
        "list": [],
        "list-of-everything": [1, None, "A", ["nested"], {"type": "iam"}, secret],
        "map": {},
        "map-of-everything": {"type": ["iam"], "passwords": {"0": secret}, "passwordCount": "two"},
        "nested-numbers": {"type": 3, "passwords": 4, "passwordCount": [5]},
        "secret-text": secret,
        "secret-map": pulumi.Output.secret({"type": "password", "passwords": [MARKER]}),
        "file": pulumi.StringAsset("on ~* +@all"),
    }


def program() -> None:
    """Create one user for each bad value, with the value in all properties at once, and one without any property."""
    for name, value in bad_values().items():
        HandWritten(name, dict.fromkeys(PROPERTIES, value))
    HandWritten("no-properties", {})


@pytest.fixture
def quiet() -> dict[str, str]:
    """Return a config that lets every user through to all policies, since a mandatory report would end `up`."""
    return {"all": "advisory"}


def test_preview_and_up_end_in_good_order(engine: Engine, quiet: dict[str, str]) -> None:
    """No value makes the pack fail: each user is judged by every policy, and the run goes on to the end."""
    for run in (engine.preview(program, config=quiet), engine.up(program, config=quiet)):
        assert run.errors == []
        assert run.ok, run.text
        assert "Traceback" not in run.everything
        assert "failed to run policy" not in run.everything
        assert "internal error" not in run.everything
        assert run.policies("long-text"), "no policy has looked at these users"


def test_an_export_of_them_is_judged(engine: Engine, quiet: dict[str, str]) -> None:
    """The same users in an export, where outputs are judged too, are judged in good order too."""
    stack = engine.new_stack()
    deployed = engine.up(program, pack=None, stack=stack)
    assert deployed.ok, deployed.text

    run = engine.analyze(engine.export(stack), config=quiet)

    assert run.ok, run.text
    assert "Traceback" not in run.text
    assert "failed to run policy" not in run.text
    assert "internal error" not in run.text
    assert run.policies("long-text"), "no policy has looked at these users"

"""The guide's three users in the real engine: blocked as they are written there, and let through once corrected."""

from collections.abc import Callable

import pytest

from examples.guide import iam_user, password_user, two_passwords_user
from tests.testbed.engine import Engine, EngineRun, redacted

pytestmark = pytest.mark.engine

NO_PASSWORDS = "elasticache-user-no-plaintext-passwords"
NO_BROAD_ACCESS = "elasticache-user-no-broad-access"
IAM = "elasticache-user-iam-authentication"
LOWERCASE = "elasticache-user-lowercase-names"
# The first four policies. Later ones may have more to say about the same users, which is for their own tests.
FOUR = {NO_PASSWORDS, NO_BROAD_ACCESS, IAM, LOWERCASE}

GUIDE = pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(password_user.program, {NO_PASSWORDS, IAM, LOWERCASE}, id="password"),
        pytest.param(iam_user.program, {NO_BROAD_ACCESS, LOWERCASE}, id="iam"),
        pytest.param(two_passwords_user.program, FOUR, id="two-passwords"),
    ],
)
CORRECTED = pytest.mark.parametrize(
    "program",
    [
        pytest.param(password_user.mended, id="password"),
        pytest.param(iam_user.mended, id="iam"),
        pytest.param(two_passwords_user.mended, id="two-passwords"),
    ],
)


def blocking(run: EngineRun) -> set[str]:
    """Return which of the four policies blocked the guide's user, whose name is `test`."""
    return run.policies("test", level="mandatory") & FOUR


@GUIDE
def test_preview_blocks_the_guide(engine: Engine, program: Callable[[], None], expected: set[str]) -> None:
    """A preview of the guide's own code fails with exactly the policies that the user breaks, each said once."""
    run = engine.preview(program)

    assert not run.ok
    assert run.errors == []
    assert expected == blocking(run)
    assert len(run.violations) == len(set(run.violations))


@GUIDE
def test_up_creates_nothing_of_the_guide(engine: Engine, program: Callable[[], None], expected: set[str]) -> None:
    """Skipping the preview helps nobody: the same policies stop the deployment before the user exists."""
    stack = engine.new_stack()

    run = engine.up(program, stack=stack)

    assert not run.ok
    assert run.errors == []
    assert expected == blocking(run)
    resources = engine.export(stack)["deployment"].get("resources", [])
    assert [resource["urn"] for resource in resources if resource["type"] == "aws:elasticache/user:User"] == []


@CORRECTED
def test_corrected_users_go_through(engine: Engine, program: Callable[[], None]) -> None:
    """The corrected user passes the preview and is created, with no word from any policy."""
    stack = engine.new_stack()

    runs = [engine.preview(program, stack=stack), engine.up(program, stack=stack)]

    assert [run.violations for run in runs] == [[], []]
    assert all(run.ok for run in runs), runs[-1].text
    assert "test-user" in stack.state_text or "rotation-user" in stack.state_text


@GUIDE
def test_analyze_finds_the_same_in_an_export(engine: Engine, program: Callable[[], None], expected: set[str]) -> None:
    """What is deployed already is judged alike from its export, with secrets encrypted in it or redacted."""
    stack = engine.new_stack()
    deployed = engine.up(program, pack=None, stack=stack)
    assert deployed.ok, deployed.text
    export = engine.export(stack)

    runs = [engine.analyze(export), engine.analyze(redacted(export))]

    assert [expected, expected] == [blocking(run) for run in runs]
    assert [run.ok for run in runs] == [False, False]


@CORRECTED
def test_analyze_passes_corrected_users(engine: Engine, program: Callable[[], None]) -> None:
    """An export of a corrected user passes, outputs included, which spell some values in another way than inputs."""
    stack = engine.new_stack()
    assert engine.up(program, pack=None, stack=stack).ok

    run = engine.analyze(redacted(engine.export(stack)))

    assert run.ok, run.text
    assert run.violations == []

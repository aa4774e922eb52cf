"""Users where real stacks have them: inside components, beside other resources, and owned by somebody else."""

import pulumi_aws as aws
import pytest

from tests.support.engine_programs import MARKER, AppUsers, good_user
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

NO_PASSWORDS = "elasticache-user-no-plaintext-passwords"
IAM = "elasticache-user-iam-authentication"


def test_users_inside_a_component(engine: Engine) -> None:
    """A user is judged inside a component as elsewhere, and the component itself is not taken for a user."""

    def program() -> None:
        AppUsers("shop")

    run = engine.preview(program)

    assert not run.ok
    assert {NO_PASSWORDS, IAM} <= run.policies("shop-writer", level="mandatory")
    assert {"shop-writer"} == {violation.resource for violation in run.violations}


def test_other_resources_are_left_alone(engine: Engine) -> None:
    """Other resources pass without a word, whatever their properties are called, also in an export."""

    def program() -> None:
        user = good_user("app")
        group = aws.elasticache.UserGroup("apps", user_group_id="apps", engine="valkey", user_ids=[user.user_id])
        aws.elasticache.ServerlessCache("cache", engine="valkey", name="cache", user_group_id=group.user_group_id)
        aws.sqs.Queue("Queue", name="Mixed-Case", tags={"Upper": "CASE"})
        aws.ssm.Parameter("parameter", name="Mixed/Case", type="SecureString", value=MARKER)

    stack = engine.new_stack()
    runs = [engine.preview(program, stack=stack, flags=["--diff"]), engine.up(program, stack=stack)]
    runs.append(engine.analyze(engine.export(stack)))

    assert [run.text for run in runs if not run.ok] == []
    assert [run.violations for run in runs] == [[], [], []]


def test_somebody_elses_user(engine: Engine) -> None:
    """A user that the stack only reads has no inputs: nothing is said of what is not there, and nothing breaks."""

    def program() -> None:
        aws.elasticache.User.get("theirs", "their-user")
        good_user("ours", user_id="Ours", user_name="Ours")

    stack = engine.new_stack()
    assert engine.up(program, pack=None, stack=stack).ok
    export = engine.export(stack)
    (theirs,) = [entry for entry in export["deployment"]["resources"] if entry["urn"].endswith("::theirs")]
    assert theirs["external"]
    assert not theirs.get("inputs")

    runs = [engine.analyze(export), engine.preview(program, stack=stack), engine.up(program, stack=stack)]

    for run in runs:
        assert run.errors == []
        assert "failed to run policy" not in run.text
        assert set() == run.policies("theirs")
        assert "elasticache-user-lowercase-names" in run.policies("ours", level="mandatory")


def test_a_change_of_a_deployed_user(engine: Engine) -> None:
    """A user that was good when it was created is judged again when a change makes it bad."""
    stack = engine.new_stack()

    def good() -> None:
        good_user("app")

    def bad() -> None:
        good_user("app", access_string="on ~* +@all")

    assert engine.up(good, stack=stack).ok

    unchanged, changed = engine.up(good, stack=stack), engine.preview(bad, stack=stack)

    assert unchanged.ok, unchanged.text
    assert not changed.ok
    assert {"elasticache-user-no-broad-access"} == changed.policies("app", level="mandatory")


def test_the_search_for_passwords_can_find(engine: Engine) -> None:
    """What is not marked secret does show up in the engine's events: so the search that every test ends with works."""

    def program() -> None:
        good_user("app", tags={"Team": "not-a-secret-and-found"})

    run = engine.preview(program, flags=["--diff"])

    assert "not-a-secret-and-found" in run.raw_events
    assert "not-a-secret-and-found" in run.text

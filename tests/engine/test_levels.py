"""Levels that a --policy-pack-config file sets, as the engine applies them."""

import pytest

from examples.guide import two_passwords_user
from tests.support.engine_programs import MARKER, good_user
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

FOUR = {
    "elasticache-user-no-plaintext-passwords",
    "elasticache-user-no-broad-access",
    "elasticache-user-iam-authentication",
    "elasticache-user-lowercase-names",
}
ONE = "elasticache-user-no-broad-access"


def test_one_policy_becomes_advice(engine: Engine) -> None:
    """A policy that is set to advisory still says what it saw, and the other three still block."""
    run = engine.preview(two_passwords_user.program, config={ONE: "advisory"})

    assert not run.ok
    assert {ONE} == run.policies("test", level="advisory") & FOUR
    assert FOUR - {ONE} == run.policies("test", level="mandatory") & FOUR


def test_one_policy_is_switched_off(engine: Engine) -> None:
    """A disabled policy says nothing, also where the level is given beside options."""
    run = engine.preview(two_passwords_user.program, config={ONE: {"enforcementLevel": "disabled"}})

    assert not run.ok
    assert FOUR - {ONE} == run.policies("test") & FOUR


def test_all_policies_become_advice(engine: Engine) -> None:
    """`all` sets every policy: the guide's user is created, with four pieces of advice."""
    run = engine.up(two_passwords_user.program, config={"all": "advisory"})

    assert run.ok, run.text
    assert run.policies("test", level="advisory") & FOUR == FOUR
    assert set() == run.policies("test", level="mandatory")


def test_all_policies_are_switched_off(engine: Engine) -> None:
    """With `all` disabled the pack is silent, and one policy can be switched on again by its name."""
    silent = engine.preview(two_passwords_user.program, config={"all": "disabled"})
    one = engine.preview(two_passwords_user.program, config={"all": "disabled", ONE: "mandatory"})

    assert silent.ok, silent.text
    assert silent.violations == []
    assert not one.ok
    assert {ONE} == one.policies("test")


def test_remediation_lowers_names_and_keeps_secrets(engine: Engine) -> None:
    """At level remediate names are put in lower case before the user exists; its password stays encrypted."""
    stack = engine.new_stack()
    config = {"all": "disabled", "elasticache-user-lowercase-names": "remediate"}

    def program() -> None:
        good_user("app", user_id="AppUser", user_name="AppUser", authentication_mode=None, passwords=[MARKER])

    runs = [
        engine.preview(program, stack=stack, config=config, flags=["--diff"]),
        engine.up(program, stack=stack, config=config),
    ]

    assert [run.ok for run in runs] == [True, True], runs[-1].text
    (user,) = [
        resource
        for resource in engine.export(stack, show_secrets=True)["deployment"]["resources"]
        if resource["type"] == "aws:elasticache/user:User"
    ]
    assert (user["inputs"]["userId"], user["inputs"]["userName"]) == ("appuser", "appuser")
    assert "plaintext" in user["inputs"]["passwords"], "the password lost its mark as a secret"

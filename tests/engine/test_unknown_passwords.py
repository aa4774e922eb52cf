"""Passwords that a preview cannot know, because another resource makes them: what is said before and during `up`."""

import pytest

from tests.support.engine_programs import MARKER, RandomPassword, good_user
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

NO_PASSWORDS = "elasticache-user-no-plaintext-passwords"

# By resource name: the user's password comes from a resource that does not exist before the first `up`.
PRESENT = {"whole-list", "beside-a-literal", "nested", "nested-beside-a-literal"}
IN_THE_END_NOTHING = {"null-list"}


def program() -> None:
    """Create one user for each way in which a password can be unknown."""
    generated = RandomPassword("generated").result
    password = {"type": "password"}
    good_user("whole-list", authentication_mode=None, passwords=generated.apply(lambda value: [value]))
    good_user("beside-a-literal", authentication_mode=None, passwords=[MARKER, generated])
    good_user("nested", authentication_mode={**password, "passwords": [generated]})
    good_user("nested-beside-a-literal", authentication_mode={**password, "passwords": [MARKER, generated]})
    good_user("null-list", passwords=generated.apply(lambda _: None))


def reported(engine_run_policies: dict[str, set[str]]) -> set[str]:
    """Return the names of the users that the password policy reported."""
    return {name for name, policies in engine_run_policies.items() if NO_PASSWORDS in policies}


def test_preview_blocks_what_it_cannot_read(engine: Engine) -> None:
    """Presence is the question, so an unknown password blocks, and a list that may turn out to be null does so too."""
    run = engine.preview(program)

    users = PRESENT | IN_THE_END_NOTHING
    assert not run.ok
    assert run.errors == []
    assert users == reported({name: run.policies(name, level="mandatory") for name in users})


def test_up_sees_the_values(engine: Engine) -> None:
    """In `up` the passwords are known: those that exist are reported, and the one that came to nothing is not."""
    config = {NO_PASSWORDS: "advisory", "elasticache-user-iam-authentication": "advisory"}
    stack = engine.new_stack()

    run = engine.up(program, stack=stack, config=config)

    assert run.errors == []
    assert run.ok, run.text
    assert reported({name: run.policies(name) for name in PRESENT | IN_THE_END_NOTHING}) == PRESENT


def test_up_is_blocked(engine: Engine) -> None:
    """A generated password stops `up` as a literal does, once the resource that makes it has been created."""

    def one_user() -> None:
        good_user("whole-list", authentication_mode=None, passwords=RandomPassword("generated").result.apply(list_of))

    def list_of(value: str) -> list[str]:
        return [value]

    run = engine.up(one_user)

    assert not run.ok
    assert run.errors == []
    assert NO_PASSWORDS in run.policies("whole-list", level="mandatory")

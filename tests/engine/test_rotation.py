"""The steps of docs/rotation.md in the real engine, one after the other in one stack: none is stopped, none leaks."""

import pytest

from examples.rotation import (
    step_1_one_password,
    step_2_both_passwords,
    step_3_hand_out_the_second,
    step_4_second_password_only,
    step_5_write_only,
    step_6_iam_beside,
    step_7_iam_only,
)
from tests.testbed.engine import Engine, EngineRun

pytestmark = pytest.mark.engine

PASSWORD_STEPS = (
    step_1_one_password,
    step_2_both_passwords,
    step_3_hand_out_the_second,
    step_4_second_password_only,
    step_5_write_only,
    step_6_iam_beside,
)
MANAGED = {
    "elasticache-user-no-plaintext-passwords": "disabled",
    "elasticache-user-iam-authentication": "disabled",
    "elasticache-stack-managed-passwords": "mandatory",
}
IAM = "elasticache-user-iam-authentication"
USER_TYPE = "aws:elasticache/user:User"


def operations(run: EngineRun) -> dict[str, str]:
    """What the run did to each user, by the resource's name."""
    steps = [event["resourcePreEvent"]["metadata"] for event in run.events if "resourcePreEvent" in event]
    return {step["urn"].rpartition("::")[2]: step["op"] for step in steps if step["type"] == USER_TYPE}


def test_rotation(engine: Engine) -> None:
    """Passwords change in place, never by a new user; the last step passes under the default rules, and keeps none."""
    stack = engine.new_stack()

    done = []
    for step in PASSWORD_STEPS:
        preview = engine.preview(step.program, stack=stack, config=MANAGED)
        run = engine.up(step.program, stack=stack, config=MANAGED)
        assert (preview.ok, preview.violations, run.ok, run.violations) == (True, [], True, []), run.text
        done.append(operations(run))
    generated = passwords_in(engine.export(stack, show_secrets=True))
    last = engine.up(step_7_iam_only.program, stack=stack)

    assert last.ok, last.text
    assert last.violations == []
    assert [*done, operations(last)] == [
        {"app": "create"},
        {"app": "update"},
        {"app": "same"},
        {"app": "update"},
        {"app": "update"},
        {"app": "same", "app-iam": "create"},
        {"app-iam": "same", "app": "delete"},
    ]
    assert generated, "the stack held a password before the last step"
    let_out = "".join(run.everything for run in engine.runs)
    assert not [position for position, password in enumerate(sorted(generated)) if password in let_out]
    assert passwords_in(engine.export(stack, show_secrets=True)) == set()


def test_a_password_step_is_stopped_by_the_default_rules(engine: Engine) -> None:
    """Without the profile for managed passwords the pack asks for IAM."""
    run = engine.preview(step_4_second_password_only.program)

    assert not run.ok
    assert IAM in run.policies("app", level="mandatory")


def passwords_in(export: dict[str, object]) -> set[str]:
    """The generated passwords that an export shows."""
    deployment = export["deployment"]
    assert isinstance(deployment, dict)
    found = [
        resource["outputs"]["result"]
        for resource in deployment.get("resources", [])
        if resource["type"] == "random:index/randomPassword:RandomPassword"
    ]
    return {entry["plaintext"] for entry in found}

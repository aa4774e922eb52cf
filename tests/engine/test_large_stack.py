"""A company's stack gives the same findings in any order of its resources, in preview and in `policy analyze`."""

import json
from pathlib import Path
from unittest.mock import Mock

import pulumi
import pytest
from pulumi.runtime import proto

from tests.support import large_stack
from tests.support.users import configured_all
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine


def test_any_order_gives_the_same_answer() -> None:
    """Byte for byte, whatever order the engine sends."""
    answers = [
        configured_all(large_stack.CONFIGURATION)
        .AnalyzeStack(proto.AnalyzeStackRequest(resources=large_stack.as_request_resources(seed)), Mock())
        .SerializeToString(deterministic=True)
        for seed in range(3)
    ]

    assert answers[0] == answers[1] == answers[2]
    reported = proto.AnalyzeResponse.FromString(answers[0]).diagnostics
    found = [(diagnostic.urn.rpartition("::")[2], diagnostic.policyName) for diagnostic in reported]
    assert sorted(found) == sorted(large_stack.expected())


def test_policy_analyze_finds_the_same(engine: Engine, tmp_path: Path) -> None:
    """The whole stack, 21,000 resources, from an export."""
    export = tmp_path / "export.json"
    export.write_text(json.dumps(large_stack.as_export()))

    run = engine.analyze(export, config=large_stack.CONFIGURATION)

    stack_policies = large_stack.CONFIGURATION.keys()
    found = [(reported.resource, reported.policy) for reported in run.violations if reported.policy in stack_policies]
    assert sorted(found) == sorted(large_stack.expected())


def test_preview_finds_the_same(engine: Engine) -> None:
    """All users and groups; of the other resources a tenth, since a preview makes each of them in the program."""

    def program() -> None:
        for name, resource_type, properties, _ in large_stack.resources(others=large_stack.OTHERS // 10):
            if resource_type.startswith("random:"):
                continue
            # what the program marks secret, the stand-in of the provider marks again
            plain = {
                key: value["value"] if isinstance(value, dict) and "value" in value else value
                for key, value in properties.items()
            }
            pulumi.CustomResource(resource_type, name, plain, pulumi.ResourceOptions(version="7.51.1"))

    run = engine.preview(program, config={"all": "disabled", **large_stack.CONFIGURATION})

    generated = {
        (f"user-{number:04}", "elasticache-stack-managed-passwords") for number in range(30, large_stack.USERS, 50)
    }
    found = [(reported.resource, reported.policy) for reported in run.violations]
    assert sorted(found) == sorted(large_stack.expected() | generated), (
        "without its generator a password is a written one"
    )

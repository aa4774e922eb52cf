"""Configuration as the engine hands it over: levels and options are taken, and a mistake stops the run."""

import math
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime import proto

from policies.catalogue import CATALOGUE
from rulebook.options import schema_of
from rulebook.policy import Policy
from tests.support.users import analyze, changed, configured, servicer

ESCAPED = r"x\x1b[31m" * 9


class AbortedError(Exception):
    """Stands for what gRPC raises when a call is aborted."""


def refusal(policy: str, **options: object) -> str:
    """The one line with which a configuration is refused."""
    config = proto.PolicyConfig(enforcementLevel=proto.MANDATORY)
    json_format.ParseDict(options, config.properties)
    context = Mock()
    context.abort.side_effect = AbortedError
    with pytest.raises(AbortedError):
        servicer().Configure(proto.ConfigureAnalyzerRequest(policyConfig={policy: config}), context)
    code, text = context.abort.call_args.args
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "\n" not in text
    return str(text)


@pytest.mark.parametrize(
    ("level", "reported"),
    [
        ("advisory", {proto.ADVISORY}),
        ("mandatory", {proto.MANDATORY}),
        ("remediate", {proto.MANDATORY}),
        ("disabled", set()),
    ],
)
def test_the_configured_level_is_the_level_of_the_findings(level: str, reported: set[int]) -> None:
    """A violation that remediation left behind is mandatory, as in the SDK."""
    answer = analyze(changed(userId="App"), pack=configured("elasticache-user-lowercase-names", level))
    levels = {
        diagnostic.enforcementLevel
        for diagnostic in answer.response.diagnostics
        if diagnostic.policyName == "elasticache-user-lowercase-names"
    }

    assert levels == reported


@pytest.mark.parametrize(
    ("policy", "options", "line"),
    [
        (
            "elasticache-user-no-broad-acess",
            {},
            'no policy is named "elasticache-user-no-broad-acess" (did you mean elasticache-user-no-broad-access?)',
        ),
        ("zzz", {}, 'no policy is named "zzz"'),
        ("all\nelasticache", {}, r'no policy is named "all\nelasticache" (did you mean elasticache-exemptions?)'),
        ("x" * 100_000, {}, f'no policy is named "{"x" * 59}…"'),
        (
            "elasticache-user-no-broad-access",
            {"x\x1b[31m" * 50_000: 1},
            f'elasticache-user-no-broad-access has no option "{ESCAPED[:59]}…": its options are breadth',
        ),
        (
            "elasticache-user-no-broad-access",
            {"bredth": "every-key"},
            'elasticache-user-no-broad-access has no option "bredth": its options are breadth (did you mean breadth?)',
        ),
        (
            "elasticache-user-lowercase-names",
            {"breadth": "every-key"},
            'elasticache-user-lowercase-names has no option "breadth": it has no options',
        ),
        (
            "elasticache-user-no-broad-access",
            {"breadth": "all"},
            'elasticache-user-no-broad-access: option breadth must be "every-key" or "whole-cache", not "all"',
        ),
        (
            "elasticache-user-no-broad-access",
            {"breadth": 5},
            'elasticache-user-no-broad-access: option breadth must be "every-key" or "whole-cache", not the number 5',
        ),
        (
            "elasticache-user-no-cache-wide-commands",
            {"which": ["run-cod"]},
            'elasticache-user-no-cache-wide-commands: option which[0] must be "disturb-clients", "erase-everything", '
            '"list-keys", "run-code" or "watch-traffic", not "run-cod" (did you mean run-code?)',
        ),
        (
            "elasticache-user-no-cache-wide-commands",
            {"which": "run-code"},
            "elasticache-user-no-cache-wide-commands: option which must be a list, "
            'such as "which": ["disturb-clients"], not "run-code"',
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_it_and_what_is_allowed(
    policy: str, options: dict[str, object], line: str
) -> None:
    assert refusal(policy, **options) == line


@pytest.mark.parametrize("level", [4, 17, -1])
def test_a_level_of_a_newer_engine_is_one_line(level: Any) -> None:
    config = proto.PolicyConfig(enforcementLevel=level)
    context = Mock()
    context.abort.side_effect = AbortedError
    with pytest.raises(AbortedError):
        servicer().Configure(proto.ConfigureAnalyzerRequest(policyConfig={NAMES: config}), context)

    assert context.abort.call_args.args[1] == (
        f'the level of "{NAMES}" has the number {level}, which this version of the pack does not know; '
        "allowed: advisory, mandatory, remediate, disabled"
    )


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_one_line(number: float) -> None:
    config = proto.PolicyConfig(enforcementLevel=proto.MANDATORY)
    config.properties.fields["tags"].number_value = number
    context = Mock()
    context.abort.side_effect = AbortedError
    with pytest.raises(AbortedError):
        servicer().Configure(proto.ConfigureAnalyzerRequest(policyConfig={NAMES: config}), context)

    assert context.abort.call_args.args[1] == (
        f'the options of "{NAMES}" hold a number that is not finite (NaN or infinity), which no option takes'
    )


NAMES = "elasticache-user-lowercase-names"
OPTIONS = [(policy, option) for policy in CATALOGUE for option in schema_of(policy.options)]


@pytest.mark.parametrize(("policy", "option"), OPTIONS, ids=lambda value: getattr(value, "id", value))
def test_every_option_is_refused_when_it_is_misspelt(policy: Policy[Any, Any], option: str) -> None:
    """And the line says which name was probably meant."""
    misspelt = f"{option}s"
    known = ", ".join(schema_of(policy.options))

    assert refusal(policy.id, **{misspelt: []}) == (
        f'{policy.id} has no option "{misspelt}": its options are {known} (did you mean {option}?)'
    )


@pytest.mark.parametrize(("policy", "option"), OPTIONS, ids=lambda value: getattr(value, "id", value))
def test_every_option_has_a_default_and_forbids_what_it_does_not_know(policy: Policy[Any, Any], option: str) -> None:
    """The engine fills defaults in from the schema, and validates nested objects by it."""
    schema = schema_of(policy.options)[option]

    assert "default" in schema, f"option {option} needs a default"
    assert "$ref" not in str(schema)
    for nested in objects_in(schema):
        assert nested["additionalProperties"] is False


def objects_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object schema inside a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for inner in schema.values():
            yield from objects_in(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects_in(inner)

"""Configuration as the engine hands it over: levels and options are taken, and a mistake stops the run."""

from unittest.mock import Mock

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime import proto
from users import analyze, changed, configured, servicer

from policies import CATALOGUE
from policies.options import schema_of


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
    ("level", "told"),
    [
        ("advisory", {proto.ADVISORY}),
        ("mandatory", {proto.MANDATORY}),
        ("remediate", {proto.MANDATORY}),
        ("disabled", set()),
    ],
)
def test_the_configured_level_is_the_level_of_the_findings(level: str, told: set[int]) -> None:
    """A violation that remediation left behind is mandatory, as in the SDK."""
    answer = analyze(changed(userId="App"), pack=configured("elasticache-user-lowercase-names", level))
    levels = {
        diagnostic.enforcementLevel
        for diagnostic in answer.response.diagnostics
        if diagnostic.policyName == "elasticache-user-lowercase-names"
    }

    assert levels == told


@pytest.mark.parametrize(
    ("policy", "options", "line"),
    [
        (
            "elasticache-user-no-broad-acess",
            {},
            'no policy is named "elasticache-user-no-broad-acess" (did you mean elasticache-user-no-broad-access?)',
        ),
        ("zzz", {}, 'no policy is named "zzz"'),
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
            "elasticache-user-no-broad-access: option breadth: invalid enum value 'all'; "
            "allowed: every-key, whole-cache",
        ),
        (
            "elasticache-user-no-broad-access",
            {"breadth": 5},
            "elasticache-user-no-broad-access: option breadth: expected `str`, got `float`; "
            "allowed: every-key, whole-cache",
        ),
        (
            "elasticache-user-no-cache-wide-commands",
            {"which": ["run-cod"]},
            "elasticache-user-no-cache-wide-commands: option which[0]: invalid enum value 'run-cod'; "
            "allowed: disturb-clients, erase-everything, list-keys, run-code, watch-traffic (did you mean run-code?)",
        ),
        (
            "elasticache-user-no-cache-wide-commands",
            {"which": "run-code"},
            "elasticache-user-no-cache-wide-commands: option which: expected `array`, got `str`",
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_it_and_what_is_allowed(
    policy: str, options: dict[str, object], line: str
) -> None:
    assert refusal(policy, **options) == line


@pytest.mark.parametrize("policy", CATALOGUE, ids=lambda policy: policy.id)
def test_every_option_has_a_default_that_its_schema_allows(policy: object) -> None:
    """The engine fills defaults in from the schema, and validates them by it."""
    for name, schema in schema_of(policy.options).items():  # type: ignore[attr-defined]
        assert "default" in schema, f"option {name} needs a default"
        assert "$ref" not in str(schema)

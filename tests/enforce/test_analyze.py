"""What the servicer answers the engine: three outcomes, notes, levels, and no way for one policy to silence another."""

from typing import Any
from unittest.mock import Mock

import pytest
from msgspec.structs import replace
from pulumi.runtime import proto
from pulumi_policy import policy as sdk

from elasticache.user import User
from enforce import servicer as seam
from policies.catalogue import CATALOGUE
from rulebook.options import Options
from rulebook.policy import Level, Verdict
from rulebook.rulebook import Rulebook
from tests.support.users import (
    GOOD_USER,
    MARKER_PASSWORD,
    RESOURCE_POLICIES,
    UNKNOWN,
    analyze,
    changed,
    request,
    secret,
    servicer,
)

IDS = RESOURCE_POLICIES
"""The policies that run where no configuration says otherwise."""


def test_the_good_user_passes_everything_in_silence() -> None:
    answer = analyze(GOOD_USER)

    assert answer.violations == {}
    assert answer.notes == {}
    assert not answer.response.diagnostics


@pytest.mark.parametrize(
    "resource_type",
    [
        "aws:s3/bucket:Bucket",
        "aws-native:elasticache:User",
        "my:index:Users",
        "",
    ],
)
def test_other_types_are_not_applicable_to_every_policy(resource_type: str) -> None:
    """Even with the properties of an unsafe user: the type decides."""
    answer = analyze(changed(accessString="on ~* +@all", userId="A"), resource_type)

    assert answer.not_applicable == dict.fromkeys(IDS, seam.OTHER_TYPE)
    assert not answer.response.diagnostics


def test_the_short_type_token_is_judged_too() -> None:
    assert analyze(changed(userId="A"), "aws:elasticache:User").outcome("elasticache-user-lowercase-names") == "fires"


def test_an_external_user_without_inputs_has_no_findings() -> None:
    """`User.get` arrives with `{}`: nothing is said about what is not there."""
    answer = analyze({})

    assert answer.violations == {}
    assert answer.notes == {}


def test_findings_carry_pack_version_level_and_severity() -> None:
    diagnostic = analyze(changed(userId="App")).response.diagnostics[0]

    assert diagnostic.policyPackName == "aws-elasticache-users"
    assert diagnostic.policyPackVersion == "0.2.0"
    assert diagnostic.enforcementLevel == proto.MANDATORY
    assert diagnostic.severity == proto.POLICY_SEVERITY_LOW


class SecretiveError(Exception):
    """Has a secret in its text, as the exceptions of libraries can."""


def crash(_user: User, _options: Options) -> Verdict:
    raise SecretiveError(MARKER_PASSWORD)


def crash_deeply(user: User, options: Options) -> Verdict:
    return crash_deeply(user, options)


@pytest.mark.parametrize(
    ("check", "failure"),
    [(crash, "SecretiveError in tests/enforce/test_analyze.py:"), (crash_deeply, "RecursionError")],
)
def test_a_crash_becomes_a_finding_of_that_policy_and_the_others_still_run(check: Any, failure: str) -> None:
    """The finding names type and place only: the text of an exception can hold a secret (`analyze` asserts that)."""
    broken = tuple(replace(policy, check=check) if policy.id == IDS[1] else policy for policy in CATALOGUE)
    pack = servicer()
    pack._rules = Rulebook.of(broken, {})
    answer = analyze(changed(userId="App"), pack=pack)

    assert failure in answer.violations[IDS[1]][0]
    assert "elasticache-user-lowercase-names" in answer.violations
    levels = {diagnostic.policyName: diagnostic.enforcementLevel for diagnostic in answer.response.diagnostics}
    assert levels[IDS[1]] == proto.MANDATORY, "a mandatory policy that cannot check fails closed"


def test_a_disabled_policy_says_nothing_at_all() -> None:
    pack = servicer()
    pack.Configure(
        proto.ConfigureAnalyzerRequest(
            policyConfig={
                policy: proto.PolicyConfig(enforcementLevel=proto.DISABLED) for policy in IDS if "lowercase" in policy
            }
        ),
        Mock(),
    )
    answer = analyze(changed(userId="App", accessString="on ~* +@all"), pack=pack)

    assert "elasticache-user-no-broad-access" in answer.violations
    assert "elasticache-user-lowercase-names" not in str(answer.response)


BAD_VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1.5,
    1e308,
    "",
    " ",
    "\x00",
    "x" * 200_000,
    "~" * 70_000,
    "on " * 30_000,
    "(" * 5_000,
    '("' * 5_000,
    "ünïcödé 日本 \u202e",
    "[secret]",
    UNKNOWN,
    [],
    [None],
    [[]],
    [{}],
    ["a", 1, None, UNKNOWN],
    {},
    {"": ""},
    {"type": 5},
    {"type": ["iam"], "passwords": {"a": 1}},
    {"4dabf18193072939515e22adb298388d": "unheard of"},
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"},
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": None},
    {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17"},
    {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"},
    secret(secret(MARKER_PASSWORD)),
]
PROPERTIES = [
    "userId",
    "userName",
    "accessString",
    "engine",
    "authenticationMode",
    "noPasswordRequired",
    "passwords",
    "passwordsWo",
    "passwordsWoVersion",
    "region",
    "tags",
]


@pytest.mark.parametrize("value", BAD_VALUES, ids=lambda value: repr(value)[:24])
def test_a_bad_value_in_any_property_ends_in_an_ordinary_answer(value: object) -> None:
    """Wrong types, nulls, huge strings, odd letters: findings, notes or not applicable, and never a failure."""
    pack = servicer()
    for name in PROPERTIES:
        answer = analyze({**GOOD_USER, name: value}, pack=pack)
        assert "internal error" not in str(answer.response)
    answer = analyze(dict.fromkeys(PROPERTIES, value), pack=pack)
    assert "internal error" not in str(answer.response)


def test_deeply_nested_values_end_in_an_ordinary_answer() -> None:
    value: object = "x"
    for _ in range(30):
        value = {"type": value, "passwords": [value]} if len(str(value)) < 10_000 else {"type": value}
    for name in PROPERTIES:
        assert "internal error" not in str(analyze({**GOOD_USER, name: value}).response)


def test_remediate_leaves_other_types_alone() -> None:
    response = servicer().Remediate(request({"a": "b"}, "aws:s3/bucket:Bucket"), Mock())

    assert response == proto.RemediateResponse()


def test_without_our_servicer_nothing_passes_in_silence() -> None:
    """An SDK that goes round the seam stops the run: the policies do not judge by themselves."""
    with pytest.raises(RuntimeError, match="servicer is not installed"):
        sdk._PolicyAnalyzerServicer.Analyze(servicer(), request(GOOD_USER), Mock())  # type: ignore[no-untyped-call]


def test_what_the_program_marks_secret_is_judged_and_not_shown() -> None:
    """A program may mark anything secret; the finding names the property and keeps the value to itself."""
    answer = analyze(
        changed(
            userId=secret(f"A{MARKER_PASSWORD}"),
            accessString=secret(f"on ~* +@all +{MARKER_PASSWORD}"),
            authenticationMode=secret({"type": secret(MARKER_PASSWORD)}),
        )
    )

    assert answer.violations["elasticache-user-lowercase-names"][0].startswith("found: userId [secret]\n")
    assert "marked secret, so not shown" in answer.violations["elasticache-user-no-broad-access"][0]
    assert "authenticationMode.type [secret]" in answer.violations["elasticache-user-iam-authentication"][0]


def test_a_remediation_that_fails_leaves_the_user_to_the_check() -> None:
    """The engine's call goes on, and the violation is reported as mandatory afterwards."""
    names = next(policy for policy in CATALOGUE if policy.id == "elasticache-user-lowercase-names")

    def fail(_user: User) -> dict[str, str]:
        raise SecretiveError(MARKER_PASSWORD)

    pack = servicer()
    failing = replace(names, remediate=fail)
    broken = tuple(failing if policy is names else policy for policy in CATALOGUE)
    pack._rules = Rulebook.of(broken, {names.id: (Level.REMEDIATE, {})})
    properties = changed(userId="App")

    assert pack.Remediate(request(properties), Mock()) == proto.RemediateResponse()
    assert names.id in analyze(properties, pack=pack).violations

"""Our servicer is a shortcut and nothing else: under the SDK's own servicer the policies find the same.

What only ours reports is left out on both sides: advice, exemptions, and notes that something is not known yet. So are
secret marks but for those on passwords, because the SDK takes them off and would show what ours keeps to itself.
"""

from types import NoneType
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy import policy as sdk

from policies import PACK_NAME
from policies.catalogue import CATALOGUE
from tests.support.access_string_strategies import access_strings
from tests.support.stacks import STORE, association, group, resource, secret_store, user
from tests.support.stock_pack import stock_policies
from tests.support.users import (
    GOOD_USER,
    MARKER_PASSWORD,
    UNKNOWN,
    configuration_request,
    configured_all,
    request,
    secret,
)

Told = tuple[str, str, str, int, int]

OWNER = {"elasticache-user-required-tags": {"tags": ["owner"]}}


EVERYTHING: dict[str, dict[str, Any]] = {
    policy.id: {"enforcementLevel": "mandatory", **OWNER.get(policy.id, {})}
    for policy in CATALOGUE
    if policy.judges is not NoneType
}
"""Every policy mandatory, so that advice differs by its level."""
STOCK_SERVICER: Any = sdk._PolicyAnalyzerServicer


def stock_servicer() -> Any:
    """The SDK's own servicer over the catalogue, configured as the pack is."""
    made = STOCK_SERVICER(PACK_NAME, "0.0.1", stock_policies(), EnforcementLevel.ADVISORY)
    made.Configure(configuration_request(EVERYTHING), Mock())
    return made


PACK = configured_all(EVERYTHING)
STOCK = stock_servicer()


def findings(response: proto.AnalyzeResponse, subject: str = "") -> list[Told]:
    """The violations of an answer, whatever the order of the policies.

    About a single resource the SDK names no URN, since the engine knows which one it asked about.
    """
    return sorted(
        (reported.policyName, reported.urn or subject, reported.message, reported.enforcementLevel, reported.severity)
        for reported in response.diagnostics
        if reported.enforcementLevel == proto.MANDATORY
    )


def not_applicable(response: proto.AnalyzeResponse) -> dict[str, str]:
    """Policy id to the reason why it does not apply; the register, which judges nothing, left out."""
    judging = {policy.id for policy in CATALOGUE if policy.judges is not NoneType}
    return {
        reported.policy_name: reported.reason for reported in response.not_applicable if reported.policy_name in judging
    }


NAMES = st.sampled_from(["app-reader", "App", "default", "Default", "", UNKNOWN, None, 5.0])
PASSWORDS = st.sampled_from(
    [
        secret([MARKER_PASSWORD]),
        secret([MARKER_PASSWORD, MARKER_PASSWORD]),
        secret(["short"]),
        secret([UNKNOWN]),
        secret([]),
        [MARKER_PASSWORD, 'a"b,c/d@e-and-more-of-it'],
        "[secret]",
        secret(UNKNOWN),
        [],
        None,
    ]
)
MODES = st.one_of(
    st.just(UNKNOWN),
    st.just(secret(UNKNOWN)),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["iam", "IAM", "password", "no-password-required", "no-password", "odd", UNKNOWN]),
            "passwords": PASSWORDS,
            "passwordCount": st.sampled_from([0.0, 1.0, 2.0]),
        },
    ),
)
USERS = st.fixed_dictionaries(
    {},
    optional={
        "userId": NAMES,
        "userName": NAMES,
        "accessString": st.one_of(
            access_strings(), st.sampled_from([UNKNOWN, None, "on ~* +@all", "on ~app:* +@write"])
        ),
        "engine": st.sampled_from(["redis", "valkey", "REDIS", "memcached", UNKNOWN]),
        "authenticationMode": MODES,
        "passwords": PASSWORDS,
        "passwordsWo": st.sampled_from([secret(MARKER_PASSWORD), "[secret]"]),
        "noPasswordRequired": st.sampled_from([True, False, "true", UNKNOWN]),
        "tags": st.sampled_from([{"owner": "team"}, {"Owner": "team"}, {}, UNKNOWN]),
    },
)


@settings(max_examples=150)
@given(USERS)
def test_a_user_is_judged_alike(properties: dict[str, object]) -> None:
    """Whatever the properties, known or not: the same violations word for word, and the same reasons."""
    asked = request(properties)
    stock, ours = STOCK.Analyze(asked, Mock()), PACK.Analyze(asked, Mock())

    assert findings(ours, asked.urn) == findings(stock, asked.urn)
    assert not_applicable(ours) == not_applicable(stock)


@pytest.mark.parametrize(
    ("properties", "resource_type"),
    [
        ({"engine": "redis", "userGroupId": "g", "userIds": ["default"]}, "aws:elasticache/userGroup:UserGroup"),
        ({"engine": "redis", "userGroupId": "g", "userIds": [UNKNOWN]}, "aws:elasticache/userGroup:UserGroup"),
        ({"engine": "valkey", "userGroupId": "g", "userIds": ["a"]}, "aws:elasticache/userGroup:UserGroup"),
        ({"bucket": "b"}, "aws:s3/bucket:Bucket"),
        ({}, "my:index:Users"),
        ({**GOOD_USER, "userId": "App"}, "aws:elasticache:User"),
        ({**GOOD_USER, "userId": "App"}, "aws-native:elasticache:User"),
    ],
)
def test_other_types_are_judged_alike(properties: dict[str, object], resource_type: str) -> None:
    asked = request(properties, resource_type)
    stock, ours = STOCK.Analyze(asked, Mock()), PACK.Analyze(asked, Mock())

    assert findings(ours, asked.urn) == findings(stock, asked.urn)
    assert not_applicable(ours) == not_applicable(stock)


def test_the_prepared_answers_are_spoiled_by_no_call() -> None:
    """Other types get one prepared answer, and users one to begin with: neither takes anything from the last user."""
    pack = configured_all(EVERYTHING)
    bucket, broken = request({}, "aws:s3/bucket:Bucket"), request({**GOOD_USER, "userId": "App"})
    first = [pack.Analyze(asked, Mock()).SerializeToString(deterministic=True) for asked in (bucket, broken)]
    again = [pack.Analyze(asked, Mock()).SerializeToString(deterministic=True) for asked in (bucket, broken)]

    assert again == first
    assert not pack.Analyze(bucket, Mock()).diagnostics


def test_a_configuration_prepares_new_answers() -> None:
    pack = configured_all(EVERYTHING)
    asked = request({}, "aws:s3/bucket:Bucket")
    before = not_applicable(pack.Analyze(asked, Mock()))
    pack.Configure(
        proto.ConfigureAnalyzerRequest(
            policyConfig={"elasticache-user-lowercase-names": proto.PolicyConfig(enforcementLevel=proto.DISABLED)}
        ),
        Mock(),
    )
    after = not_applicable(pack.Analyze(asked, Mock()))

    assert "elasticache-user-lowercase-names" in before
    assert "elasticache-user-lowercase-names" not in after


def test_a_stack_is_judged_alike() -> None:
    """Shared passwords, equal names, users without a group, and passwords from elsewhere, all in one stack."""
    literal = secret([MARKER_PASSWORD])
    stack = proto.AnalyzeStackRequest(
        resources=[
            user("one", userName="same", passwords=literal),
            user("two", userName="same", authenticationMode={"type": "password", "passwords": literal}),
            user("three", {"passwords": [STORE]}, passwords=secret(["generated-and-kept-elsewhere"])),
            user("loner", userId=UNKNOWN),
            secret_store("store", result="generated-and-kept-elsewhere"),
            group("group", ["one", "two"]),
            association("joined", "group", "three"),
            *(resource(f"bucket-{number}", "aws:s3/bucket:Bucket", {"a": "b"}) for number in range(5)),
        ]
    )
    stock, ours = STOCK.AnalyzeStack(stack, Mock()), PACK.AnalyzeStack(stack, Mock())

    assert findings(ours) == findings(stock)
    assert {reported[0] for reported in findings(ours)} == {
        "elasticache-stack-unique-user-names",
        "elasticache-stack-unique-passwords",
        "elasticache-stack-users-in-groups",
        "elasticache-stack-managed-passwords",
    }
    assert MARKER_PASSWORD not in str(ours) + str(stock)

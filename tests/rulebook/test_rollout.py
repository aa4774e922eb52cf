"""A roll-out over two years, as one platform team lives it: the clock is an argument all along."""

import json
from datetime import date
from typing import Any

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, analyze, changed, configured_all, secret
from tests.testbed import ROOT

PROFILES = ROOT / "profiles"
IAM = "elasticache-user-iam-authentication"
PASSWORDS = "elasticache-user-no-plaintext-passwords"
REGISTER = "elasticache-exemptions"
LEGACY = changed(
    authenticationMode=REMOVED,
    engine="redis",
    accessString="on ~app:* -@all +@hash",
    passwords=secret([MARKER_PASSWORD]),
)
EXEMPT = {
    "exempt": [
        {
            "policies": [IAM, PASSWORDS],
            "resource": "urn:pulumi:dev::shop::*::subject",
            "reason": "client library moves in March, SHOP-118",
            "expires": "2028-03-31",
        }
    ]
}


def expanded(configuration: dict[str, Any]) -> dict[str, Any]:
    """A configuration file's content as the engine hands it over, with every level in its place."""
    return {
        policy: {"enforcementLevel": reported} if isinstance(reported, str) else reported
        for policy, reported in configuration.items()
    }


AUDIT = json.loads((PROFILES / "audit.json").read_text())
ADVISORY = {IAM: "advisory", PASSWORDS: "advisory"}
MANDATORY = {REGISTER: {"enforcementLevel": "advisory", **EXEMPT}}

TIMELINE = [
    pytest.param("2026-12-01", AUDIT, {IAM: 0, PASSWORDS: 0}, "", id="the audit profile only reports"),
    pytest.param("2027-02-01", ADVISORY, {IAM: 0, PASSWORDS: 0}, "", id="advisory while teams move"),
    pytest.param("2027-06-01", {}, {IAM: 1, PASSWORDS: 1}, "", id="mandatory without exemption blocks"),
    pytest.param("2027-06-02", MANDATORY, {REGISTER: 0}, "exempted until 2028-03-31.\n", id="mandatory, exempted"),
    pytest.param("2028-03-20", MANDATORY, {REGISTER: 0}, "which is in 11 days", id="the end comes near"),
    pytest.param("2028-03-31", MANDATORY, {REGISTER: 0}, "which is today", id="the last day"),
    pytest.param("2028-04-01", MANDATORY, {IAM: 1, PASSWORDS: 1}, "Its exemption ended on 2028-03-31", id="it is back"),
    pytest.param(
        "2028-12-01",
        {REGISTER: {"enforcementLevel": "disabled", **EXEMPT}},
        {IAM: 1, PASSWORDS: 1},
        "",
        id="a register that is off exempts nobody",
    ),
]


@pytest.mark.parametrize(("today", "configuration", "levels", "words"), TIMELINE)
def test_the_legacy_user_over_two_years(
    today: str, configuration: dict[str, Any], levels: dict[str, int], words: str
) -> None:
    """Levels: 0 is advice, 1 blocks."""
    pack = configured_all(expanded(configuration), clock=lambda: date.fromisoformat(today))
    answer = analyze(LEGACY, pack=pack)
    reported = {diagnostic.policyName: diagnostic.enforcementLevel for diagnostic in answer.response.diagnostics}

    assert reported == levels
    assert all(words in message for messages in answer.violations.values() for message in messages)


def test_once_moved_to_iam_nothing_is_left_to_say() -> None:
    pack = configured_all(expanded(MANDATORY), clock=lambda: date(2028, 12, 1))

    assert not analyze(changed(), pack=pack).response.diagnostics

"""elasticache-exemptions: an exempted finding stops nobody, is reported as advice, and comes back after its date."""

from datetime import date
from typing import Any

import pytest

from policies.catalogue import CATALOGUE
from policies.exemptions import POLICY as REGISTER
from rulebook.configuration import ConfigurationError
from rulebook.policy import Level
from rulebook.rulebook import Rulebook
from tests.support.users import MARKER_PASSWORD, analyze, changed, configured_all, remediate, secret

POLICY = "elasticache-exemptions"
IAM = "elasticache-user-iam-authentication"
NAMES = "elasticache-user-lowercase-names"
URN = "urn:pulumi:dev::shop::aws:elasticache/user:User::subject"
BAD = changed(
    userId="App", userName="App", authenticationMode={"type": "password", "passwords": secret([MARKER_PASSWORD])}
)


def entry(**changes: object) -> dict[str, object]:
    return {
        "policies": [IAM],
        "resource": URN,
        "reason": "client library moves in March, SHOP-118",
        "expires": "2027-03-31",
        **changes,
    }


def pack(*entries: dict[str, object], today: str = "2027-01-01", level: str = "advisory", **levels: str) -> Any:
    """The servicer with a register, on a day."""
    configuration: dict[str, Any] = {
        policy.replace("_", "-"): {"enforcementLevel": reported} for policy, reported in levels.items()
    }
    configuration[POLICY] = {"enforcementLevel": level, "exempt": [*entries]}
    return configured_all(configuration, clock=lambda: date.fromisoformat(today))


def test_an_exempted_finding_becomes_advice_with_reason_and_date() -> None:
    answer = analyze(BAD, pack=pack(entry()))
    reported = answer.violations[POLICY][0]

    assert IAM not in answer.violations
    assert NAMES in answer.violations, "other policies are not exempted"
    assert reported.startswith(f"{IAM} is violated here, and exempted until 2027-03-31.")
    assert "Reason: client library moves in March, SHOP-118" in reported
    assert 'authenticationMode.type is "password", not iam.' in reported, (
        "the finding itself is reported, so that nobody takes it for a pass"
    )
    levels = {diagnostic.policyName: diagnostic.enforcementLevel for diagnostic in answer.response.diagnostics}
    assert levels[POLICY] == 0, "advice"


def test_the_register_never_blocks_whatever_its_level() -> None:
    answer = analyze(BAD, pack=pack(entry(), level="mandatory"))

    assert {reported.enforcementLevel for reported in answer.response.diagnostics if reported.policyName == POLICY} == {
        0
    }


@pytest.mark.parametrize(
    ("today", "says"),
    [
        ("2027-03-16", "until 2027-03-31.\n"),
        ("2027-03-17", "until 2027-03-31, which is in 14 days; after that the finding is back."),
        ("2027-03-30", "until 2027-03-31, which is in 1 day; after that the finding is back."),
        ("2027-03-31", "until 2027-03-31, which is today; after that the finding is back."),
    ],
)
def test_it_says_when_it_is_about_to_end(today: str, says: str) -> None:
    """From 14 days before on; the last day is inclusive."""
    assert says in analyze(BAD, pack=pack(entry(), today=today)).violations[POLICY][0]


def test_after_the_end_the_finding_is_back_and_says_since_when() -> None:
    answer = analyze(BAD, pack=pack(entry(), today="2027-04-01"))

    assert POLICY not in answer.violations
    assert answer.violations[IAM][0].endswith(
        "Its exemption ended on 2027-03-31. It was given for this reason: client library moves in March, SHOP-118"
    )


def test_a_disabled_register_puts_no_exemption_in_force() -> None:
    assert IAM in analyze(BAD, pack=pack(entry(), level="disabled")).violations


@pytest.mark.parametrize(
    ("resource", "covers"),
    [
        (URN, True),
        ("urn:pulumi:dev::shop::*", True),
        ("urn:pulumi:dev::shop::*::subject", True),
        ("urn:pulumi:dev::shop::*subjec?", True),
        ("urn:pulumi:dev::shop::**User::subject", True),
        ("urn:pulumi:prod::shop::*", False),
        ("urn:pulumi:dev::shopping::*", False),
        ("urn:pulumi:dev::shop::*::subject2", False),
        ("urn:pulumi:dev::shop::*::SUBJECT", False),
        ("urn:pulumi:dev::shop::[as]*", False),
        ("urn:pulumi:dev::shop::subject", False),
    ],
)
def test_the_resource_is_a_pattern_on_the_urn(resource: str, covers: bool) -> None:
    answer = analyze(BAD, pack=pack(entry(resource=resource)))

    assert (POLICY in answer.violations) is covers
    assert (IAM in answer.violations) is not covers


def test_of_several_entries_the_one_that_ends_last_counts() -> None:
    answer = analyze(
        BAD, pack=pack(entry(expires="2020-01-01"), entry(expires="2028-01-01"), entry(expires="2027-02-01"))
    )

    assert "exempted until 2028-01-01" in answer.violations[POLICY][0]


def test_one_entry_may_exempt_from_several_policies() -> None:
    answer = analyze(BAD, pack=pack(entry(policies=[IAM, NAMES])))

    assert len(answer.violations[POLICY]) == 2
    assert IAM not in answer.violations
    assert NAMES not in answer.violations


def test_a_disabled_policy_needs_no_exemption_and_gets_none_reported() -> None:
    answer = analyze(BAD, pack=pack(entry(), **{IAM.replace("-", "_"): "disabled"}))

    assert POLICY not in answer.violations


def test_an_exempted_user_is_not_remediated() -> None:
    """What is exempted stays as it is: rewriting it would replace the user."""
    remediating = {NAMES.replace("-", "_"): "remediate"}
    exempted, ended = (
        pack(entry(policies=[NAMES]), **remediating),
        pack(entry(policies=[NAMES], expires="2020-01-01"), **remediating),
    )

    assert remediate(BAD, exempted) == []
    assert [policy for policy, _ in remediate(BAD, ended)] == [NAMES]


@pytest.mark.parametrize(
    ("exempt", "line"),
    [
        ([entry(policies=[])], "option exempt[0].policies: expected `array` of length >= 1"),
        ([entry(policies=IAM)], "option exempt[0].policies: expected `array`, got `str`"),
        (
            [entry(policies=["elasticache-user-iam-authentification"])],
            'option exempt[0].policies: no policy is named "elasticache-user-iam-authentification" '
            "(did you mean elasticache-user-iam-authentication?)",
        ),
        ([entry(policies=[POLICY])], f'option exempt[0].policies: no policy is named "{POLICY}"'),
        ([entry(expires="31.3.2027")], "option exempt[0].expires: invalid RFC3339 encoded date"),
        ([entry(expires="2027-02-30")], "option exempt[0].expires: invalid RFC3339 encoded date"),
        ([entry(expires=20270331)], "option exempt[0].expires: expected `date`, got `int`"),
        ([entry(reason="")], "option exempt[0].reason: expected `str` of length >= 1"),
        ([entry(reason="  ")], "option exempt[0].reason: it is empty"),
        ([entry(), entry(resource="*")], 'option exempt[1].resource: "*" does not name stack and project'),
        ([entry(resource="urn:pulumi:*::shop::*")], "does not name stack and project"),
        ([entry(resource="urn:pulumi:prod*::shop::*")], "does not name stack and project"),
        ([entry(resource="urn:pulumi:dev::*")], "does not name stack and project"),
        ([entry(resource="legacy-app")], "does not name stack and project"),
        ([{**entry(), "until": "2027-03-31"}], "object contains unknown field `until`"),
        ([{key: value for key, value in entry().items() if key != "reason"}], "object missing required field `reason`"),
        (
            [{key: value for key, value in entry().items() if key != "expires"}],
            "object missing required field `expires`",
        ),
        ("none", "option exempt: expected `array`, got `str`"),
    ],
)
def test_a_mistake_in_the_register_stops_the_run_with_one_line(exempt: object, line: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Rulebook.of(CATALOGUE, {POLICY: (Level.ADVISORY, {"exempt": exempt})})

    assert str(refused.value).startswith(f"{POLICY}: option exempt")
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_retired_policies_stay_accepted_with_a_notice() -> None:
    """In levels and in exemptions alike: an upgrade breaks no configuration."""
    retired = {"elasticache-user-old": "elasticache-user-new took its place"}
    rules = Rulebook.of(
        CATALOGUE,
        {
            "elasticache-user-old": (Level.MANDATORY, {"option": 5}),
            POLICY: (None, {"exempt": [entry(policies=["elasticache-user-old"])]}),
        },
        retired=retired,
    )

    assert rules.notices == ("elasticache-user-old is retired: elasticache-user-new took its place",)


def test_the_register_is_the_last_of_the_catalogue() -> None:
    assert CATALOGUE[-1] is REGISTER

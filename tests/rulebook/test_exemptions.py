"""elasticache-exemptions: an exempted finding stops nobody, is told as advice, and comes back after its date."""

from datetime import date
from typing import Any

import pytest

from policies.catalogue import CATALOGUE
from policies.exemptions import POLICY as REGISTER
from rulebook.configuration import ConfigurationError
from rulebook.exemptions import Exemption
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
        policy.replace("_", "-"): {"enforcementLevel": told} for policy, told in levels.items()
    }
    configuration[POLICY] = {"enforcementLevel": level, "exempt": [*entries]}
    return configured_all(configuration, clock=lambda: date.fromisoformat(today))


def test_an_exempted_finding_becomes_advice_with_reason_and_date() -> None:
    answer = analyze(BAD, pack=pack(entry()))
    told = answer.violations[POLICY][0]

    assert IAM not in answer.violations
    assert NAMES in answer.violations, "other policies are not exempted"
    assert told.startswith(f"{IAM} is violated here, and exempted until 2027-03-31.")
    assert "Reason: client library moves in March, SHOP-118" in told
    assert 'found: authenticationMode.type "password", not iam\n' in told, (
        "the finding itself is reported, so that nobody takes it for a pass"
    )
    levels = {diagnostic.policyName: diagnostic.enforcementLevel for diagnostic in answer.response.diagnostics}
    assert levels[POLICY] == 0, "advice"


def test_the_register_never_blocks_whatever_its_level() -> None:
    answer = analyze(BAD, pack=pack(entry(), level="mandatory"))

    assert {told.enforcementLevel for told in answer.response.diagnostics if told.policyName == POLICY} == {0}


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
        ("urn:pulumi:dev::shop::*::subjec?", True),
        ("urn:pulumi:dev::shop::**User::subject", True),
        ("urn:pulumi:dev::shop::*::*", True),
        ("urn:pulumi:dev::shop::aws:*::s*t", True),
        ("urn:pulumi:prod::shop::*", False),
        ("urn:pulumi:dev::shopping::*", False),
        ("urn:pulumi:dev::shop::*::subject2", False),
        ("urn:pulumi:dev::shop::*::SUBJECT", False),
        ("urn:pulumi:dev::shop::[as]*::subject", False),
        ("urn:pulumi:dev::shop::*::[s]ubject", False),
        ("urn:pulumi:dev::shop::*subject::*", False),
        ("urn:pulumi:dev::shop::*::*::subject", False),
    ],
)
def test_the_resource_is_a_pattern_on_the_urn(resource: str, covers: bool) -> None:
    answer = analyze(BAD, pack=pack(entry(resource=resource)))

    assert (POLICY in answer.violations) is covers
    assert (IAM in answer.violations) is not covers


def test_a_star_never_reaches_from_one_part_into_another() -> None:
    """Developers choose the names of resources: none may slip under an exemption that was given to another."""
    legacy = Exemption(
        policies=(IAM,), resource="urn:pulumi:prod::shop::*::legacy-app", reason="r", expires=date(2027, 3, 31)
    )
    user = "aws:elasticache/user:User"

    assert legacy.covers(IAM, f"urn:pulumi:prod::shop::{user}::legacy-app")
    assert legacy.covers(IAM, f"urn:pulumi:prod::shop::my:index:Users${user}::legacy-app")
    assert not legacy.covers(IAM, f"urn:pulumi:prod::shop::{user}::evil::legacy-app")
    assert not legacy.covers(IAM, f"urn:pulumi:prod::shop::{user}::::legacy-app")
    assert not legacy.covers(IAM, f"urn:pulumi:prod::other::{user}::legacy-app")
    assert not legacy.covers(IAM, "urn:pulumi:prod::shop::legacy-app")


def test_a_name_with_colons_can_be_exempted_itself() -> None:
    entry_ = Exemption(policies=(IAM,), resource="urn:pulumi:a::b::*::x::*", reason="r", expires=date(2027, 3, 31))

    assert entry_.covers(IAM, "urn:pulumi:a::b::aws:elasticache/user:User::x::y")
    assert not entry_.covers(IAM, "urn:pulumi:a::b::aws:elasticache/user:User::x")


def test_many_stars_are_matched_in_linear_time() -> None:
    """With backtracking this would take longer than anybody waits."""
    stars = Exemption(
        policies=(IAM,), resource=f"urn:pulumi:a::b::*::{'*a' * 40}b", reason="r", expires=date(2027, 3, 31)
    )

    assert not stars.covers(IAM, f"urn:pulumi:a::b::t::{'a' * 20_000}")
    assert stars.covers(IAM, f"urn:pulumi:a::b::t::{'a' * 20_000}b")


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


def test_a_disabled_policy_needs_no_exemption_and_gets_none_told() -> None:
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


LIST = 'must be a list with at least one entry, such as "policies": ["…"]'
DATE = 'option exempt[0].expires must be a date, such as "2027-03-31"'


@pytest.mark.parametrize(
    ("exempt", "line"),
    [
        (
            [entry(policies=[])],
            f"option exempt[0].policies {LIST}, not an empty list",
        ),
        (
            [entry(policies=IAM)],
            f'option exempt[0].policies {LIST}, not "{IAM}"',
        ),
        (
            [entry(policies=["elasticache-user-iam-authentification"])],
            'option exempt[0].policies: no policy is named "elasticache-user-iam-authentification" '
            "(did you mean elasticache-user-iam-authentication?)",
        ),
        ([entry(policies=[POLICY])], f'option exempt[0].policies: no policy is named "{POLICY}"'),
        (
            [entry(expires="31.3.2027")],
            f'{DATE}, not "31.3.2027"',
        ),
        (
            [entry(expires="2027-02-30")],
            f'{DATE}, not "2027-02-30"',
        ),
        ([entry(expires=20270331)], f"{DATE}, not the number 20270331"),
        ([entry(reason="")], "option exempt[0].reason must be a text that is not empty, not an empty text"),
        ([entry(reason="  ")], "option exempt[0].reason is empty: say why"),
        ([entry(), entry(resource="*")], 'option exempt[1].resource: "*" does not name stack and project'),
        ([entry(resource="urn:pulumi:*::shop::*")], "does not name stack and project"),
        ([entry(resource="urn:pulumi:prod*::shop::*")], "does not name stack and project"),
        ([entry(resource="urn:pulumi:dev::*")], "does not name stack and project"),
        ([entry(resource="legacy-app")], "does not name stack and project"),
        ([entry(resource="urn:pulumi:dev::shop::*legacy-app")], "does not say which resource; write urn:pulumi:STACK"),
        ([entry(resource="urn:pulumi:dev::shop::legacy-app")], "does not say which resource; write urn:pulumi:STACK"),
        ([entry(resource="urn:pulumi:dev::shop")], "does not say which resource; write urn:pulumi:STACK"),
        (
            [{**entry(), "until": "2027-03-31"}],
            'option exempt[0] has no field "until": its fields are policies, ',
        ),
        (
            [{key: value for key, value in entry().items() if key != "reason"}],
            'option exempt[0] lacks reason: write "reason": "…"',
        ),
        (
            [{key: value for key, value in entry().items() if key != "expires"}],
            'option exempt[0] lacks expires: write "expires": "2027-03-31"',
        ),
        ("none", 'option exempt must be a list, such as "exempt": [{…}], not "none"'),
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

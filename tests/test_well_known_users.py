"""Users of well-known software: what the pack says of each is what the table says, on both engines."""

from typing import Final

import pytest
from pulumi.runtime import proto

from policies.catalogue import CATALOGUE
from tests.support.users import analyze, configured_all
from tests.support.well_known_users import Engine, WellKnownUser, well_known_users
from tests.testbed import ROOT
from tools.well_known_users import PAGE, page

USERS: Final = well_known_users()
POLICIES: Final = frozenset(policy.id for policy in CATALOGUE)
FEWEST_IN_ALL: Final = 100
FEWEST_OF_A_KIND: Final = 8
LEVELS: Final = {proto.ADVISORY: "advisory", proto.MANDATORY: "mandatory"}

ON_EACH_ENGINE: Final = [
    pytest.param(user, engine, id=f"{user.id}-{engine}") for user in USERS for engine in user.engines
]
EVERY_USER: Final = pytest.mark.parametrize("user", USERS, ids=lambda user: user.id)


def found(user: WellKnownUser, engine: Engine) -> set[tuple[str, str]]:
    """Each finding as its policy and its level; a policy that could not be checked is none."""
    answer = analyze(user.properties(engine), pack=configured_all(user.configuration))
    assert not answer.notes
    return {(shown.policyName, LEVELS[shown.enforcementLevel]) for shown in answer.response.diagnostics}


@pytest.mark.parametrize(("user", "engine"), ON_EACH_ENGINE)
def test_the_pack_says_of_a_user_what_the_table_says(user: WellKnownUser, engine: Engine) -> None:
    assert found(user, engine) == user.levels


@EVERY_USER
def test_no_safe_user_has_a_mandatory_finding_and_every_other_has_a_finding(user: WellKnownUser) -> None:
    if user.safe:
        assert "mandatory" not in {level for _, level in user.levels}
    else:
        assert user.findings


def test_the_table_is_what_it_says() -> None:
    kinds = [user.kind for user in USERS]

    assert len(USERS) >= FEWEST_IN_ALL
    assert len({user.id for user in USERS}) == len(USERS)
    assert {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) < FEWEST_OF_A_KIND} == {}
    assert sorted(kinds, key=kinds.index) == kinds, "users of a kind stand together"


@EVERY_USER
def test_a_row_is_whole(user: WellKnownUser) -> None:
    assert user.source.startswith("https://")
    assert {*user.findings} <= POLICIES
    assert {*user.lost} <= {*user.findings}
    assert user.uses.endswith(".")
    assert user.because.endswith(".")


def test_the_page_is_current() -> None:
    assert (ROOT / PAGE).read_text() == page(), f"{PAGE} is not current: run python -m tools.docs"


@EVERY_USER
def test_the_page_shows_each_user(user: WellKnownUser) -> None:
    section = page().partition(f"### `{user.id}`\n")[2].partition("\n### ")[0]

    assert f"```text\n{user.access_string}\n```" in section
    assert user.because in section
    assert {policy for policy in POLICIES if f"[{policy}]" in section} == {*user.findings}

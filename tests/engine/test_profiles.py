"""The ready profiles on one stack, side by side."""

import pytest

from tests.support.engine_programs import MARKER, SCOPED, RandomPassword, good_user
from tests.testbed import ROOT
from tests.testbed.engine import Engine

pytestmark = pytest.mark.engine

PASSWORDS = "elasticache-user-no-plaintext-passwords"
IAM = "elasticache-user-iam-authentication"
BROAD = "elasticache-user-no-broad-access"
KEYS = "elasticache-user-scoped-keys"
WIDE = "elasticache-user-no-cache-wide-commands"
MANAGED = "elasticache-stack-managed-passwords"
GROUPS = "elasticache-stack-users-in-groups"


def program() -> None:
    """Users as a team has them that is on its way: some good, some with passwords, some with too much."""
    good_user("good")
    good_user("generated", authentication_mode=None, passwords=[RandomPassword("store").result])
    good_user("written", authentication_mode=None, passwords=[MARKER])
    good_user("report", access_string="on ~* +get")
    good_user("worker", access_string="on ~app:* +@read +@write")
    good_user("admin", access_string="on ~* +@all")


EVERYBODY_OUTSIDE = {
    (user, GROUPS, "advisory") for user in ("good", "generated", "written", "report", "worker", "admin")
}
WITH_PASSWORDS = {(user, policy) for user in ("generated", "written") for policy in (PASSWORDS, IAM)}

EXPECTED = {
    None: {
        *((user, policy, "mandatory") for user, policy in WITH_PASSWORDS),
        ("report", KEYS, "advisory"),
        ("worker", WIDE, "advisory"),
        ("admin", BROAD, "mandatory"),
    },
    "strict": {
        *((user, policy, "mandatory") for user, policy in WITH_PASSWORDS),
        ("report", KEYS, "mandatory"),
        ("worker", WIDE, "mandatory"),
        ("admin", BROAD, "mandatory"),
        *EVERYBODY_OUTSIDE,
    },
    "managed-passwords": {
        ("written", MANAGED, "mandatory"),
        ("report", KEYS, "advisory"),
        ("worker", WIDE, "advisory"),
        ("admin", BROAD, "mandatory"),
    },
    "audit": {
        *((user, policy, "advisory") for user, policy in WITH_PASSWORDS),
        ("report", KEYS, "advisory"),
        ("worker", WIDE, "advisory"),
        ("admin", BROAD, "advisory"),
        *EVERYBODY_OUTSIDE,
    },
}


@pytest.mark.parametrize("profile", EXPECTED, ids=str)
def test_a_profile_finds_what_it_is_for(engine: Engine, profile: str | None) -> None:
    """The same stack under each profile, in preview; only the audit profile lets all of it through."""
    config = None if profile is None else ROOT / "profiles" / f"{profile}.json"

    run = engine.preview(program, config=config)

    assert {(reported.resource, reported.policy, reported.level) for reported in run.violations} == EXPECTED[profile]
    assert run.ok is (profile == "audit")
    assert SCOPED  # the good user's string, which no profile minds


def test_the_audit_profile_deploys(engine: Engine) -> None:
    """An audit stops nobody: the stack comes up, and everything is reported."""
    run = engine.up(program, config=ROOT / "profiles" / "audit.json")

    assert run.ok, run.text
    assert {(reported.resource, reported.policy, reported.level) for reported in run.violations} == EXPECTED["audit"]


def test_a_generated_password_comes_up_under_the_managed_passwords_profile(engine: Engine) -> None:
    """Its value is known in `up`, and it still differs from a written one by what it comes from."""

    def managed() -> None:
        good_user("generated", authentication_mode=None, passwords=[RandomPassword("store").result])

    run = engine.up(managed, config=ROOT / "profiles" / "managed-passwords.json")

    assert run.ok, run.text
    assert run.violations == []

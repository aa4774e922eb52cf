"""Org-wide enforcement with the real CLI: a pack that is published and enabled reaches every stack, with no flag.

The organization is the stand-in of tests/support/cloud.py, the language host that of tests/stand_ins. Publishing,
validating, enabling, downloading, unpacking, starting the pack and enforcing are the real CLI's doing.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import engine as engine_support
import language_host
import pytest
from cloud import Cloud, running_cloud
from engine import ORGANIZATION, PROJECT, ROOT, STACK, Engine, EngineRun
from engine_programs import PASSWORDS, good_user

from examples.guide import two_passwords_user
from policies import CATALOGUE, PACK_NAME, PACK_VERSION
from tools import package
from tools.pulumi_cli import PulumiCliError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.engine

FIRST_FOUR = {policy.id for policy in CATALOGUE[:4]}
REGISTER = "elasticache-exemptions"
REASON = "clients move in March, SHOP-118"
URN = f"urn:pulumi:{STACK}::{PROJECT}::*::test"


class Organization(NamedTuple):
    """An organization with one published version of the pack, and an engine that belongs to it."""

    engine: Engine
    cloud: Cloud

    def pulumi(self, *arguments: str) -> EngineRun:
        """Run the CLI as a member of the organization."""
        return self.engine._kept(self.engine._run(arguments, self._folder, self._variables))

    def enable(self, config: Mapping[str, object]) -> EngineRun:
        """Enable the pack with a configuration, which the CLI sends on as it reads it."""
        file = engine_support._written(self._folder / "enabled.json", config)
        return self.pulumi("policy", "enable", f"{ORGANIZATION}/{PACK_NAME}", PACK_VERSION, "--config", str(file))

    def preview(self, program: Callable[[], None]) -> EngineRun:
        """Preview a program in the organization's stack, without a word of any policy pack."""
        folder = self.engine.new_stack().directory
        log = folder / "events.jsonl"
        with engine_support._served(program) as address:
            run = self.engine._run(
                [
                    *("preview", "--stack", f"{ORGANIZATION}/{STACK}", "--color", "never", "--event-log", str(log)),
                    *("--client", address, "--exec-kind", "auto.inline"),
                ],
                folder,
                self._variables,
            )
        events = log.read_text(encoding="utf-8") if log.exists() else ""
        return self.engine._kept(EngineRun(exit_code=run.exit_code, text=run.text, raw_events=events))

    @property
    def _folder(self) -> Path:
        return self.engine.home

    @property
    def _variables(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": self.cloud.url, "PULUMI_ACCESS_TOKEN": "token-of-nobody"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    """Return an organization to which the pack was published, and look for passwords in all that came out."""
    folder = tmp_path_factory.mktemp("organization")
    try:
        engine = Engine(folder)
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    package.stage(ROOT, folder / "staged")
    with running_cloud(ORGANIZATION) as cloud:
        run = engine.publish(cloud_url=cloud.url, pack=folder / "staged")
        assert run.ok, run.text
        language_host.install(folder / "plugins")
        yield Organization(engine, cloud)
    assert [number for number, text in enumerate(PASSWORDS) for run in engine.runs if text in run.everything] == []


@pytest.fixture
def organization(published: Organization) -> Organization:
    """Return the organization with no pack enabled."""
    published.cloud.enabled.clear()
    return published


def exemption(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a configuration that exempts the guide's user from the first four policies for a month."""
    expires = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    entry = {"policies": sorted(FIRST_FOUR), "resource": URN, "reason": REASON, "expires": expires}
    others = {policy.id: "disabled" for policy in CATALOGUE[4:] if policy.id != REGISTER}
    return {**others, REGISTER: {"exempt": [{**entry, **changes}]}}


def test_a_required_pack_is_installed_and_blocks(organization: Organization) -> None:
    """The guide's third user is stopped by the published pack, which the CLI fetched and installed by itself."""
    assert organization.enable({}).ok

    run = organization.preview(two_passwords_user.program)

    assert not run.ok
    assert run.errors == []
    assert run.policies("test", level="mandatory") & FIRST_FOUR == FIRST_FOUR, run.text
    assert f"{PACK_NAME}@v{PACK_VERSION}" in run.text
    assert "local:" not in run.text
    assert organization.cloud.downloads == [PACK_VERSION]


def test_without_the_pack_the_user_goes_through(organization: Organization) -> None:
    """It is the required pack that blocks: once it is disabled, the same preview passes."""
    assert organization.enable({}).ok
    assert organization.pulumi("policy", "disable", f"{ORGANIZATION}/{PACK_NAME}").ok

    run = organization.preview(two_passwords_user.program)

    assert run.ok, run.text
    assert run.violations == []


def test_an_exemption_lets_one_user_through(organization: Organization) -> None:
    """An exempted user passes, and the register says which findings it holds back, why, and until when."""
    assert organization.enable(exemption()).ok

    run = organization.preview(two_passwords_user.program)

    assert run.ok, run.text
    advice = [violation for violation in run.violations if violation.policy == REGISTER]
    assert {policy for policy in FIRST_FOUR for entry in advice if policy in entry.message} == FIRST_FOUR
    assert all(REASON in entry.message for entry in advice)
    assert {violation.level for violation in run.violations} == {"advisory"}


def test_an_exemption_is_for_nobody_else(organization: Organization) -> None:
    """Another user of the same stack is blocked as ever."""
    assert organization.enable(exemption()).ok

    def program() -> None:
        two_passwords_user.program()
        good_user("other", access_string="on ~* +@all")

    run = organization.preview(program)

    assert not run.ok
    assert run.policies("other", level="mandatory") & FIRST_FOUR == {"elasticache-user-no-broad-access"}
    assert run.policies("test", level="mandatory") == set()


def test_an_exemption_ends(organization: Organization) -> None:
    """After its last day the user is blocked again, and told since when."""
    assert organization.enable(exemption(expires="2026-01-31")).ok

    run = organization.preview(two_passwords_user.program)

    assert not run.ok
    assert run.policies("test", level="mandatory") & FIRST_FOUR == FIRST_FOUR
    assert "2026-01-31" in run.text


def test_a_misspelt_policy_stops_every_preview(organization: Organization) -> None:
    """`policy enable` takes any name, but the pack does not: the run stops with a line that names the nearest one."""
    assert organization.enable({"elasticache-user-no-broad-acces": "advisory"}).ok

    run = organization.preview(two_passwords_user.program)

    assert not run.ok
    assert run.violations == []
    assert "elasticache-user-no-broad-access" in run.text


def test_a_bad_option_is_refused_before_it_is_enabled(organization: Organization) -> None:
    """`policy validate-config` holds a configuration against the published schema, so it comes first in a release."""
    pack = (f"{ORGANIZATION}/{PACK_NAME}", PACK_VERSION)
    files = {
        name: str(engine_support._written(organization.engine.home / f"{name}.json", config))
        for name, config in {"good": exemption(), "bad": {REGISTER: {"exempt": [{"policies": []}]}}}.items()
    }

    good = organization.pulumi("policy", "validate-config", *pack, "--config", files["good"])
    bad = organization.pulumi("policy", "validate-config", *pack, "--config", files["bad"])

    assert good.ok, good.text
    assert not bad.ok
    assert "policy pack configuration is invalid: resource is required, reason is required" in bad.text

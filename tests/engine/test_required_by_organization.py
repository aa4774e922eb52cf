"""Org-wide enforcement with the real CLI: a pack that is published and enabled reaches every stack, with no flag.

The organization is the stand-in of tests/testbed/cloud.py, the language host that of tests/testbed/stand_ins.
Publishing, validating, enabling, downloading, unpacking, starting the pack and enforcing are the real CLI's doing.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from examples.guide import two_passwords_user
from policies import PACK_NAME, PACK_VERSION
from policies.catalogue import CATALOGUE
from tests.support.engine_programs import PASSWORDS, good_user
from tests.testbed import ROOT, stand_ins
from tests.testbed import engine as engine_support
from tests.testbed.cloud import Cloud, running_cloud
from tests.testbed.engine import ORGANIZATION, PROJECT, STACK, Engine, EngineRun
from tests.testbed.pulumi_cli import PulumiCliError
from tools import package

pytestmark = pytest.mark.engine

FIRST_FOUR = {policy.id for policy in CATALOGUE[:4]}
REGISTER = "elasticache-exemptions"
NEXT_VERSION = "99.0.0"
REASON = "clients move in March, SHOP-118"
URN = f"urn:pulumi:{STACK}::{PROJECT}::*::test"


class Organization(NamedTuple):
    """An organization with two published versions of the pack, and an engine that belongs to it."""

    engine: Engine
    cloud: Cloud

    def pulumi(self, *arguments: str) -> EngineRun:
        """Run the CLI as a member of the organization."""
        return self.engine._kept(self.engine._run(arguments, self._folder, self._variables))

    def enable(self, config: Mapping[str, object], version: str = PACK_VERSION) -> EngineRun:
        """Enable the pack with a configuration, which the CLI sends on as it reads it."""
        file = engine_support._written(self._folder / "enabled.json", config)
        return self.pulumi("policy", "enable", f"{ORGANIZATION}/{PACK_NAME}", version, "--config", str(file))

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a member of the organization."""
        return self.engine._environment(self._folder) | self._variables

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
    """Return an organization to which two versions were published, and look for passwords in all that came out."""
    folder = tmp_path_factory.mktemp("organization")
    try:
        engine = Engine(folder)
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    with running_cloud(ORGANIZATION) as cloud:
        for version in (PACK_VERSION, NEXT_VERSION):
            staged = folder / version
            package.stage(ROOT, staged)
            settings = staged / "PulumiPolicy.yaml"
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace(f"version: {PACK_VERSION}", f"version: {version}"), encoding="utf-8")
            run = engine.publish(cloud_url=cloud.url, pack=staged)
            assert run.ok, run.text
        stand_ins.install(folder / "plugins", [stand_ins.LANGUAGE_HOST])
        yield Organization(engine, cloud)
    assert [number for number, text in enumerate(PASSWORDS) for run in engine.runs if text in run.everything] == []


@pytest.fixture
def organization(published: Organization) -> Organization:
    """Return the organization with no pack enabled."""
    published.cloud.enabled.clear()
    return published


def exemption(**changes: Any) -> dict[str, Any]:
    """Return a configuration that exempts the guide's user from the first four policies."""
    entry = {"policies": sorted(FIRST_FOUR), "resource": URN, "reason": REASON, "expires": "2099-12-31"}
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
    assert organization.cloud.downloads.count(PACK_VERSION) == 1, "a version is downloaded once a machine"


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
    """After its last day the user is blocked again, and the message says since when."""
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


def test_a_rollback_brings_the_former_version_back(organization: Organization) -> None:
    """Enabling names a version, so the former one is back with one command, and needs no new publication."""
    advisory = {"all": "advisory"}

    assert organization.enable(advisory, NEXT_VERSION).ok
    new = organization.preview(two_passwords_user.program)
    assert organization.enable(advisory, PACK_VERSION).ok
    former = organization.preview(two_passwords_user.program)

    assert [run.ok for run in (new, former)] == [True, True]
    assert f"{PACK_NAME}@v{NEXT_VERSION}" in new.text
    assert f"{PACK_NAME}@v{PACK_VERSION}" in former.text
    assert f"{PACK_NAME}@v{NEXT_VERSION}" not in former.text


def test_one_command_checks_and_enables(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`python -m tools.package enable` refuses a misspelt policy that Pulumi Cloud would take, and enables the rest."""
    for name, value in organization.environment.items():
        monkeypatch.setenv(name, value)
    folder = organization.engine.home
    misspelt = engine_support._written(folder / "misspelt.json", {"elasticache-user-no-broad-acces": "advisory"})

    assert package.main(["enable", ORGANIZATION, "--config", str(misspelt)]) == 1
    assert "did you mean elasticache-user-no-broad-access?" in capfd.readouterr().err
    assert organization.cloud.enabled == {}

    audit = ROOT / "profiles" / "audit.json"
    assert package.main(["enable", ORGANIZATION, "--config", str(audit), "--group", "canary"]) == 0
    enabled = organization.cloud.enabled[PACK_NAME]
    assert (enabled["versionTag"], enabled["config"]["all"]) == (PACK_VERSION, {"enforcementLevel": "advisory"})
    assert organization.preview(two_passwords_user.program).ok

"""`python -m audit check` and the real engine find the same in the same state."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.__main__ import main
from tests.support import corpus
from tests.testbed import ROOT
from tests.testbed.engine import Engine, redacted

pytestmark = pytest.mark.engine

CONFIGS: list[dict[str, Any] | str | None] = [None, corpus.EVERYTHING_ON, "strict", "managed-passwords", "audit"]


@pytest.mark.parametrize("readable", [True, False], ids=["readable", "redacted"])
@pytest.mark.parametrize("config", CONFIGS, ids=["default", "everything", "strict", "managed-passwords", "audit"])
def test_audit_and_engine_agree(
    engine: Engine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    config: dict[str, Any] | str | None,
    readable: bool,
) -> None:
    """Policy, level, resource and words, under every profile, whether the secrets in the state can be read or not.

    The engine can decrypt an export that it made, which the audit cannot: so both get the same plain or redacted one.
    """
    stack = engine.new_stack()
    assert engine.up(corpus.bad, pack=None, stack=stack).ok
    state = engine.export(stack, show_secrets=True)
    export = tmp_path / "export.json"
    export.write_text(json.dumps(state if readable else redacted(state)))
    arguments = ["check", str(export), "--format", "json"]
    given: Any = ROOT / "profiles" / f"{config}.json" if isinstance(config, str) else config
    if given is not None:
        path = given if isinstance(config, str) else tmp_path / "config.json"
        if not isinstance(config, str):
            path.write_text(json.dumps(given))
        arguments += ["--config", str(path)]

    run = engine.analyze(export, config=given)
    code = main(arguments)

    report = json.loads(capsys.readouterr().out)
    audited = {
        (entry["urn"].rpartition("::")[2], entry["policy"], entry["level"], entry["message"])
        for entry in report["findings"] + report["not_checked"]
    } | {
        (entry["urn"].rpartition("::")[2], "elasticache-exemptions", "advisory", entry["message"])
        for entry in report["exempted"]
    }
    reported = {
        (found.resource, found.policy, found.level, found.message.partition("\n")[2].strip())
        for found in run.violations
    }
    assert {entry[:3] for entry in audited} == {entry[:3] for entry in reported}
    assert audited == reported
    assert (code == 0) is run.ok

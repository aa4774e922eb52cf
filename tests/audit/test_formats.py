"""Each output format is listed, documented and tried; a step that was left out is named in a sentence."""

import json
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from audit.check import FORMATS
from audit.report import Report
from policies.catalogue import CATALOGUE
from rulebook.exemptions import AppliedExemption, Exemption
from rulebook.outcome import Outcome
from rulebook.policy import Finding, NotApplicable, NotChecked

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "audit.md"
TRIED: Final = {"text", "json"}
"""The formats whose own tests are below, or in a file named after them."""


def report() -> Report:
    """One outcome of every kind."""
    policy = CATALOGUE[0]
    finding = Finding(found="passwords holds 1 password", risk="it is kept", fix="remove passwords")
    entry = Exemption(
        policies=(policy.id,), resource="urn:pulumi:a::b::*", reason="until March", expires=date(2027, 3, 31)
    )
    exemption = AppliedExemption(entry, days_left=20)
    made = Report(sources=1, subjects=4, users=4)
    made.add(
        [
            Outcome(policy, policy.level, "urn:pulumi:a::b::t::one", finding),
            Outcome(policy, policy.level, "urn:pulumi:a::b::t::two", finding, exemption),
            Outcome(policy, policy.level, "urn:pulumi:a::b::t::three", NotChecked("it is not known yet.")),
            Outcome(policy, policy.level, "urn:pulumi:a::b::t::four", NotApplicable("it is another type")),
        ],
        "export.json",
    )
    return made


def test_every_format_is_listed_documented_and_tried() -> None:
    modules = {path.stem for path in (ROOT / "audit" / "formats").glob("*.py")} - {"__init__"}
    assert modules <= FORMATS.keys(), f"list {modules - FORMATS.keys()} in FORMATS of audit/check.py"
    assert FORMATS.keys() <= modules, f"write audit/formats/{FORMATS.keys() - modules}.py with a function write(report)"
    text = PAGE.read_text()
    missing = sorted(name for name in FORMATS if f"`{name}`" not in text)
    assert not missing, f"add a row for {missing} to the table of formats in docs/audit.md"
    untried = sorted(FORMATS.keys() - TRIED)
    assert not untried, f"read what {untried} writes with an independent reader in {__file__}, then add it to TRIED"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_every_kind_of_report(name: str) -> None:
    for made in (report(), Report(), Report(sources=1), Report(sources=1, any_policy_enabled=False)):
        assert FORMATS[name](made)


def test_text_shows_what_people_must_see() -> None:
    text = FORMATS["text"](report())

    assert "found: passwords holds 1 password" in text
    assert "Reason: until March" in text
    assert "Not checked: it is not known yet." in text
    assert "it is another type" not in text
    assert text.endswith("4 ElastiCache users, 1 finding, 1 exempted, 1 not checked")


def test_json_holds_everything() -> None:
    document = json.loads(FORMATS["json"](report()))

    assert {name: len(document[name]) for name in ("findings", "exempted", "not_checked", "not_applicable")} == {
        "findings": 1,
        "exempted": 1,
        "not_checked": 1,
        "not_applicable": 1,
    }

"""The report as one JSON object, whose keys programs rely on."""

import json
from typing import Any

from audit.report import Entry, Report
from rulebook.message import message_of


def write(report: Report) -> str:
    """The report as JSON text."""
    lists = {
        "findings": report.findings,
        "exempted": report.exempted,
        "not_checked": report.not_checked,
        "not_applicable": report.not_applicable,
    }
    document: dict[str, Any] = {name: [_entry(entry) for entry in entries] for name, entries in lists.items()}
    document["unused_exemptions"] = report.unused_exemptions
    document["summary"] = {
        "users": report.users,
        "findings": len(lists["findings"]),
        "exempted": len(lists["exempted"]),
        "not_checked": len(lists["not_checked"]),
        "nothing_judged": report.nothing_judged,
    }
    return json.dumps(document, indent=2)


def _entry(entry: Entry) -> dict[str, str]:
    outcome = entry.outcome
    return {
        "policy": outcome.policy.id,
        "level": outcome.level.value,
        "severity": outcome.policy.severity.value,
        "urn": outcome.urn,
        "file": entry.file,
        "message": message_of(outcome),
    }

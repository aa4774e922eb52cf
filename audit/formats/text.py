"""The report for people."""

from audit.output import harmless
from audit.report import Entry, Report
from policies import PACK_NAME, PACK_VERSION
from rulebook.message import message_of


def write(report: Report) -> str:
    """The report as text: what was found, resource by resource, and a line of counts."""
    findings, exempted, not_checked = report.findings, report.exempted, report.not_checked
    by_urn: dict[str, list[Entry]] = {}
    for entry in (*findings, *exempted, *not_checked):
        by_urn.setdefault(entry.outcome.urn, []).append(entry)
    lines: list[str] = []
    for urn, entries in by_urn.items():
        lines.append(urn or "the stack as a whole")
        for entry in entries:
            lines += _lines(entry)
        lines.append("")
    if report.unused_exemptions:
        lines += ["Exemptions that match no finding:", *(f"  {entry}" for entry in report.unused_exemptions), ""]
    counts = [
        _counted(report.users, "ElastiCache user"),
        _counted(len(findings), "finding"),
        *([f"{len(exempted)} exempted"] if exempted else []),
        *([f"{len(not_checked)} not checked"] if not_checked else []),
    ]
    nothing = report.nothing_judged
    summary = ", ".join(counts) if nothing is None else f"nothing was judged: {nothing}"
    lines.append(f"{PACK_NAME} {PACK_VERSION}: {summary}")
    return "\n".join(map(harmless, lines))


def _lines(entry: Entry) -> list[str]:
    outcome = entry.outcome
    policy = outcome.policy
    return [
        f"  [{outcome.level.value}] [severity: {policy.severity.value}] {policy.id}",
        *(f"      {line}" for line in (policy.description, *message_of(outcome).splitlines())),
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

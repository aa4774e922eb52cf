"""The results as a table for people, and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.measure import Row

Curve = dict[int, float]
"""Size to milliseconds, the median."""


@dataclass
class Results:
    """All that one run measured."""

    rows: list[Row] = field(default_factory=list)
    stack_curves: dict[str, Curve] = field(default_factory=dict)
    """Analyzer to its curve: AnalyzeStack by the number of resources."""
    string_curves: dict[str, Curve] = field(default_factory=dict)
    """Family of access strings to its curve: Analyze by the length of the string."""
    megabytes: dict[str, dict[int, float]] = field(default_factory=dict)
    """Analyzer to its peak of memory by the number of resources in the stack; `request` is the request's own size."""
    notes: list[str] = field(default_factory=list)

    @property
    def missed(self) -> list[Row]:
        """The targets that were not met."""
        return [row for row in self.rows if row.missed]


def as_json(results: Results) -> dict[str, Any]:
    """Everything, with one ratio a round."""
    return {
        "rows": [
            {
                "what": row.what,
                "against": row.against,
                "min": min(row.ratios),
                "median": row.ratio,
                "max": max(row.ratios),
                "target": row.target,
                "met": None if row.target is None else not row.missed,
                "milliseconds": row.milliseconds,
                "base_milliseconds": row.base_milliseconds,
                "ratios": row.ratios,
            }
            for row in results.rows
        ],
        "stack_curves": results.stack_curves,
        "string_curves": results.string_curves,
        "megabytes": results.megabytes,
        "notes": results.notes,
    }


def as_table(results: Results) -> str:
    """The ratios with their spread, one line each; Markdown, so that docs can take it as it is."""
    cells: list[tuple[str, ...]] = [("what", "against", "median", "min to max", "at most", "")]
    cells += [_cells(row) for row in results.rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    for name, peaks in results.megabytes.items():
        reported = ", ".join(f"{peak:.0f} MB at {size:,}" for size, peak in peaks.items())
        lines.append(f"memory, {name}: {reported}")
    return "\n".join([*lines, *results.notes])


def _cells(row: Row) -> tuple[str, ...]:
    verdict = "" if row.target is None else "MISSED" if row.missed else "met"
    target = "" if row.target is None else f"{row.target:.2f}"
    return (
        row.what,
        row.against,
        f"{row.ratio:.2f}",
        f"{min(row.ratios):.2f} to {max(row.ratios):.2f}",
        target,
        verdict,
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"

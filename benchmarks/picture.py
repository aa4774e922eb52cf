"""Draws the growth curves: `python -m benchmarks.picture build/benchmarks.json docs/pictures`."""

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MARKED = {"ordinary": "black", "ours": "black", "nothing": "tab:green", "stock": "tab:red"}


def draw(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write cost-access-strings.png and cost-stacks.png.

    :param results: what `report.as_json` gives, read back.
    :raises ModuleNotFoundError: matplotlib is not installed (benchmarks/requirements.txt).
    """
    matplotlib = importlib.import_module("matplotlib")
    matplotlib.use("Agg")
    plots = importlib.import_module("matplotlib.pyplot")
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _curves(
            plots,
            results["string_curves"],
            ("One user, by the length of its access string", "characters", "milliseconds per call, median"),
            folder / "cost-access-strings.png",
            limit=("ordinary", 5.0),
        ),
        _curves(
            plots,
            results["stack_curves"],
            ("AnalyzeStack, by the size of the stack", "resources", "milliseconds per call, median"),
            folder / "cost-stacks.png",
        ),
    ]


def _curves(
    plots: Any,  # noqa: ANN401 - matplotlib is imported when asked for
    curves: Mapping[str, Mapping[str, float]],
    texts: tuple[str, str, str],
    file: Path,
    limit: tuple[str, float] | None = None,
) -> Path:
    figure, axes = plots.subplots(figsize=(8, 5), dpi=110)
    for name, curve in curves.items():
        sizes, values = [int(size) for size in curve], [*curve.values()]
        marked = name in _MARKED
        axes.plot(
            sizes,
            values,
            color=_MARKED.get(name, "tab:blue"),
            linewidth=2 if marked else 0.8,
            alpha=1 if marked else 0.5,
            label=name if marked else None,
            marker="o" if marked else None,
            zorder=3 if marked else 2,
        )
    if limit is not None and limit[0] in curves:
        base = curves[limit[0]]
        sizes, values = [int(size) for size in base], [value * limit[1] for value in base.values()]
        axes.plot(sizes, values, color="tab:red", linestyle="--", label=f"{limit[1]:g} times {limit[0]}")
        axes.plot([], [], color="tab:blue", linewidth=0.8, alpha=0.5, label=f"{len(curves) - 1} hostile families")
    title, across, up = texts
    axes.set(xscale="log", yscale="log", title=title, xlabel=across, ylabel=up)
    axes.grid(visible=True, which="major", linewidth=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file)
    plots.close(figure)
    return file


if __name__ == "__main__":
    for drawn in draw(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2])):
        print(drawn)

"""`python -m benchmarks [--quick] [--json FILE] [--pictures FOLDER]`: exit 1 when a target is missed."""

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks import picture, suite
from benchmarks.report import as_json, as_table

_JSON = Path("build") / "benchmarks.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every target is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the pack costs every preview.")
    parser.add_argument("--quick", action="store_true", help="a minute in place of five, with more noise")
    parser.add_argument("--json", type=Path, default=_JSON, metavar="FILE", help=f"default: {_JSON}")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw the growth curves there")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    results = suite.run(
        suite.QUICK if options.quick else suite.FULL, lambda step: print(f"measuring {step} …", flush=True)
    )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(as_json(results), indent=1), encoding="utf-8")
    print(f"\n{as_table(results)}\n\n{time.monotonic() - start:.0f} s. All of it is in {options.json}.")
    if options.pictures is not None:
        picture.draw(json.loads(options.json.read_text(encoding="utf-8")), options.pictures)
    for row in results.missed:
        print(f"MISSED: {row.what}: {row.ratio:.2f} times {row.against}, at most {row.target} wanted", file=sys.stderr)
    return 1 if results.missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the parts of the documentation that follow from the catalogue, or check that they are current.

`python -m tools.docs` writes them, `python -m tools.docs --check` exits 1 when something differs.
"""

import sys
from pathlib import Path
from typing import Final

from policies import CATALOGUE

ROOT: Final = Path(__file__).resolve().parent.parent
_BEGIN: Final = "<!-- begin: policies, written by `python -m tools.docs` -->"
_END: Final = "<!-- end: policies -->"


def policy_table() -> str:
    """The table of all policies, in Markdown."""
    rows = ["| policy | default level | severity | a user passes when |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{policy.id}` | {policy.level.value} | {policy.severity.value} | {policy.description} |"
        for policy in CATALOGUE
    ]
    return "\n".join(rows)


def with_table(text: str) -> str:
    """A page with the table between its two marks made current."""
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}\n{policy_table()}\n{_END}{after}"


def main() -> int:
    """Write or check README.md."""
    readme = ROOT / "README.md"
    current = readme.read_text()
    wanted = with_table(current)
    if wanted == current:
        return 0
    if "--check" in sys.argv[1:]:
        print("README.md is not current: run python -m tools.docs")
        return 1
    readme.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())

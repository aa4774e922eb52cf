"""Run the examples of every language that runs here through the real engine, and write down what the pack reports.

    python -m tools.languages             run them, and write examples/findings.json and docs/languages.md
    python -m tools.languages --page      write docs/languages.md from examples/findings.json alone
    python -m tools.languages --check     exit 1 when the two are not current

Only the first needs the languages. tests/testbed/languages.py runs them. Exit code 1 when something
differs or is not current.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from policies.catalogue import CATALOGUE
from tests.testbed import ROOT, pulumi_cli
from tests.testbed.languages import (
    EXAMPLES,
    MADE,
    MANAGED_EXAMPLES,
    READ,
    RUN,
    LanguageError,
    differences,
    expected,
    run,
)

FOLDERS: Final = frozenset({"yaml"})
"""The languages without an Automation API, whose folders tests/engine/test_yaml.py previews as their users do."""

RECORD: Final = EXAMPLES / "findings.json"
PAGE: Final = ROOT / "docs" / "languages.md"


def digests() -> dict[str, str]:
    """Return a digest of each language's sources, by which a record knows what it was made of."""
    made = {}
    for language in (*RUN, *READ):
        digest = hashlib.sha256()
        folder = EXAMPLES / language
        files = (path for path in folder.rglob("*") if path.is_file() and not MADE.intersection(path.parts))
        for path in sorted(files):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        made[language] = digest.hexdigest()
    return made


def record() -> dict[str, Any]:
    """Return what was written down: `findings`, by example the level of each policy, and the sources' `digests`."""
    written: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return written


def page(findings: Mapping[str, Mapping[str, str]]) -> str:
    """Return docs/languages.md."""
    return _PAGE.replace("TABLE", table(findings))


def table(findings: Mapping[str, Mapping[str, str]]) -> str:
    """Return what was found, as a table of example, policy and language in Markdown."""
    languages = [*RUN.values(), *READ.values()]
    rows = [f"| example | policy | {' | '.join(languages)} |", f"| --- | --- |{' --- |' * len(languages)}"]
    for example, reported in findings.items():
        name = f"`{example}`" + (" (managed)" if example in MANAGED_EXAMPLES else "")
        for policy, level in reported.items():
            rows.append(f"| {name} | `{policy}` | {' | '.join(_cells(level))} |")
        if not reported:
            rows.append(f"| {name} | none | {' | '.join(_cells('passes'))} |")
    return "\n".join(rows)


def _cells(found: str) -> list[str]:
    return [*[found] * len(RUN), *[found if language in FOLDERS else "the same" for language in READ]]


def summary() -> str:
    """Return how each language was tried, as a short table in Markdown."""
    rows = [
        (", ".join(RUN.values()), "the guide's programs run in the real engine, by the language's Automation API"),
        (
            ", ".join(READ[language] for language in READ if language in FOLDERS),
            "the guide's programs run in the real engine, as plain `pulumi preview` in their folders",
        ),
        (
            ", ".join(READ[language] for language in READ if language not in FOLDERS),
            "read by a test and found to ask for the same users; not run",
        ),
    ]
    return "\n".join(["| language | how it was tried |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])


_PAGE: Final = """\
<!-- Written by `python -m tools.languages`. -->
# The same findings in every language

Policies judge what a program asks Pulumi for, whatever it is written in. [examples/](../examples) has the guide's three
users in all of its languages: as the guide writes them, corrected, and for teams that keep passwords.

TABLE

- **TypeScript, Python, Go, Java** ran through the real engine by their Automation APIs, each with its own package of
  the AWS provider. The user's inputs and every report, its message included, are the same in all four.
- **YAML** ran through the real engine as its users run it: a plain `pulumi preview --policy-pack` in each folder, with
  Pulumi's own language host for YAML, built from its source where none is installed. The findings are the same.
- **C#**: "the same" means that a test reads the program and finds the very properties that the others sent. It was not
  run, since that needs the .NET SDK and its language host.
- The provider itself is a stand-in that marks passwords as secrets as the real one does, and creates nothing.
- `(managed)`: run with [profiles/managed-passwords.json](../profiles/managed-passwords.json), for teams that keep
  passwords. All others run with the defaults.
- The random provider of the last example stands in too. In Java, its class is written out in the examples, and so are
  the write-only arguments, which the newest `com.pulumi:aws` on Maven Central (6.83.0) does not know.

`make test-languages` runs it all again and compares. Packages take about 600 MB in `build/languages/`. On two cores it
needs one and a half minutes, and another two the first time, for packages and compiling.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 1 when something differs or is not current."""
    parser = argparse.ArgumentParser(prog="python -m tools.languages", description="Run the examples in all languages.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="only say whether what was written down is current")
    only.add_argument("--page", action="store_true", help="only write the page, from what was written down")
    options = parser.parse_args(arguments)
    if options.check:
        return _check()
    if options.page:
        PAGE.write_text(page(record()["findings"]), encoding="utf-8")
        return 0
    return _run()


def _run() -> int:
    try:
        outcomes = {language: run(language, [*expected()]) for language in RUN}
    except (LanguageError, pulumi_cli.PulumiCliError) as error:
        print(f"languages: {error}", file=sys.stderr)
        return 1
    if found := differences(outcomes):
        print("\n".join(found), file=sys.stderr)
        return 1
    (first, *_) = outcomes.values()
    order = [policy.id for policy in CATALOGUE]
    findings = {
        example: dict(sorted(outcome.findings.items(), key=lambda finding: order.index(finding[0])))
        for example, outcome in first.items()
    }
    content = {"findings": findings, "digests": digests()}
    RECORD.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(findings), encoding="utf-8")
    print(f"All languages agree. {RECORD.relative_to(ROOT)} and {PAGE.relative_to(ROOT)} are written.")
    return 0


def _check() -> int:
    written = record()
    stale = []
    if written["digests"] != digests() or [*written["findings"]] != [*expected()]:
        stale.append(f"{RECORD.relative_to(ROOT)} does not belong to the examples in the checkout")
    if PAGE.read_text(encoding="utf-8") != page(written["findings"]):
        stale.append(f"{PAGE.relative_to(ROOT)} does not say what {RECORD.relative_to(ROOT)} says")
    for line in stale:
        print(f"{line}. Run python -m tools.languages.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

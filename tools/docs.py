"""Write the parts of the documentation that follow from the catalogue, or check that they are current.

`python -m tools.docs` writes them, and begins a page for a policy that has none. `python -m tools.docs --check` exits 1
and says what differs.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from audit.explain import lines
from policies import exemptions
from policies.catalogue import CATALOGUE
from rulebook.options import schema_of
from rulebook.policy import Policy
from tests.testbed import ROOT
from tools import languages, translate, well_known_users

PAGES: Final = "docs/policies"
HEADINGS: Final = (
    "Fix now",
    "Let it pass for a while",
    "What it checks",
    "Why it matters",
    "Avoid",
    "Prefer",
    "Options",
    "Limits and unknowns",
    "References",
)
"""The headings of every policy's page, in this order."""

_GROUPS: Final[Mapping[str, str]] = {
    "elasticache-user-group-": "One user group",
    "elasticache-user-": "One user",
    "elasticache-stack-": "The users of a stack together",
    "elasticache-": "The pack itself",
}
"""Id prefix to what the policies are about; the first that fits counts."""


_EXPLAINED: Final = "on ~app:* +@read +@write"


class DocsError(Exception):
    """A file lacks the place for a generated part; the text says what to write where."""


def explanation() -> str:
    """What `audit explain` prints of the string that shows best why the pack is there, as on a terminal."""
    return "\n".join(("```text", f"$ python -m audit explain '{_EXPLAINED}'", *lines(_EXPLAINED, "valkey"), "```"))


def page_of(policy: Policy[Any, Any]) -> str:
    """The path of a policy's page below the root."""
    return f"{PAGES}/{policy.id}.md"


def wanted(root: Path) -> Iterator[tuple[str, str]]:
    """Each generated file, as a path below the root, and what it must hold; what is written by hand is kept.

    :raises DocsError: a file lacks the marks around a generated part.
    """
    readme = "README.md"
    if (root / readme).exists():
        text = _with_part((root / readme).read_text(), readme, "policies", policy_table())
        text = _with_part(text, readme, "explain", explanation())
        yield readme, _with_part(text, readme, "languages", languages.summary())
    index = f"{PAGES}/index.md"
    yield index, _with_part(_read(root, index, _begun("Policies", "index")), index, "index", index_tables())
    for policy in CATALOGUE:
        path = page_of(policy)
        page = _with_part(_read(root, path, _begun_page(policy)), path, "header", header(policy))
        page = _with_part(page, path, "options", options_table(policy))
        if policy is not exemptions.POLICY:
            page = _with_part(page, path, "exemption", exemption(policy, page))
        yield path, with_other_languages(page)
    yield well_known_users.PAGE, well_known_users.page()


def exemption(policy: Policy[Any, Any], page: str) -> str:
    """An exemption from a policy that can be pasted, for the resource that the page's first example to avoid blames.

    :param page: the text of the policy's page.
    """
    urn = exempted_urn(policy, page)
    entry = {"policies": [policy.id], "resource": urn, "reason": "SHOP-118: clients move in March"}
    config = {"elasticache-exemptions": {"exempt": [{**entry, "expires": "2027-03-31"}]}}
    stack, project, kind, name = urn.removeprefix("urn:pulumi:").split("::")
    filled = {"STACK": stack, "PROJECT": project, "KIND": kind, "NAME": name, "CONFIG": json.dumps(config, indent=2)}
    return re.sub("|".join(filled), lambda match: filled[match[0]], _EXEMPTION)


_EXEMPTION: Final = """\
Save this as config.json, with the stack, the project and the name of your resource: here `STACK`, `PROJECT` and `NAME`.
`KIND` stays as it is. Put your own reason and last day in.

```json
CONFIG
```

    pulumi preview --policy-pack ../aws-elasticache-users --policy-pack-config config.json

The finding is advice until that day, and is back after it. Where to find a URN, and how to exempt several resources:
[exemptions](elasticache-exemptions.md)."""


def exempted_urn(policy: Policy[Any, Any], page: str) -> str:
    """The URN of the last resource of the first example to avoid that is of the type that the policy's id names.

    It is in the stack prod of the project shop.
    """
    _, _, avoid = page.partition("\n## Avoid\n")
    example = _YAML.search(avoid)
    about = "UserGroup" if policy.id in _ABOUT_GROUPS or "-user-group-" in policy.id else "User"
    resources = yaml.safe_load(example["program"])["resources"] if example else {}
    names = [name for name, body in resources.items() if body["type"] == f"aws:elasticache:{about}"]
    token = f"aws:elasticache/{about[0].lower()}{about[1:]}:{about}"
    return f"urn:pulumi:prod::shop::{token}::{names[-1] if names else 'app'}"


def with_other_languages(page: str) -> str:
    """A page whose programs under Prefer are followed by the same in the other languages."""
    before, heading, rest = page.partition("\n## Prefer\n")
    prefer, end, after = rest.partition("\n## ")
    return before + heading + _YAML.sub(lambda match: _translated(match["program"]), prefer) + end + after


def _translated(program: str) -> str:
    begin, end = marks("the same in other languages")
    parts = [f"```yaml\n{program}```\n", begin]
    code = "\n".join(line for line in program.splitlines() if not line.startswith("#"))
    for language, title in translate.TITLES.items():
        parts += [f"<details><summary>{title}</summary>", "", f"```{language}"]
        parts += [translate.translate(code, language).rstrip("\n"), "```", "", "</details>"]
    return "\n".join([*parts, end])


_ABOUT_GROUPS: Final = frozenset({"elasticache-stack-unique-user-names", "elasticache-stack-valid-groups"})
"""The policies about stacks that blame a group."""

_YAML: Final = re.compile(
    r"^```yaml\n(?P<program>.*?)^```$"
    r"(?:\n\n<!-- begin: the same in other languages.*?<!-- end: the same in other languages -->)?",
    re.DOTALL | re.MULTILINE,
)
"""A program in YAML, with what was generated after it."""


def policy_table() -> str:
    """The table of all policies for README.md, in Markdown."""
    return _table(
        ("policy", "default level", "severity", "what passes"),
        [_row_of(policy, f"{PAGES}/") for policy in CATALOGUE],
    )


def index_tables() -> str:
    """The tables of docs/policies/index.md: one for each kind of thing that policies are about."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for policy in CATALOGUE:
        about = next(title for prefix, title in _GROUPS.items() if policy.id.startswith(prefix))
        rows.setdefault(about, []).append(_row_of(policy, ""))
    return "\n\n".join(
        f"## {about}\n\n{_table(('policy', 'default level', 'severity', 'what passes'), listed)}"
        for about, listed in rows.items()
    )


def header(policy: Policy[Any, Any]) -> str:
    """The table on top of a policy's page."""
    options = ", ".join(f"[`{name}`](#options)" for name in schema_of(policy.options)) or "none"
    return _table(
        ("id", f"`{policy.id}`"),
        [
            ("what passes", policy.description),
            ("default level", policy.level.value),
            ("severity", policy.severity.value),
            ("options", options),
        ],
    )


def options_table(policy: Policy[Any, Any]) -> str:
    """The table of a policy's options, from their schema."""
    schema = schema_of(policy.options)
    if not schema:
        return "This policy has no options, only its level."
    return _table(
        ("option", "type", "default"),
        [(f"`{name}`", _type(option), _default(option)) for name, option in schema.items()],
    )


def _row_of(policy: Policy[Any, Any], folder: str) -> tuple[str, ...]:
    link = f"[`{policy.id}`]({folder}{policy.id}.md)"
    return link, policy.level.value, policy.severity.value, policy.description


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def _type(schema: Mapping[str, Any]) -> str:
    """A JSON schema in words."""
    if "enum" in schema:
        return f"one of {_names(schema['enum'])}"
    match schema.get("type"):
        case "array":
            return f"list of {_each(schema['items'])}"
        case "object":
            return f"object with {_fields(schema)}"
        case "string" if schema.get("format") == "date":
            return "date, as `2027-03-31`"
        case other:
            return str(other)


def _each(schema: Mapping[str, Any]) -> str:
    """The elements of a list, in words."""
    if "enum" in schema:
        return _names(schema["enum"])
    return f"objects, each with {_fields(schema)}" if schema.get("type") == "object" else f"{_type(schema)}s"


def _fields(schema: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}` ({_type(field)})" for name, field in schema["properties"].items())


def _names(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    if isinstance(default, list | tuple):
        return _names(default) or "an empty list"
    return f"`{default}`"


def marks(name: str) -> tuple[str, str]:
    """The lines before and after a generated part."""
    return f"<!-- begin: {name}, written by `python -m tools.docs` -->", f"<!-- end: {name} -->"


def _with_part(text: str, path: str, name: str, content: str) -> str:
    begin, end = marks(name)
    before, begun, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not (begun and ended):
        raise DocsError(f"{path} has no place for what is generated: write these two lines there\n{begin}\n{end}")
    return f"{before}{begin}\n{content}\n{end}{after}"


def _read(root: Path, path: str, begun: str) -> str:
    file = root / path
    return file.read_text() if file.exists() else begun


def _begun(title: str, name: str) -> str:
    return "\n".join((f"# {title}", "", *marks(name), ""))


def _begun_page(policy: Policy[Any, Any]) -> str:
    """A page with its headings and nothing below them: the tests say of each what to write."""
    lines = []
    for heading in HEADINGS:
        part = {"Options": "options", "Let it pass for a while": "exemption"}.get(heading)
        generated = part is not None and (part == "options" or policy is not exemptions.POLICY)
        lines += [f"## {heading}", "", *(marks(part) if generated and part else ()), ""]
    return _begun(policy.id, "header") + "\n" + "\n".join(lines)


def differences(root: Path) -> list[str]:
    """What is not current, each as one line.

    :raises DocsError: a file lacks the marks around a generated part.
    """
    found = []
    for path, text in wanted(root):
        file = root / path
        if not file.exists():
            found.append(f"{path} is missing: run python -m tools.docs, then write its sections")
        elif file.read_text() != text:
            found.append(f"{path} is not current: run python -m tools.docs")
    return found


def main() -> int:
    """Write the files, or check them."""
    try:
        if "--check" in sys.argv[1:]:
            found = differences(ROOT)
            print("\n".join(found), end="\n" if found else "")
            return 1 if found else 0
        for path, text in [*wanted(ROOT)]:
            file = ROOT / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    except DocsError as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

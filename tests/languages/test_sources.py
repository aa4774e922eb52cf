"""The examples' sources, read and not run: all six languages describe the same users, which are the guide's."""

import ast
import json
import re
from pathlib import Path

import pytest

from tests.support import example_sources
from tests.testbed import languages
from tools import languages as tool

EXPECTED = languages.expected()
LANGUAGES = [*languages.RUN, *languages.READ]
# The functions of examples/guide that describe the same users.
GUIDE = {
    "password-user": ("password_user", "program"),
    "password-user-iam": ("password_user", "mended"),
    "iam-user": ("iam_user", "program"),
    "iam-user-scoped": ("iam_user", "mended"),
    "two-passwords-user": ("two_passwords_user", "program"),
    "two-passwords-user-iam": ("two_passwords_user", "mended"),
}
# In each language: what is changed in the program of the guide's second user, and what must be read then.
CHANGES = {
    "typescript": (('engine: "redis"', 'engine: "redis", noPasswordRequired: true'), {"noPasswordRequired": True}),
    "python": (('engine="redis"', 'engine="redis", no_password_required=True'), {"noPasswordRequired": True}),
    "go": (('"redis"),', '"redis"), NoPasswordRequired: pulumi.Bool(true),'), {"noPasswordRequired": True}),
    "java": (('("redis")', '("redis").noPasswordRequired(true)'), {"noPasswordRequired": True}),
    "csharp": (('"redis",', '"redis", NoPasswordRequired = true,'), {"noPasswordRequired": True}),
    "yaml": (("engine: redis", "engine: redis\n      noPasswordRequired: true"), {"noPasswordRequired": True}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", EXPECTED)
def test_every_language_describes_the_same_user(language: str, example: str) -> None:
    """The properties that stand in the program are those of examples/expected.json, no more and no fewer."""
    source = example_sources.path_of(language, example).read_text(encoding="utf-8")

    assert example_sources.read(language, source) == EXPECTED[example]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_sees_a_change(language: str) -> None:
    """Another value and another property are noticed in every language, so the comparison above can fail."""
    source = example_sources.path_of(language, "iam-user").read_text(encoding="utf-8")
    (old, new), added = CHANGES[language]
    assert source.count(old) == 1

    assert example_sources.read(language, source.replace("~*", "~x")) == EXPECTED["iam-user"] | {
        "accessString": "on ~x +@all"
    }
    assert example_sources.read(language, source.replace(old, new)) == EXPECTED["iam-user"] | added


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_program_is_left_out(language: str) -> None:
    """Every file of a language that makes a user is one of the examples."""
    known = {example_sources.path_of(language, example) for example in EXPECTED}
    makes_a_user = re.compile(r"aws:elasticache|elasticache\.(?:New)?User\(|ElastiCache\.User\(|new User\(")

    found = {
        path
        for path in (languages.EXAMPLES / language).rglob("*")
        if path.suffix in {".ts", ".py", ".go", ".java", ".cs", ".yaml"}
        and makes_a_user.search(path.read_text(encoding="utf-8"))
    }

    assert found - known <= {path for path in found if path.stem.lower() in {"main", "run"}}
    assert known <= found


@pytest.mark.parametrize(
    "runner", ["go/main.go", "java/src/main/java/examples/Run.java", "csharp/Program.cs"], ids=lambda path: path[:4]
)
def test_compiled_languages_list_all_examples(runner: str) -> None:
    """What cannot import a program by its name has a table of all of them, each beside its own function."""
    text = (languages.EXAMPLES / runner).read_text(encoding="utf-8")

    table = dict(re.findall(r'"([a-z-]+)"(?::|,| =>)\s+([A-Z]\w+)(?=::|\.Create|,)', text))

    assert table == {name: "".join(word.capitalize() for word in name.split("-")) for name in EXPECTED}


@pytest.mark.parametrize("example", GUIDE)
def test_the_users_are_those_of_the_guide(example: str) -> None:
    """examples/guide, which the engine tests run, describes the same users, as in the guide and corrected."""
    module, function = GUIDE[example]
    tree = ast.parse((languages.EXAMPLES / "guide" / f"{module}.py").read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]

    assert example_sources.read_python(ast.unparse(found)) == EXPECTED[example]


def test_what_was_written_down_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """examples/findings.json is of these sources, and docs/languages.md says the same."""
    assert tool.main(["--check"]) == 0, capsys.readouterr().err


def test_a_changed_example_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record of other sources, and a page that says something else, are named."""
    changed = tool.record()
    changed["digests"]["go"] = "of other sources"
    (tmp_path / "findings.json").write_text(json.dumps(changed), encoding="utf-8")
    (tmp_path / "page.md").write_text("another page", encoding="utf-8")
    monkeypatch.setattr(tool, "RECORD", tmp_path / "findings.json")
    monkeypatch.setattr(tool, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(tool, "ROOT", tmp_path)

    assert tool.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "findings.json does not belong to the examples in the checkout. Run python -m tools.languages.\n"
        "page.md does not say what findings.json says. Run python -m tools.languages.\n"
    )


def test_versions_are_exact_and_no_registry_is_named() -> None:
    """What runs is pinned in each language's own manifest, and no file says where packages came from."""
    package = json.loads((languages.EXAMPLES / "typescript" / "package.json").read_text(encoding="utf-8"))
    for version in (package["dependencies"] | package["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    requirements = (languages.EXAMPLES / "python" / "requirements.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[\w-]+==\d+(?:\.\d+)+", line) for line in requirements)
    pom = (languages.EXAMPLES / "java" / "pom.xml").read_text(encoding="utf-8")
    assert pom.count("<dependency>") == len(re.findall(r"<artifactId>[^<]+</artifactId>\s+<version>[\d.]+<", pom)) - 1

    names = [path.name for path in languages.EXAMPLES.rglob("*") if "lock" in path.name]
    assert names == []

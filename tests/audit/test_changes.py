"""`python -m audit changes`: what access a change gives and takes, user by user."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.__main__ import main
from tests.support.stacks import ASSOCIATION_TYPE, GROUP_TYPE, urn
from tests.support.users import MARKER_PASSWORD, UNKNOWN, USER_TYPE, changed, secret

Captured = pytest.CaptureFixture[str]
NARROW, WIDE = "on ~app:* +@read", "on ~app:* +@read +@write"


def state(name: str, resource_type: str, /, **properties: Any) -> dict[str, Any]:
    return {
        "urn": urn(name, resource_type),
        "type": resource_type,
        "inputs": properties,
        "outputs": properties,
    }


def user(name: str, access_string: object = NARROW, **changes: Any) -> dict[str, Any]:
    return state(name, USER_TYPE, **changed(userId=name, userName=name, accessString=access_string, **changes))


def group(name: str, *members: str) -> dict[str, Any]:
    return state(name, GROUP_TYPE, userGroupId=name, engine="valkey", userIds=[*members])


class Files:
    """Writes states and runs the command over them."""

    def __init__(self, folder: Path, captured: Captured) -> None:
        self._folder = folder
        self._captured = captured

    def export(self, name: str, *resources: dict[str, Any]) -> str:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
        return str(path)

    def run(self, old: list[dict[str, Any]], new: list[dict[str, Any]], output: str = "json") -> tuple[int, str]:
        code = main(["changes", self.export("old", *old), self.export("new", *new), "--format", output])
        return code, self._captured.readouterr().out

    def changes(self, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
        code, out = self.run(old, new)
        found: list[dict[str, Any]] = json.loads(out)["changes"]
        return code, found


@pytest.fixture
def files(tmp_path: Path, capsys: Captured) -> Files:
    return Files(tmp_path, capsys)


def test_nothing_that_matters_is_nothing(files: Files) -> None:
    """Equal access in other words, other tags, other resources."""
    code, found = files.changes(
        [user("a", "on ~* +@all"), state("b", "aws:s3/bucket:Bucket", name="b")],
        [user("a", "on allkeys allcommands", tags={"a": "b"}), state("b", "aws:s3/bucket:Bucket", name="c")],
    )

    assert (code, found) == (0, [])
    assert files.run([user("a")], [user("a")], "text") == (0, "No user gains or loses access.\n")


def test_more_and_less_access(files: Files) -> None:
    code, (more,) = files.changes([user("a", NARROW)], [user("a", WIDE)])
    assert code == 1
    assert more["kind"] == "changed"
    assert more["relation"] == "wider"
    assert more["gained"][0]["capability"] == "erase-everything"

    code, (less,) = files.changes([user("a", WIDE)], [user("a", NARROW)])
    assert (code, less["relation"], less["gained"]) == (0, "narrower", [])


def test_users_come_and_go(files: Files) -> None:
    code, found = files.changes([user("goes")], [user("comes")])

    assert code == 1
    assert {change["urn"].rpartition("::")[2]: change["kind"] for change in found} == {
        "goes": "removed",
        "comes": "new",
    }
    by_kind = {change["kind"]: change for change in found}
    assert by_kind["new"]["gained"]
    assert not by_kind["new"]["lost"]
    assert by_kind["removed"]["lost"]
    assert not by_kind["removed"]["gained"]


def test_switching_a_user_on_is_new_access(files: Files) -> None:
    assert files.changes([user("a", "off ~app:* +get")], [user("a", "on ~app:* +get")])[0] == 1
    code, (off,) = files.changes([user("a", "on ~app:* +get")], [user("a", "off ~app:* +get")])
    assert (code, off["enabled"]) == (0, {"old": True, "new": False})


def test_login_engine_and_names(files: Files) -> None:
    before = user("a", authenticationMode={"type": "password", "passwords": secret([MARKER_PASSWORD])})
    _, (change,) = files.changes([before], [user("a", engine="redis")])

    assert "logs in by iam, before by password" in change["notes"]
    assert 'engine "redis", before "valkey"' in change["notes"]
    _, out = files.run([before], [user("a", authenticationMode={"type": "iam"})], "text")
    assert MARKER_PASSWORD not in out


def test_groups(files: Files) -> None:
    _, (change,) = files.changes(
        [user("a"), group("old", "a"), group("new")], [user("a"), group("old"), group("new", "a")]
    )
    assert change["notes"] == ["joins group new", "leaves group old"]

    association = state("x", ASSOCIATION_TYPE, userGroupId="new", userId="a")
    _, (change,) = files.changes([user("a"), group("new")], [user("a"), group("new"), association])
    assert change["notes"] == ["joins group new"]


@pytest.mark.parametrize(
    ("value", "why"), [(UNKNOWN, "is not known until"), ("[secret]", "is a secret that cannot be")]
)
def test_what_is_not_known_is_named_and_not_guessed(files: Files, value: str, why: str) -> None:
    code, (change,) = files.changes([user("a")], [user("a", value)])

    assert code == 2
    assert change["unknown"][0].startswith(f"the new accessString {why}")
    assert "gained" not in change


def test_a_preview_has_both_states(tmp_path: Path, capsys: Captured) -> None:
    steps = [
        {"op": "update", "oldState": user("a", NARROW), "newState": user("a", WIDE)},
        {"op": "create", "newState": user("b")},
        {"op": "delete", "oldState": user("c")},
        {"op": "same", "oldState": user("d"), "newState": user("d")},
        {"op": "create-replacement", "oldState": user("e"), "newState": user("e", "on ~x:* +@read")},
        {"op": "replace", "oldState": user("e"), "newState": user("e", "on ~x:* +@read")},
        {"op": "delete-replaced", "oldState": user("e")},
        "odd",
    ]
    path = tmp_path / "preview.json"
    path.write_text(json.dumps({"steps": steps}))

    assert main(["changes", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["changes"]
    assert {change["urn"].rpartition("::")[2]: change["kind"] for change in found} == {
        "a": "changed",
        "b": "new",
        "c": "removed",
        "e": "changed",
    }


def test_markdown_fits_a_comment_and_obeys_nobody(files: Files) -> None:
    odd = "a`b<img src=x>|\n@team **x**"
    code, out = files.run([user(odd, NARROW)], [user(odd, "on ~<b>*|`x`@all* +@all"), user("new")], "markdown")

    assert code == 1
    assert out.startswith("### Access of ElastiCache users\n\n2 users gain access, 1 lose access, 1 new, 0 removed.\n")
    assert "erase everything in the cache at once, e.g. FLUSHALL" in out
    assert "<b>" not in out
    many = [user(f"u{number}", WIDE) for number in range(300)]
    _, out = files.run([], many, "markdown")
    assert len(out) < 65_536
    assert "And 250 users more" in out


@pytest.mark.parametrize(
    ("count", "line"),
    [(1, "not a preview; give two stack exports, or one preview"), (3, "3 files are too many: give two stack exports")],
)
def test_bad_input_is_one_line(files: Files, capsys: Captured, count: int, line: str) -> None:
    assert main(["changes", *[files.export(f"e{number}", user("a")) for number in range(count)]]) == 2
    captured = capsys.readouterr()
    assert line in captured.err
    assert len(captured.err.splitlines()) == 1


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: Captured) -> None:
    assert main(["changes", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    assert capsys.readouterr().err == f"audit: {tmp_path / 'a'}: no such file or directory\n"


@pytest.mark.parametrize("output", ["text", "json", "markdown"])
def test_what_a_secret_string_gains_is_said_without_details(files: Files, output: str) -> None:
    code, out = files.run([user("a", secret(NARROW))], [user("a", secret("on ~app:* ~hidden:* +@all"))], output)

    assert code == 1
    assert "accessString is marked secret" in out
    assert "hidden" not in out
    assert "FLUSHALL" not in out

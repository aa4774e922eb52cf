"""`python -m audit check`: exit codes, one clear line for bad input, and a report that loses nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from audit.__main__ import main
from tests.support.stacks import GROUP_TYPE, urn
from tests.support.users import MARKER_PASSWORD, USER_TYPE, changed, secret

IAM = "elasticache-user-iam-authentication"
NAMES = "elasticache-user-lowercase-names"


def state(resource_name: str, resource_type: str = USER_TYPE, /, **properties: Any) -> dict[str, Any]:
    return {
        "urn": urn(resource_name, resource_type),
        "type": resource_type,
        "inputs": properties,
        "outputs": properties,
    }


def user(name: str, **changes: Any) -> dict[str, Any]:
    properties: dict[str, Any] = changed(**{"userId": name, "userName": name, **changes})
    return state(name, USER_TYPE, **properties)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a stack export with some resources, or any text, and gives its path."""

    def written(*resources: dict[str, Any], name: str = "export.json", text: str | None = None) -> str:
        path = tmp_path / name
        path.write_text(
            text if text is not None else json.dumps({"version": 3, "deployment": {"resources": resources}})
        )
        return str(path)

    return written


def report(captured: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(captured.readouterr().out)
    return document


def test_a_clean_stack_exits_0(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(user("app"))]) == 0
    assert capsys.readouterr().out == "aws-elasticache-users 0.1.0: 1 ElastiCache user, 0 findings\n"


def test_the_json_report_has_the_shape_that_programs_rely_on(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(user("App"), state("bucket", "aws:s3/bucket:Bucket", name="A"))

    assert main(["check", path, "--format", "json"]) == 1
    document = report(capsys)
    assert document.keys() == {
        "findings",
        "exempted",
        "not_checked",
        "not_applicable",
        "unused_exemptions",
        "summary",
    }
    (finding,) = document["findings"]
    assert finding.keys() == {"policy", "level", "severity", "urn", "file", "message"}
    assert finding["policy"] == NAMES
    assert finding["level"] == "mandatory"
    assert finding["severity"] == "low"
    assert finding["urn"] == urn("App")
    assert finding["file"] == path
    assert finding["message"].startswith('userId is "App" and userName is "App".')
    assert document["summary"] == {"users": 1, "findings": 1, "exempted": 0, "not_checked": 0}


@pytest.mark.parametrize(
    ("access_string", "fail_on", "code"),
    [
        ("on ~app:* +@write", "mandatory", 0),
        ("on ~app:* +@write", "advisory", 1),
        ("on ~app:* +@write", "never", 0),
        ("on ~* +@all", "mandatory", 1),
        ("on ~* +@all", "advisory", 1),
        ("on ~* +@all", "never", 0),
    ],
)
def test_the_failing_level_decides_the_exit_code(write: Any, access_string: str, fail_on: str, code: int) -> None:
    assert main(["check", write(user("app", accessString=access_string)), "--fail-on", fail_on]) == code


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "not JSON (line 1, column 1)"),
        ("{", "not JSON (line 1, column 2)"),
        ('{"version": 3,\n "deployment": }', "not JSON (line 2, column 16)"),
        ("[" * 100_000, "not JSON"),
        ("\x00", "not JSON (line 1, column 1)"),
        ("[]", "neither a stack export nor a preview"),
        ("5", "neither a stack export nor a preview"),
        ("{}", "neither a stack export nor a preview"),
        ('{"deployment": []}', "neither a stack export nor a preview"),
        ('{"deployment": {"resources": {}}}', "neither a stack export nor a preview"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(write: Any, capsys: pytest.CaptureFixture[str], text: str, line: str) -> None:
    """The line names the file, what is wrong, and what to give instead."""
    path = write(text=text)

    assert main(["check", path]) == 2
    reported = capsys.readouterr()
    assert reported.err == (
        f"audit: {path}: {line}; give a stack export (pulumi stack export --file FILE) "
        "or a preview (pulumi preview --json)\n"
    )


def test_a_file_that_is_not_there_does_not_silence_the_others(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing.json")

    empty = tmp_path / "empty"
    empty.mkdir()

    assert main(["check", missing, write(user("App")), str(empty), "--format", "json"]) == 2
    reported = capsys.readouterr()
    first, second = reported.err.splitlines()
    assert first == f"audit: {missing}: no such file or directory"
    assert second.startswith(f"audit: {empty}: a folder without .json files; give a stack export")
    assert [found["policy"] for found in json.loads(reported.out)["findings"]] == [NAMES]


@pytest.mark.parametrize(
    "resource",
    [
        None,
        5,
        [],
        {},
        {"type": 5, "urn": None},
        {"type": USER_TYPE},
        {"type": USER_TYPE, "inputs": "x", "outputs": [], "propertyDependencies": 5},
        {
            "type": USER_TYPE,
            "inputs": {"accessString": 5, "passwords": {"a": [1]}},
            "propertyDependencies": {"passwords": 5},
        },
        {"type": USER_TYPE, "inputs": {"accessString": {"4dabf18193072939515e22adb298388d": 5}}},
        {
            "type": USER_TYPE,
            "inputs": {
                "passwords": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "{"}
            },
        },
        {"type": GROUP_TYPE, "inputs": {"userIds": 5, "engine": []}},
        {"type": USER_TYPE, "inputs": {"userName": "\ud800", "accessString": "on ~\ud800* +@all"}},
    ],
)
def test_odd_resources_end_in_a_report(write: Any, capsys: pytest.CaptureFixture[str], resource: Any) -> None:
    assert main(["check", write(resource, user("app")), "--format", "json"]) in {0, 1}
    assert "internal error" not in capsys.readouterr().out


def test_a_preview_and_standard_input_are_read_too(
    write: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a preview what is created has no outputs, so its inputs stand for them."""
    created = user("App")
    del created["outputs"]
    preview = json.dumps({"steps": [{"op": "create", "newState": created}, {"op": "delete", "oldState": user("Old")}]})

    assert main(["check", write(text=preview), "--format", "json"]) == 1
    (finding,) = report(capsys)["findings"]
    assert finding["urn"] == urn("App")

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(preview.encode())))
    assert main(["check", "-", "--format", "json"]) == 1
    assert report(capsys)["findings"][0]["file"] == "-"


def test_what_cannot_be_read_does_not_look_like_a_pass(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(user("app", accessString="[secret]")), "--format", "json"]) == 0
    reported = {entry["policy"] for entry in report(capsys)["not_checked"]}
    assert "elasticache-user-no-broad-access" in reported

    main(["check", write(user("app", accessString="[secret]"))])
    assert "Not checked: accessString is a secret that cannot be read here" in capsys.readouterr().out


def test_encrypted_secrets_are_present_and_unreadable(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """As `pulumi stack export` writes them."""
    ciphertext = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}

    assert main(["check", write(user("app", passwords=ciphertext)), "--format", "json"]) == 1
    found = {entry["policy"]: entry["message"] for entry in report(capsys)["findings"]}
    assert found["elasticache-user-no-plaintext-passwords"].startswith("passwords is set.")


EXEMPT = {
    "policies": [NAMES, "elasticache-stack-unique-passwords", "elasticache-user-group-replaced-default-user"],
    "resource": "urn:pulumi:dev::shop::*",
    "reason": "renamed with the next release",
    "expires": "2099-12-31",
}


def test_the_register_works_for_user_group_and_stack_policies_and_names_idle_entries(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Entries that match nothing are named here, where a whole state is seen, and nowhere else."""
    config = tmp_path / "config.json"
    idle = {**EXEMPT, "policies": [IAM]}
    config.write_text(json.dumps({"elasticache-exemptions": {"exempt": [EXEMPT, idle]}}))
    shared = secret([MARKER_PASSWORD])
    path = write(
        user("App", passwords=shared),
        user("other", passwords=shared),
        state("group", GROUP_TYPE, userGroupId="group", engine="redis", userIds=["default"]),
    )

    main(["check", path, "--config", str(config), "--format", "json"])
    document = report(capsys)
    assert {entry["policy"] for entry in document["exempted"]} == set(EXEMPT["policies"])
    assert not {entry["policy"] for entry in document["findings"]} & set(EXEMPT["policies"])
    assert document["unused_exemptions"] == [f"exempt[1]: urn:pulumi:dev::shop::* ({IAM})"]

    main(["check", path, "--config", str(config)])
    text = capsys.readouterr().out
    assert f"Exemptions that match no finding:\n  exempt[1]: urn:pulumi:dev::shop::* ({IAM})\n" in text
    assert "3 exempted" in text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "not JSON"),
        ("[]", "not an object of policies and their levels"),
        (
            '{"elasticache-user-lowercase-names": 5}',
            "elasticache-user-lowercase-names is neither a level nor an object",
        ),
        (
            '{"elasticache-user-lowercase-names": "mandatry"}',
            'the level of elasticache-user-lowercase-names is "mandatry"; '
            "allowed: advisory, mandatory, remediate, disabled (did you mean mandatory?)",
        ),
        (
            '{"elasticache-user-lowercase-names": {"enforcementLevel": 5}}',
            "the level of elasticache-user-lowercase-names is not a string",
        ),
        ('{"elasticache-user-lowercase-name": "mandatory"}', 'no policy is named "elasticache-user-lowercase-name"'),
        (
            '{"elasticache-user-lowercase-names": {"which": []}}',
            'elasticache-user-lowercase-names has no option "which"',
        ),
        ('{"all": {"enforcementLevel": "advisory", "tags": []}}', '"all" takes an enforcement level only'),
        (None, "no such file or directory"),
    ],
)
def test_a_bad_configuration_is_one_line_and_nothing_is_judged(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, line: str
) -> None:
    config = tmp_path / "config.json"
    if text is not None:
        config.write_text(text)

    assert main(["check", write(user("App")), "--config", str(config)]) == 2
    reported = capsys.readouterr()
    assert reported.out == ""
    assert line in reported.err
    assert len(reported.err.splitlines()) == 1


def test_policies_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed[0]["id"] == "elasticache-user-no-plaintext-passwords"
    assert {"id", "level", "severity", "description", "fix", "tags", "url", "options"} == listed[0].keys()

    assert main(["policies"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(listed)


def test_a_folder_stands_for_its_json_files(write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of their names; one that cannot be read does not silence the others."""
    write(user("B"), name="b.json")
    write(user("A"), name="a.json")
    write(name="c.json", text="{")
    (tmp_path / "notes.txt").write_text("not JSON, and not looked at")

    assert main(["check", str(tmp_path), "--format", "json"]) == 2
    reported = capsys.readouterr()
    assert [Path(entry["file"]).name for entry in json.loads(reported.out)["findings"]] == ["a.json", "b.json"]
    assert reported.err.startswith(f"audit: {tmp_path / 'c.json'}: not JSON")

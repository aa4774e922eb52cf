"""`python -m audit check`: exit codes, one clear line for bad input, and a report that loses nothing."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.__main__ import main
from tests.support.stacks import GROUP_TYPE, urn
from tests.support.users import MARKER_PASSWORD, USER_TYPE, changed, secret

ROOT = Path(__file__).parent.parent.parent
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
    assert capsys.readouterr().out == "aws-elasticache-users 0.2.0: 1 ElastiCache user, 0 findings\n"


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
    assert finding["message"].startswith('found: userId "App" and userName "App"\n')
    assert document["summary"] == {"users": 1, "findings": 1, "exempted": 0, "not_checked": 0, "nothing_judged": None}


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
    told = capsys.readouterr()
    assert told.err == (
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
    told = capsys.readouterr()
    first, second = told.err.splitlines()
    assert first == f"audit: {missing}: no such file or directory"
    assert second.startswith(f"audit: {empty}: a folder without .json files; give a stack export")
    assert [found["policy"] for found in json.loads(told.out)["findings"]] == [NAMES]


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


def test_what_cannot_be_read_is_told_apart_from_a_pass(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(user("app", accessString="[secret]")), "--format", "json"]) == 0
    told = {entry["policy"] for entry in report(capsys)["not_checked"]}
    assert "elasticache-user-no-broad-access" in told

    main(["check", write(user("app", accessString="[secret]"))])
    assert "Not checked: accessString is a secret that cannot be read here" in capsys.readouterr().out


def test_encrypted_secrets_are_present_and_unreadable(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """As `pulumi stack export` writes them."""
    ciphertext = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}

    assert main(["check", write(user("app", passwords=ciphertext)), "--format", "json"]) == 1
    found = {entry["policy"]: entry["message"] for entry in report(capsys)["findings"]}
    assert found["elasticache-user-no-plaintext-passwords"].startswith("found: passwords is set\n")


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
            ':1:2: "elasticache-user-lowercase-names" must be a level (advisory, mandatory, remediate, disabled) or an',
        ),
        (
            '{"elasticache-user-lowercase-names": "mandatry"}',
            'the level of "elasticache-user-lowercase-names" is "mandatry"; '
            "allowed: advisory, mandatory, remediate, disabled (did you mean mandatory?)",
        ),
        (
            '{"elasticache-user-lowercase-names": {"enforcementLevel": 5}}',
            'the level of "elasticache-user-lowercase-names" is not a text',
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
    told = capsys.readouterr()
    assert told.out == ""
    assert line in told.err
    assert len(told.err.splitlines()) == 1


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
    told = capsys.readouterr()
    assert [Path(entry["file"]).name for entry in json.loads(told.out)["findings"]] == ["a.json", "b.json"]
    assert told.err.startswith(f"audit: {tmp_path / 'c.json'}: not JSON")


def test_a_level_remediate_fails_like_mandatory(write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the engine would have repaired stands unrepaired in the state."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({NAMES: "remediate"}))

    assert main(["check", write(user("App")), "--config", str(config), "--format", "json"]) == 1
    assert report(capsys)["findings"][0]["level"] == "remediate"


@pytest.mark.parametrize(
    ("resources", "config", "code", "reason"),
    [
        ([], "{}", 0, "there are no ElastiCache users or user groups in it"),
        ([state("b", "aws:s3/bucket:Bucket")], "{}", 0, "there are no ElastiCache users or user groups in it"),
        ([user("App")], '{"all": "disabled"}', 0, "every policy is disabled"),
        (None, "{}", 2, "no source could be read"),
    ],
)
def test_nothing_judged_is_said_and_never_shown_as_clean(
    write: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    resources: list[Any] | None,
    config: str,
    code: int,
    reason: str,
) -> None:
    (tmp_path / "config.json").write_text(config)
    path = str(tmp_path / "missing.json") if resources is None else write(*resources)
    arguments = ["check", path, "--config", str(tmp_path / "config.json")]

    assert main([*arguments, "--format", "json"]) == code
    assert report(capsys)["summary"]["nothing_judged"] == reason
    assert main(arguments) == code
    text = capsys.readouterr().out
    assert f"nothing was judged: {reason}" in text
    assert "0 findings" not in text


def test_what_stands_twice_counts_once(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A replacement that was interrupted leaves the old resource behind, marked to be deleted."""
    old, new = user("App"), user("App")
    old["delete"] = True

    assert main(["check", write(old, new), "--format", "json"]) == 1
    document = report(capsys)
    assert (document["summary"]["users"], len(document["findings"])) == (1, 1)

    assert main(["check", write(old, user("fine")), "--format", "json"]) == 0
    assert report(capsys)["summary"]["users"] == 1


def test_a_preview_that_replaces_a_user_counts_it_once(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Its steps are create-replacement, replace and delete-replaced; the last new state counts."""
    before, after = user("App"), user("App", userId="app", userName="app")
    steps = [
        {"op": "create-replacement", "oldState": before, "newState": after},
        {"op": "replace", "oldState": before, "newState": after},
        {"op": "delete-replaced", "oldState": before},
    ]

    assert main(["check", write(text=json.dumps({"steps": steps})), "--format", "json"]) == 0
    assert report(capsys)["summary"]["users"] == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "latin-1", "utf-8"])
def test_the_report_is_complete_in_any_locale(write: Any, encoding: str) -> None:
    """What the locale cannot write is shown escaped."""
    path = write(user("App", userName="Ünïcode-名前"), user("Other", accessString="on ~* +@all …"))
    done = subprocess.run(
        [sys.executable, "-m", "audit", "check", path],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )

    assert done.returncode == 1
    assert done.stderr == b""
    assert done.stdout.decode(encoding).rstrip().endswith("findings")


def test_an_interrupt_is_one_line(write: Any, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    def interrupted(_path: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.check.files_of", interrupted)

    assert main(["check", write(user("App"))]) == 130
    assert capsys.readouterr().err == "audit: interrupted\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"all": "advisory",\n "all": "mandatory"}', ':2:2: the key "all" stands twice; keep one'),
        ('{"all": NaN}', "not JSON: NaN is not a number in JSON"),
        ('{"all": "advisory"', ":1:19: not JSON"),
        ("[" * 100_000, "not JSON"),
        ("\ufeff{}x", ":1:3: not JSON: Extra data"),
        (
            '{"elasticache-user-no-broad-access":\n  {"breadth": "all"}}',
            ':2:4: elasticache-user-no-broad-access: option breadth must be "every-key" or "whole-cache", not "all"',
        ),
        ('{\n"elasticache-user-no-broad-acess": "advisory"}', ":2:1: no policy is named"),
        (
            '{"elasticache-exemptions": {"exempt": [\n{}]}}',
            ":2:1: elasticache-exemptions: option exempt[0] lacks policies",
        ),
    ],
)
def test_a_mistake_in_the_configuration_names_file_line_and_column(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    config = tmp_path / "config.json"
    config.write_text(text)

    assert main(["check", write(user("App")), "--config", str(config)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"audit: {config}")
    assert line in captured.err
    assert len(captured.err.splitlines()) == 1


HOSTILE = "\x1b[31mred\x1b[0m\n::error::planted\r##[group]x\u202e\x00"


@pytest.mark.parametrize("report_format", ["text", "json"])
def test_what_comes_from_input_is_obeyed_by_nobody(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], report_format: str
) -> None:
    """Neither a terminal nor a CI system: URNs, names, tags, reasons and file names are data."""
    config = tmp_path / "config.json"
    config.write_text(
        json.dumps(
            {
                "elasticache-user-required-tags": {"enforcementLevel": "mandatory", "tags": [HOSTILE]},
                "elasticache-exemptions": {"exempt": [{**EXEMPT, "reason": HOSTILE}]},
            }
        )
    )
    resources = [
        user(f"App{HOSTILE}", accessString=f"on ~{HOSTILE} +@all", userName=HOSTILE, userId=HOSTILE),
        {**user("B"), "urn": f"::error::{HOSTILE}"},
        {**user("C", userName=HOSTILE), "urn": f"  ::error::##[group]{HOSTILE}"},
    ]

    main(["check", write(*resources), "--config", str(config), "--format", report_format])
    out = capsys.readouterr().out
    assert not {letter for letter in out if not letter.isprintable()} - {"\n"}
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    if report_format == "text":
        assert "##[" not in out


def test_a_file_name_is_obeyed_by_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "a\x1b[31m\n::error::b")]) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert "\x1b" not in captured.err

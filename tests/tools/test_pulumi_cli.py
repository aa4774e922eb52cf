"""Finding and building the CLI, with a `go` of the test's own that takes no minutes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testbed import ROOT, pulumi_cli

BUILDING_GO = """#!/bin/sh
echo built >> "$GO_CALLS"
while [ "$1" != -o ]; do shift; done
while [ ! -e "$GO_MAY_END" ]; do sleep 0.05; done
printf '#!/bin/sh\\n' > "$2"
"""
FAILING_GO = """#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf 'half' > "$2"
exit 3
"""
# Where a child process builds, since it cannot be given a changed module.
BUILD_ELSEWHERE = """
import sys
from pathlib import Path
from tests.testbed import pulumi_cli
pulumi_cli.ROOT = pulumi_cli._MODULE = Path(sys.argv[1])
pulumi_cli._BUILT = Path(sys.argv[1], "build", "pulumi")
assert pulumi_cli.find() is None
print("found none", flush=True)
print(pulumi_cli.find_or_build())
"""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the CLI is built in this test, on a machine whose PATH has nothing but a folder of the test's."""
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}{os.pathsep}/bin{os.pathsep}/usr/bin")
    target = tmp_path / "build" / "pulumi"
    monkeypatch.setattr(pulumi_cli, "_BUILT", target)
    monkeypatch.setattr(pulumi_cli, "ROOT", tmp_path)
    monkeypatch.setattr(pulumi_cli, "_MODULE", tmp_path)
    return target


def put_on_path(tmp_path: Path, name: str, script: str) -> Path:
    """Write a program into the test's folder on PATH."""
    program = tmp_path / "path" / name
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    return program


def test_versions_agree() -> None:
    """The version that users read is the one that go.mod builds."""
    required = (pulumi_cli._MODULE / "go.mod").read_text(encoding="utf-8").split()

    for module in ("github.com/pulumi/pulumi/pkg/v3", "github.com/pulumi/pulumi/sdk/v3"):
        assert f"v{pulumi_cli.VERSION}" == required[required.index(module) + 1]


def test_pulumi_on_path_comes_first(built: Path, tmp_path: Path) -> None:
    """Who has Pulumi uses it, and nothing is built."""
    pulumi = put_on_path(tmp_path, "pulumi", "#!/bin/sh\n")
    put_on_path(tmp_path, "go", FAILING_GO)

    assert pulumi == pulumi_cli.find_or_build()
    assert not built.exists()


def test_neither_pulumi_nor_go(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without both tools there is one error, which names them and where to get them."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))

    with pytest.raises(pulumi_cli.PulumiCliError, match=r"no pulumi and no go on PATH: .*https://"):
        pulumi_cli.find_or_build()

    assert not built.parent.exists()


def test_a_failed_build_leaves_nothing(built: Path, tmp_path: Path) -> None:
    """A build that fails after it has written something ends in the same error, and leaves only the lock."""
    put_on_path(tmp_path, "go", FAILING_GO)

    with pytest.raises(pulumi_cli.PulumiCliError, match="exit code 3"):
        pulumi_cli.find_or_build()

    assert [path.name for path in built.parent.iterdir()] == ["lock"]


def test_processes_at_once_build_once(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several processes that find no CLI, one builds, and all get the same whole file.

    The build goes on until all of them have looked for a CLI in vain.
    """
    put_on_path(tmp_path, "go", BUILDING_GO)
    calls, may_end = tmp_path / "calls", tmp_path / "may-end"
    monkeypatch.setenv("GO_CALLS", str(calls))
    monkeypatch.setenv("GO_MAY_END", str(may_end))
    children = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD_ELSEWHERE, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(3)
    ]
    assert [child.stdout.readline() for child in children if child.stdout] == ["found none\n"] * 3
    may_end.touch()
    printed = [child.communicate()[0] for child in children]

    assert [f"{built}\n"] * 3 == printed
    assert calls.read_text(encoding="utf-8") == "built\n"
    assert built.read_text(encoding="utf-8") == "#!/bin/sh\n"

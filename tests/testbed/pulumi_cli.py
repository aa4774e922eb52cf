"""Finds the Pulumi CLI, or builds it: no package registry ships it, but Go builds it from source.

What a build does meanwhile goes to standard error, because it takes minutes.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.testbed import ROOT

VERSION: Final = "3.259.0"
"""The one place that pins the CLI. pulumi-cli/go.mod beside this file names the same version; a test compares them."""

_MODULE = Path(__file__).resolve().parent / "pulumi-cli"
_BUILT = ROOT / "build" / "pulumi-cli" / VERSION / "pulumi"
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_GO_DOWNLOADS = "https://go.dev/dl/"
_PULUMI_DOWNLOADS = "https://www.pulumi.com/docs/install/"


class PulumiCliError(Exception):
    """There is no Pulumi CLI on PATH and none can be built; the text says in one line what to do."""


def find() -> Path | None:
    """Return the CLI that needs no building: `pulumi` on PATH, else the one built before, else None."""
    on_path = shutil.which("pulumi")
    if on_path is not None:
        return Path(on_path)
    return _BUILT if _BUILT.is_file() else None


def can_build() -> bool:
    """Say whether a CLI could be built here, that is, whether Go is installed on a system with file locks."""
    return sys.platform != "win32" and shutil.which("go") is not None


def find_or_build() -> Path:
    """Return the path of a Pulumi CLI, building version `VERSION` below build/ when there is none on PATH.

    Safe to call from several processes at once: one builds, the others wait for it.

    :raises PulumiCliError: neither `pulumi` nor `go` is on PATH, or the build failed.
    """
    found = find()
    if found is not None:
        return found
    if not can_build():
        raise PulumiCliError(
            f"no pulumi and no go on PATH: install Pulumi ({_PULUMI_DOWNLOADS}), "
            f"or Go ({_GO_DOWNLOADS}) to have Pulumi {VERSION} built from source"
        )
    with one_at_a_time(_BUILT.parent):
        if not _BUILT.is_file():
            _build(_BUILT)
    return _BUILT


@contextlib.contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Hold the build lock of a directory; the operating system lets go of it when a process dies."""
    if sys.platform == "win32":  # can_build() has refused this system already
        yield
        return
    import fcntl  # noqa: PLC0415 - the module does not exist on Windows, where only this line needs it

    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(target: Path) -> None:
    """Build the CLI to a name of its own beside the target and rename it, so that the target is whole or absent."""
    _say(
        f"building Pulumi {VERSION} with Go into {target.relative_to(ROOT)}, once: the download takes about half a "
        "minute, the first build four to five minutes on two cores"
    )
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=target.parent) as directory:
        unfinished = Path(directory) / "pulumi"
        command = [
            "go",
            "build",
            "-buildvcs=false",
            "-tags=osusergo grpcnotrace",
            f"-ldflags=-s -w -X {_VERSION_VARIABLE}=v{VERSION}",
            "-o",
            str(unfinished),
            _PACKAGE,
        ]
        # A build must neither edit go.mod nor be steered elsewhere by a Go workspace around the checkout.
        environment = os.environ | {"GOFLAGS": "-mod=readonly", "GOWORK": "off"}
        result = subprocess.run(command, cwd=_MODULE, env=environment, stdout=sys.stderr, check=False)
        if result.returncode != 0 or not unfinished.is_file():
            raise PulumiCliError(
                f"building Pulumi {VERSION} failed: `go build` in {_MODULE.relative_to(ROOT)} ended with exit code "
                f"{result.returncode} and says why above; or install Pulumi ({_PULUMI_DOWNLOADS})"
            )
        unfinished.replace(target)
    _say(f"built Pulumi {VERSION} in {time.monotonic() - started:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(f"pulumi_cli: {text}\n")
    sys.stderr.flush()

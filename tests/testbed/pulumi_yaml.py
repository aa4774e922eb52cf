"""Finds Pulumi's language host for YAML, or builds it with Go, and installs it into a folder for PATH.

An installed Pulumi brings the host. Beside a CLI that was built from source it is a Go tool of its own: a download of
ten seconds, and a build of about a minute on two cores. With it, a folder that holds nothing but a Pulumi.yaml runs as
a plain `pulumi preview`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.testbed import ROOT
from tests.testbed.pulumi_cli import PulumiCliError, can_build, one_at_a_time

VERSION: Final = "1.25.0"
"""The one place that pins the host. pulumi-language-yaml/go.mod beside this file names the same; a test compares."""

PROGRAM: Final = "pulumi-language-yaml"
_MODULE: Final = Path(__file__).resolve().parent / PROGRAM
_BUILT: Final = ROOT / "build" / PROGRAM / VERSION / PROGRAM
_PACKAGE: Final = f"github.com/pulumi/pulumi-yaml/cmd/{PROGRAM}"
_VERSION_VARIABLE: Final = "github.com/pulumi/pulumi-yaml/pkg/version.Version"


def find() -> Path | None:
    """Return the host that needs no building: the one on PATH, else the one built before, else None."""
    on_path = shutil.which(PROGRAM)
    if on_path is not None:
        return Path(on_path)
    return _BUILT if _BUILT.is_file() else None


def find_or_build() -> Path:
    """Return the path of the host, building version `VERSION` below build/ when there is none on PATH.

    Safe to run in several processes at once: one builds, the others wait for it.

    :raises PulumiCliError: neither the host nor `go` is on PATH, or the build failed.
    """
    found = find()
    if found is not None:
        return found
    if not can_build():
        raise PulumiCliError(
            f"no {PROGRAM} and no go on PATH: install Pulumi (https://www.pulumi.com/docs/install/), "
            "or Go (https://go.dev/dl/) to have it built from source"
        )
    with one_at_a_time(_BUILT.parent):
        if not _BUILT.is_file():
            _build(_BUILT)
    return _BUILT


def install(directory: Path) -> None:
    """Put the host into an existing folder for PATH.

    :raises PulumiCliError: as `find_or_build`.
    """
    (directory / PROGRAM).symlink_to(find_or_build())


def _build(target: Path) -> None:
    """Build to a name of its own beside the target and rename it, so that the target is whole or absent."""
    _say(f"building {PROGRAM} {VERSION} with Go into {target.relative_to(ROOT)}, once: about a minute")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=target.parent) as directory:
        unfinished = Path(directory) / PROGRAM
        flags = ["-buildvcs=false", f"-ldflags=-s -w -X {_VERSION_VARIABLE}=v{VERSION}", "-o", str(unfinished)]
        # A build must neither edit go.mod nor be steered elsewhere by a Go workspace around the checkout.
        environment = os.environ | {"GOFLAGS": "-mod=readonly", "GOWORK": "off"}
        result = subprocess.run(
            ["go", "build", *flags, _PACKAGE], cwd=_MODULE, env=environment, stdout=sys.stderr, check=False
        )
        if result.returncode != 0 or not unfinished.is_file():
            raise PulumiCliError(
                f"building {PROGRAM} {VERSION} failed: `go build` in {_MODULE.relative_to(ROOT)} ended with exit code "
                f"{result.returncode} and says why above"
            )
        unfinished.replace(target)
    _say(f"built {PROGRAM} {VERSION} in {time.monotonic() - started:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(f"pulumi_yaml: {text}\n")
    sys.stderr.flush()

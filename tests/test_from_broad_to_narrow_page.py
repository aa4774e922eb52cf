"""docs/from-broad-to-narrow.md does what it says: its commands are run as they stand, on a real server."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.catalogue import ClientMissingError, python_with
from tests.support.servers import give_up
from tests.testbed import PATIENCE_SECONDS, ROOT
from tests.testbed.servers import ServerMissingError, running, server_named

PAGE = (ROOT / "docs" / "from-broad-to-narrow.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall(PAGE) if language == kind]


@pytest.mark.server
def test_the_page_from_the_first_step_to_the_last(tmp_path: Path) -> None:
    try:
        python = python_with("rq")
        (tmp_path / "app.py").write_text(blocks("python")[0])
        shim = tmp_path / "bin" / "python"
        shim.parent.mkdir()
        # the application has its packages, and the audit has its own
        shim.write_text(f'#!/bin/sh\n[ "$1" = -m ] && exec "{sys.executable}" "$@"\nexec "{python}" "$@"\n')
        shim.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = ("--port", str(port), "--bind", "127.0.0.1")
        with running(server_named("valkey-9.1"), *settings) as server, server.connect() as link:
            link.call("ACL", "SETUSER", "broad", "on", ">broad-password-1", "~*", "&*", "+@all")
            environment = {
                "PATH": f"{shim.parent}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "ADMIN_URL": f"redis://127.0.0.1:{port}",
                "BROAD_URL": f"redis://broad:broad-password-1@127.0.0.1:{port}",
                "NARROW_URL": f"redis://narrow:narrow-password-1@127.0.0.1:{port}",
            }
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", "\n".join(blocks("sh"))],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
    except (ClientMissingError, ServerMissingError) as missing:
        give_up(str(missing))

    assert ran.returncode == 0, ran.stdout + ran.stderr
    string = (tmp_path / "narrow.txt").read_text().splitlines()[0]
    assert string in ran.stdout
    assert string == blocks("text")[0].strip()
    assert "erase everything in the cache at once: CLUSTER FLUSHSLOT, FLUSHALL, FLUSHDB, SWAPDB" in ran.stdout
    assert (tmp_path / "refused.txt").read_text().strip() == ""
    assert "password-1" not in (tmp_path / "narrow.txt").read_text() + (tmp_path / "compared.txt").read_text()

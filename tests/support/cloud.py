"""Stand-in for Pulumi Cloud on the loopback address: it takes in what `pulumi policy publish` sends and keeps it."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = 1


@dataclass
class Cloud:
    """What the CLI sent, in the order of its calls.

    `metadata` holds the JSON bodies that announce a pack, `archives` the uploaded .tar.gz files, `completed` the paths
    that were called to finish a publication.
    """

    url: str = ""
    metadata: list[dict[str, Any]] = field(default_factory=list)
    archives: list[bytes] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        """Return the files of the last uploaded archive, by their path below the pack's folder."""
        with tarfile.open(fileobj=io.BytesIO(self.archives[-1]), mode="r:gz") as archive:
            contents = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
            return {name.partition("/")[2]: file.read() for name, file in contents.items() if file is not None}


class _Handler(BaseHTTPRequestHandler):
    """Answers the calls of the CLI; everything else is 404, which the CLI reports."""

    cloud: ClassVar[Cloud]
    organization: ClassVar[str]

    def do_GET(self) -> None:
        if self.path.startswith("/api/capabilities"):
            self._answer({"capabilities": []})
        elif self.path == "/api/user":
            self._answer({"githubLogin": "somebody", "organizations": [{"githubLogin": self.organization}]})
        else:
            self._answer({"message": "not found"}, status=404)

    def do_POST(self) -> None:
        packs = f"/api/orgs/{self.organization}/policypacks"
        body = self._body()
        if self.path == packs:
            self.cloud.metadata.append(json.loads(body))
            self._answer({"version": _VERSION, "uploadURI": f"{self.cloud.url}/upload"})
        elif self.path.startswith(packs) and self.path.endswith("/complete"):
            self.cloud.completed.append(self.path)
            self._answer({})
        else:
            self._answer({"message": "not found"}, status=404)

    def do_PUT(self) -> None:
        self.cloud.archives.append(self._body())
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet: the default writes each call to standard error."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(self, content: dict[str, Any], *, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_cloud(organization: str) -> Iterator[Cloud]:
    """Serve a cloud with one organization and one user on a free port until the block ends."""
    cloud = Cloud()
    handler = type("Handler", (_Handler,), {"cloud": cloud, "organization": organization})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        cloud.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join()

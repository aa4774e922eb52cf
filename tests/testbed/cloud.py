"""Stand-in for Pulumi Cloud on the loopback address: one organization that takes in policy packs and requires them.

It answers the calls that the CLI makes for `policy publish`, `validate-config`, `enable` and `disable`, and for a
`preview` of any stack of the organization, which gets the packs that are enabled. Their configuration goes out as
it came in. What it is asked and does not know is 404, which the CLI reports. Source: pkg/backend/httpstate/client.
"""

import io
import json
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final, NamedTuple

_FAR_FUTURE: Final = 4_000_000_000
"""Seconds since 1970: the year 2096, when a token of an update expires."""


class Published(NamedTuple):
    """A version of a pack: what announced it (the JSON body of the CLI's call), and its .tar.gz."""

    metadata: dict[str, Any]
    archive: bytes

    @property
    def version(self) -> str:
        """The version as people know it."""
        return str(self.metadata["versionTag"])


@dataclass
class Cloud:
    """What the CLI sent, in the order of its calls.

    `metadata` holds the JSON bodies that announce a pack, `archives` the uploaded .tar.gz files, `completed` the paths
    that were called to finish a publication, `enabled` the body that enabled a pack, by the pack's name, and
    `downloads` the versions that were fetched.
    """

    url: str = ""
    metadata: list[dict[str, Any]] = field(default_factory=list)
    archives: list[bytes] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    enabled: dict[str, dict[str, Any]] = field(default_factory=dict)
    downloads: list[str] = field(default_factory=list)

    @property
    def published(self) -> list[Published]:
        """The packs that were uploaded, oldest first."""
        return [*map(Published, self.metadata, self.archives)]

    def files(self) -> dict[str, bytes]:
        """Return the files of the last uploaded archive, by their path below the pack's folder."""
        with tarfile.open(fileobj=io.BytesIO(self.archives[-1]), mode="r:gz") as archive:
            contents = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
            return {name.partition("/")[2]: file.read() for name, file in contents.items() if file is not None}

    def required(self) -> list[dict[str, Any]]:
        """Return what a run gets to know of each enabled pack: its newest version, unless one was named."""
        answers = []
        for name, wanted in self.enabled.items():
            versions = [pack for pack in self.published if pack.metadata["name"] == name]
            tag = wanted.get("versionTag") or versions[-1].version
            (number,) = [number for number, pack in enumerate(versions, 1) if pack.version == tag]
            answers.append(
                {
                    "name": name,
                    "version": number,
                    "versionTag": tag,
                    "displayName": versions[number - 1].metadata["displayName"],
                    "packLocation": f"{self.url}/packs/{name}/{tag}",
                    "config": wanted.get("config") or {},
                }
            )
        return answers


class NotFoundError(Exception):
    """Nothing is there under a path."""


Answer = dict[str, Any] | bytes
Respond = Callable[["_Handler", re.Match[str], bytes], Answer]


class _Handler(BaseHTTPRequestHandler):
    """Answers the calls of the CLI by the table of routes below."""

    cloud: ClassVar[Cloud]
    organization: ClassVar[str]

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def do_PATCH(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet: the default writes each call to standard error."""

    def user(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {"githubLogin": "somebody", "organizations": [{"githubLogin": self.organization}]}

    def default_organization(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {"GitHubLogin": self.organization, "Messages": []}

    def nothing(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {}

    def announce(self, _match: re.Match[str], body: bytes) -> Answer:
        self.cloud.metadata.append(json.loads(body))
        return {"version": len(self.cloud.metadata), "uploadURI": f"{self.cloud.url}/upload"}

    def upload(self, _match: re.Match[str], body: bytes) -> Answer:
        self.cloud.archives.append(body)
        return {}

    def complete(self, _match: re.Match[str], _body: bytes) -> Answer:
        self.cloud.completed.append(self.path)
        return {}

    def schema(self, match: re.Match[str], _body: bytes) -> Answer:
        pack = self._published(match["pack"], match["version"])
        schemas = {policy["name"]: policy.get("configSchema") for policy in pack.metadata["policies"]}
        return {"configSchema": {name: schema for name, schema in schemas.items() if schema}}

    def change_group(self, _match: re.Match[str], body: bytes) -> Answer:
        change = json.loads(body)
        if added := change.get("addPolicyPack"):
            self.cloud.enabled[added["name"]] = added
        if removed := change.get("removePolicyPack"):
            self.cloud.enabled.pop(removed["name"])
        return {}

    def download(self, match: re.Match[str], _body: bytes) -> Answer:
        pack = self._published(match["pack"], match["version"])
        self.cloud.downloads.append(pack.version)
        return pack.archive

    def stack(self, match: re.Match[str], _body: bytes) -> Answer:
        names = {"orgName": self.organization, "projectName": match["project"], "stackName": match["stack"]}
        return {"id": "/".join(names.values()), **names, "version": 0, "tags": {}}

    def export(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {"version": 3, "deployment": None}

    def encrypt(self, _match: re.Match[str], body: bytes) -> Answer:
        return {"ciphertext": json.loads(body)["plaintext"]}

    def begin(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {"updateID": "the-only-update", "requiredPolicies": self.cloud.required()}

    def start(self, _match: re.Match[str], _body: bytes) -> Answer:
        return {"version": 1, "token": "token-of-the-update", "tokenExpiration": _FAR_FUTURE}

    def _published(self, name: str, version: str) -> Published:
        for pack in self.cloud.published:
            if (pack.metadata["name"], pack.version) == (name, version):
                return pack
        raise NotFoundError

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = self.path.partition("?")[0]
        for method, pattern, respond in _ROUTES:
            match = re.fullmatch(pattern.replace("ORG", re.escape(self.organization)), path)
            if method == self.command and match:
                try:
                    self._answer(respond(self, match, body))
                except NotFoundError:
                    break
                return
        self._answer({"code": 404, "message": f"not found: {self.command} {path}"}, status=404)

    def _answer(self, content: Answer, *, status: int = 200) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/gzip" if isinstance(content, bytes) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_PACK = r"/api/orgs/ORG/policypacks/(?P<pack>[^/]+)/versions/(?P<version>[^/]+)"
_STACK = r"/api/stacks/ORG/(?P<project>[^/]+)/(?P<stack>[^/]+)"
_ROUTES: tuple[tuple[str, str, Respond], ...] = (
    ("GET", "/api/capabilities", _Handler.nothing),
    ("GET", "/api/user", _Handler.user),
    ("GET", "/api/user/organizations/default", _Handler.default_organization),
    ("POST", "/api/orgs/ORG/policypacks", _Handler.announce),
    ("PUT", "/upload", _Handler.upload),
    ("POST", f"{_PACK}/complete", _Handler.complete),
    ("GET", f"{_PACK}/schema", _Handler.schema),
    ("PATCH", "/api/orgs/ORG/policygroups/[^/]+", _Handler.change_group),
    ("GET", "/packs/(?P<pack>[^/]+)/(?P<version>[^/]+)", _Handler.download),
    ("GET", _STACK, _Handler.stack),
    ("GET", f"{_STACK}/export", _Handler.export),
    ("POST", f"{_STACK}/encrypt", _Handler.encrypt),
    ("POST", f"{_STACK}/preview", _Handler.begin),
    ("POST", f"{_STACK}/(?:preview|update)/[^/]+", _Handler.start),
    ("POST", f"{_STACK}/(?:preview|update)/[^/]+/(?:events/batch|events|complete|renew_lease)", _Handler.nothing),
)


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

"""Run client libraries and frameworks on a real server, and write what each needs.

    python -m tools.clients install          install what their registries have, into build/clients
    python -m tools.clients run [NAME…]      run them, or some; writes acl/clients.json and docs/clients.md
    python -m tools.clients docs [--check]   write docs/clients.md from acl/clients.json, or compare

`make clients` does all of it. Python, Node.js with npm, a JDK with Maven, and Go must be there; Debian's packages
ruby-redis, ruby-sidekiq, php-cli and php-redis for Ruby and PHP. What is missing is said, and its clients left out.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from acl.clients import FILE
from tests.clients.catalogue import BUILD, CLIENTS, PROGRAMS, Client, ClientMissingError
from tests.clients.runner import Learned, runner_on
from tests.testbed import ROOT
from tests.testbed.servers import SERVERS
from tools.clients_page import PAGE, page

_SERVER: Final = SERVERS[-1]
REDO: Final = "make clients"


def _run(*command: str, cwd: Path = ROOT) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def _install_python() -> None:
    _run(sys.executable, "-m", "venv", str(BUILD / "python"))
    pip = [str(BUILD / "python" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "-r", "requirements-clients.txt")


def _install_node() -> None:
    folder = BUILD / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((PROGRAMS / "node").iterdir()):
        shutil.copy(file, folder)
    _run("npm", "ci", "--no-audit", "--no-fund", "--silent", cwd=folder)


def _install_java() -> None:
    library, classes = BUILD / "java" / "lib", BUILD / "java" / "classes"
    _run("mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={library}", cwd=PROGRAMS / "java")
    sources = [str(file) for file in sorted((PROGRAMS / "java").glob("*.java"))]
    _run("javac", "-nowarn", "-d", str(classes), "-cp", f"{library}/*", *sources)


def _install_go() -> None:
    (BUILD / "go").mkdir(parents=True, exist_ok=True)
    for client in CLIENTS:
        if client.language == "Go":
            _run("go", "build", "-o", str(BUILD / "go" / client.program), f"./{client.program}", cwd=PROGRAMS / "go")


_INSTALLERS: Final[Mapping[str, Callable[[], None]]] = {
    "Python": _install_python,
    "Node.js": _install_node,
    "Java": _install_java,
    "Go": _install_go,
}


def install() -> None:
    """Install what the registries have; what fails is said."""
    for language, installer in _INSTALLERS.items():
        try:
            installer()
        except (subprocess.CalledProcessError, FileNotFoundError) as failure:
            print(f"{language}: not installed: {failure}", file=sys.stderr)


def run(names: Sequence[str]) -> int:
    """Run clients and write what they need; return the exit code: 1 where one is refused something at the end."""
    known: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["clients"] if FILE.is_file() and names else {}
    missing: dict[str, str] = {}
    faulty = False
    with runner_on(_SERVER) as runner:
        for client in CLIENTS:
            if names and client.name not in names:
                continue
            try:
                learned = runner.learn(client)
            except ClientMissingError as why:
                print(f"{client.name}: {why}", file=sys.stderr)
                missing[client.name] = str(why)
                continue
            for fault in learned.faults:
                print(f"{client.name}: {fault}", file=sys.stderr)
            faulty = faulty or bool(learned.faults)
            if learned.work is not None:
                known[client.name] = _entry(client, learned)
                print(f"{client.name}: {learned.work.access_string}")
    order = [client.name for client in CLIENTS]
    document = {
        "server": f"{_SERVER.name.partition('-')[0].capitalize()} {_SERVER.version}",
        "line": _SERVER.name,
        "clients": {name: known[name] for name in order if name in known},
    }
    FILE.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    return 1 if faulty or missing else 0


def _entry(client: Client, learned: Learned) -> dict[str, Any]:
    work = learned.work
    if work is None:
        raise ValueError(client.name)
    return {
        "title": client.title,
        "language": client.language,
        "versions": learned.versions,
        "seen": datetime.now(UTC).date().isoformat(),
        "work": client.work,
        "connect": learned.connect,
        "handshake": learned.handshake,
        "by_hand": [
            *("~" + pattern.decode() for pattern in client.keys),
            *("&" + pattern.decode() for pattern in client.channels),
        ],
        "access_string": work.access_string,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.clients", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="command")
    commands.add_parser("install")
    commands.add_parser("run").add_argument("name", nargs="*", choices=[*(client.name for client in CLIENTS), []])
    commands.add_parser("docs").add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    if options.command == "install":
        install()
        return 0
    if options.command == "run":
        return run(options.name)
    if not options.check:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        print(f"{PAGE.name} is not what acl/clients.json says: python -m tools.clients docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""docs/clients.md, written from acl/clients.json."""

from collections.abc import Iterator
from typing import Final

from acl.clients import Client, clients, server
from tests.testbed import ROOT

PAGE: Final = ROOT / "docs" / "clients.md"
_HEAD: Final = """\
# What client libraries need

Each client below was really run, on {server}: once with every right, then with no more than `audit derive` made of
that, until nothing was refused. With the string for its typical work it could not reach the keys of others, nor use
any command on the whole cache that it had not used. `make clients` runs them all again and writes this page.

`AUTH`, `HELLO`, `QUIT` and `RESET` are allowed to every connection and need no rule. Where a column says *nothing*,
the client connects without any rule; it still needs rules for what you do with it.

To use it: `python -m audit derive CAPTURE --client NAME` adds what the client needs to connect.

| client | version | run | needs to connect | does without, if refused |
|---|---|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    known = clients()
    lines = [_HEAD.format(server=server())]
    for client in known.values():
        optional = [name for name, failure in client.handshake.items() if not failure]
        lines.append(
            f"| [{client.title}](#{client.name.replace('.', '')}) | {client.version} | {client.seen} "
            f"| {_rules(client.connect)} | {_rules(optional)} |\n"
        )
    for client in known.values():
        lines += _section(client)
    return "".join(lines)


def _rules(names: list[str] | tuple[str, ...]) -> str:
    # a pipe ends a cell of a table, in code too
    return " ".join(f"`+{name}`".replace("|", "\\|") for name in names) or "nothing"


def _section(client: Client) -> Iterator[str]:
    versions = ", ".join(f"{package} {version}" for package, version in client.versions.items())
    yield f"\n## {client.name}\n\n{client.title}, {client.language}: {versions}. Its typical work: {client.work}.\n"
    yield f"\n    {client.access_string}\n"
    if client.by_hand:
        rules = ", ".join(f"`{rule}`" for rule in client.by_hand)
        yield f"\nGiven by hand, since these names are random or hold that of a host: {rules}.\n"
    failures = {name: failure for name, failure in client.handshake.items() if failure}
    if failures:
        yield "\nTo connect:\n\n"
        for name, failure in failures.items():
            yield f"- without `+{name}`: `{failure.replace('`', chr(39))}`\n"

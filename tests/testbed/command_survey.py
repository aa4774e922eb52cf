"""Surveys every server for its commands, with their categories and keys, and makes the text of acl/commands.json.

Format of the table:

- `servers`: name to exact version; bit i of a servers mask is the i-th entry.
- `categories`: bit j of a categories mask is the j-th entry.
- `no_auth`: for each server the commands that everybody may call, whatever the rules say.
- `databases`: for each server with database rules, the commands that need the connection's current database
  (`current`), every database (`all`), and the databases named in their arguments (`named`). A command may be in two:
  MOVE needs the current one and the one it names. Where an argument is not the number of a database, none is checked.
- `commands`: name (`get`, `config|get`) to a list of variants `[servers mask, categories mask, key specs]`.
  The categories are the command's own; those of a container reach its subcommands by the rules of the ACL.
  Key specs are one group of letters for each of the command's key specs, joined by commas: R access, I insert,
  U update, D delete, `-` for none of these; "" for no keys at all, `*` for a container, which cannot be called itself.
  Specs that the server marks as no keys (the channels of SPUBLISH) are left out.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import redis

from tests.testbed import ROOT
from tests.testbed.servers import Link, Server, running

TABLE: Final = ROOT / "acl" / "commands.json"
"""Where the table is kept."""

KEY_LETTERS: Final = (("access", "R"), ("insert", "I"), ("update", "U"), ("delete", "D"))
CONTAINER: Final = "*"
KEYS_WITHOUT_ACCESS: Final = "-"

# Nobody reports the keys of these, or not for servers without subcommands: OBJECT and its like answer about a key, and
# STRALGO, which only 6.2 has, reads them.
KEYS_NOT_REPORTED: Final = {
    **dict.fromkeys(("memory", "object", "xgroup", "xinfo"), KEYS_WITHOUT_ACCESS),
    "stralgo": "R",
}

_COPY_OPTION: Final = " DB"


class Command(NamedTuple):
    """What one server says about one command (one row of COMMAND)."""

    name: str
    arity: int
    """Number of words with the command's own; negative for "at least"."""
    flags: frozenset[str]
    categories: frozenset[str]
    takes_keys: bool
    keys: str
    """Key specs in letters, as the table holds them."""


@dataclass
class Survey:
    """All that one server was asked."""

    server: Server
    commands: dict[str, Command] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    databases: dict[str, list[str]] | None = None

    @property
    def reports_keys(self) -> bool:
        """Whether the server reports key specs and subcommands (7.0 and later)."""
        return any(command.keys for command in self.commands.values())


class DisagreementError(Exception):
    """Two answers about commands contradict each other, or leave something open."""


def _words(reply: Any) -> list[str]:
    return [word.decode().lower() for word in reply]


def _key_letters(specs: Sequence[Sequence[Any]]) -> str:
    groups = []
    for spec in specs:
        flags = _words(dict(zip(spec[::2], spec[1::2], strict=True))[b"flags"])
        if "not_key" not in flags:
            groups.append("".join(letter for flag, letter in KEY_LETTERS if flag in flags) or KEYS_WITHOUT_ACCESS)
    return ",".join(groups)


def _command(row: Sequence[Any]) -> Command:
    # 6.2 ends with the categories; hints, key specs and subcommands came with 7.0.
    name, arity, flags, first_key, _last_key, _step, categories, _hints, specs, subcommands = (*row, (), (), ())[:10]
    return Command(
        name=name.decode().lower(),
        arity=arity,
        flags=frozenset(_words(flags)),
        categories=frozenset(word.removeprefix("@") for word in _words(categories)),
        takes_keys=first_key != 0 or b"movablekeys" in flags,
        keys=CONTAINER if subcommands else _key_letters(specs),
    )


def read_commands(link: Link) -> Iterator[Command]:
    """Yield every command of the server, each container followed by its subcommands."""
    reply: Any = link.call("COMMAND")
    for row in reply:
        yield _command(row)
        yield from map(_command, row[9] if row[9:] else ())


def check_categories(survey: Survey, link: Link) -> None:
    """Hold the categories that COMMAND reports against the members that ACL CAT lists.

    :raises DisagreementError: they differ.
    """
    for category in survey.categories:
        listed = set(_words(link.call("ACL", "CAT", category)))
        reported = {command.name for command in survey.commands.values() if category in command.categories}
        if listed != reported:
            odd = ", ".join(sorted(listed ^ reported))
            raise DisagreementError(f"{survey.server.name}: COMMAND and ACL CAT {category} disagree on {odd}")


def _shortest_call(command: Command) -> list[str]:
    words = command.name.split("|")
    return words + ["1"] * (abs(command.arity) - len(words))


def _allowed_in(databases: str, commands: Sequence[Command], link: Link) -> set[str] | None:
    """Return the commands allowed to somebody who may do everything in these databases, when called from database 0."""
    user = "database-rules"
    made = link.call("ACL", "SETUSER", user, "reset", "+@all", "allkeys", "allchannels", databases)
    if isinstance(made, redis.ResponseError):
        return None
    calls = {command.name: _shortest_call(command) for command in commands}
    # COPY names a database only in an option, which its shortest call does not have.
    calls["copy" + _COPY_OPTION] = ["copy", "1", "1", "DB", "1"]
    replies = link.pipeline([("ACL", "DRYRUN", user, *call) for call in calls.values()])
    link.call("ACL", "DELUSER", user)
    return {name for name, reply in zip(calls, replies, strict=True) if reply == b"OK"}


def find_database_rules(survey: Survey, link: Link) -> dict[str, list[str]] | None:
    """Find which databases each command needs; None where the server has no database rules.

    COMMAND says nothing about it, so each command is tried, with the argument 1 everywhere. ACL DRYRUN runs nothing.

    :raises DisagreementError: some command fits none of the three kinds of rule.
    """
    callable_commands = [command for command in survey.commands.values() if command.keys != CONTAINER]
    tries = ("alldbs", "db=0,1", "db=0", "db=1", "resetdbs")
    allowed = [_allowed_in(databases, callable_commands, link) for databases in tries]
    if None in allowed:
        return None
    anywhere, in_both, in_current, in_named, nowhere = (names or set() for names in allowed)
    found = {
        "current": in_both - in_named,
        "all": anywhere - in_both,
        "named": in_both - in_current,
    }
    if set().union(*found.values()) != anywhere - nowhere:
        raise DisagreementError(f"{survey.server.name}: some command's database rule is neither current, all nor named")
    return {rule: sorted({name.removesuffix(_COPY_OPTION) for name in names}) for rule, names in found.items()}


def survey_server(server: Server) -> Survey:
    """Start the server and ask it everything.

    :raises DisagreementError: its answers contradict each other.
    :raises ServerMissingError: it is not installed.
    """
    survey = Survey(server)
    with running(server) as started, started.connect() as link:
        survey.categories = tuple(_words(link.call("ACL", "CAT")))
        survey.commands = {command.name: command for command in read_commands(link)}
        check_categories(survey, link)
        survey.databases = find_database_rules(survey, link)
    return survey


def _keys_of(command: Command, survey: Survey, surveys: Sequence[Survey]) -> str:
    """Return the command's key specs; for a server that reports none, those of the next server that does."""
    if survey.reports_keys or not command.takes_keys:
        return command.keys
    if command.name in KEYS_NOT_REPORTED:
        return KEYS_NOT_REPORTED[command.name]
    for other in surveys:
        if command.name in other.commands and other.commands[command.name].keys:
            return other.commands[command.name].keys
    raise DisagreementError(f"{survey.server.name}: no server reports the keys of {command.name}")


def _variants(name: str, surveys: Sequence[Survey], categories: Sequence[str]) -> list[list[int | str]]:
    servers_of: dict[tuple[int, str], int] = {}
    for bit, survey in enumerate(surveys):
        if name in survey.commands:
            command = survey.commands[name]
            mask = sum(1 << place for place, category in enumerate(categories) if category in command.categories)
            variant = (mask, _keys_of(command, survey, surveys))
            servers_of[variant] = servers_of.get(variant, 0) | 1 << bit
    return [[servers, mask, keys] for (mask, keys), servers in servers_of.items()]


def table_text(surveys: Sequence[Survey]) -> str:
    """Return the table as JSON text, one command per line.

    Its order is its own: that of the servers follows from their hash tables.

    :raises DisagreementError: the surveys together leave the keys of a command open.
    """
    categories = list(dict.fromkeys(category for survey in surveys for category in survey.categories))
    head = {
        "servers": {survey.server.name: survey.server.version for survey in surveys},
        "categories": categories,
        "no_auth": {
            survey.server.name: sorted(name for name, one in survey.commands.items() if "no_auth" in one.flags)
            for survey in surveys
        },
        "databases": {survey.server.name: survey.databases for survey in surveys if survey.databases},
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = []
    for name in sorted({name for survey in surveys for name in survey.commands}):
        variants = json.dumps(_variants(name, surveys, categories), separators=(",", ":"))
        rows.append(f"{json.dumps(name)}: {variants}")
    return "{\n" + "\n".join(lines) + '\n"commands": {\n' + ",\n".join(rows) + "\n}\n}\n"

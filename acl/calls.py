"""How each command is called, as far as access rules look at a call.

A server decides about a call by its command, its first argument, its keys and what the command does with them, its
channels, and its databases. The forms here say where those stand. They come from calls.json, which
tools/build_calls.py reads off real servers; those of module commands, which no server here has, are written out below.

A form is a call that the server finds the keys of: `LMPOP x k LEFT`, whose count is not a number, is checked against no
key pattern and runs into an error, so it is not among them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from acl.commands import Access, CommandTable, KeySpec


class Part(Enum):
    """What a word of a call is to the access rules."""

    WORD = auto()
    """This very word."""
    FREE = auto()
    """Any word: a first argument that an access string may name."""
    COUNT = auto()
    """The number of keys that follow."""
    KEY = auto()
    UNSEEN = auto()
    """A key that the server does not check."""
    INDEX = auto()
    """The name of a search index, whose keys must all be allowed: the module checks that, and not the server."""
    ANY_KEY = auto()
    """A pattern of keys that SORT looks up: it needs `~*` itself. Checked when the command runs (7.0 and later)."""
    CHANNEL = auto()
    PATTERN = auto()
    """A pattern of channels, which must be the very text of a rule."""
    DATABASE = auto()
    """The number of a database."""
    CURRENT_DATABASE = auto()
    """Not a word: the connection's database must be allowed."""
    ALL_DATABASES = auto()
    """Not a word: every database must be allowed."""


class Slot(NamedTuple):
    """One word of a form, or one that may be repeated."""

    part: Part
    needs: Access = Access.NONE
    """Of a key: what the command does with it."""
    many: bool = False
    """It may be repeated. A plain word is repeated as often as the keys."""
    text: bytes = b""
    """The word; of a free one, what to write where anything will do."""
    behind: tuple[bytes, ...] = ()
    """The words that follow each key, or stand between two databases."""


Form = tuple[Slot, ...]
"""What follows the name of a command."""
Rule = tuple[tuple[Part, Access, bool], ...]
"""What access rules look at in a form, in order: part, what is needed of it, whether it may be repeated."""

PASSED_OVER: Final = frozenset({Part.WORD, Part.FREE, Part.UNSEEN})
"""What no key, channel or database rule looks at."""
WITHOUT_WORD: Final = frozenset({Part.CURRENT_DATABASE, Part.ALL_DATABASES})


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """A command, or on 6.2 a subcommand, with its forms; the shortest first."""

    name: str
    """As in the command table; on 6.2 also `config|get`, where the table has `config` alone."""
    bit: int
    """Its place in the command table."""
    words: tuple[bytes, ...]
    """What a call begins with."""
    forms: tuple[Form, ...]
    argument: bytes | None
    """The first argument, where it is part of the name: on 6.2 `get` for `config|get`."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What access rules look at in the forms."""
        return tuple(_rule(form) for form in self.forms)


def _rule(form: Form) -> Rule:
    return tuple((slot.part, slot.needs, slot.many) for slot in form if slot.part not in PASSED_OVER)


class Calls(NamedTuple):
    """The commands of one server line; those that every connection may run are left out."""

    of: Mapping[int, tuple[Command, ...]]
    """Place of a command in the table to the command, on 6.2 to its subcommands."""
    alike: Mapping[tuple[Rule, ...], int]
    """Commands in whose forms access rules look at the same, as a set of the table's bits. On 6.2 those that have
    subcommands are in none."""
    divided: int
    """The commands that have subcommands, on 6.2 alone."""


@cache
def calls_of(table: CommandTable) -> Calls:
    """How the commands of a server line are called."""
    facts = _facts()
    of: dict[int, tuple[Command, ...]] = {}
    alike: dict[tuple[Rule, ...], int] = {}
    divided = 0
    for bit, name in enumerate(table.names):
        if table.no_auth >> bit & 1:
            continue
        whole = Command(name, bit, _words(name), _with_databases(_forms(name, table, facts), bit, table), None)
        parts = tuple(_subcommands(name, bit, table, facts))
        of[bit] = (*parts, whole)
        if parts:
            divided |= 1 << bit
        else:
            alike[whole.rules] = alike.get(whole.rules, 0) | 1 << bit
    return Calls(of, alike, divided)


def _words(name: str) -> tuple[bytes, ...]:
    return tuple(word.upper().encode() for word in name.split("|"))


def _subcommands(name: str, bit: int, table: CommandTable, facts: Any) -> Iterator[Command]:  # noqa: ANN401 - JSON
    if table.syntax.subcommands:
        return
    for full in facts["commands"]:
        if full.startswith(f"{name}|") and (forms := _forms_on(table.server, full, facts)):
            yield Command(full, bit, _words(full), forms, full.partition("|")[2].encode())


def _forms(name: str, table: CommandTable, facts: Any) -> tuple[Form, ...]:  # noqa: ANN401 - JSON
    if table.core >> table.index[name] & 1:
        return _forms_on(table.server, name, facts)
    written = _MODULE_FORMS.get(name)
    if written is None:
        specs = table.key_specs[table.index[name]]
        written = (" ".join(_named(spec) for spec in specs) + " 1",) if specs else ("?1",)
    return tuple(_read(form) for form in written)


def _named(spec: KeySpec) -> str:
    return next(f"{{{word}}}" for word, needs in _NEEDS.items() if needs is spec.needs)


def _forms_on(server: str, name: str, facts: Any) -> tuple[Form, ...]:  # noqa: ANN401 - JSON
    bit = 1 << facts["servers"].index(server)
    return tuple(_read(form) for servers, forms in facts["commands"][name] if servers & bit for form in forms)


_NEEDS: Final = {"none": Access.NONE, "read": Access.READ, "write": Access.WRITE, "both": Access.BOTH}
_PARTS: Final = {
    "unseen": Part.UNSEEN,
    "sort": Part.ANY_KEY,
    "count": Part.COUNT,
    "channel": Part.CHANNEL,
    "pattern": Part.PATTERN,
    "database": Part.DATABASE,
}
_SLOT: Final = re.compile(r"\{(?P<index>index:)?(?P<name>\w+)\}(?P<many>\+)?(?P<behind>\S*)")
_MODULE_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "json.mget": ("{read}+ 1",),
    "json.mset": ("{write}+1,1",),
    "ft._list": ("",),
    "ft.aggregate": ("{index:read} 1",),
    "ft.create": ("{index:read} 1", "{index:write} 1"),
    "ft.dropindex": ("{index:read}", "{index:write}"),
    "ft.info": ("{index:read}",),
    "ft.search": ("{index:read} 1",),
}
"""Forms that key specs do not say. Which direction FT.CREATE and FT.DROPINDEX need depends on the module's version."""


@cache
def _facts() -> Any:  # noqa: ANN401 - the shape is that of calls.json, described in tools/build_calls.py
    return json.loads(Path(__file__).with_name("calls.json").read_bytes())


@cache
def _read(form: str) -> Form:
    return tuple(_slot(word) for word in form.split())


def _slot(word: str) -> Slot:
    found = _SLOT.fullmatch(word)
    if found is None:
        if word.startswith("?"):
            return Slot(Part.FREE, text=word[1:].encode())
        return Slot(Part.WORD, text=word.rstrip("+").encode(), many=word.endswith("+"))
    name, many = found["name"], found["many"] is not None
    behind = tuple(found["behind"].encode().split(b",")) if found["behind"] else ()
    if name == "empty":
        return Slot(Part.WORD)
    if name in _NEEDS:
        return Slot(Part.INDEX if found["index"] else Part.KEY, _NEEDS[name], many, behind=behind)
    return Slot(_PARTS[name], many=many, behind=behind)


def _with_databases(forms: tuple[Form, ...], bit: int, table: CommandTable) -> tuple[Form, ...]:
    """The forms with what the command asks of the databases: for commands of modules, as for others on keys."""
    if not table.syntax.databases:
        return forms
    checked: tuple[Slot, ...] = ()
    on_keys = not table.core >> bit & 1 and bool(table.key_specs[bit])
    if table.in_database >> bit & 1 or on_keys:
        checked = (Slot(Part.CURRENT_DATABASE),)
    elif table.in_all_databases >> bit & 1:
        checked = (Slot(Part.ALL_DATABASES),)
    return tuple((*form, *checked) for form in forms)

"""Write acl/calls.json: how each command of every server is called, as far as access rules look at a call.

    python -m tools.build_calls            write the file
    python -m tools.build_calls --check    compare with the committed file; exit 1 when it differs

Format of the file: `servers` names the server lines, bit i of a servers mask is the i-th; `commands` has, for each name
(`get`, `config|get`), a list of variants `[servers mask, forms]`. A form is what follows the name, word by word:

- `{read}` `{write}` `{both}` `{none}`: a key, and what the command needs to do with it; `{none}` is met by any pattern.
  `{unseen}`: a key that the server does not check.
- `{channel}`, `{pattern}`: a channel; a pattern of channels, which must be the very text of a rule.
- `{database}`: the number of a database, which database rules look at.
- `{sort}`: a pattern of keys that SORT looks up; checked when the command runs, and not before (7.0 and later).
- `{count}`: how many keys follow.
- `{empty}`: an empty word.
- `?word`: any word may stand here, also one that an access string names (`+select|0`); only ever the first argument.
- `word`: this word.

A `+` behind a key, channel or database means that it may be repeated. Words behind the `+`, joined by commas, follow
each key; behind a database, they stand between two. A `+` behind a plain word repeats it as often as the keys.

Where the keys of a command stand comes from the servers' key specs; commands whose key specs do not say it all, and
words that people expect, are in `WRITTEN_OUT`. Each form is held against the server: it must find exactly these keys.
On 6.2, which reports no key specs, the forms are those of 7.0, with subcommands that are old enough; there it makes no
difference what is needed of a key.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis

from tools.build_command_table import DisagreementError
from tools.servers import SERVERS, Link, Server, ServerMissingError, running

FILE: Final = Path(__file__).resolve().parent.parent / "acl" / "calls.json"
REBUILD: Final = "python -m tools.build_calls"

_SCRIPT: Final = ("?s 0", "?s {count} {key}+")
_POP: Final = ("{count} {key}+ left",)
WRITTEN_OUT: Final[Mapping[str, Sequence[str]]] = {
    "set": ("{key} 1", "{key} 1 get"),
    "bitfield": ("{key}", "{key} set u8 0 1"),
    "sort": ("{key}", "{key} store {key}", "{key} get {sort}", "{key} get {sort} store {key}"),
    "sort_ro": ("{key}", "{key} get {sort}"),
    "georadius": ("{key} 1 1 1 m", "{key} 1 1 1 m store {key}"),
    "georadiusbymember": ("{key} 1 1 m", "{key} 1 1 m store {key}"),
    "migrate": ("?host 1 {key} 0 1", "?host 1 {empty} 0 1 keys {key}+"),
    "xread": ("streams {key}+ 0+", "?count 1 streams {key}+ 0+"),
    "xreadgroup": ("?group 1 1 streams {key}+ >+",),
    **dict.fromkeys(("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"), _SCRIPT),
    "select": ("{database}",),
    "swapdb": ("{database} {database}",),
    "move": ("{key} {database}",),
    "copy": ("{key} {key}", "{key} {key} db {database}+db"),
    **dict.fromkeys(("publish", "spublish"), ("{channel} 1",)),
    **dict.fromkeys(("subscribe", "ssubscribe"), ("{channel}+",)),
    "psubscribe": ("{pattern}+",),
    "flushall": ("", "?async"),
    "flushdb": ("", "?async"),
    "keys": ("?*",),
    "scan": ("?0",),
    "clusterscan": ("?0",),
    "bitop": ("?and {key} {key}+",),
    "lmpop": _POP,
    "blmpop": ("?0 {count} {key}+ left",),
    "zmpop": ("{count} {key}+ min",),
    "bzmpop": ("?0 {count} {key}+ min",),
    "lmove": ("{key} {key} left left",),
    "blmove": ("{key} {key} left left 0",),
    "linsert": ("{key} before 1 1",),
    "client|kill": ("id 1",),
    "client|pause": ("1",),
    "client|tracking": ("on",),
    "config|get": ("*",),
    "acl|setuser": ("user",),
    "replicaof": ("?no one",),
    "slaveof": ("?no one",),
}
"""Command to its forms, where `{key}` stands for a key of which the server says what is needed."""

# Redis 6.2 knows no subcommands, so a rule may also name one that does not exist.
OLD_FORMS: Final[Mapping[str, Sequence[str]]] = {
    "xread": ("streams {read}+ 0+", "count 1 streams {read}+ 0+", "block 1 streams {read}+ 0+"),
    "xreadgroup": ("group 1 1 streams {read}+ >+",),
    "sort": ("{read}", "{read} store {write}"),
    "pfmerge": ("{both}", "{both} {read}+"),
    "stralgo": ("?lcs strings 1 1", "?lcs keys {read} {read}"),
    "object": ("?1", "?1 {none}"),
    "xgroup": ("?1", "?1 {write}"),
    "xinfo": ("?1", "?1 {read}"),
}
"""The forms of Redis 6.2 that those of 7.0 do not give."""

QUIRKS: Final[Mapping[str, Sequence[str]]] = {"pfmerge": ("{unseen}",)}
"""Forms in which the server does not see the keys: `PFMERGE key` alone makes it check none, up to Valkey 9.1."""

_FILLER: Final = "1"
_KEY_NAMES: Final = ("none", "read", "write", "both")
_KEYS: Final = frozenset({"key", *_KEY_NAMES})
_BY_HAND: Final = frozenset({"keyword", "unknown"})


@dataclass
class Asked:
    """What one server says about its commands."""

    server: Server
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _pairs(reply: Any) -> dict[str, Any]:  # noqa: ANN401 - what a server replies
    return {name.decode(): value for name, value in zip(reply[::2], reply[1::2], strict=True)}


def _spread(form: str, times: int) -> Iterator[tuple[str, str]]:
    """A form's words with each repetition spread out: (what stands in the form, the word of the call)."""
    serial = 0
    for word in form.split():
        slot, plus, behind = word.partition("+")
        for _ in range(times if plus else 1):
            if not slot.startswith("{"):
                yield slot, slot.removeprefix("?")
                continue
            kind = slot.strip("{}")
            serial += 1
            texts = {"count": str(times), "empty": "", "database": "1", "sort": "*"}
            yield kind, texts.get(kind, f"{kind}-{serial}")
            yield from (("", filler) for filler in behind.split(",") if filler)


class _Prober:
    """Asks one server which keys it finds in a call."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def keys(self, name: str, words: Sequence[str]) -> dict[str, str] | None:
        """The keys of a call with what the command needs; None where the server makes no sense of it."""
        reply: Any = self._link.call("COMMAND", "GETKEYSANDFLAGS", *name.split("|"), *words)
        if isinstance(reply, redis.ResponseError):
            return {} if "no key arguments" in str(reply) else None
        return {key.decode(): _needs(flags) for key, flags in reply}

    def with_needs(self, name: str, form: str) -> str:
        """The form with `{key}` replaced by what the server says is needed of each.

        :raises DisagreementError: the server finds other keys than the form names.
        """
        once = self._needs_in(name, form, 1)
        if once is None or (_REPEATED.search(form) and self._needs_in(name, form, 2) != once):
            raise DisagreementError(f"the server finds other keys in {name} {form}")
        needs = iter(once)
        return re.sub(r"\{key\}", lambda _: f"{{{next(needs)}}}", form)

    def _needs_in(self, name: str, form: str, times: int) -> list[str] | None:
        """What is needed of each `{key}` of the form, in order; a repeated one counts once."""
        spread = list(_spread(form, times))
        found = self.keys(name, [word for _, word in spread])
        named = [word for slot, word in spread if slot in _KEYS]
        if found is None or found.keys() != set(named):
            return None
        needs: list[str] = []
        place = 0
        for slot in re.findall(r"\{key\}\+?", form):
            repeats = times if slot.endswith("+") else 1
            several = {found[word] for word in named[place : place + repeats]}
            if len(several) != 1:
                return None
            place += repeats
            needs += several
        return needs

    def check(self, name: str, form: str) -> None:
        """Hold the keys of a form against a server that says which they are, and not what is needed of them.

        :raises DisagreementError: the server finds other keys.
        """
        for times in (1, 2):
            spread = list(_spread(form, times))
            words = [*name.split("|"), *(word for _, word in spread)]
            reply: Any = self._link.call("COMMAND", "GETKEYS", *words)
            found = [] if isinstance(reply, redis.ResponseError) else [key.decode() for key in reply]
            if sorted(found) != sorted(word for slot, word in spread if slot in _KEYS):
                raise DisagreementError(f"the server finds other keys in {name} {form}: {found}")


_REPEATED: Final = re.compile(r"\{key\}\+")


def _needs(flags: Sequence[bytes]) -> str:
    reads = b"access" in flags
    writes = not {b"insert", b"update", b"delete"}.isdisjoint(flags)
    return _KEY_NAMES[reads + 2 * writes]


def _by_key_specs(name: str, arity: int, specs: Sequence[Any]) -> tuple[str, ...]:
    """The forms that follow from a command's key specs, with the fewest words."""
    first = name.count("|") + 1
    words: dict[int, str] = {}
    behind: list[str] = []
    for spec in map(_pairs, specs):
        begin, find = _pairs(spec["begin_search"]), _pairs(spec["find_keys"])
        if begin["type"].decode() in _BY_HAND:
            raise DisagreementError(f"the key specs of {name} do not say where its keys are: add it to WRITTEN_OUT")
        at, finding = _pairs(begin["spec"])["index"], _pairs(find["spec"])
        step = finding["keystep"]
        repeated = "{key}+" + ",".join([_FILLER] * (step - 1))
        if find["type"] == b"keynum":
            words[at], words[at + 1] = "{count}", repeated
        elif finding["lastkey"] < 0:
            words[at] = repeated
            behind = [_FILLER] * (-finding["lastkey"] - 1)
        else:
            words |= dict.fromkeys(range(at, at + finding["lastkey"] + 1, step), "{key}")
    end = max((*words, abs(arity) - 1 - len(behind) - sum(word.endswith(_FILLER) for word in words.values())))
    form = [words.get(place, _FILLER) for place in range(first, end + 1)] + behind
    if first == 1 and form and form[0] == _FILLER:
        form[0] = "?" + _FILLER
    return (" ".join(form),) if form or arity != -1 else ("", "?" + _FILLER)


def _rows(link: Link) -> Iterator[tuple[str, int, Sequence[Any]]]:
    """Every command and subcommand of a server, with its arity and key specs; containers are left out."""
    reply: Any = link.call("COMMAND")
    for row in reply:
        subcommands = row[9] if row[9:] else ()
        for name, arity, *_, specs in (one[:9] if one[8:] else (*one[:2], ()) for one in subcommands or (row,)):
            yield name.decode(), arity, [spec for spec in specs if b"not_key" not in _pairs(spec)["flags"]]


def _read_newer(server: Server, link: Link) -> Asked:
    """Ask a server of 7.0 or later.

    :raises DisagreementError: it finds other keys than some form names.
    """
    asked = Asked(server)
    prober = _Prober(link)
    for name, arity, specs in sorted(_rows(link), key=lambda row: row[0]):
        forms = WRITTEN_OUT.get(name) or _by_key_specs(name, arity, specs)
        found = [prober.with_needs(name, form) if specs else form for form in forms]
        for quirk in QUIRKS.get(name, ()):
            if prober.keys(name, [word for _, word in _spread(quirk, 1)]) is None:
                found.insert(0, quirk)
        asked.forms[name] = tuple(found)
    return asked


_OLD: Final = (6, 2)


def _old_subcommands(link: Link) -> set[str]:
    """The subcommands that 6.2 has, as a newer server says."""
    reply: Any = link.call("COMMAND", "DOCS")
    found = set[str]()
    for about in _pairs(reply).values():
        for name, subcommand in _pairs(_pairs(about).get("subcommands", [])).items():
            since = tuple(int(number) for number in _pairs(subcommand)["since"].decode().split("."))
            if since[:2] <= _OLD:
                found.add(name)
    return found


def _read_old(server: Server, link: Link, newer: Asked, old_subcommands: Iterable[str]) -> Asked:
    """Ask 6.2 about the forms of 7.0.

    :raises DisagreementError: it finds other keys than some form names.
    """
    asked = Asked(server)
    prober = _Prober(link)
    arities = {name: arity for name, arity, _ in _rows(link)}
    forms: dict[str, Sequence[str]] = {}
    for name, arity in arities.items():
        forms[name] = OLD_FORMS.get(name) or newer.forms.get(name) or _by_key_specs(name, arity, ())
    forms |= {name: newer.forms[name] for name in old_subcommands if name.partition("|")[0] in arities}
    for name, several in sorted(forms.items()):
        for form in several:
            prober.check(name, form)
        asked.forms[name] = tuple(several)
    return asked


def ask_servers() -> list[Asked]:
    """Ask every server.

    :raises DisagreementError: one finds other keys than some form names.
    :raises ServerMissingError: one is not installed.
    """
    newer: list[Asked] = []
    old_subcommands = set[str]()
    for server in SERVERS[1:]:
        with running(server) as started, started.connect() as link:
            newer.append(_read_newer(server, link))
            old_subcommands = old_subcommands or _old_subcommands(link)
    with running(SERVERS[0]) as started, started.connect() as link:
        return [_read_old(SERVERS[0], link, newer[0], old_subcommands), *newer]


def file_text(answers: Sequence[Asked]) -> str:
    """The file as JSON text, one command a line."""
    rows = []
    for name in sorted({name for asked in answers for name in asked.forms}):
        servers_of: dict[tuple[str, ...], int] = {}
        for bit, asked in enumerate(answers):
            if name in asked.forms:
                forms = asked.forms[name]
                servers_of[forms] = servers_of.get(forms, 0) | 1 << bit
        variants = [[servers, list(forms)] for forms, servers in servers_of.items()]
        rows.append(f"{json.dumps(name)}: {json.dumps(variants, separators=(',', ':'))}")
    servers = json.dumps([asked.server.name for asked in answers])
    return f'{{\n"servers": {servers},\n"commands": {{\n' + ",\n".join(rows) + "\n}\n}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or with --check compare it; return the exit code."""
    parser = argparse.ArgumentParser(prog=REBUILD, description="Write acl/calls.json from the real servers.")
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing it")
    check = parser.parse_args(arguments).check
    try:
        text = file_text(ask_servers())
    except (ServerMissingError, DisagreementError) as problem:
        print(problem, file=sys.stderr)
        return 2
    if not check:
        FILE.write_text(text, encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        print(f"{FILE.name} is not what the servers say; write it anew: {REBUILD}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

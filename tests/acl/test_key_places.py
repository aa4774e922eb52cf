"""The keys of a call stand where the server finds them, and it needs of them what the server asks."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from acl.calls import Part
from acl.commands import Access, CommandTable, commands_of
from acl.derivation.key_places import places_of
from tests.support.servers import SERVER_NAMES, started
from tests.testbed.call_forms import CallForms
from tests.testbed.servers import Link

WITH_OPTIONS = (
    "set k v get",
    "set k v ex 9 GET",
    "set k get",
    "set get v",
    "set k v keepttl",
    "bitfield k",
    "bitfield k get u8 0 get u8 1",
    "bitfield k overflow sat get u8 1",
    "bitfield k overflow sat incrby u8 1 1",
    "bitfield k get u8 0 SET u8 0 1",
    "sort k limit 0 1 by w_* get # get o_* store d",
    "sort k by nosort get x asc alpha store d",
    "sort k store d store e",
    "sort k store",
    "sort k limit store 1",
    "sort store store store",
    "sort_ro k by w_* get # limit 0 9",
    "georadius k 1 1 1 m withdist count 3 any store d",
    "georadius k 1 1 1 m storedist d asc",
    "georadius k 1 1 1 m asc",
    "georadiusbymember k m 1 m count 1 STORE d",
    "xread count 1 block 9 streams a b c 0 0 0",
    "xread block 9 streams streams 0",
    "xreadgroup group streams streams count 1 noack streams a b > >",
    "xreadgroup GROUP g c BLOCK 1 STREAMS a >",
    "migrate h 1 k 0 9 copy replace",
    "migrate h 1 k 0 9 auth secret",
    "copy a b db 1 replace",
    "copy a b replace",
    "eval s 2 a b c d",
    "eval s 0 a b",
    "evalsha s 1 a",
    "zunionstore d 3 a b c weights 1 2 3 aggregate max",
    "zinterstore d 1 a",
    "mset a 1 b 2 c 3",
    "msetnx a 1",
    "blpop a b c 0",
    "bzpopmax a 0",
    "lmpop 2 a b left count 3",
    "blmpop 0 2 a b right",
    "zmpop 1 a min count 2",
    "sintercard 2 a b limit 3",
    "zdiff 2 a b withscores",
    "zunion 2 a b weights 1 2 withscores",
    "zrangestore d s 0 -1 rev",
    "geosearchstore d s fromlonlat 1 1 byradius 1 m asc count 3",
    "bitop not d a",
    "bitop and d a b c",
    "pfmerge d",
    "pfmerge d a b",
    "pfcount a b c",
    "lcs a b len",
    "xautoclaim k g c 1 0 count 3",
    "xclaim k g c 1 1-1 2-1 idle 3",
    "xadd k nomkstream maxlen 9 * f v g w",
    "xack k g 1-1 2-1",
    "xinfo stream k full",
    "xgroup create k g $ mkstream",
    "hset k f v g w",
    "zadd k nx ch 1 a 2 b",
    "object encoding k",
    "memory usage k samples 3",
    "smove a b m",
    "lmove a b left right",
    "blmove a b left right 0",
    "rpoplpush a b",
    "rename a b",
    "stralgo lcs keys a b len",
    "stralgo lcs idx keys a b",
    "stralgo lcs strings a b",
    "stralgo lcs minmatchlen 2 keys a b",
    "msetex 2 a 1 b 2 ex 3",
    "hgetdel k fields 1 f",
    "hsetex k ex 9 fields 1 f v",
    "hexpire k 9 fields 1 f",
    "restore k 0 payload replace",
    "getex k ex 9",
    "spop k 2",
    "ping",
    "echo keys",
    "publish c m",
    "client setname k",
    "config get k",
)


@pytest.fixture(scope="module", params=SERVER_NAMES)
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[CommandTable, Link]]:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(started(request.param))
        yield commands_of(request.param), stack.enter_context(server.connect())


def found(table: CommandTable, words: list[bytes]) -> list[tuple[bytes, Access]] | None:
    command = places_of(table).command(words)
    if command is None:
        return None
    known, length = command
    arguments = words[length:]
    places = [place for place in known.find(arguments, False) if place.part is Part.KEY]
    divided = table.syntax.subcommands
    return [(arguments[place.at], place.needs if divided else Access.BOTH) for place in places]


def by_server(table: CommandTable, link: Link, words: list[bytes]) -> list[tuple[bytes, Access]] | None:
    """The keys that the server finds; None where it makes no sense of the call."""
    divided = table.syntax.subcommands
    reply: Any = link.call("COMMAND", "GETKEYSANDFLAGS" if divided else "GETKEYS", *words)
    if isinstance(reply, redis.ResponseError):
        return [] if "no key arguments" in str(reply) else None
    if not divided:
        return [(key, Access.BOTH) for key in reply]
    return [(key, needed(flags)) for key, flags in reply]


def needed(flags: list[bytes]) -> Access:
    writes = not {b"insert", b"update", b"delete"}.isdisjoint(flags)
    return (Access.READ if b"access" in flags else Access.NONE) | (Access.WRITE if writes else Access.NONE)


@pytest.mark.server
@pytest.mark.parametrize("call", WITH_OPTIONS)
def test_options_move_keys_about(asked: tuple[CommandTable, Link], call: str) -> None:
    table, link = asked
    words = call.encode().split()
    expected = by_server(table, link, words)

    if expected is not None:
        assert sorted(found(table, words) or []) == sorted(expected)


@pytest.mark.server
def test_every_command(asked: tuple[CommandTable, Link]) -> None:
    table, link = asked
    wrong = []
    calls = 0
    for forms in CallForms(link).by_command.values():
        for form in forms:
            words = [*form.words]
            for number, (place, _) in enumerate(form.keys):
                words[place] = b"key-%d" % number
            expected = [(words[place], needs) for place, needs in form.keys]
            calls += 1
            # on 6.2 the shortest form of CONFIG and the like has a word that is not a subcommand
            alone = places_of(table).is_container(form.command) and places_of(table).command(words) is None
            if not alone and found(table, words) != expected:
                wrong.append((words, expected, found(table, words)))

    assert wrong == []
    assert calls > 200

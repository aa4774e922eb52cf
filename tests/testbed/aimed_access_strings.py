"""Access strings in which the capabilities are at stake more often than in quite random ones."""

from collections.abc import Iterator
from random import Random
from typing import Final

from acl.access_string import parse
from acl.commands import CommandTable

# Unions that reach every key, or every key but a few, and what looks like them.
_UNIONS: Final = (
    *("~*", "allkeys", "~**", "~?*", "~*?", "~[^]*", "~??*", "~????????*", "~?????????*", "~a* ~[^a]*", "~[^a]*"),
    *("~*a* ~[^a]* ~a*", "~[a-m]* ~[n-z]* ~[0-9]* ~[-:_.]*", "~[a-m]* ~[n-z]* ~[0-9]* ~[-:_]*", "~*[a-y] ~*z", "~*z"),
    *("~*[^\x01]", "~[^:]* ~?*", "~:* ~[^:]*", "~app:*", "~app:* ~[^a]*", "~a* ~b* ~[^ab]*", "~ab* ~[^a]* ~a[^b]*"),
    *("~ab* ~[^a]* ~a[^b]* ~a", "~*a?* ~[^a]*", "~[a-z0-9:_.-]*", "~[!-~]*", "~{a}* ~[^{]*", "~", "~[]", "~*:*"),
)
_GRANTS: Final = """
    +@all +@read +@write +get +set +del +mget +mset
    +hgetall +@keyspace +@hash +@string +@list +@set +@sortedset +@stream
    +@fast +@slow +@dangerous +@admin +@scripting +@pubsub +@connection +copy +rename +sort +getdel +lmove +bitfield
    +xread +xreadgroup +ttl +exists +dump +restore +publish +subscribe +psubscribe +eval +flushall +keys +scan +client
    +cluster +acl +slowlog +config +script +function +monitor +migrate +move +smove +bitop +zunionstore +sunionstore
    +flushall|async +flushdb|sync +keys|* +keys|a +swapdb|0 +bitop|and +xread|streams +lmpop|1 +del|a +mget|a +mset|a
    +subscribe|c +publish|c +get|k +fcall|f +eval|s +rename|a +copy|a +scan|0 +debug|sleep +randomkey|x +monitor|x
""".split()  # noqa: SIM905
_DENIALS: Final = """
    -@dangerous -@admin -@write -@read -@scripting -@keyspace -@fast -@slow -@connection -flushall -flushdb -keys -scan
    -eval -get -set -client -cluster -script -@all
""".split()  # noqa: SIM905
_CHANNEL_RULES: Final = ("&*", "allchannels", "resetchannels", "&a* &[^a]*", "&**", "&?*", "&app:*", "&[^a]*", "&*?")
_DATABASE_RULES: Final = ("db=0", "db=1", "db=1,2", "db=7", "db=99999", "resetdbs", "alldbs", "db=0 alldbs")


def aimed_strings(table: CommandTable, random: Random) -> Iterator[str]:
    """Valid access strings without end; the same `random` state gives the same ones."""
    while True:
        lists = random.choice((1, 1, 2, 3)) if table.syntax.subcommands else 1
        several = [_aimed_list(table, random) for _ in range(lists)]
        text = " ".join(["on", several[0], *(f"({one})" for one in several[1:])])
        if parse(text, table).valid:
            yield text


def _aimed_list(table: CommandTable, random: Random) -> str:
    words = random.choice((*_UNIONS, "")).split(" ")
    if table.syntax.subcommands:
        directions = ("", "", "", "%R", "%W") if random.random() < _TURNED else ("",)
        words = [random.choice(directions) + word if word.startswith("~") else word for word in words]
    words += random.choices(_GRANTS, k=random.choice((1, 1, 2, 3)))
    words += random.choices(_DENIALS, k=random.choice((0, 0, 1, 2)))
    if random.random() < _WITH_CHANNELS:
        words += random.choice(_CHANNEL_RULES).split()
    if table.syntax.databases and random.random() < _WITH_DATABASES:
        words += random.choice(_DATABASE_RULES).split()
    return " ".join(words)


_TURNED: Final = 0.3
_WITH_CHANNELS: Final = 0.4
_WITH_DATABASES: Final = 0.2

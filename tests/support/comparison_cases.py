"""Pairs of access strings that are easy to compare wrongly, with what the answer must be."""

from typing import Final, NamedTuple


class Case(NamedTuple):
    """A pair of strings with the calls that a comparison shows, as text; `@1` behind one says from which database."""

    old: str
    new: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


_LISTS: Final = (
    # two keys of one call may use two patterns of one list, never of two lists
    Case("~a:* ~b:* +mget", "~a:* +mget (~b:* +mget)", lost=("MGET b: a:",)),
    Case("~a:* ~b:* +del", "~a:* +del (~b:* +del)", lost=("DEL b: a:",)),
    Case("~a:* ~b:* +get", "~a:* +get (~b:* +get)"),
    Case("~a:* ~b:* +mget", "(~b:* ~a:* +mget)"),
    Case("~a ~b ~c +mget", "(~a ~b +mget) (~b ~c +mget) (~a ~c +mget)", lost=("MGET c a b",)),
    Case("~a ~b ~c +lcs", "(~a ~b +lcs) (~b ~c +lcs) (~a ~c +lcs)"),
    Case("~a ~b ~c +lcs", "(~a ~b +lcs) (~b ~c +lcs)", lost=("LCS c a",)),
    Case("~a ~b ~c +zunionstore", "(~a ~b +zunionstore) (~b ~c +zunionstore) (~a ~c +zunionstore)",
         lost=("ZUNIONSTORE c 2 a b",)),
    Case("~a* +sunion", "~ab* ~a[^b]* ~a +sunion"),
    Case("~a* +sunion", "(~ab* +sunion) (~a[^b]* ~a +sunion)", lost=("SUNION a ab",)),
    # only a list that covers all of it covers a command with any number of keys
    Case("~a +mget", "(~b +mget) (~a ~c +mget)", gained=("MGET b",)),
    Case("(~a +mget) (~b +mget)", "(~b +mget) (~a +mget) (~a ~b +get)", gained=("GET a",)),
    # the lists of the string may be in another order, and empty or useless ones change nothing
    Case("+@all ~a (+@all ~b)", "+@all ~b (+@all ~a)"),
    Case("+get ~a", "+get ~a () (~b) (+get) (+get ~a)"),
    Case("(~x -@all) +get ~a", "+get ~a"),
    Case("+@all (~*)", "~* (+@all)"),
    Case("+get (~a)", ""),
    Case("~a +get +set (%R~b +get)", "~a +set +get (%R~b +get +set)"),
    # COPY reads one key and writes another
    Case("~a* ~b* +copy", "~a* +copy (~b* +copy)", lost=("COPY b a",)),
    Case("%R~a* %W~b* +copy", "~a* ~b* +copy", gained=("COPY b a",)),
    Case("%R~a* %W~b* +copy", "%R~a* %W~b* +copy (%R~a* +copy) (%W~b* +copy)"),
    Case("~a:* ~b:* +smove", "~a:* ~b:* +smove (~a:* +smove)"),
    Case("~a:* ~b:* +rename", "(~a:* +rename) (~b:* +rename) (~a:* %W~b:* +rename)", lost=("RENAME b: a:",)),
    Case("~a ~b +migrate", "(+migrate ~a) (+migrate ~b)", lost=("MIGRATE host 1  0 1 keys b a",)),
    # a key that is read and written needs one pattern with both
    Case("%R~a %W~a +getset", "~a +getset"),
    Case("%R~a* %W~a* +incr", "%R~a* %W~b* +incr", lost=("INCR a",)),
    Case("%R~* %W~* +getset", "%R~** %W~** +getset"),
    Case("~* +getset", "%R~* %W~* +getset", lost=("GETSET  1",)),
    Case("%R~*1 %W~1* +getset", "~1 +getset", gained=("GETSET 1 1",)),
    Case("%R~*1 %W~1* +get +set", "%R~*1 %W~1* +get +set +getset"),
    Case("%R~a +set", "%R~a"),
    Case("%W~a +set", "~a +set", gained=("SET a 1 get",)),
    Case("%R~a +bitfield", "~a +bitfield", gained=("BITFIELD a set u8 0 1",)),
    Case("%R~a +sort", "~a +sort", gained=("SORT a store a",)),
    Case("%R~a +exists +type", "%W~a +exists +type"),
    Case("%R~a +ttl", "%W~a +ttl", lost=("TTL a",)),
    Case("%R~a +xreadgroup +pfcount", "~a +xreadgroup +pfcount"),
)  # fmt: skip

_KEYS: Final = (
    Case("~* +get", "allkeys +get"),
    Case("~* +get", "~** +get", lost=("GET ",)),
    Case("~* +get", "%RW~* +get", lost=("GET ",)),
    Case("~* +get", "~** ~ +get"),
    Case("~* +get", "~a* ~[^a]* ~ +get"),
    Case("~* +get", "~a* ~[^ab]* ~ +get", lost=("GET b",)),
    Case("~** +get", "~?* +get"),
    Case("~orders:* +get", "~orders:?* +get", lost=("GET orders:",)),
    Case("~orders:1* +get", "~orders:* +get", gained=("GET orders:",)),
    Case("~a*b*c +get", "~a*c +get", gained=("GET ac",)),
    Case("~[a-m]* ~[n-z]* +get", "~[a-z]* +get"),
    Case("~A* +get", "~a* +get", gained=("GET a",), lost=("GET A",)),
    Case("~a +get", "~\\a +get"),
    Case("~ +get", "+get", lost=("GET ",)),
    Case("~[] +get", "+get"),
    Case("%R +get", "~ +get"),
    # commands without keys ignore key patterns
    Case("~a:* +flushall", "~b:* +flushall"),
    Case("+keys +scan", "~* +keys +scan"),
    Case("+flushall -flushall", "-@all"),
    # a script may name no key at all
    Case("+eval", "+eval ~a", gained=("EVAL s 1 a",)),
    Case("+eval ~a", "+eval (~a +get)", gained=("GET a",), lost=("EVAL s 1 a",)),
    Case("~a +get", "~a +get +eval_ro", gained=("EVAL_RO s 0",)),
    # SORT looks up any key where a list has ~* itself
    Case("%R~* +sort", "%R~** +sort", lost=("SORT a get *",)),
    Case("~* +sort_ro", "~** ~ +sort_ro", lost=("SORT_RO a get *",)),
    Case("%R~* +sort_ro", "%R~* ~b +sort_ro"),
    Case("%W~* %R~a +sort", "%W~** %R~a +sort"),
    Case("%W~* %R~a +sort", "%W~** ~ %R~a +sort", gained=("SORT ",)),
    # PFMERGE with one key checks none
    Case("+pfmerge", "+pfmerge ~a", gained=("PFMERGE a a",)),
    Case("", "+pfmerge", gained=("PFMERGE a",)),
    Case("", "+pfmerge|b", gained=("PFMERGE b",)),
)

_FIRST_ARGUMENTS: Final = (
    Case("+select|0", "+select", gained=("SELECT 1",)),
    Case("+select|0", "+select|0 +select|1", gained=("SELECT 1",)),
    Case("+select|00 +select|x", ""),
    Case("+flushall|async", "+flushall", gained=("FLUSHALL",)),
    Case("+flushall +flushall|async", "+flushall"),
    Case("+ping|x", "+ping|X"),
    Case("+ping|x", "+ping|y", gained=("PING y",), lost=("PING x",)),
    Case("+monitor|x +randomkey|x", ""),
    # a first argument that is a key
    Case("+get|K ~k", "+get|k ~k"),
    Case("+get|k", ""),
    Case("+get|k ~k", "+get|k ~k*", gained=("GET k\0",)),
    Case("+get|k ~* ", "+get|k ~k", lost=("GET K",)),
    Case("+get|k ~[kK]", "+get|k ~k", lost=("GET K",)),
    Case("+set|k ~k*", "+set|k ~j*", lost=("SET k 1",)),
    Case("+get ~*", "+get|k ~*", lost=("GET a",)),
    Case("+get ~k", "+get|k ~k"),
    Case("+get ~k*", "+get|k ~k*", lost=("GET ka",)),
    Case("+mget|a ~a", "+mget ~a"),
    Case("+mget|a ~a ~b", "+mget ~a ~b", gained=("MGET b",)),
    Case("+mget|a ~a ~b", "(~a +mget) (~b +mget)", gained=("MGET b",), lost=("MGET a b",)),
    Case("+del|a ~a ~b", "(~a ~b +del|a) (~b +del|b)", gained=("DEL b",)),
    Case("+get|a +get|b ~a", "+get ~a"),
    # the first argument is how many keys there are
    Case("+lmpop|1 ~a ~b", "+lmpop ~a ~b", gained=("LMPOP 2 a a left",)),
    Case("+lmpop|1 ~a", "+lmpop|2 ~a", gained=("LMPOP 2 a a left",), lost=("LMPOP 1 a left",)),
    Case("+lmpop ~a ~b", "+lmpop|1 (~a ~b +lmpop|2) ~a ~b", lost=("LMPOP 3 a a a left",)),
    Case("+lmpop|1 ~a ~b", "(+lmpop ~a) (+lmpop ~b)", gained=("LMPOP 2 a a left",)),
    Case("+lmpop|x +lmpop|0 +lmpop|01 ~a", ""),
    # the first argument is a word that stands for itself
    Case("+xread|streams ~a", "+xread ~a", gained=("XREAD count 1 streams a 0",)),
    Case("+xread|streams +xread|count +xread|block ~a", "+xread ~a", gained=("XREAD 1 1 streams a 0",)),
    Case("+bitop|and ~a", "+bitop ~a", gained=("BITOP 1 a a",)),
    Case("+eval|s +eval|t", "+eval|s", lost=("EVAL t 0",)),
    # forgotten by a later rule, or of no effect
    Case("+get|k -@string ~k", ""),
    Case("+get +get|k ~*", "+get ~*"),
)

_CHANNELS: Final = (
    Case("+publish resetchannels &*", "+publish"),
    Case("+publish", "+publish resetchannels &**", lost=("PUBLISH  1",)),
    Case("+publish resetchannels", ""),
    Case("+publish +subscribe resetchannels &a*", "+publish +subscribe resetchannels &a* &ab"),
    # PSUBSCRIBE by the very text of a rule
    Case("+psubscribe resetchannels &a*", "+psubscribe resetchannels &a* &ab", gained=("PSUBSCRIBE ab",)),
    Case("+psubscribe", "+psubscribe resetchannels &**", lost=("PSUBSCRIBE *",)),
    Case("+psubscribe resetchannels &a &b", "+psubscribe resetchannels &b &a"),
    Case("+psubscribe resetchannels &a &b", "(resetchannels &a +psubscribe) (resetchannels &b +psubscribe)",
         lost=("PSUBSCRIBE b a",)),
    Case("+psubscribe|a resetchannels &a &b", "+psubscribe|a resetchannels &a", lost=("PSUBSCRIBE a b",)),
    Case("+psubscribe|a", "+psubscribe|a resetchannels &a", lost=("PSUBSCRIBE A",)),
    Case("+psubscribe|a", "+psubscribe|a resetchannels &a &A", lost=("PSUBSCRIBE a *",)),
    Case("+subscribe resetchannels &a &b", "(resetchannels &a +subscribe) (resetchannels &b +subscribe)",
         lost=("SUBSCRIBE b a",)),
    Case("+subscribe|a resetchannels &a", "+subscribe resetchannels &a"),
    Case("+subscribe|a resetchannels &?", "+subscribe|A resetchannels &a &A &b", lost=("SUBSCRIBE a c",)),
    Case("+unsubscribe +pubsub resetchannels", "+unsubscribe +pubsub"),
    Case("+spublish resetchannels &a", "+spublish resetchannels &b", gained=("SPUBLISH b 1",), lost=("SPUBLISH a 1",)),
)  # fmt: skip

_COMMANDS: Final = (
    Case("+get ~a", "+GET ~a"),
    Case("+@all -@all", ""),
    Case("-@dangerous +@all", "+@all"),
    Case("+@all -@dangerous +@dangerous", "+@all"),
    Case("+auth +hello", "-auth"),
    Case("", "+ping", gained=("PING",)),
    Case("+config", "+config|get", lost=("CONFIG SET 1 1", "CONFIG HELP")),
    Case("+client|kill", "+client|list", gained=("CLIENT LIST",), lost=("CLIENT KILL id 1",)),
    # modules and later versions
    Case("+@all", "+@fast +@slow", lost=("",)),
    Case("+@all ~a", "+@all ~a (+@fast +@slow ~a)"),
    Case("+@all", "+@all -@all +@fast +@slow", lost=("",)),
    Case("+@all -get -get", "+@all -get"),
    Case("+@fast +@slow ~a (~a +@all)", "+@fast +@slow (~a +@all)"),
    # on and off stand apart
    Case("on +get ~a", "off +get ~a"),
)

_DATABASES: Final = (
    Case("db=0 ~* +get", "~* +get", gained=("GET a@1",)),
    Case("db=0 ~* +get", "db=1 ~* +get", gained=("GET a@1",), lost=("GET a",)),
    Case("db=0,1 ~* +get", "(db=0 ~* +get) (~* db=1 +get)"),
    Case("resetdbs ~* +get +flushdb +flushall", ""),
    Case("resetdbs +ping", "+ping"),
    Case("alldbs +flushall", "+flushall"),
    Case("db=0,1 +flushall", "+flushall", gained=("FLUSHALL",)),
    Case("db=0 +flushall", ""),
    Case("db=0 +config|get", "db=1 +config|get"),
    Case("db=0 +flushdb +keys", "db=0,1 +flushdb +keys", gained=("KEYS *@1",)),
    Case("db=1 +select", "db=0,1 +select", gained=("SELECT 0",)),
    Case("db=0 +select|0 +select|1", "+select|0"),
    Case("db=0,1 +swapdb", "(db=0 +swapdb) (db=1 +swapdb)", lost=("SWAPDB 1 0",)),
    Case("db=1 +move ~a", "db=0,1 +move ~a", gained=("MOVE a 0",)),
    Case("db=0,1 +copy ~a", "(db=0 +copy ~a) (db=1 +copy ~a)", lost=("COPY a a db 1",)),
    Case("db=0,1,2 +copy ~a", "(db=0,1 +copy ~a) (db=1,2 +copy ~a) (db=0,2 +copy ~a)",
         lost=("COPY a a db 2 db 1",)),
    Case("db=0,1 ~a ~b +get", "(db=0 ~a +get) (db=1 ~b +get)", lost=("GET b",)),
    Case("db=0,1 +eval", "db=0,1 +eval (db=2 +eval)", gained=("EVAL s 0@2",)),
    Case("+@all db=0", "+@fast +@slow db=0", lost=("",)),
)  # fmt: skip

_OLD: Final = (
    Case("~a +get", "~b +get", gained=("GET b",), lost=("GET a",)),
    Case("~a +get +set", "~* +get +set", gained=("SET b 1", "GET b")),
    Case("+config|get", "+config|set", gained=("CONFIG SET 1 1",), lost=("CONFIG GET *",)),
    Case("+client", "+client|kill", lost=("CLIENT LIST", "CLIENT UNPAUSE", "CLIENT TRACKING on", "CLIENT ID")),
    Case("+client|kill +client", "+client"),
    Case("+config|nosuch", "", lost=("CONFIG nosuch",)),
    Case("+object|encoding ~a", "+object|encoding", lost=("OBJECT ENCODING a",)),
    Case("+object|help", "+object|help ~a"),
    Case("+memory|usage ~a", "+memory|usage ~a +memory|doctor", gained=("MEMORY DOCTOR",)),
    Case("+xread|streams ~a", "+xread ~a", gained=("XREAD count 1 streams a 0",)),
    Case("resetchannels &a +subscribe", "+subscribe", gained=("SUBSCRIBE b",)),
    Case("resetchannels &a* +psubscribe", "resetchannels &a* &ab +psubscribe", gained=("PSUBSCRIBE ab",)),
    Case("~* +sort", "~** ~ +sort"),
    Case("~a +pfmerge", "+pfmerge", lost=("PFMERGE a",)),
    Case("+mget|a ~a ~b", "+mget ~a", lost=("MGET a b",)),
    Case("+stralgo|lcs ~a", "+stralgo|lcs", lost=("STRALGO lcs keys a a",)),
    Case("+@all", "+@fast +@slow", lost=("",)),
)

CASES: Final = {
    "valkey-9.1": (*_LISTS, *_KEYS, *_FIRST_ARGUMENTS, *_CHANNELS, *_COMMANDS, *_DATABASES),
    "valkey-8.1": (*_LISTS, *_KEYS, *_FIRST_ARGUMENTS, *_CHANNELS, *_COMMANDS),
    "redis-7.0": (*_LISTS, *_KEYS, *_FIRST_ARGUMENTS, *_CHANNELS, *_COMMANDS),
    "redis-6.2": _OLD,
}
"""Server line to its cases."""

"""What `effect_of` says about an access string is what a real server lets its owner do, in both directions."""

import contextlib
import socket
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import pytest
import redis

from acl import capabilities
from acl.access_string import AccessString, parse
from acl.capabilities import CAPABILITIES
from acl.commands import KeySpec, commands_of
from acl.effect import effect_of
from tests.support.capability_trials import EVERY_KEY, CapabilityTrials, claims_of, trials_on
from tests.support.patience import on_free_ports, wait_until
from tests.support.servers import SERVER_NAMES, give_up, started
from tests.testbed import PATIENCE_SECONDS
from tests.testbed.aimed_access_strings import aimed_strings
from tests.testbed.random_access_strings import RandomAccessStrings
from tests.testbed.servers import Link, ServerMissingError, running, server_named
from tests.testbed.verdicts import packed

pytestmark = pytest.mark.server

ALL_IDS = (*(capability.id for capability in CAPABILITIES), EVERY_KEY)
BATCHES = [
    *(("valkey-9.1", seed) for seed in range(4)),
    *((name, 0) for name in ("valkey-8.1", "redis-7.0", "redis-6.2")),
]
STRINGS_A_BATCH = 130
"""Half of them quite random, half aimed at the capabilities; the invalid ones among the random ones do not count."""
MOST_UNCONFIRMED = 0.01
"""The share of all claims on keys that no tried key could confirm, or that no fitting call can."""

# Modifiers, selectors, databases and directions, as people write them and as they once cost somebody time.
WRITTEN_BY_HAND = r"""
on ~* +@all
on ~app:* +@read +@write
on ~app:* +@all -@dangerous
on ~app:* +@all -flushall -@admin -@scripting
on +@all
off -@all
on %R~* +@all
on %R~* +@read
on %W~* +@write
on %R~* +set
on ~* +set -@read
on %R~* +bitfield
on %R~* +ttl +pttl +exists
on %R~* +ttl +get
on %R~* +xreadgroup
on %R~* +copy +get
on %W~* +copy
on %W~* +sunionstore +get
on ~* +rename -@read
on ~* +move
on ~* +smove +sismember
on ~* +eval +fcall
on ~* +pfcount +strlen +type
on ~app:* +sort
on ~* +flushall|async
on ~app:* +keys|*
on +swapdb|0
on ~* +bitop|and
on ~* +bitop|and +get
on ~* +xread|streams
on ~* +lmpop|1
on ~* +del|a
on ~* +mget|a
on ~* +get|k
on ~* +mset|k
on ~* +fcall|f +eval|s
on +randomkey|1 +monitor|1
on +subscribe|c &*
on +publish|c &*
on +debug|sleep
on +client|kill
on +client|list -client
on +config
on +acl|setuser
on +cluster|getkeysinslot +client|tracking
on +slowlog|get +acl|log
on +@slow
on +@fast
on +@scripting
on +@connection
on +@pubsub &**
on +psubscribe &*
on +psubscribe allchannels
on +publish
on resetchannels +@pubsub
on +@pubsub resetchannels &a* &[^a]*
on +@pubsub resetchannels &app:*
on ~[^a]* +get
on ~a* ~[^a]* +get
on ~??* +get
on ~????????* +get +set
on ~?????????* +get +set
on ~*[^\x01] +get
"""
WITH_SELECTORS = r"""
on ~a* +@all (~[^a]* +@all)
on ~a* +get (~[^a]* +hget)
on ~* (+@all)
on +@all (~*)
on ~a* (~[^a]* +@all)
on %R~a* +get (%R~[^a]* +set)
on %R~a* +set (%W~[^a]* +set)
on -@all (+flushall) (+keys)
on +@pubsub resetchannels &a* (+publish resetchannels &[^a]*)
on %R~* %W~mine:* +copy (~mine:* +get)
on %R~* +copy (~mine:* +get)
on %W~* +get (~* +copy)
on ~mine:* +get (~* +move)
"""
WITH_DATABASES = r"""
on ~* +@all db=0
on ~* +@all db=7
on ~* +@all resetdbs
on +flushdb db=3
on +flushall db=3
on +swapdb db=3
on +swapdb db=3,4
on ~* +get db=99999
on ~* +set (+flushall db=1) (+scan resetdbs)
on +config|set +ping +client|kill resetdbs
on +eval +script|load resetdbs
on resetdbs +@all alldbs
"""


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


@pytest.mark.no_cover
@pytest.mark.parametrize(("name", "seed"), BATCHES, ids=[f"{name}-{seed}" for name, seed in BATCHES])
def test_each_capability_is_held_exactly_where_the_server_allows_it(name: str, seed: int) -> None:
    table = commands_of(name)
    generator = RandomAccessStrings(name, Random(seed))
    texts = [generator.string() for _ in range(STRINGS_A_BATCH // 2)]
    texts += islice(aimed_strings(table, Random(seed)), STRINGS_A_BATCH // 2)
    with trials_on(name, seed=seed) as trials:
        assert [str(contradiction) for contradiction in trials.contradictions(texts)] == []
    tally = trials.tally
    in_vain = [*tally.unconfirmed, *tally.unfitting]
    assert len(in_vain) <= max(2, MOST_UNCONFIRMED * sum(tally.agreed.values())), in_vain
    assert len(tally.refused) <= STRINGS_A_BATCH / 10, tally.refused
    # Nothing would be shown by strings that all hold the same.
    scarce = {key for key in ((id_, held) for id_ in ALL_IDS for held in (True, False)) if tally.agreed.get(key, 0) < 3}
    assert scarce == set()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SERVER_NAMES)
def test_modifiers_written_by_hand_mean_what_the_server_makes_of_them(name: str) -> None:
    syntax = commands_of(name).syntax
    texts = lines(WRITTEN_BY_HAND)
    texts += lines(WITH_SELECTORS) * syntax.subcommands + lines(WITH_DATABASES) * syntax.databases
    with trials_on(name) as trials:
        valid = [text for text in texts if parse(text, trials.table).valid]
        assert [str(contradiction) for contradiction in trials.contradictions(valid)] == []
        assert trials.tally.unconfirmed == []
        # What is tried is most of them: 6.2 knows no directions, and refuses `&x` where every channel is given.
        assert len(valid) - len(trials.tally.refused) >= len(texts) - (0 if syntax.subcommands else 16)


PLANTED = ("on ~* +@all", "on ~app:* +get", "on ~* +@read +@write", "on -@all", "on +@pubsub &a*", "on ~a +del|a")


@pytest.mark.parametrize("name", ["valkey-9.1", "redis-6.2"])
def test_a_claim_too_many_or_too_few_does_not_go_unnoticed(name: str) -> None:
    """The trials find a fault planted in any capability, in either direction."""
    with trials_on(name) as trials:
        found = {
            (capability, contradiction.claimed)
            for capability in ALL_IDS
            for contradiction in trials.contradictions(PLANTED, partial(_flipped, capability))
            if contradiction.capability == capability
        }
    unconfirmed = {capability for _, capability in trials.tally.unconfirmed}
    assert {capability for capability, claimed in found if claimed} == set(ALL_IDS)
    # A no cannot be refuted where keys are without end: it stays unconfirmed, which the tests above bound.
    without_keys = {capability.id for capability in CAPABILITIES if capability.commands}
    assert {capability for capability, claimed in found if not claimed} | unconfirmed == set(ALL_IDS)
    assert {capability for capability, claimed in found if not claimed} == without_keys


def _flipped(capability: str, access: AccessString) -> set[str]:
    return {*claims_of(access)} ^ {capability}


class Cache:
    """A server with a user on it, and everybody's data."""

    def __init__(self, name: str, socket_path: str, admin: Link, user: Link) -> None:
        self.name = name
        self.socket_path = socket_path
        self.admin = admin
        self.user = user

    def log_in(self, text: str) -> set[str]:
        """Give the user these rules, log in, and return the capabilities that `effect_of` finds in them."""
        made = self.admin.call("ACL", "SETUSER", "u", "reset", *text.encode().split(), "on", ">made-up-password")
        assert made == b"OK", (text, made)
        assert self.user.call("AUTH", "u", "made-up-password") == b"OK"
        return {*effect_of(parse(text, commands_of(self.name))).commands_by_capability}


@contextlib.contextmanager
def cache(name: str, *settings: str) -> Iterator[Cache]:
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running(server_named(name), *settings))
        except ServerMissingError as missing:
            give_up(str(missing))
        admin, user = (stack.enter_context(server.connect()) for _ in range(2))
        yield Cache(name, server.socket_path, admin, user)


def _fill(admin: Link, *, secret: bytes, number: int, bits: bytes) -> None:
    """A value of every type, in the same shape whatever the secret."""
    one = b"%d" % number
    admin.call("FLUSHALL")
    replies = admin.pipeline(
        [
            *(("set", "string", secret), ("set", "number", 17 * number), ("set", "bits", bits)),
            *(("rpush", "list", one, secret), ("sadd", "set", one, secret), ("sadd", "guess", "secret-a")),
            *(
                ("zadd", "zset", one, one, "7", secret),
                ("zadd", "lex", "0", secret),
                ("zadd", "zguess", "7", "secret-a"),
            ),
            *(("hset", "hash", "1", one, "f", secret, secret, "x"), ("pfadd", "hll", one, secret)),
            *(("xadd", "stream", "1-1", "f", secret), ("xgroup", "create", "stream", secret, "0")),
            *(("xgroup", "create", "stream", "g", "0"), ("xreadgroup", "group", "g", secret, "streams", "stream", ">")),
            ("xadd", "stream", "2-1", "f", secret),
            ("geoadd", "geo", one, "1", "m", one, "1", secret),
        ]
    )
    assert [reply for reply in replies if isinstance(reply, redis.ResponseError)] == []


VALUES: tuple[dict[str, Any], ...] = (
    {"secret": b"secret-a", "number": 1, "bits": b"\x40"},
    {"secret": b"secret-b", "number": 2, "bits": b"\x01"},
)
FILLED = "string number bits list set zset lex hash hll stream geo".split()  # noqa: SIM905
# Calls that show a value where the shortest ones do not.
TELLING = (
    *(
        "geohash geo m",
        "geopos geo m",
        "georadiusbymember_ro geo m 1 m",
        "georadiusbymember geo m 1 m",
        "geosearch geo frommember m byradius 1 m asc",
    ),
    *(
        "hgetdel hash fields 1 f",
        "hrandfield hash 9",
        "sintercard 2 set guess",
        "zintercard 2 zset zguess",
        "sort list alpha",
    ),
    *("sort_ro list alpha", "zlexcount lex - [secret-a", "zrangebylex lex - +", "zrevrangebylex lex + -"),
    *("xpending stream g", "xinfo consumers stream g", "blmove list list left left 0.01"),
)
# They show whether a member is there that the caller names, or how long a value is.
NOT_SHOWING = {"smove", "bitop"}


def test_the_commands_that_show_values_are_those_whose_replies_depend_on_values() -> None:
    """Every command that reads is run on two sets of data that differ in nothing but the values."""
    with trials_on("valkey-9.1") as trials:
        readers = [
            name for name, specs in zip(trials.table.names, trials.table.key_specs, strict=True) if _reads(specs)
        ]
        showing = {name for name in readers if name != "migrate" and _shows_a_value(trials, name)}
    assert len(readers) > 120
    assert {*readers} - {*capabilities.SHOW_NO_VALUE} - showing == set()
    assert showing & {*capabilities.SHOW_NO_VALUE} - NOT_SHOWING == set()


def _reads(specs: Sequence[KeySpec]) -> bool:
    return any(spec.reads for spec in specs)


def _shows_a_value(trials: CapabilityTrials, command: str) -> bool:
    calls = [tuple(call.encode().split()) for call in TELLING]
    calls = [call for call in calls if command in {call[0].decode(), b"|".join(call[:2]).decode()}]
    for form in trials.calls_of(command):
        for key in FILLED:
            words = [
                key.encode() if any(at == place for place, _ in form.keys) else word
                for at, word in enumerate(form.words)
            ]
            if command.startswith("b") and not command.startswith("bit"):
                # these would wait: the time stands first where keys are counted, else last
                words[1 if command.endswith("mpop") else -1] = b"0.01"
            calls.append(tuple(words))
    return any(_reply(trials, call, VALUES[0]) != _reply(trials, call, VALUES[1]) for call in calls)


def _reply(trials: CapabilityTrials, call: Sequence[bytes], values: dict[str, Any]) -> str:
    _fill(trials.link, **values)
    return repr(trials.link.call(*call))


# Another's data, the call that moves it, and the command that then shows it.
MOVES = {
    "copy": ("set other v", "copy other mine:1", "get mine:1"),
    "rename": ("set other v", "rename other mine:1", "get mine:1"),
    "renamenx": ("set other v", "renamenx other mine:1", "get mine:1"),
    "bitop": ("set other v", "bitop and mine:1 other", "get mine:1"),
    "pfmerge": ("pfadd other v", "pfmerge mine:1 other", "get mine:1"),
    "sdiffstore": ("sadd other v", "sdiffstore mine:1 other", "smembers mine:1"),
    "sinterstore": ("sadd other v", "sinterstore mine:1 other", "smembers mine:1"),
    "sunionstore": ("sadd other v", "sunionstore mine:1 other", "smembers mine:1"),
    "zdiffstore": ("zadd other 1 v", "zdiffstore mine:1 1 other", "zrange mine:1 0 -1"),
    "zinterstore": ("zadd other 1 v", "zinterstore mine:1 1 other", "zrange mine:1 0 -1"),
    "zunionstore": ("zadd other 1 v", "zunionstore mine:1 1 other", "zrange mine:1 0 -1"),
    "zrangestore": ("zadd other 1 v", "zrangestore mine:1 other 0 -1", "zrange mine:1 0 -1"),
    "geosearchstore": (
        "geoadd other 1 1 v",
        "geosearchstore mine:1 other fromlonlat 1 1 byradius 9 km",
        "zrange mine:1 0 -1",
    ),
}


def test_every_command_that_moves_values_is_tried() -> None:
    """MIGRATE alone is left out: it needs a second server, and no ElastiCache cache runs it."""
    assert {*MOVES} == {*capabilities.MOVERS} - {"migrate"}


def test_who_moves_another_value_to_where_it_can_be_read_reads_any_key() -> None:
    with cache("valkey-9.1") as shared:
        for mover, (given, moved, shown) in MOVES.items():
            shared.admin.call("FLUSHALL")
            shared.admin.call(*given.split())
            place = shown.split()[1]
            expected = shared.admin.call(*(word if word != place else "other" for word in shown.split()))
            reader = shown.split()[0]
            source = "~*" if mover.startswith("rename") else "%R~* ~mine:*"
            held = shared.log_in(f"on {source} +{mover} (~mine:* +{reader})")
            assert capabilities.READ_ANY_KEY in held, mover
            assert isinstance(shared.user.call(reader, "other", *shown.split()[2:]), redis.ResponseError), mover
            assert not isinstance(shared.user.call(*moved.split()), redis.ResponseError), mover
            assert shared.user.call(*shown.split()) == expected, mover
            assert expected not in (None, []), mover
            # without a command that shows values, there is nothing to be read
            assert capabilities.READ_ANY_KEY not in shared.log_in(f"on {source} +{mover}"), mover


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        pytest.param("on ~mine:* +get (~* +move +select)", ["move other 1", "get other"], id="move"),
        pytest.param("on ~mine:* +smembers (~* +smove)", ["smove others mine:1 guess", "smembers mine:1"], id="smove"),
        pytest.param("on %R~* +copy (~mine:* +get)", ["copy other mine:1", "get mine:1"], id="copy to nowhere"),
        pytest.param("on %W~* +copy (~mine:* +get)", ["copy other mine:1", "get mine:1"], id="copy from nowhere"),
        pytest.param("on %W~* +set +ttl", ["set other x get", "ttl other"], id="set get without read"),
        pytest.param("on ~* +exists +type +strlen +touch", ["type other", "strlen other"], id="metadata"),
        pytest.param("on ~app:* +sort", ["sort app:ids by nosort get other"], id="sort from 7.0 on"),
    ],
)
def test_what_does_not_show_another_value_does_not_count_as_reading(text: str, calls: Sequence[str]) -> None:
    with cache("valkey-9.1") as shared:
        shared.admin.pipeline([("set", "other", "secret"), ("sadd", "others", "secret"), ("rpush", "app:ids", "1")])
        assert capabilities.READ_ANY_KEY not in shared.log_in(text)
        replies = [shared.user.call(*call.split()) for call in calls]
        assert "secret" not in repr(replies), replies


def test_sort_reads_any_key_on_6_2_alone() -> None:
    call = ["sort", "app:ids", "by", "nosort", "get", "other:*"]
    for name, shows in (("redis-6.2", True), ("redis-7.0", False)):
        with cache(name) as shared:
            shared.admin.pipeline([("rpush", "app:ids", "1"), ("set", "other:1", "secret")])
            assert (capabilities.READ_ANY_KEY in shared.log_in("on ~app:* +sort")) is shows, name
            assert (shared.user.call(*call) == [b"secret"]) is shows, name


@pytest.mark.parametrize("name", SERVER_NAMES)
def test_writing_by_category_erases_what_belongs_to_others(name: str) -> None:
    with cache(name) as shared:
        shared.admin.call("set", "other:1", "v")
        assert capabilities.ERASE_EVERYTHING in shared.log_in("on ~app:* +@write")
        assert isinstance(shared.user.call("del", "other:1"), redis.ResponseError)
        assert shared.user.call("flushall") == b"OK"
        assert shared.admin.call("exists", "other:1") == 0


@pytest.mark.parametrize("name", SERVER_NAMES)
def test_reading_by_category_lists_the_keys_of_others(name: str) -> None:
    with cache(name) as shared:
        shared.admin.call("set", "other:1", "v")
        assert capabilities.LIST_KEYS in shared.log_in("on ~app:* +@read")
        assert shared.user.call("keys", "*") == [b"other:1"]
        assert shared.user.call("scan", "0") == [b"0", [b"other:1"]]
        assert shared.user.call("randomkey") == b"other:1"


def test_tracking_in_broadcasting_mode_shows_which_keys_of_others_change() -> None:
    with cache("valkey-9.1") as shared, contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
        assert shared.log_in("on ~app:* +client|tracking") == {capabilities.LIST_KEYS}
        listener.connect(shared.socket_path)
        listener.settimeout(PATIENCE_SECONDS)
        listener.sendall(packed(b"HELLO", b"3", b"AUTH", b"u", b"made-up-password"))
        listener.sendall(packed(b"CLIENT", b"TRACKING", b"ON", b"BCAST"))
        _receive_until(listener, b"+OK\r\n")
        shared.admin.call("set", "other:1", "v")
        assert b"invalidate" in _receive_until(listener, b"other:1")


def _receive_until(connection: socket.socket, wanted: bytes) -> bytes:
    received = b""
    while wanted not in received:
        more = connection.recv(1 << 16)
        assert more, received
        received += more
    return received


def test_flushslot_deletes_the_keys_of_others() -> None:
    """Only a cluster has slots; one of a single server is a cluster, too."""

    def start(ports: Sequence[int]) -> contextlib.AbstractContextManager[Cache]:
        places = ("--bind", "127.0.0.1", "--port", str(ports[0]), "--cluster-port", str(ports[1]))
        return cache("valkey-9.1", "--cluster-enabled", "yes", *places)

    with on_free_ports(2, start) as shared:
        shared.admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        wait_until(lambda: shared.admin.call("SET", "other:1", "v") == b"OK", "the cluster is up")
        slot: Any = shared.admin.call("CLUSTER", "KEYSLOT", "other:1")
        assert capabilities.ERASE_EVERYTHING in shared.log_in("on ~app:* +cluster|flushslot")
        assert isinstance(shared.user.call("DEL", "other:1"), redis.ResponseError)
        assert shared.user.call("CLUSTER", "FLUSHSLOT", str(slot), "SYNC") == b"OK"
        assert shared.admin.call("EXISTS", "other:1") == 0


def test_the_trials_ask_a_server_that_starts_users_with_every_channel() -> None:
    """As ElastiCache does by default; so `+publish` alone reaches every channel."""
    with trials_on("valkey-9.1") as trials:
        assert trials.allowed("on +publish", [(b"publish", b"any", b"m")]) == [True]
        assert trials.refuses("on &app:*") is not None
    assert isinstance(trials, CapabilityTrials)
    with started("valkey-9.1") as server, server.connect() as link:
        assert link.call("ACL", "SETUSER", "u", "&app:*") == b"OK"

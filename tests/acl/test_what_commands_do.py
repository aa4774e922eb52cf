"""The lists of acl/capabilities.py are what real servers show when every command is run, and rows written by hand."""

import dataclasses
from collections.abc import Collection, Iterator

import pytest

from acl import capabilities
from acl.capabilities import CAPABILITIES
from acl.commands import commands_of
from tests.support import command_rows as rows
from tests.support.capability_trials import trials_on
from tests.support.servers import SERVER_NAMES, started
from tests.testbed.call_forms import CallForms
from tests.testbed.command_effects import NOT_RUN, effects_of
from tests.testbed.command_survey import read_commands
from tests.testbed.servers import Link

ON_EVERY_SERVER = pytest.mark.parametrize("server", SERVER_NAMES)
OLD = "redis-6.2"
NOT_LISTED = {"bgrewriteaof"}
"""It takes no argument, and capabilities do not say so: `+bgrewriteaof|x` counts, and grants nothing."""


@pytest.mark.server
@ON_EVERY_SERVER
def test_the_lists_are_what_was_seen_when_every_command_was_run(server: str) -> None:
    """On this server line, whose commands, keys and flags are its own words.

    "Behind a first argument" is about `+mget|a`, which is granted with `a` first, and reads whatever comes next.
    PFMERGE is left out of those that do with one key, because it merges nothing then.
    """
    with started(server) as running, running.connect() as link:
        commands = {command.name: command for command in read_commands(link)}
        effects = effects_of(link, CallForms(link).by_command)
    reading, writing, in_several_places = _keyed(server)
    unreported = {*rows.UNREPORTED_ON_6_2} if server == OLD else set[str]()
    moved_by_hand, changed_by_hand = ({*table} & commands.keys() for table in (rows.MOVES, rows.CHANGES))
    showing = effects.shows - {*rows.SHOW_NOTHING, *rows.READ_WITHOUT_PERMISSION} - unreported
    without_argument = {name for name in _giving() if name in commands and commands[name].arity == 1}
    seen = {
        "shows values": showing,
        "moves values and shows none": (effects.moves - effects.shows) | moved_by_hand,
        "changes keys": (effects.changes - {*rows.CHANGE_WITHOUT_PERMISSION} - unreported) | changed_by_hand,
        "shows behind a first argument": effects.shows_later - {*rows.SHOW_NOTHING} - unreported,
        "moves behind a first argument": (effects.moves_later - effects.shows) | moved_by_hand,
        "changes behind a first argument": (effects.changes_later - unreported) | moved_by_hand,
        "does with one key": (effects.work_with_one_key & in_several_places) - {"pfmerge"},
        "takes no argument": without_argument - NOT_LISTED,
    }
    listed = {
        "shows values": reading - {*capabilities.SHOW_NO_VALUE},
        "moves values and shows none": {*capabilities.MOVERS},
        "changes keys": writing - {*capabilities.SCRIPTS},
        "shows behind a first argument": {*capabilities.READ_MORE_KEYS},
        "moves behind a first argument": {*capabilities.MOVE_MORE_KEYS},
        "changes behind a first argument": {*capabilities.WRITE_MORE_KEYS},
        "does with one key": {*capabilities.ONE_KEY_WILL_DO},
        "takes no argument": {*capabilities.NO_ARGUMENT},
    }

    assert (reading | writing) - effects.ran <= {*NOT_RUN, *rows.CHANGES}, "these were not run, and have no row"
    assert seen == {what: names & commands.keys() for what, names in listed.items()}
    assert {*rows.READ_WITHOUT_PERMISSION} & commands.keys() <= effects.shows, "a row claims what is not so"


@pytest.mark.server
@pytest.mark.parametrize(("text", "listed"), [("on ~* +hget", ["hget"]), ("on ~* +ttl", [])], ids=["hget", "ttl"])
def test_a_wrong_entry_in_a_list_does_not_go_unnoticed_in_the_trials(
    text: str, listed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With HGET among the commands that show no value, or TTL not among them, claims and server disagree."""
    wrong = {*capabilities.SHOW_NO_VALUE, *listed} - ({"ttl"} if not listed else set())
    monkeypatch.setattr(capabilities, "SHOW_NO_VALUE", tuple(wrong))
    with trials_on("valkey-9.1") as trials:
        # What was worked out for the usual table is kept, so it takes another one.
        trials.table = dataclasses.replace(trials.table)
        contradicted = {found.capability for found in trials.contradictions([text])}

    unconfirmed = {capability for _, capability in trials.tally.unconfirmed}
    assert capabilities.READ_ANY_KEY in contradicted | unconfirmed


def _keyed(server: str) -> tuple[set[str], set[str], set[str]]:
    """The commands that read, that write, and that name keys in several places, as the server line reports its keys."""
    table = commands_of(server)
    specs = dict(zip(table.names, table.key_specs, strict=True))
    return (
        {name for name, found in specs.items() if any(spec.reads for spec in found)},
        {name for name, found in specs.items() if any(spec.writes for spec in found)},
        {name for name, found in specs.items() if len(found) > 1},
    )


def _giving() -> set[str]:
    return {row.command for several in rows.CACHE_WIDE.values() for row in several if "|" not in row.command}


@pytest.mark.server
@ON_EVERY_SERVER
def test_the_commands_on_channels(server: str) -> None:
    """Somebody with every command and no channel is refused those, and with one channel the ones that name another."""
    table = commands_of(server)
    with started(server) as running, running.connect() as link:
        refused = {name for name in rows.CHANNELS if name in table.index and not _may(link, name, channels=[])}
        several = {name for name in refused if not _may(link, name, channels=["a"])}

    assert refused == {name for name in capabilities.CHANNELS if name in table.index}
    assert several & {*capabilities.MORE_CHANNELS} == several
    assert {name for name, names_several in rows.CHANNELS.items() if names_several} == {*capabilities.MORE_CHANNELS}


def _may(link: Link, command: str, channels: Collection[str]) -> bool:
    """Whether a call of a command with the channels a and b, or a and a message, is allowed to who has `channels`."""
    link.call("ACL", "SETUSER", "on-channels", "reset", "+@all", "resetchannels", *(f"&{name}" for name in channels))
    if "dryrun" in str(link.call("ACL", "HELP")).lower():
        return link.call("ACL", "DRYRUN", "on-channels", command, "a", "b") == b"OK"
    link.call("ACL", "SETUSER", "on-channels", "on", "nopass")
    link.call("AUTH", "on-channels", "any")
    link.call("MULTI")
    reply = link.call(command, "a", "b")
    link.call("RESET")
    return "permission" not in str(reply).lower()


def test_the_commands_that_give_a_capability_whatever_the_keys() -> None:
    listed = {capability.id: {*capability.commands} for capability in CAPABILITIES if capability.commands}
    fixed = {capability.id for capability in CAPABILITIES if not capability.free_first_argument}

    assert listed == {capability: {row.command for row in several} for capability, several in rows.CACHE_WIDE.items()}
    assert fixed == rows.FIXED_ARGUMENT_IS_TOO_LITTLE


def test_every_row_names_a_command_that_some_server_knows() -> None:
    known = {name for server in SERVER_NAMES for name in commands_of(server).names}
    written = {row.command for several in rows.CACHE_WIDE.values() for row in several}
    for table in (rows.MOVES, rows.SHOW_NOTHING, rows.READ_WITHOUT_PERMISSION, rows.CHANGE_WITHOUT_PERMISSION):
        written |= table.keys()

    assert written | rows.CHANGES.keys() | rows.CHANNELS.keys() <= known


HARMFUL = frozenset(
    """
    shutdown debug sync psync replicaof slaveof failover module|load module monitor subscribe psubscribe ssubscribe
    reset quit hello auth multi exec discard client|reply client|pause wait waitaof host: post
    """.split()  # noqa: SIM905
)
"""Commands that would end the server or the connection, or keep it from answering."""


def _calls(name: str, words: tuple[bytes, ...], keys: tuple[int, ...]) -> Iterator[tuple[bytes, ...]]:
    named = [b"mine" if place in keys else word for place, word in enumerate(words)]
    yield tuple(named)
    for row in (row for several in rows.CACHE_WIDE.values() for row in several if row.command == name):
        yield from (tuple(call.encode().split()) for call in row.calls)
    if name == "swapdb":
        yield (b"swapdb", b"0", b"1")
    if name == "keys":
        yield (b"keys", b"*")


@pytest.mark.server
@ON_EVERY_SERVER
def test_no_other_command_erases_or_names_keys_that_its_caller_does_not_name(server: str) -> None:
    """Every command is run beside another's key; commands on slots answer in a cluster alone."""
    erasing, naming = set[str](), set[str]()
    with started(server) as running, running.connect() as link:
        for name, forms in CallForms(link).by_command.items():
            if name in HARMFUL or (name.startswith("b") and not name.startswith("bit")):
                continue
            for form in forms:
                for words in _calls(name, form.words, tuple(place for place, _ in form.keys)):
                    link.call("SELECT", "0")
                    link.call("SET", "other:1", "v")
                    if "other:1" in str(link.call(*words)):
                        naming.add(name)
                    link.call("SELECT", "0")
                    if link.call("EXISTS", "other:1") == 0:
                        erasing.add(name)
                    link.call("FLUSHALL")

    known = {name.partition("|")[0] if server == OLD else name for name in commands_of(server).names}
    slots = {"cluster|flushslot", "cluster|getkeysinslot"}
    tracking = {"client|tracking"}  # answers by messages of its own: test_capabilities.py looks at them
    in_one = {"clusterscan"}  # answers in a cluster alone
    for seen, capability in ((erasing, "erase-everything"), (naming, "list-keys")):
        listed = {row.command for row in rows.CACHE_WIDE[capability]} & known
        assert seen == listed - slots - tracking - in_one

"""A capability is one row: whatever else needs to know of it is derived, and a step left out is a sentence."""

import re
from pathlib import Path
from typing import Final

import pytest

from acl.access_string import parse
from acl.capabilities import CAPABILITIES, Capabilities, Capability, Needs
from acl.commands import LINES, commands_of
from acl.effect import effect_of
from acl.narrower import narrower
from elasticache.effects import UserEffect
from elasticache.service import commands_for
from policies.user.no_cache_wide_commands import CacheWideOptions
from rulebook import access_wording

VALKEY: Final = commands_for("valkey")
REDIS_6: Final = commands_of("redis-6.2")
EXTRA: Final = Capability(
    "count-clients",
    "learn how many clients there are",
    rank=15,
    commands=("info", "client|info", "client|getname"),
    on_whole_cache=True,
    removed_by_narrowing=True,
)
DENIALS: Final = (
    "-@keyspace +@fast -@dangerous -@scripting -client|getname -client|info -client|tracking -cluster|getkeysinslot "
    "+copy +del +dump +object +rename"
)
"""What takes the unwanted commands of all rows away from `+@all`: by category, then by name."""
WITH_EXTRA: Final = Capabilities((*CAPABILITIES, EXTRA))


PAGE: Final = Path(__file__).parents[2] / "docs" / "access-strings.md"


def test_every_capability_is_documented() -> None:
    text = PAGE.read_text()
    rows = re.findall(r"^\| (`[a-z`, -]+`) \|", text, re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    missing = {capability.id for capability in CAPABILITIES} - documented

    assert not missing, f"add a row for {sorted(missing)} to the table of capabilities in docs/access-strings.md"


def test_every_capability_is_shown_by_an_example() -> None:
    """A heading of the page has a string that holds it, tried on real servers by tests/test_access_strings_page.py."""
    lines = re.findall(r"^can: (.*)$", PAGE.read_text(), re.MULTILINE)
    shown = {name.strip() for line in lines for name in line.split(",")}
    missing = {capability.id for capability in CAPABILITIES} - shown

    assert not missing, f"show a string that holds {sorted(missing)} in docs/access-strings.md, with a line `can: …`"


def test_a_new_row_is_found_in_strings() -> None:
    held = effect_of(parse("on ~app:* +get +info +client|info", VALKEY), WITH_EXTRA)

    assert held.commands_by_capability == {"count-clients": ("info", "client|info")}
    assert held.can("count-clients", "erase-everything") == ("count-clients",)
    assert held.rules_behind("count-clients") == ("+info", "+client|info")
    assert held.undecided == ()
    assert effect_of(parse("on ~app:* +get", VALKEY), WITH_EXTRA).commands_by_capability == {}


def test_a_new_row_is_found_on_a_line_without_subcommands() -> None:
    assert effect_of(parse("on +client|info", REDIS_6), WITH_EXTRA).can("count-clients")
    assert not effect_of(parse("on +client|kill", REDIS_6), WITH_EXTRA).can("count-clients")


@pytest.mark.parametrize(("capabilities", "broad"), [(CAPABILITIES, False), (WITH_EXTRA, True)])
def test_a_new_row_on_the_whole_cache_makes_a_user_broad(capabilities: Capabilities, *, broad: bool) -> None:
    assert effect_of(parse("on ~* +get +set +info", VALKEY), capabilities).broad is broad
    assert not effect_of(parse("on ~app:* +get +set +info", VALKEY), capabilities).broad


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on ~app:* +get +info", "on ~app:* +get"),
        ("on ~app:* (~b +@all) +get +client|getname", f"on ~app:* (~b +@all {DENIALS}) +get"),
        ("on ~app:* +get", None),
    ],
)
def test_a_new_row_is_narrowed_away(text: str, expected: str | None) -> None:
    read = parse(text, VALKEY)

    assert narrower(read, WITH_EXTRA) == expected
    if expected is not None:
        assert not effect_of(parse(expected, VALKEY), WITH_EXTRA).can(*WITH_EXTRA.removed_by_narrowing)


def test_a_new_row_has_its_place_in_messages() -> None:
    """By its rank, between erasing everything and writing every key."""
    held = effect_of(parse("on ~* +get +set +flushall +info", VALKEY), WITH_EXTRA)

    said = access_wording.worst(UserEffect((held,)), [*held.commands_by_capability], most=4)
    places = [said.index(words) for words in ("erase everything", "count clients", "write any key", "read any key")]

    assert places == sorted(places)


def test_the_table_itself_lacks_the_extra_row() -> None:
    assert "count-clients" not in CAPABILITIES.on_whole_cache + CAPABILITIES.removed_by_narrowing
    assert effect_of(parse("on +info", VALKEY)).commands_by_capability == {}


def test_what_is_derived_from_the_rows() -> None:
    worst_first = ["erase-everything", "write-any-key", "read-any-key", "watch-traffic", "disturb-clients", "run-code"]
    worst_first += ["list-keys", "use-any-channel", "manage-accounts", "change-server"]

    assert [row.id for row in CAPABILITIES.worst_first] == worst_first
    assert {*CAPABILITIES.on_every_key} == {"read-any-key", "write-any-key"}
    assert {*CAPABILITIES.on_whole_cache} == {"erase-everything", "disturb-clients", "watch-traffic"}
    assert {*CAPABILITIES.removed_by_narrowing} == {
        "erase-everything",
        "list-keys",
        "run-code",
        "disturb-clients",
        "watch-traffic",
    }
    assert {*CacheWideOptions().which} == {*CAPABILITIES.removed_by_narrowing}


@pytest.mark.parametrize("row", CAPABILITIES.rows, ids=[row.id for row in CAPABILITIES])
def test_a_row_is_complete(row: Capability) -> None:
    others = [other for other in CAPABILITIES if other is not row]
    known = {name for line in LINES for name in commands_of(line.id).names}

    assert row.id not in {other.id for other in others}, "an id stands for one capability"
    assert row.rank not in {other.rank for other in others}, "two rows of one rank have no order in messages"
    assert (row.needs is Needs.NOTHING) == bool(row.commands), "commands give it, or keys and channels do"
    assert not row.removed_by_narrowing or row.commands, "narrowing takes commands away"
    assert {*row.commands} <= known, "each of its commands is one of some server line"

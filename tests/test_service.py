"""What ElastiCache refuses on top of the servers, and which commands it does not run."""

import pytest

from acl.access_string import parse
from acl.effect import effect_of
from elasticache.service import BLOCKED_BY_ELASTICACHE, NOT_KNOWN_TO_RUN, commands_for, refused_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on >made-up", [">[hidden]"]),
        ("on > made-up", [">"]),
        ("on <made-up #made-up !made-up", ["<[hidden]", "#[hidden]", "![hidden]"]),
        (">one >two", [">[hidden]"]),
        ("nopass RESETPASS Reset", ["nopass", "RESETPASS", "Reset"]),
        ("+debug +DEBUG +Config|Get", ["+debug", "+config|get"]),
        ("~a +get (~b +debug +get)", ["+debug"]),
        ("+@all reset +get +bgsave", ["reset", "+bgsave"]),
        ("+config|get|maxmemory", []),
        ("-debug -config|set", []),
        ("+@all +@admin +@dangerous", []),
        ("+failover +module|load", []),
        ("on (nopass) (>made-up)", []),
        ("debug +debugging", []),
        ("resetkeys resetchannels resetdbs", []),
        ("", []),
    ],
)
def test_words_that_elasticache_refuses(text: str, expected: list[str]) -> None:
    """Those inside a selector that are not rules there are refused by the server already."""
    assert [*refused_words(parse(text, commands_for("valkey")))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+debug", {"change-server"}),
        ("+failover", {"change-server"}),
        ("+debug +failover", {"change-server"}),
        ("+acl|setuser +config|set", {"manage-accounts", "change-server"}),
        ("+@all", {"manage-accounts", "change-server"}),
        ("+cluster|flushslot", {"erase-everything"}),
        ("+flushall +cluster|flushslot", set()),
        ("+flushall", set()),
        ("+get", set()),
    ],
)
def test_capabilities_that_no_cache_bears_out(text: str, expected: set[str]) -> None:
    assert {*effect_of(parse(text, commands_for("valkey"))).in_name_only} == expected


def test_no_command_is_both_blocked_and_unknown() -> None:
    assert not BLOCKED_BY_ELASTICACHE & NOT_KNOWN_TO_RUN
    for engine in ("redis", "valkey"):
        assert commands_for(engine).blocked == BLOCKED_BY_ELASTICACHE
        assert commands_for(engine).not_known_to_run == NOT_KNOWN_TO_RUN

"""What the ElastiCache service adds to the rules of the servers, and takes away from them."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from acl.access_string import AccessString
from acl.commands import ENGINES, CommandTable, commands_of, lines_before, newest_line
from acl.hiding import shown
from acl.rules import Rule
from elasticache.modules import FAMILIES

BLOCKED_BY_ELASTICACHE: Final = frozenset(
    {
        *("acl|setuser", "acl|load", "acl|save", "acl|deluser", "bgrewriteaof", "bgsave", "debug", "migrate"),
        *("psync", "replicaof", "save", "slaveof", "shutdown", "sync", "config"),
        *("config|get", "config|set", "config|rewrite", "config|resetstat", "config|help"),
        *("cluster|addslots", "cluster|addslotsrange", "cluster|bumpepoch", "cluster|delslots"),
        *("cluster|delslotsrange", "cluster|failover", "cluster|flushslots", "cluster|forget", "cluster|links"),
        *("cluster|meet", "cluster|setslot"),
    }
)
"""Commands that no ElastiCache cache runs, whatever the access string says
(https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SupportedCommands.html)."""

NOT_KNOWN_TO_RUN: Final = frozenset(
    {
        *("failover", "module|load", "module|loadex", "module|unload", "replconf", "cluster|reset"),
        *("cluster|replicate", "cluster|saveconfig", "cluster|set-config-epoch", "cluster|migrateslots"),
        *("cluster|cancelslotmigrations", "cluster|syncslots", "cluster|flushslot"),
    }
)
"""Commands on neither of ElastiCache's published lists, supported or blocked."""


def commands_for(engine: str) -> CommandTable:
    """The commands by which a user of an engine is judged: those of its newest server line, as ElastiCache runs it.

    :param engine: "redis" or "valkey", in any case; anything else is judged as Valkey, the wider of the two.
    """
    known = engine.lower()
    return _commands_for(known if known in ENGINES else "valkey")


def tables_for(engine: str) -> tuple[CommandTable, ...]:
    """The commands of every server line by which a user of an engine is judged, those of its own engine first.

    Caches for Valkey take groups for Redis OSS, so a Redis user can find itself on Valkey.
    """
    own = commands_for(engine)
    return (own,) if own.line.engine == "valkey" else (own, _commands_for("valkey"))


def further_tables_for(engine: str) -> tuple[CommandTable, ...]:
    """The commands of every other server line that may hold a user of an engine, the one to give up first at the end.

    These are the older lines of its engine and, for a Redis user, those of Valkey. Strings are judged by
    `tables_for`; what is suggested in their place is written for all of these.
    """
    own, valkey = newest_line(engine), newest_line("valkey")
    others = () if own == valkey else (valkey, *lines_before(valkey))
    return tuple(commands_of(line.id) for line in (*others, *lines_before(own)))


@cache
def _commands_for(engine: str) -> CommandTable:
    table = commands_of(newest_line(engine).id)
    for family in FAMILIES:
        if engine in family.engines:
            table = table.with_module(family.category, family.commands)
    return table.with_limits(blocked=BLOCKED_BY_ELASTICACHE, not_known_to_run=NOT_KNOWN_TO_RUN)


def refused_words(access: AccessString) -> tuple[str, ...]:
    """The words that servers accept and ElastiCache documents as refused, as messages may write them, each once.

    They are about passwords, `reset`, and grants of commands that it blocks
    (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    """
    return tuple(dict.fromkeys(word for rule in access.rules for word in _refused_in(rule)))


def _refused_in(rule: Rule) -> Iterator[str]:
    if rule.about_passwords:
        yield shown(rule.token)
    for one in (rule,) if rule.inner is None else rule.inner:
        if blocked_in(one):
            yield f"+{one.command_granted}"


def blocked_in(rule: Rule) -> bool:
    """Whether a rule grants by name a command that ElastiCache blocks, which it refuses in an access string."""
    return rule.command_granted in BLOCKED_BY_ELASTICACHE

"""What the ElastiCache service adds to the rules of the servers, and takes away from them."""

from functools import cache
from typing import Final

from acl.access_string import AccessString
from acl.commands import ENGINES, CommandTable, commands_of, newest_line
from acl.hiding import shown
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
    words: dict[str, None] = {}
    for rule in access.rules:
        if rule.about_passwords:
            words[shown(rule.token)] = None
        for one in (rule,) if rule.inner is None else rule.inner:
            name = one.command_granted
            if name in BLOCKED_BY_ELASTICACHE:
                words[f"+{name}"] = None
    return tuple(words)

"""What the ElastiCache service adds to the rules of the servers."""

from typing import Final

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

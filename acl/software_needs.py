"""Which well-known software needs commands that reach beyond keys, or that a suggestion takes away with them.

Who reads that a string would be narrower without EVAL shall also read whom that stops:
`software_needing("eval")` begins with BullMQ and Laravel, for a sentence such as "drops EVAL, which BullMQ, Laravel and
others need".

Each row names where the command is sent: a project on GitHub and a file in it, opened and read in November 2026. A
command counts as needed where the software does not start, or loses one of its functions, without it; what it only
logs does not count. Of BullMQ, Bee-Queue, Celery, arq, RQ, connect-redis, Flask-Caching, rate-limiter-flexible and the
two caches for Django that was tried: each was run as a user who lacks the command. RQ does without INFO, and BullMQ
waits for it for ever.
"""

from collections.abc import Collection
from typing import Final, NamedTuple


class Need(NamedTuple):
    """Commands that one piece of software needs."""

    software: str
    """As a sentence may name it."""
    source: str
    commands: tuple[str, ...]
    """By the names of the command table."""
    function: str = ""
    """What needs them, where it is not the whole."""


_SCRIPTS: Final = ("eval", "evalsha")
_LOADED_SCRIPTS: Final = ("evalsha", "script|load")
_RAILS_CACHE: Final = "rails/rails: activesupport/lib/active_support/cache/redis_cache_store.rb"

NEEDS: Final = (
    Need("BullMQ", "taskforcesh/bullmq: src/classes/redis-connection.ts", (*_SCRIPTS, "info", "client|list")),
    Need("Sidekiq", "sidekiq/sidekiq: lib/sidekiq/launcher.rb", ("evalsha", "info")),
    Need("Celery", "celery/kombu: kombu/transport/redis.py", ("evalsha",)),
    Need("redis-py", "redis/redis-py: redis/lock.py", _LOADED_SCRIPTS, "its lock"),
    Need("Laravel", "laravel/framework: src/Illuminate/Cache/RedisStore.php", ("eval",)),
    Need(
        "Redisson", "redisson/redisson: redisson/src/main/java/org/redisson/RedissonLock.java", ("eval",), "its locks"
    ),
    Need("django-redis", "jazzband/django-redis: django_redis/client/default.py", ("scan",), "delete_pattern"),
    Need("Rails", _RAILS_CACHE, ("scan",), "delete_matched of its cache"),
    Need("Rails", _RAILS_CACHE, ("info",), "increments that expire in its cache"),
    Need(
        "Spring Cache",
        "spring-projects/spring-data-redis: "
        "src/main/java/org/springframework/data/redis/cache/DefaultRedisCacheWriter.java",
        ("keys",),
        "clear",
    ),
    Need("Laravel Horizon", "laravel/framework: src/Illuminate/Queue/RedisQueue.php", ("eval", "keys", "scan")),
    Need("Django", "django/django: django/core/cache/backends/redis.py", ("flushdb",), "clear of its cache"),
    Need(
        "Redlock for Node",
        "mike-marcacci/node-redlock: src/index.ts",
        _SCRIPTS,
    ),
    Need("Django Channels", "django/channels_redis: channels_redis/core.py", ("eval",), "messages to groups"),
    Need("connect-redis", "tj/connect-redis: index.ts", ("scan",), "listing sessions: all, ids, length and clear"),
    Need("Magento", "colinmollenhour/Cm_Cache_Backend_Redis: Cm/Cache/Backend/Redis.php", _LOADED_SCRIPTS, "its cache"),
    Need("WordPress", "rhubarbgroup/redis-cache: includes/object-cache.php", ("eval",), "the selective flush"),
    Need("Symfony", "symfony/symfony: src/Symfony/Component/Cache/Traits/RedisTrait.php", ("scan",), "clearing a pool"),
    Need("Flask-Caching", "pallets-eco/cachelib: src/cachelib/redis.py", ("keys",), "clear"),
    Need("rate-limiter-flexible", "animir/node-rate-limiter-flexible: lib/RateLimiterRedis.js", _SCRIPTS),
    Need(
        "Spring Cloud Gateway",
        "spring-cloud/spring-cloud-gateway: "
        "spring-cloud-gateway-server-webflux/src/main/resources/META-INF/scripts/request_rate_limiter.lua",
        _SCRIPTS,
        "its request limiter",
    ),
    Need("redis_exporter", "oliver006/redis_exporter: exporter/exporter.go", ("info", "slowlog|get", "latency|latest")),
    Need(
        "the Datadog Agent",
        "DataDog/integrations-core: redisdb/datadog_checks/redisdb/redisdb.py",
        ("info", "slowlog|get"),
    ),
    Need("Grafana", "RedisGrafana/grafana-redis-datasource: pkg/models/redis.go", ("client|list", "slowlog|get")),
    Need(
        "RIOT",
        "redis/riot: docs/guide/src/docs/asciidoc/replication.adoc",
        ("scan", "dump", "restore"),
        "migrations",
    ),
    Need("Redis Commander", "joeferner/redis-commander: lib/connections.js", ("keys", "info", "module|list")),
    Need("Bee-Queue", "bee-queue/bee-queue: lib/queue.js", (*_LOADED_SCRIPTS, "info")),
    Need("arq", "python-arq/arq: arq/connections.py", ("info", "keys")),
)
"""In the order in which they are named: what most people know first, by our judgement."""


def software_needing(*commands: str) -> tuple[str, ...]:
    """The software that needs one of some commands, each once, the best known first.

    :param commands: by the names of the command table: `eval`, `client|list`.
    """
    wanted = {*commands}
    return tuple(dict.fromkeys(need.software for need in NEEDS if not wanted.isdisjoint(need.commands)))


def needed_by_software(names: Collection[str]) -> tuple[str, ...]:
    """Those of some commands that known software needs, in the order of `NEEDS`.

    :param names: by the names of the command table.
    """
    return tuple(dict.fromkeys(command for need in NEEDS for command in need.commands if command in names))

"""django-redis: values, a lock, times to live, deletion by a pattern."""

import django
from django.conf import settings
from where import PROBE, URL, WORK

settings.configure(
    CACHES={"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": URL, "KEY_PREFIX": "shop"}},
    SECRET_KEY="not one",
)
django.setup()

from django.core.cache import cache  # noqa: E402
from django_redis import get_redis_connection  # noqa: E402

get_redis_connection("default").get(PROBE)
if WORK:
    cache.set("user", {"name": "Ada"}, 60)
    cache.get_many(["user", "other"])
    cache.set_many({"a": 1, "b": 2}, 60)
    cache.set("hits", 1, None)
    cache.incr("hits")
    cache.ttl("user")
    cache.expire("user", 30)
    cache.persist("user")
    cache.has_key("user")
    with cache.lock("nightly", timeout=5):
        cache.set("count", 1)
    cache.delete_pattern("us*")
    cache.delete("hits")

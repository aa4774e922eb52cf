"""Django's own Redis cache and the sessions kept in it."""

import django
from django.conf import settings
from where import PROBE, URL, WORK

settings.configure(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": URL}},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    SECRET_KEY="not one",
)
django.setup()

from django.contrib.sessions.backends.cache import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402

cache._cache.get_client().get(PROBE)
if WORK:
    cache.set("user", {"name": "Ada"}, 60)
    cache.add("once", 1)
    cache.get_many(["user", "other"])
    cache.set_many({"a": 1, "b": 2}, 60)
    cache.set("hits", 1, None)
    cache.incr("hits")
    cache.touch("user", 30)
    cache.has_key("user")
    cache.delete("user")
    cache.delete_many(["a", "b"])
    session = SessionStore()
    session["cart"] = [1]
    session.create()
    SessionStore(session.session_key).load()
    session.delete()

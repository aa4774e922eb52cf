"""Flask-Caching: cached views and values."""

from flask import Flask
from flask_caching import Cache
from where import HOST, PASSWORD, PORT, PROBE, USER, WORK

app = Flask("shop")
app.config.update(
    CACHE_TYPE="RedisCache",
    CACHE_REDIS_URL=f"redis://{USER}:{PASSWORD}@{HOST}:{PORT}/0",
    CACHE_DEFAULT_TIMEOUT=60,
    CACHE_KEY_PREFIX="shop_",
)
cache = Cache(app)


@app.route("/")
@cache.cached()
def index() -> str:
    """A cached view."""
    return "ok"


@cache.memoize()
def square(number: int) -> int:
    """A cached function."""
    return number * number


with app.app_context():
    cache.cache._read_client.get(PROBE)
    if WORK:
        browser = app.test_client()
        assert [browser.get("/").status_code for _ in range(2)] == [200, 200]
        cache.set("user", "Ada")
        cache.add("once", 1)
        cache.get_many("user", "other")
        cache.set_many({"a": 1, "b": 2})
        cache.delete_many("a", "b")
        assert square(3) == 9
        cache.delete_memoized(square)
        cache.delete("user")

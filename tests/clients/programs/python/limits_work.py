"""limits, which Flask-Limiter and slowapi stand on: fixed, moving and sliding windows."""

from limits import parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from where import PROBE, URL, WORK

storage = RedisStorage(URL)
storage.storage.get(PROBE)
if WORK:
    rate = parse("2/minute")
    for strategy in (FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter):
        limiter = strategy(storage)
        assert [limiter.hit(rate, "user", strategy.__name__) for _ in range(3)] == [True, True, False]
        limiter.get_window_stats(rate, "user", strategy.__name__)
        limiter.test(rate, "user", strategy.__name__)
        limiter.clear(rate, "user", strategy.__name__)
    storage.check()

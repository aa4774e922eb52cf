"""fastapi-limiter: a limited route, called through the application."""

import asyncio

import httpx
from fastapi import Depends, FastAPI
from fastapi_limiter.depends import RateLimiter
from pyrate_limiter import Duration, Limiter, Rate
from pyrate_limiter.buckets.redis_bucket import RedisBucket
from redis.asyncio import Redis
from where import PROBE, URL, WORK


async def main() -> None:
    connection = Redis.from_url(URL)
    await connection.get(PROBE)
    if WORK:
        bucket = await RedisBucket.init([Rate(2, Duration.MINUTE)], connection, "shop:limits")
        app = FastAPI()

        @app.get("/", dependencies=[Depends(RateLimiter(limiter=Limiter(bucket)))])
        async def index() -> str:
            return "ok"

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as browser:
            codes = [(await browser.get("/")).status_code for _ in range(3)]
        assert codes == [200, 200, 429], codes
    await connection.aclose()


asyncio.run(main())

"""valkey-glide for Python: values, hashes, a batch, a script, a subscription."""

import asyncio

from glide import (
    Batch,
    ExpirySet,
    ExpiryType,
    GlideClient,
    GlideClientConfiguration,
    NodeAddress,
    Script,
    ServerCredentials,
)
from where import HOST, PASSWORD, PORT, PROBE, USER, WORK


def configuration() -> GlideClientConfiguration:
    return GlideClientConfiguration(
        [NodeAddress(HOST, PORT)], credentials=ServerCredentials(PASSWORD, USER)
    )


async def main() -> None:
    client = await GlideClient.create(configuration())
    await client.get(PROBE)
    if WORK:
        await client.set("shop:user:1", "Ada", expiry=ExpirySet(ExpiryType.SEC, 60))
        await client.mget(["shop:user:1", "shop:user:2"])
        await client.hset("shop:cart:1", {"apples": "3"})
        await client.hgetall("shop:cart:1")
        await client.lpush("shop:queue", ["job"])
        await client.blpop(["shop:queue"], 1)
        batch = Batch(is_atomic=True)
        batch.incr("shop:stock:1")
        batch.expire("shop:stock:1", 60)
        await client.exec(batch, raise_on_error=True)
        await client.invoke_script(Script("return redis.call('incr', KEYS[1])"), keys=["shop:visits"])
        await client.publish("opened", "shop:news")
    await client.close()


asyncio.run(main())

"""redis-py: values, hashes, lists, a transaction, a lock, a subscription."""

import redis
from where import HOST, PASSWORD, PORT, PROBE, USER, WORK

client = redis.Redis(host=HOST, port=PORT, username=USER, password=PASSWORD, decode_responses=True)
client.get(PROBE)
if WORK:
    client.set("shop:user:1", "Ada", ex=60)
    client.mget("shop:user:1", "shop:user:2")
    client.hset("shop:cart:1", mapping={"apples": 3})
    client.hgetall("shop:cart:1")
    client.lpush("shop:queue", "job")
    client.blpop(["shop:queue"], timeout=1)
    client.zadd("shop:scores", {"Ada": 1})
    with client.pipeline(transaction=True) as pipe:
        pipe.watch("shop:stock:1")
        pipe.multi()
        pipe.incr("shop:stock:1")
        pipe.expire("shop:stock:1", 60)
        pipe.execute()
    with client.lock("shop:lock:1", timeout=5):
        client.incr("shop:visits")
    script = client.register_script("return redis.call('incr', KEYS[1])")
    script(keys=["shop:visits"])
    pubsub = client.pubsub()
    pubsub.subscribe("shop:news")
    pubsub.get_message(timeout=1)
    client.publish("shop:news", "opened")
    assert pubsub.get_message(timeout=5)["data"] == "opened"
    pubsub.close()
client.close()

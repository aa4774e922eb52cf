import { Redis } from "ioredis";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const options = { host, port, username, password, retryStrategy: null, maxRetriesPerRequest: 1 };
const client = new Redis(options);
client.on("error", fail);
await client.get(probe);
if (working) {
  await client.set("shop:user:1", "Ada", "EX", 60);
  await client.mget("shop:user:1", "shop:user:2");
  await client.hset("shop:cart:1", { apples: 3 });
  await client.hgetall("shop:cart:1");
  await client.lpush("shop:queue", "job");
  await client.blpop("shop:queue", 1);
  await client.zadd("shop:scores", 1, "Ada");
  await client.multi().incr("shop:stock:1").expire("shop:stock:1", 60).exec();
  client.defineCommand("visit", { numberOfKeys: 1, lua: "return redis.call('incr', KEYS[1])" });
  await client.visit("shop:visits");
  const subscriber = new Redis(options);
  subscriber.on("error", fail);
  await subscriber.subscribe("shop:news");
  const received = new Promise((resolve) => subscriber.once("message", resolve));
  await client.publish("shop:news", "opened");
  await received;
  await subscriber.unsubscribe("shop:news");
  subscriber.disconnect();
}
await client.quit();

import { createClient } from "redis";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const client = createClient({ username, password, socket: { host, port, reconnectStrategy: false } });
client.on("error", fail);
await client.connect();
await client.get(probe);
if (working) {
  await client.set("shop:user:1", "Ada", { EX: 60 });
  await client.mGet(["shop:user:1", "shop:user:2"]);
  await client.hSet("shop:cart:1", { apples: 3 });
  await client.hGetAll("shop:cart:1");
  await client.lPush("shop:queue", "job");
  await client.blPop("shop:queue", 1);
  await client.zAdd("shop:scores", { score: 1, value: "Ada" });
  await client.multi().incr("shop:stock:1").expire("shop:stock:1", 60).exec();
  await client.eval("return redis.call('incr', KEYS[1])", { keys: ["shop:visits"] });
  const subscriber = client.duplicate();
  await subscriber.connect();
  const received = new Promise((resolve) => subscriber.subscribe("shop:news", resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.publish("shop:news", "opened");
  await received;
  await subscriber.unsubscribe("shop:news");
  await subscriber.close();
}
await client.close();

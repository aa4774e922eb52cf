import { Batch, GlideClient, Script, TimeUnit } from "@valkey/valkey-glide";
import { host, password, port, probe, username, working } from "./where.mjs";

const client = await GlideClient.createClient({
  addresses: [{ host, port }],
  credentials: { username, password },
  connectionBackoff: { numberOfRetries: 1, factor: 1, exponentBase: 1 },
});
await client.get(probe);
if (working) {
  await client.set("shop:user:1", "Ada", { expiry: { type: TimeUnit.Seconds, count: 60 } });
  await client.mget(["shop:user:1", "shop:user:2"]);
  await client.hset("shop:cart:1", { apples: "3" });
  await client.hgetall("shop:cart:1");
  await client.lpush("shop:queue", ["job"]);
  await client.blpop(["shop:queue"], 1);
  await client.exec(new Batch(true).incr("shop:stock:1").expire("shop:stock:1", 60), true);
  await client.invokeScript(new Script("return redis.call('incr', KEYS[1])"), { keys: ["shop:visits"] });
  await client.publish("opened", "shop:news");
}
client.close();

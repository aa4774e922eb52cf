import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const client = new Redis({ host, port, username, password, retryStrategy: null, maxRetriesPerRequest: 1 });
client.on("error", fail);
await client.get(probe);
if (working) {
  const limiter = new RateLimiterRedis({ storeClient: client, points: 2, duration: 60, blockDuration: 60 });
  const outcomes = [];
  for (let number = 0; number < 3; number++) {
    outcomes.push(await limiter.consume("10.0.0.7").then(() => true, (told) => (told instanceof Error ? fail(told) : false)));
  }
  if (String(outcomes) !== "true,true,false") fail(outcomes);
  await limiter.get("10.0.0.7");
  await limiter.reward("10.0.0.7", 1);
  await limiter.delete("10.0.0.7");
}
await client.quit();

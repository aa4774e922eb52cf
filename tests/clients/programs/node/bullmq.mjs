import { Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const connection = { host, port, username, password, retryStrategy: null, maxRetriesPerRequest: null };
const queue = new Queue("mail", { connection });
queue.on("error", fail);
await queue.waitUntilReady();
const client = new Redis(connection);
client.on("error", fail);
await client.get(probe);
await client.quit();
if (working) {
  const events = new QueueEvents("mail", { connection });
  events.on("error", fail);
  await events.waitUntilReady();
  const worker = new Worker(
    "mail",
    async (job) => {
      await job.updateProgress(50);
      await job.log("on it");
      if (job.name === "broken") throw new Error("on purpose");
      return job.data.number * 2;
    },
    { connection },
  );
  worker.on("error", fail);
  const job = await queue.add("letter", { number: 21 }, { attempts: 2 });
  if ((await job.waitUntilFinished(events)) !== 42) fail("another result");
  const broken = await queue.add("broken", {}, { attempts: 2, backoff: 10 });
  await broken.waitUntilFinished(events).catch(() => {});
  const late = await queue.add("late", { number: 1 }, { delay: 200 });
  await late.waitUntilFinished(events);
  await queue.addBulk([{ name: "a", data: { number: 1 } }, { name: "b", data: { number: 2 }, opts: { priority: 3 } }]);
  await queue.upsertJobScheduler("nightly", { every: 60000 }, { name: "night", data: { number: 3 } });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await queue.getJobCounts();
  await queue.removeJobScheduler("nightly");
  await queue.pause();
  await queue.resume();
  await worker.close();
  await events.close();
}
await queue.close();
process.exit(0);

import Queue from "bull";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const redis = { host, port, username, password, retryStrategy: null, maxRetriesPerRequest: null };
const queue = new Queue("mail", { redis });
queue.on("error", fail);
await queue.isReady();
await queue.client.get(probe);
if (working) {
  queue.process(async (job) => {
    await job.progress(50);
    if (job.data.broken) throw new Error("on purpose");
    return job.data.number * 2;
  });
  const job = await queue.add({ number: 21 });
  if ((await job.finished()) !== 42) fail("another result");
  await (await queue.add({ broken: true }, { attempts: 2 })).finished().catch(() => {});
  await (await queue.add({ number: 1 }, { delay: 200 })).finished();
  await queue.getJobCounts();
  await queue.pause();
  await queue.resume();
}
await queue.close();
process.exit(0);

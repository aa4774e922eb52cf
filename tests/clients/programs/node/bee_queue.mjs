import Queue from "bee-queue";
import { fail, host, password, port, probe, settled, url, working } from "./where.mjs";

const queue = new Queue("mail", { redis: { url, retry_strategy: () => undefined } });
queue.on("error", fail);
await queue.ready();
await new Promise((resolve, reject) => queue.client.get(probe, (error) => (error ? reject(error) : resolve())));
if (working) {
  queue.process(async (job) => {
    job.reportProgress({ done: 50 });
    if (job.data.broken) throw new Error("on purpose");
    return job.data.number * 2;
  });
  const job = await queue.createJob({ number: 21 }).save();
  await settled(job, "succeeded");
  const broken = await queue.createJob({ broken: true }).save();
  await settled(broken, "failed");
  await queue.checkHealth();
}
await queue.close();
process.exit(0);

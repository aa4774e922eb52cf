import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

async function connected() {
  const client = createClient({ username, password, socket: { host, port, reconnectStrategy: false } });
  client.on("error", fail);
  await client.connect();
  return client;
}

const client = await connected();
await client.get(probe);
if (working) {
  const servers = [];
  for (let number = 0; number < 2; number++) {
    const server = new Server(createServer());
    server.adapter(createAdapter(await connected(), await connected()));
    servers.push(server);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const received = new Promise((resolve) => servers[1].on("news", resolve));
  servers[0].serverSideEmit("news", "opened");
  await received;
  servers[0].to("room").emit("news", "opened");
  await servers[0].fetchSockets();
  servers[0].socketsJoin("room");
  await servers[0].of("/").adapter.serverCount();
  await new Promise((resolve) => setTimeout(resolve, 300));
}
await client.close();
process.exit(0);

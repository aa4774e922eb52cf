import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import { fail, host, password, port, probe, username, working } from "./where.mjs";

const client = createClient({ username, password, socket: { host, port, reconnectStrategy: false } });
client.on("error", fail);
await client.connect();
await client.get(probe);
if (working) {
  const app = express();
  const store = new RedisStore({ client });
  app.use(session({ store, secret: "not one", resave: false, saveUninitialized: false, cookie: { maxAge: 60000 } }));
  app.get("/", (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    response.send(String(request.session.visits));
  });
  app.get("/look", (request, response) => response.send("ok"));
  app.get("/leave", (request, response) => request.session.destroy(() => response.send("bye")));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const at = `http://127.0.0.1:${server.address().port}`;
  const first = await fetch(at);
  const cookie = first.headers.get("set-cookie").split(";")[0];
  if ((await (await fetch(at, { headers: { cookie } })).text()) !== "2") fail("the session was lost");
  await fetch(`${at}/look`, { headers: { cookie } });
  await fetch(`${at}/leave`, { headers: { cookie } });
  server.close();
  server.closeAllConnections();
}
await client.close();

import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { fail, probe, url, working } from "./where.mjs";

const store = new KeyvRedis({ url, socket: { reconnectStrategy: false } }, { throwOnConnectError: true, throwOnErrors: true });
const keyv = new Keyv({ store, namespace: "shop", useKeyPrefix: false });
keyv.on("error", fail);
await (await store.getClient()).get(probe);
if (working) {
  await keyv.set("user", { name: "Ada" }, 60000);
  await keyv.get("user");
  await keyv.has("user");
  await keyv.get(["user", "other"]);
  await keyv.delete("user");
}
await keyv.disconnect();

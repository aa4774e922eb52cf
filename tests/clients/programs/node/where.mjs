// Where the programs beside this one connect to, and what they are asked to do: `connect` alone, or typical `work`.
export const host = process.env.CACHE_HOST;
export const port = Number(process.env.CACHE_PORT);
export const username = process.env.CACHE_USER;
export const password = process.env.CACHE_PASSWORD;
export const url = `redis://${username}:${password}@${host}:${port}/0`;
export const working = process.argv[2] === "work";
export const probe = "probe";

export function fail(error) {
  console.error(String(error?.stack ?? error));
  process.exit(1);
}

process.on("unhandledRejection", fail);

export function settled(emitter, done, failed) {
  return new Promise((resolve, reject) => {
    emitter.once(done, resolve);
    if (failed) emitter.once(failed, (_, error) => reject(error ?? new Error(failed)));
  });
}

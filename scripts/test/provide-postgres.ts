import { startPostgres } from "./postgres.ts";

/** For `npx vitest` by hand; the runner has started one cluster for all its stages and named it in the environment. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["EXCALIBUR_TEST_POSTGRES"] !== undefined) return undefined;
  const cluster = await startPostgres();
  process.env["EXCALIBUR_TEST_POSTGRES"] = cluster.url;
  return cluster.stop;
}

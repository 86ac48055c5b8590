import { ensureBuilt } from "../build/ensure-built.ts";

/** Once for all files of the browser stage: each of them wants the client, and none may meet it half replaced. */
export async function setup(): Promise<void> {
  await ensureBuilt((line) => process.stdout.write(`${line}\n`));
}

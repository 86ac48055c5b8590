import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { FOLDERS_OF_RUN, removeSnapshots } from "./src/world/snapshot-folders.ts";

/** One place for the snapshots of a run, whichever of its stages and processes makes them. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[FOLDERS_OF_RUN] !== undefined) return undefined;
  const folders = await mkdtemp(path.join(os.tmpdir(), "excalibur-snapshots-"));
  process.env[FOLDERS_OF_RUN] = folders;
  return () => removeSnapshots(folders);
}

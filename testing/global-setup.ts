import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { snapshotOf } from "./src/world/snapshot.ts";
import { FOLDERS_OF_RUN, removeSnapshots } from "./src/world/snapshot-folders.ts";

/** Makes the people of the run, once for each database, before the first story and its time limit. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const isFirst = process.env[FOLDERS_OF_RUN] === undefined;
  process.env[FOLDERS_OF_RUN] ??= await mkdtemp(path.join(os.tmpdir(), "excalibur-snapshots-"));
  await snapshotOf(project.config.env["EXCALIBUR_TEST_DATABASE"] === "postgres" ? "postgres" : "sqlite");
  const folders = process.env[FOLDERS_OF_RUN];
  return isFirst ? () => removeSnapshots(folders) : undefined;
}

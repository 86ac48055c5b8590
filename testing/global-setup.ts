import { mkdir, mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { snapshotOf } from "./src/world/snapshot.ts";
import { dropTemplate, FOLDERS_OF_RUN, removeSnapshots } from "./src/world/snapshot-folders.ts";

/** Makes the people of the run, once for each database, before the first story and its time limit. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env[FOLDERS_OF_RUN];
  const folders = given ?? (await mkdtemp(path.join(os.tmpdir(), "excalibur-snapshots-")));
  process.env[FOLDERS_OF_RUN] = folders;
  await mkdir(folders, { recursive: true });
  const isPostgres = project.config.env["EXCALIBUR_TEST_DATABASE"] === "postgres";
  await snapshotOf(isPostgres ? "postgres" : "sqlite");
  // The runner removes a folder that it named; one stage only tells stories on PostgreSQL, and takes what it left there along. Others may run
  // at the same time.
  return async () => {
    if (given === undefined) await removeSnapshots(folders);
    else if (isPostgres) await dropTemplate(folders);
  };
}

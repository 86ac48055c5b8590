import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { dropPostgresDatabase } from "./database.ts";

/** Names the folder in which the processes of one run share their snapshots. */
export const FOLDERS_OF_RUN = "EXCALIBUR_WORLD_SNAPSHOTS";

/** At the end of a run. */
export async function removeSnapshots(folders: string): Promise<void> {
  await dropTemplate(folders);
  await rm(folders, { recursive: true, force: true });
}

/** Drops the database that worlds on PostgreSQL are copied from, if there is one, and forgets its people. */
export async function dropTemplate(folders: string): Promise<void> {
  const database = await templateDatabase(join(folders, "postgres", "facts.json"));
  if (database === undefined) return;
  await dropPostgresDatabase(database);
  for (const each of ["postgres", "postgres.claimed"]) await rm(join(folders, each), { recursive: true, force: true });
}

async function templateDatabase(factsFile: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(factsFile, "utf8")) as { database?: string }).database;
  } catch (error) {
    // No story of this run was told on PostgreSQL.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

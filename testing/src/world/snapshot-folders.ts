import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { dropPostgresDatabase } from "./database.ts";

/** Names the folder in which the processes of one run share their snapshots. */
export const FOLDERS_OF_RUN = "EXCALIBUR_WORLD_SNAPSHOTS";

/** At the end of a run. */
export async function removeSnapshots(folders: string): Promise<void> {
  const database = await templateDatabase(join(folders, "postgres", "facts.json"));
  if (database !== undefined) await dropPostgresDatabase(database);
  await rm(folders, { recursive: true, force: true });
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

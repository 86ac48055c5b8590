import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { type DataFolder, folderProblem, readIfThere, writeFileSafely } from "./data-folder.ts";
import { StartError } from "./start-error.ts";

/** One server a data folder. */
export interface ServerLock {
  /** Tells others where this server is reached. */
  announce(origin: string): Promise<void>;
  release(): Promise<void>;
}

const SQLITE_BUSY = 5;

/** Where the server that holds the folder is reached, if it said so already; one that was killed may have left its word. */
export async function runningOrigin(folder: DataFolder): Promise<string | undefined> {
  const text = await readIfThere(folder.runningFile);
  try {
    const { origin } = JSON.parse(text ?? "{}") as { origin?: unknown };
    return typeof origin === "string" ? origin : undefined;
  } catch {
    // Half written by a server that is starting: its address is not known yet.
    return undefined;
  }
}

/** Holds a lock file until `close`, or undefined when another process does. */
export function holdFileLock(path: string): { close(): void } | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // SQLite's exclusive transaction is a lock of the operating system on every platform: it ends with the process, however that ends.
    database.exec("pragma journal_mode = memory; begin exclusive;");
    return { close: () => database.close() };
  } catch (error) {
    database.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return undefined;
    throw error;
  }
}

/** @throws StartError already_running, with the other server's address when it is known */
export async function lockDataFolder(folder: DataFolder): Promise<ServerLock> {
  let held: ReturnType<typeof holdFileLock>;
  try {
    held = holdFileLock(folder.lockFile);
  } catch (error) {
    throw folderProblem(folder.path, error);
  }
  if (!held) {
    const origin = await runningOrigin(folder);
    const at = origin === undefined ? "" : ` at ${origin}`;
    throw new StartError(
      "already_running",
      `Excalibur is already running on this data folder${at}. One server a folder: stop that one first, or choose another folder with --data.`,
      origin === undefined ? {} : { origin },
    );
  }
  const lock = held;
  await rm(folder.runningFile, { force: true });
  return {
    announce: (origin) => writeFileSafely(folder.runningFile, `${JSON.stringify({ pid: process.pid, origin })}\n`),
    release: async () => {
      await rm(folder.runningFile, { force: true });
      lock.close();
    },
  };
}

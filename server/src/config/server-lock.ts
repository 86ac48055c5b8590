import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { type DataFolder, folderProblem, readIfThere, writeFileSafely } from "./data-folder.ts";
import { StartError } from "./start-error.ts";

/** One server a data folder. */
export interface ServerLock {
  /** Tells others where this server is reached, and by what it is recognised there. */
  announce(server: RunningFacts): Promise<void>;
  release(): Promise<void>;
}

export interface RunningFacts {
  readonly origin: string;
  /** New at each start. */
  readonly instance: string;
}

const SQLITE_BUSY = 5;

/** What the server that holds the folder said of itself, if it did already; one that was killed may have left its word. */
export async function runningServer(folder: DataFolder): Promise<RunningFacts | undefined> {
  const text = await readIfThere(folder.runningFile);
  try {
    const { origin, instance } = JSON.parse(text ?? "{}") as { origin?: unknown; instance?: unknown };
    return typeof origin === "string" && typeof instance === "string" ? { origin, instance } : undefined;
  } catch {
    // Half written by a server that is starting: its address is not known yet.
    return undefined;
  }
}

export async function runningOrigin(folder: DataFolder): Promise<string | undefined> {
  return (await runningServer(folder))?.origin;
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
    announce: (server) => writeFileSafely(folder.runningFile, `${JSON.stringify({ pid: process.pid, ...server })}\n`),
    release: async () => {
      await rm(folder.runningFile, { force: true });
      lock.close();
    },
  };
}

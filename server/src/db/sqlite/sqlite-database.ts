import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely, sql } from "kysely";
import type { CopyForm, Database, MigrationAccess, QueryListener, ReadHandle, WriteHandle } from "../database.ts";
import { queryLog } from "../query-log.ts";
import type { Schema } from "../schema.ts";
import { WriteGuard } from "../write-guard.ts";
import { ThreadDialect } from "./sqlite-dialect.ts";
import { SqliteThread } from "./sqlite-thread.ts";

/** A command beside the running server waits this long for it, and the other way round. */
const BUSY_TIMEOUT_MS = 10_000;
const SNAPSHOTS_AT_ONCE = 4;

interface Threads {
  readonly writer: SqliteThread;
  readonly reader: SqliteThread;
  readonly onQuery: QueryListener | undefined;
}

class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly read: ReadHandle;
  readonly migration: MigrationAccess;
  readonly #writer: SqliteThread;
  readonly #reader: SqliteThread;
  readonly #writing: Kysely<Schema>;
  readonly #snapshots: Kysely<Schema>;
  readonly #guard = new WriteGuard();

  constructor(path: string, { writer, reader, onQuery }: Threads) {
    this.#writer = writer;
    this.#reader = reader;
    const log = queryLog(onQuery);
    this.#writing = new Kysely({ dialect: new ThreadDialect(writer, { first: 0, count: 1, shared: false }), ...log });
    this.read = new Kysely<Schema>({
      dialect: new ThreadDialect(reader, { first: 0, count: 1, shared: true }),
      ...log,
    });
    const snapshots = { first: 1, count: SNAPSHOTS_AT_ONCE, shared: false };
    this.#snapshots = new Kysely({ dialect: new ThreadDialect(reader, snapshots), ...log });
    this.migration = {
      change: (work) => this.#writing.transaction().execute((db) => work(db as unknown as Kysely<unknown>)),
      copyBeside: async (suffix) => {
        const copy = freeName(`${path}.${suffix}`);
        // What bears the name of a copy is whole, also when this program is killed in between.
        const unfinished = `${copy}.unfinished`;
        await rm(unfinished, { force: true });
        await this.copyTo(unfinished);
        await rename(unfinished, copy);
        await syncFolder(dirname(copy));
        return copy;
      },
      vacuum: async () => {
        // The new file is put together in a temporary one first, which in memory might not fit.
        await writer.run(0, "pragma temp_store = file", []);
        try {
          await writer.run(0, "vacuum", []);
          await writer.run(0, "analyze", []);
          await writer.run(0, "pragma wal_checkpoint(truncate)", []);
        } finally {
          await writer.run(0, "pragma temp_store = memory", []);
        }
      },
    };
  }

  write<T>(work: (tx: WriteHandle) => Promise<T>): Promise<T> {
    return this.#guard.run(() => this.#writing.transaction().execute(work));
  }

  snapshot<T>(work: (read: ReadHandle) => Promise<T>): Promise<T> {
    return this.#snapshots.transaction().setAccessMode("read only").execute(work);
  }

  async copyTo(path: string): Promise<CopyForm> {
    // Made beforehand, for its owner only: SQLite fills an empty file and would choose the mode of a new one itself.
    const file = await open(path, "wx", 0o600);
    try {
      // In its turn: on the one connection that writes, somebody else may be in a transaction.
      await this.#writing.connection().execute((db) => sql`vacuum into ${path}`.execute(db));
      await file.sync();
    } finally {
      await file.close();
    }
    return "sqlite";
  }

  async sizeBytes(): Promise<number> {
    const asked = "select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()";
    const { rows } = await this.#reader.run(0, asked, []);
    return (rows[0] as { bytes: number }).bytes;
  }

  load() {
    return { read: this.#reader.waiting, write: this.#writer.waiting };
  }

  async close(): Promise<void> {
    await this.#guard.idle();
    await this.#reader.close();
    await this.#writer.close();
  }
}

/** The names in it survive a power cut (Windows has no such call; NTFS journals names itself). */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n++) name = `${wanted}.${n}`;
  return name;
}

/** Opens the file, making it if it is not there (its folder must be). Several processes may have it open. */
export async function openSqliteDatabase(path: string, onQuery?: QueryListener): Promise<Database> {
  const options = { path, busyTimeoutMs: BUSY_TIMEOUT_MS };
  const writer = new SqliteThread({ ...options, readOnly: false });
  const reader = new SqliteThread({ ...options, readOnly: true });
  try {
    await writer.open();
    await reader.open();
  } catch (error) {
    await Promise.allSettled([writer.close(), reader.close()]);
    throw error;
  }
  return new SqliteDatabase(path, { writer, reader, onQuery });
}

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { type CacheExpectation, type CachePort, type CacheWrite, LocalStateError } from "@excalibur/sdk/ports";

const SCHEMA_VERSION = 1;
const LIST_BATCH = 200;
/** SQLite waits in the thread for this long; longer waits happen outside of it, so that transfers go on. */
const BUSY_TIMEOUT_MS = 20;
const BUSY_LIMIT_MS = 20_000;
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/**
 * [Note: One file for several processes]
 * Rows live in one SQLite file in WAL mode. Every write is one short IMMEDIATE transaction that checks its expectations
 * first, so two processes never overwrite each other's news. synchronous=NORMAL: what was written survives the process;
 * a power cut may take back the last moments, never tear the file.
 */
export class SqliteCache implements CachePort {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  private constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
    this.#get = database.prepare("SELECT value FROM rows WHERE room = ? AND key = ?");
    this.#list = database.prepare(
      "SELECT key, value FROM rows WHERE room = ? AND key > ? AND key >= ? AND key < ? ORDER BY key LIMIT ?",
    );
    this.#put = database.prepare("INSERT OR REPLACE INTO rows (room, key, value) VALUES (?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM rows WHERE room = ? AND key = ?");
  }

  /** Opens the file, or makes it: 0600 in a folder of 0700. Throws LocalStateError. */
  static async open(path: string): Promise<SqliteCache> {
    const deadlineMs = performance.now() + BUSY_LIMIT_MS;
    for (;;) {
      try {
        return SqliteCache.#openOnce(path);
      } catch (cause) {
        if (cause instanceof LocalStateError) throw cause;
        if (!isBusy(cause) || performance.now() > deadlineMs) throw stateError(path, "opened", cause);
        await delay(20);
      }
    }
  }

  static #openOnce(path: string): SqliteCache {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its side files the mode of the main file: it must be right before the first write.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    const database = new DatabaseSync(path);
    try {
      database.exec(
        `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`,
      );
      const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
      if (version > SCHEMA_VERSION) {
        throw new LocalStateError(
          `The state in ${path} was written by a newer version of this program. Update the program; nothing was changed.`,
        );
      }
      if (version === 0) {
        database.exec(`BEGIN IMMEDIATE;
          CREATE TABLE IF NOT EXISTS rows (room TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (room, key));
          PRAGMA user_version = ${SCHEMA_VERSION};
          COMMIT;`);
      }
      return new SqliteCache(path, database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async get(table: string, key: string): Promise<Uint8Array | undefined> {
    return this.#reading(() => this.#read(table, key));
  }

  async getMany(table: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#reading(() => keys.map((key) => this.#read(table, key)));
  }

  async *list(table: string, { prefix = "" }: { readonly prefix?: string } = {}) {
    const end = `${prefix}\u{10FFFF}`;
    let last = "";
    for (;;) {
      // In batches, so that no read transaction stays open while the caller thinks.
      const rows = this.#reading(() => this.#list.all(table, last, prefix, end, LIST_BATCH)) as {
        key: string;
        value: Uint8Array;
      }[];
      for (const { key, value } of rows) {
        yield [key, value] as const;
        last = key;
      }
      if (rows.length < LIST_BATCH) return;
    }
  }

  async write(write: CacheWrite): Promise<boolean> {
    const deadlineMs = performance.now() + BUSY_LIMIT_MS;
    for (;;) {
      try {
        return this.#writeOnce(write);
      } catch (cause) {
        if (!isBusy(cause) || performance.now() > deadlineMs) throw stateError(this.#path, "written", cause);
        await delay(5 + Math.floor(performance.now() % 20));
      }
    }
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #writeOnce({ expect = [], puts = [], deletes = [] }: CacheWrite): boolean {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const holds = expect.every((expectation) => this.#holds(expectation));
      if (holds) {
        for (const { table, key, value } of puts) this.#put.run(table, key, value);
        for (const { table, key } of deletes) this.#delete.run(table, key);
      }
      this.#database.exec("COMMIT");
      return holds;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #holds({ table, key, value }: CacheExpectation): boolean {
    const there = this.#read(table, key);
    if (there === undefined || value === undefined) return there === value;
    return Buffer.compare(there, value) === 0;
  }

  #read(table: string, key: string): Uint8Array | undefined {
    return (this.#get.get(table, key) as { value: Uint8Array } | undefined)?.value;
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw stateError(this.#path, "read", cause);
    }
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === "number" && (code & 0xff) === SQLITE_BUSY;
}

function stateError(path: string, what: string, cause: unknown): LocalStateError {
  const full =
    (cause as { errcode?: unknown }).errcode === SQLITE_FULL || (cause as { code?: unknown }).code === "ENOSPC";
  const advice = full
    ? "The disk is full; free some space and try again."
    : "If it stays so, move that file away and sign in again.";
  return new LocalStateError(
    `The state of this device could not be ${what}: ${path}. What is on the server is safe. ${advice}`,
    { cause },
  );
}

import { setTimeout as wait } from "node:timers/promises";
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from "kysely";
import pg from "pg";
import type { CopyForm, Database, MigrationAccess, QueryListener, ReadHandle, WriteHandle } from "../database.ts";
import { DatabaseError, type DatabaseFailure } from "../errors.ts";
import { queryLog } from "../query-log.ts";
import type { AnyTables } from "../rows/table-shapes.ts";
import { writeRows } from "../rows/write-rows.ts";
import type { Schema } from "../schema.ts";
import { WriteGuard } from "../write-guard.ts";

const ATTEMPTS = 12;
const CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
/** Any number, as long as every Excalibur takes the same: only one process migrates at a time. */
const MIGRATION_LOCK = 4_957_211;

const FAILURES: Record<string, DatabaseFailure> = {
  "23505": "unique",
  "23503": "foreign-key",
  "40001": "serialization",
  "40P01": "serialization",
  "53100": "full",
  "25006": "read-only",
  "53300": "busy",
  "57P01": "unreachable",
  "57P03": "unreachable",
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  ENOTFOUND: "unreachable",
  ETIMEDOUT: "unreachable",
};

function toError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  const isFromDatabase = error instanceof pg.DatabaseError || (typeof code === "string" && code in FAILURES);
  return isFromDatabase ? new DatabaseError(FAILURES[String(code)] ?? "other", error) : error;
}

/** bigint as number (all of ours stay below 2^53), bytea as plain Uint8Array: the same values SQLite gives. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (oid === pg.types.builtins.INT8) return Number;
    const parse = pg.types.getTypeParser(oid, format as "text");
    if (oid !== pg.types.builtins.BYTEA) return parse;
    return (text: string) => new Uint8Array(parse(text) as unknown as Uint8Array);
  }) as typeof pg.types.getTypeParser,
};

/** Every statement's error, translated where it leaves the driver. */
async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toError(error);
  }
}

/** A pool whose connections speak our errors. */
function openPool(url: string, options: string | undefined): PostgresPool & { load(): number } {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
    ...(options === undefined ? {} : { options }),
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    load: () => pool.totalCount - pool.idleCount + pool.waitingCount,
    end: () => pool.end(),
    connect: async () => {
      const client = await translated(() => pool.connect());
      const speaking = known.get(client) ?? translating(client);
      known.set(client, speaking);
      return speaking;
    },
  };
}

function translating(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, parameters: readonly unknown[]) =>
    translated(() => client.query(text, parameters as unknown[]));
  return { query: query as unknown as PostgresPoolClient["query"], release: (destroy) => client.release(destroy) };
}

class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly read: ReadHandle;
  readonly migration: MigrationAccess;
  readonly load: Database["load"];
  readonly #reading: Kysely<Schema>;
  readonly #writing: Kysely<Schema>;
  readonly #guard = new WriteGuard();

  constructor(url: string, onQuery: QueryListener | undefined) {
    const readers = openPool(url, "-c default_transaction_read_only=on");
    const writers = openPool(url, undefined);
    const log = queryLog(onQuery);
    this.#reading = new Kysely({ dialect: new PostgresDialect({ pool: readers }), ...log });
    this.#writing = new Kysely({ dialect: new PostgresDialect({ pool: writers }), ...log });
    this.load = () => ({ read: readers.load(), write: writers.load() });
    this.read = this.#reading;
    this.migration = {
      change: (work) =>
        this.#writing.transaction().execute(async (db) => {
          await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(db);
          return work(db as unknown as Kysely<unknown>);
        }),
      copyBeside: async () => undefined,
      vacuum: async () => void (await sql`vacuum (analyze)`.execute(this.#writing)),
    };
  }

  async write<T>(work: (tx: WriteHandle) => Promise<T>): Promise<T> {
    return this.#guard.run(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#writing.transaction().setIsolationLevel("serializable").execute(work);
        } catch (error) {
          const collided = error instanceof DatabaseError && error.failure === "serialization";
          if (!collided || attempt >= ATTEMPTS) throw error;
          await wait(Math.random() * 2 ** Math.min(attempt, 7));
        }
      }
    });
  }

  snapshot<T>(work: (read: ReadHandle) => Promise<T>): Promise<T> {
    return this.#reading.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
  }

  async copyTo(path: string): Promise<CopyForm> {
    await this.snapshot((read) => writeRows({ read: read as unknown as AnyTables, dialect: this.dialect, path }));
    return "rows";
  }

  async sizeBytes(): Promise<number> {
    const asked = sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`;
    const { rows } = await asked.execute(this.#reading);
    return Number(rows[0]?.bytes);
  }

  async close(): Promise<void> {
    await this.#guard.idle();
    await this.#reading.destroy();
    await this.#writing.destroy();
  }
}

/** Connects to the database of this address; rejects when it does not answer. */
export async function openPostgresDatabase(url: string, onQuery?: QueryListener): Promise<Database> {
  const database = new PostgresDatabase(url, onQuery);
  try {
    await database.migration.change(async () => undefined);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { SqliteValue } from "./messages.ts";
import type { SqliteThread } from "./sqlite-thread.ts";

class ThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;
  readonly number: number;

  constructor(thread: SqliteThread, number: number) {
    this.#thread = thread;
    this.number = number;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#thread.run(this.number, sql, parameters as readonly SqliteValue[]);
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
  }

  // Slices by key work on every database and hold no cursor open; nothing here streams.
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new TypeError("The database does not stream; read in slices by key.");
  }
}

export interface ConnectionRange {
  readonly first: number;
  readonly count: number;
  /** Handed to everybody at once: for single reads, which need no transaction. */
  readonly shared: boolean;
}

class ThreadDriver implements Driver {
  readonly #free: ThreadConnection[];
  readonly #shared: ThreadConnection | undefined;
  readonly #queue: ((connection: ThreadConnection) => void)[] = [];

  constructor(thread: SqliteThread, range: ConnectionRange) {
    const connections = Array.from({ length: range.count }, (_, i) => new ThreadConnection(thread, range.first + i));
    this.#shared = range.shared ? connections[0] : undefined;
    this.#free = range.shared ? [] : connections;
  }

  async init(): Promise<void> {
    // The thread was opened by whoever made it.
  }

  acquireConnection(): Promise<ThreadConnection> {
    const free = this.#shared ?? this.#free.pop();
    return free ? Promise.resolve(free) : new Promise((resolve) => this.#queue.push(resolve));
  }

  async releaseConnection(connection: ThreadConnection): Promise<void> {
    if (this.#shared) return;
    const next = this.#queue.shift();
    if (next) next(connection);
    else this.#free.push(connection);
  }

  async beginTransaction(connection: ThreadConnection, settings: { accessMode?: string }): Promise<void> {
    // IMMEDIATE: two writers meet at the beginning, where waiting is safe, and not at their first write.
    await connection.executeQuery(CompiledQuery.raw(settings.accessMode === "read only" ? "begin" : "begin immediate"));
  }

  async commitTransaction(connection: ThreadConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: ThreadConnection): Promise<void> {
    // A full disk has rolled back by itself already.
    await connection.executeQuery(CompiledQuery.raw("rollback")).catch((error: unknown) => {
      if (!String((error as Error).cause).includes("no transaction is active")) throw error;
    });
  }

  async destroy(): Promise<void> {
    // The thread is closed by whoever made it.
  }
}

/** Kysely on connections of a database thread. */
export class ThreadDialect implements Dialect {
  readonly #thread: SqliteThread;
  readonly #range: ConnectionRange;

  constructor(thread: SqliteThread, range: ConnectionRange) {
    this.#thread = thread;
    this.#range = range;
  }

  createDriver(): Driver {
    return new ThreadDriver(this.#thread, this.#range);
  }
  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }
  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** A database thread: node:sqlite is synchronous, and the event loop must never wait for a disk. */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { SqliteFailure, SqliteReply, SqliteRequest, SqliteThreadOptions, SqliteValue } from "./messages.ts";

const STATEMENTS_KEPT = 256;

interface Connection {
  readonly database: DatabaseSync;
  /** Prepared statements, least recently used first. */
  readonly statements: Map<string, StatementSync>;
}

const options = workerData as SqliteThreadOptions;
const connections = new Map<number, Connection>();

function openConnection(): Connection {
  const database = new DatabaseSync(options.path, { timeout: options.busyTimeoutMs });
  // FULL: what was acknowledged survives a power cut. WAL: readers never wait for the writer, nor other processes for us.
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
  database.exec("pragma trusted_schema = off; pragma temp_store = memory; pragma cache_size = -16000;");
  if (options.readOnly) database.exec("pragma query_only = on;");
  return { database, statements: new Map() };
}

function connectionNumber(number: number): Connection {
  const known = connections.get(number);
  if (known) return known;
  const opened = openConnection();
  connections.set(number, opened);
  return opened;
}

function prepare({ database, statements }: Connection, sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) {
    statements.delete(sql);
    statements.set(sql, known);
    return known;
  }
  const prepared = database.prepare(sql);
  const oldest = statements.size >= STATEMENTS_KEPT ? statements.keys().next().value : undefined;
  if (oldest !== undefined) statements.delete(oldest);
  statements.set(sql, prepared);
  return prepared;
}

/** Whole numbers are bound as integers: node:sqlite would bind them as reals. */
function bindable(value: SqliteValue): SqliteValue {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function run(connection: Connection, sql: string, parameters: readonly SqliteValue[]) {
  const statement = prepare(connection, sql);
  const values = parameters.map(bindable);
  if (statement.columns().length > 0) return { rows: statement.all(...values), changes: 0 };
  return { rows: [], changes: Number(statement.run(...values).changes) };
}

function close(): void {
  for (const { database, statements } of connections.values()) {
    statements.clear();
    if (!options.readOnly) database.exec("pragma wal_checkpoint(truncate)");
    database.close();
  }
  connections.clear();
}

function answer(request: SqliteRequest): { rows: readonly unknown[]; changes: number } {
  if (request.kind === "run") return run(connectionNumber(request.connection), request.sql, request.parameters);
  if (request.kind === "open") connectionNumber(0);
  else close();
  return { rows: [], changes: 0 };
}

function describe(error: unknown): SqliteFailure {
  const { message, code, errcode } = error as { message?: string; code?: string; errcode?: number };
  return { message: message ?? "The database thread failed.", code, resultCode: errcode };
}

function reply(message: SqliteReply): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", (request: SqliteRequest) => {
  try {
    reply({ id: request.id, ...answer(request) });
  } catch (error) {
    reply({ id: request.id, failure: describe(error) });
  }
});

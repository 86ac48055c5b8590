import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Reads only. Each statement sees what was committed when it began; `Database.snapshot` gives one state for several. */
export type ReadHandle = Pick<Kysely<Schema>, "selectFrom">;

/** Given by `Database.write` only: who holds no transaction cannot change a row. */
export type WriteHandle = ReadHandle & Pick<Kysely<Schema>, "insertInto" | "updateTable" | "deleteFrom">;

export interface Database {
  readonly dialect: "sqlite" | "postgres";
  readonly read: ReadHandle;

  /**
   * One serializable transaction: all of it is durable when this resolves, or none of it happened.
   * On PostgreSQL `work` runs again after a collision, so it may touch nothing but the database and its own variables.
   * Never await anything else inside: on SQLite there is one writer and everybody waits for it.
   * Inside a transaction use `onConflict(…doNothing())` and look at the number of rows: on PostgreSQL a violated key ends it.
   */
  write<T>(work: (tx: WriteHandle) => Promise<T>): Promise<T>;

  /** Several reads of one consistent state. Read long lists in slices by key; nothing here streams. */
  snapshot<T>(work: (read: ReadHandle) => Promise<T>): Promise<T>;

  /**
   * For backups: writes one consistent state into a new file while everybody goes on working, and says in which form.
   * Durable when this resolves, its name excepted.
   */
  copyTo(path: string): Promise<CopyForm>;

  /** All of it on its disk, indexes included. */
  sizeBytes(): Promise<number>;

  /** Statements that run or wait for their turn now. */
  load(): { readonly read: number; readonly write: number };

  /** For migrations only. */
  readonly migration: MigrationAccess;

  /** Waits for what runs, writes everything to the main file, lets go of it. */
  close(): Promise<void>;
}

/** A SQLite file, or rows as text (spec/backup.md §4). */
export type CopyForm = "sqlite" | "rows";

/** Told of every statement that was answered: its kind (select, insert, update, delete, other) and time. Never of its text or values. */
export type QueryListener = (kind: string, seconds: number) => void;

export interface MigrationAccess {
  /** One exclusive transaction that may change the schema. */
  change<T>(work: (db: Kysely<unknown>) => Promise<T>): Promise<T>;
  /** Copies the database beside itself and gives the copy's path; undefined where the database has no file. */
  copyBeside(suffix: string): Promise<string | undefined>;
  /** Gives room back that deleted rows took, and tells the planner what is in the tables. SQLite: nobody writes meanwhile. */
  vacuum(): Promise<void>;
}

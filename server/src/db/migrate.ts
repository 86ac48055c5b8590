import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { type Kysely, sql } from "kysely";
import type { Database } from "./database.ts";
import { DatabaseNewerError, DatabaseOlderError } from "./errors.ts";
import { type ColumnTypes, MIGRATIONS, type Migration } from "./migrations/index.ts";
import type { Migrations, Schema } from "./schema.ts";

const TYPES: Record<Database["dialect"], ColumnTypes> = {
  sqlite: { bytes: sql`blob`, integer: sql`integer`, text: sql`text` },
  postgres: { bytes: sql`bytea`, integer: sql`bigint`, text: sql`text` },
};

export interface MigrationStatus {
  readonly applied: readonly Migrations[];
  readonly pending: readonly { readonly number: number; readonly name: string }[];
}

/** What was done to this database and what is still to do. @throws DatabaseNewerError when a newer program wrote it */
export async function migrationStatus(
  database: Database,
  known: readonly Migration[] = MIGRATIONS,
): Promise<MigrationStatus> {
  const applied = (await hasMigrations(database))
    ? await database.read.selectFrom("migrations").selectAll().orderBy("number").execute()
    : [];
  const newest = applied.at(-1);
  const newestKnown = known.at(-1)?.number ?? 0;
  if (newest && newest.number > newestKnown) {
    const { number: found, name } = newest;
    throw new DatabaseNewerError({ found, known: newestKnown, name, program: await newestProgram(database) });
  }
  return compare(applied, known);
}

/** The row of `settings` that names the version which changed the schema last. */
const PROGRAM_SETTING = "newest_program";

async function newestProgram({ read }: Database): Promise<string | undefined> {
  const row = await read.selectFrom("settings").select("value").where("key", "=", PROGRAM_SETTING).executeTakeFirst();
  return row?.value;
}

/**
 * Brings the database to this program's schema; does nothing when it is there. An existing SQLite file is copied beside
 * itself first. Every migration is a transaction of its own, and only one process migrates at a time.
 */
export async function migrate(
  database: Database,
  known: readonly Migration[] = MIGRATIONS,
): Promise<{ readonly applied: readonly string[]; readonly copy: string | undefined }> {
  const { applied, pending } = await migrationStatus(database, known);
  const [next] = pending;
  if (!next) return { applied: [], copy: undefined };
  const copy = applied.length === 0 ? undefined : await database.migration.copyBeside(`before-${pad(next.number)}`);
  const done: string[] = [];
  for (const migration of known) {
    if (await apply(database, migration, known)) done.push(`${pad(migration.number)}-${migration.name}`);
  }
  return { applied: done, copy };
}

function apply(database: Database, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  return database.migration.change(async (anyDb) => {
    const db = anyDb as Kysely<Schema>;
    await db.schema
      .createTable("migrations")
      .ifNotExists()
      .addColumn("number", TYPES[database.dialect].integer as never, (column) => column.primaryKey())
      .addColumn("name", TYPES[database.dialect].text as never, (column) => column.notNull())
      .addColumn("applied_ms", TYPES[database.dialect].integer as never, (column) => column.notNull())
      .execute();
    // Read again inside the lock: another process may have been quicker.
    const { pending } = compare(await db.selectFrom("migrations").selectAll().orderBy("number").execute(), known);
    if (pending[0]?.number !== migration.number) return false;
    await migration.up(anyDb, TYPES[database.dialect], database.dialect);
    const { number, name } = migration;
    await db.insertInto("migrations").values({ number, name, applied_ms: Date.now() }).execute();
    // So that an older program, which refuses this data from now on, can say which version to take.
    await db
      .insertInto("settings")
      .values({ key: PROGRAM_SETTING, value: PROGRAM_VERSION })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: PROGRAM_VERSION }))
      .execute();
    return true;
  });
}

function compare(applied: readonly Migrations[], known: readonly Migration[]): MigrationStatus {
  const done = new Set(applied.map(({ number }) => number));
  return {
    applied,
    pending: known.filter(({ number }) => !done.has(number)).map(({ number, name }) => ({ number, name })),
  };
}

/** Asked of the catalogue: a table that is not there would be an error. */
async function hasMigrations(database: Database): Promise<boolean> {
  return database.migration.change(async (db) => {
    const found =
      database.dialect === "sqlite"
        ? sql`select 1 as found from sqlite_master where type = 'table' and name = 'migrations'`
        : sql`select 1 as found where to_regclass('migrations') is not null`;
    return (await found.execute(db)).rows.length > 0;
  });
}

function pad(number: number): string {
  return String(number).padStart(3, "0");
}

/** For commands beside a server: refuses a database that is not at this program's schema instead of changing it. */
export async function requireMigrated(database: Database): Promise<void> {
  const { pending } = await migrationStatus(database);
  if (pending.length > 0) throw new DatabaseOlderError(pending.map(({ number, name }) => `${pad(number)}-${name}`));
}

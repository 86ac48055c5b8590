import type { CopyForm, Database } from "./database.ts";
import { DatabaseNewerError, DatabaseOccupiedError } from "./errors.ts";
import { migrate, migrationStatus } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { type DatabaseLocation, openDatabase } from "./open-database.ts";
import { isEmptyDatabase, loadRows } from "./rows/load-rows.ts";
import { readRows, readRowsSchema } from "./rows/read-rows.ts";
import type { AnyTables } from "./rows/table-shapes.ts";
import { writeRows } from "./rows/write-rows.ts";
import { listObjects, type ObjectRow } from "./stores/objects.ts";

const OBJECTS_AT_ONCE = 500;

/** What `Database.copyTo` wrote. */
export interface DatabaseCopy {
  readonly form: CopyForm;
  readonly path: string;
}

export interface CopiedDatabase extends AsyncDisposable {
  /** The number of the last migration that had been applied. */
  readonly schema: number;
  /** Every object that the copy names. */
  objects(): AsyncIterable<ObjectRow>;
}

/**
 * Looks into a copy. Opening a SQLite file changes a few bytes of it: take its hash afterwards.
 * @throws DatabaseError, FormatError, DatabaseNewerError
 */
export async function openDatabaseCopy({ form, path }: DatabaseCopy): Promise<CopiedDatabase> {
  if (form === "rows") {
    const schema = await readRowsSchema(path);
    requireKnown(schema);
    return { schema, objects: () => objectsInRows(path), [Symbol.asyncDispose]: async () => undefined };
  }
  const database = await openDatabase({ sqliteFile: path });
  try {
    const { applied } = await migrationStatus(database);
    return {
      schema: applied.at(-1)?.number ?? 0,
      objects: () => allObjects(database),
      [Symbol.asyncDispose]: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Every object's row, in the order of their ids. */
export async function* allObjects(database: Pick<Database, "read">): AsyncGenerator<ObjectRow, void, undefined> {
  let after: Uint8Array = new Uint8Array();
  for (;;) {
    const rows = await listObjects(database.read, { after, limit: OBJECTS_AT_ONCE });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.object_id;
  }
}

async function* objectsInRows(path: string): AsyncGenerator<ObjectRow, void, undefined> {
  for await (const { table, row } of readRows(path)) if (table === "objects") yield row as unknown as ObjectRow;
}

function requireKnown(schema: number): void {
  const known = MIGRATIONS.at(-1)?.number ?? 0;
  if (schema > known) throw new DatabaseNewerError({ found: schema, known, name: "newer" });
}

/**
 * Fills an empty database with a copy, whichever kind of database it was made of. Its schema stays the copy's; `migrate`
 * brings it further. All of it or, apart from empty tables, nothing. @throws DatabaseOccupiedError, DatabaseNewerError
 */
export async function fillDatabase(
  { form, path }: DatabaseCopy,
  { location, signal }: { readonly location: DatabaseLocation; readonly signal?: AbortSignal },
): Promise<void> {
  if (form === "sqlite") return fillFromSqlite(path, { location, ...(signal && { signal }) });
  const schema = await readRowsSchema(path);
  requireKnown(schema);
  const database = await openDatabase(location);
  try {
    const newest = (await migrationStatus(database)).applied.at(-1)?.number ?? 0;
    if ((newest !== 0 && newest !== schema) || !(await isEmptyDatabase(database))) throw new DatabaseOccupiedError();
    await migrate(
      database,
      MIGRATIONS.filter(({ number }) => number <= schema),
    );
    await loadRows(database, path, signal);
  } finally {
    await database.close();
  }
}

async function fillFromSqlite(
  path: string,
  options: { readonly location: DatabaseLocation; readonly signal?: AbortSignal },
): Promise<void> {
  const rows = `${path}.rows`;
  const source = await openDatabase({ sqliteFile: path });
  try {
    await source.snapshot((read) =>
      writeRows({ read: read as unknown as AnyTables, dialect: source.dialect, path: rows }),
    );
  } finally {
    await source.close();
  }
  await fillDatabase({ form: "rows", path: rows }, options);
}

import { sql } from "kysely";
import type { Database } from "../database.ts";
import { type ReadRow, readRows } from "./read-rows.ts";
import { type AnyTables, describeTables } from "./table-shapes.ts";

const ROWS_AT_ONCE = 64;

/** Says what was done to the database, and is written by the migrations themselves. */
const KEPT = "migrations";

/** Whether the database holds nothing but its own bookkeeping, so that it may be filled. */
export function isEmptyDatabase(database: Database): Promise<boolean> {
  return database.migration.change(async (anyDb) => {
    const db = anyDb as AnyTables;
    for (const { name } of await describeTables(db, database.dialect)) {
      if (name === KEPT || name === "settings") continue;
      const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
      if (rows.length > 0) return false;
    }
    return true;
  });
}

/** Fills an empty database of the same schema with the rows of a copy: all of them or none. @throws FormatError */
export async function loadRows(database: Database, path: string, signal?: AbortSignal): Promise<void> {
  await database.migration.change(async (anyDb) => {
    const db = anyDb as AnyTables;
    await db.deleteFrom("settings").execute();
    let waiting: ReadRow[] = [];
    const insert = async () => {
      const [first] = waiting;
      if (first === undefined) return;
      const values = waiting.map(({ row }) => row);
      waiting = [];
      await db.insertInto(first.table).values(values).execute();
    };
    for await (const read of readRows(path)) {
      signal?.throwIfAborted();
      if (read.table === KEPT) continue;
      if (waiting.length === ROWS_AT_ONCE || (waiting[0] !== undefined && waiting[0].table !== read.table)) {
        await insert();
      }
      waiting.push(read);
    }
    await insert();
  });
}

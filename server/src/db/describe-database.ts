import { sql } from "kysely";
import type { Database } from "./database.ts";

export interface DatabaseDescription {
  /** As the database calls itself: "SQLite 3.53.4", "PostgreSQL 15.9". */
  readonly engine: string;
  readonly bytes: number;
}

/** Which database this is and how much room it takes. */
export function describeDatabase(database: Database): Promise<DatabaseDescription> {
  return database.migration.change(async (db) => {
    const asked =
      database.dialect === "sqlite"
        ? sql<{ version: string; bytes: number }>`select sqlite_version() as version,
            (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as bytes`
        : sql<{ version: string; bytes: number }>`select current_setting('server_version') as version,
            pg_database_size(current_database()) as bytes`;
    const [row] = (await asked.execute(db)).rows;
    const name = database.dialect === "sqlite" ? "SQLite" : "PostgreSQL";
    return { engine: `${name} ${row?.version}`, bytes: Number(row?.bytes) };
  });
}

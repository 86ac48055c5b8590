import type { Database, QueryListener } from "./database.ts";
import { openPostgresDatabase } from "./postgres/postgres-database.ts";
import { openSqliteDatabase } from "./sqlite/sqlite-database.ts";

export type DatabaseLocation = { readonly sqliteFile: string } | { readonly postgresUrl: string };

/** Opens the database without changing its schema: `migrate` does that. @throws DatabaseError */
export function openDatabase(location: DatabaseLocation, onQuery?: QueryListener): Promise<Database> {
  return "sqliteFile" in location
    ? openSqliteDatabase(location.sqliteFile, onQuery)
    : openPostgresDatabase(location.postgresUrl, onQuery);
}

import { stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { type Database, type DatabaseLocation, migrationStatus, openDatabase } from "../db/index.ts";
import { checkAgainstData } from "./clock.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const OLDEST_POSTGRES = 15;
const RESTORE = "Stop the server and restore the data folder from a backup; do not go on writing into it.";

/** SQLite reads the whole file and looks whether it hangs together. Beside a running server, which it does not stop. */
function checkIntegrity(file: string): Finding {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const rows = database.prepare("pragma quick_check(5)").all() as { quick_check: string }[];
      const problems = rows.map(({ quick_check }) => quick_check).filter((text) => text !== "ok");
      if (problems.length > 0) return failed("integrity", `the database is damaged: ${problems.join("; ")}`, RESTORE);
      return ok("integrity", "SQLite found nothing wrong in the database");
    } finally {
      database.close();
    }
  } catch (error) {
    return failed("integrity", `the database cannot be read: ${(error as Error).message}`, RESTORE);
  }
}

async function checkPostgres(database: Database): Promise<Finding> {
  const version = sql<{ version: string }>`(select current_setting('server_version') as version)`.as("v");
  const row = await database.read.selectFrom(version).select("version").executeTakeFirst();
  const said = `PostgreSQL ${row?.version ?? "of an unknown version"} answers`;
  if (Number.parseInt(row?.version ?? "", 10) >= OLDEST_POSTGRES) return ok("database", said);
  return failed("database", said, `Take PostgreSQL ${OLDEST_POSTGRES} or newer.`);
}

async function checkSchema(database: Database): Promise<Finding> {
  const { applied, pending } = await migrationStatus(database);
  if (applied.length === 0)
    return warning("data", "the database is empty", "Start the server, or run «excalibur-server init».");
  const current = `the data has schema ${applied.at(-1)!.number}`;
  if (pending.length === 0) return ok("data", `${current}, which is this program's`);
  return warning(
    "data",
    `${current}; ${pending.length} newer are to come`,
    "Starting the server brings it up to date, after a copy; or «excalibur-server db migrate».",
  );
}

async function isThere(location: DatabaseLocation): Promise<boolean> {
  if (!("sqliteFile" in location)) return true;
  try {
    return (await stat(location.sqliteFile)).isFile();
  } catch {
    // Not there, or out of reach: the permissions say which.
    return false;
  }
}

export async function checkDatabase({ settings, nowMs }: Patient): Promise<readonly Finding[]> {
  const location = settings.config.database;
  if (!(await isThere(location))) {
    return [
      failed(
        "database",
        "there is no database in the data folder",
        "Start the server once; if there was one, restore it from a backup.",
      ),
    ];
  }
  const integrity = "sqliteFile" in location ? checkIntegrity(location.sqliteFile) : undefined;
  if (integrity?.status === "failed") return [integrity];
  const database = await openDatabase(location);
  try {
    const kind =
      "sqliteFile" in location ? ok("database", `SQLite ${process.versions.sqlite}`) : await checkPostgres(database);
    const schema = await checkSchema(database);
    const clock = schema.status === "ok" ? [await checkAgainstData(database, nowMs)] : [];
    return [kind, schema, ...(integrity ? [integrity] : []), ...clock];
  } finally {
    await database.close();
  }
}

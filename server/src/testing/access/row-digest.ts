import { toHex } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import type { Database } from "../../db/index.ts";
import type { Schema } from "../../db/schema.ts";

/** What looking on, failing and passing time may change: who tried what when, and the server's own book-keeping. */
const RESTLESS = new Set([
  "audit",
  "link_log",
  "login_attempts",
  "logins",
  "jobs",
  "job_requests",
  "leases",
  "notices",
]);
/** Columns that say when a session was seen. */
const PASSING = new Set(["last_used_ms"]);

/** One line a table, of everything that is stored in it: equal lines mean that nothing was changed. */
export async function rowDigests(database: Database): Promise<Record<string, string>> {
  const tables = (await tableNames(database)).filter((name) => !RESTLESS.has(name));
  const digests: Record<string, string> = {};
  for (const table of tables) {
    const rows: Record<string, unknown>[] = await database.read
      .selectFrom(table as keyof Schema)
      .selectAll()
      .execute();
    const lines = rows.map((row) =>
      JSON.stringify(
        Object.entries(row).filter(([name]) => !PASSING.has(name)),
        shown,
      ),
    );
    digests[table] = `${rows.length} ${toHex(sha256(Buffer.from(lines.sort().join("\n")))).slice(0, 16)}`;
  }
  return digests;
}

const known = new WeakMap<Database, Promise<string[]>>();

function tableNames(database: Database): Promise<string[]> {
  const found =
    known.get(database) ??
    database.migration.change(async (db) => (await db.introspection.getTables()).map(({ name }) => name));
  known.set(database, found);
  return found;
}

function shown(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}

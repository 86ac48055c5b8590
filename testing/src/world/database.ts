import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";

export type DatabaseKind = "sqlite" | "postgres";

/** Which database the stories of this run are told on. */
export const storyDatabase: DatabaseKind =
  process.env["EXCALIBUR_TEST_DATABASE"] === "postgres" ? "postgres" : "sqlite";

/** One column of one row, as it is stored. */
export interface StoredValue {
  readonly table: string;
  readonly column: string;
  readonly bytes: Buffer;
}

async function onCluster<T>(database: string | undefined, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgresUrl(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Address of a database of the run's cluster. */
export function postgresUrl(database?: string): string {
  const cluster = process.env["EXCALIBUR_TEST_POSTGRES"];
  if (!cluster) throw new Error("EXCALIBUR_TEST_POSTGRES does not name a running PostgreSQL.");
  const url = new URL(cluster);
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

/** A fresh database of the cluster: empty, or a copy of another one that nobody is connected to. */
export async function createPostgresDatabase(template?: string): Promise<string> {
  const name = `world_${randomBytes(8).toString("hex")}`;
  const copy = template === undefined ? "" : ` template ${template} strategy wal_log`;
  await onCluster(undefined, (client) => client.query(`create database ${name}${copy}`));
  return name;
}

export async function dropPostgresDatabase(name: string): Promise<void> {
  await onCluster(undefined, (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** Every column of every row of every table. */
export async function dumpPostgres(database: string): Promise<StoredValue[]> {
  return onCluster(database, async (client) => {
    const tables = await client.query<{ table_schema: string; table_name: string }>(
      "select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')",
    );
    const values: StoredValue[] = [];
    for (const { table_schema: schema, table_name: table } of tables.rows) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from "${schema}"."${table}"`);
      values.push(...rows.flatMap((row) => storedValues(table, row)));
    }
    return values;
  });
}

/** As `dumpPostgres`. The server may run meanwhile. */
export function dumpSqlite(dataFolder: string): StoredValue[] {
  const database = new DatabaseSync(join(dataFolder, "excalibur.sqlite"), { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all() as { name: string }[];
    return tables.flatMap(({ name }) =>
      database
        .prepare(`select * from "${name}"`)
        .all()
        .flatMap((row) => storedValues(name, row)),
    );
  } finally {
    database.close();
  }
}

function storedValues(table: string, row: Record<string, unknown>): StoredValue[] {
  return Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([column, value]) => ({
      table,
      column,
      bytes: value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
    }));
}

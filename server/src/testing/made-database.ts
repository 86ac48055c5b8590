/**
 * [Note: Tables are made once]
 * All migrations, one after the other, cost a test more than what it wants to know. So before a stage of tests of the server a database with
 * every table is made, once in a run, and each test begins with a copy of it. The migrations themselves, and servers that start for the first
 * time, begin with nothing (`testLocation`, or a data folder of their own).
 */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { type DatabaseLocation, migrate, openDatabase } from "../db/index.ts";
import { ACCOUNTS_OF_RUN } from "./made-accounts.ts";

const TEMPLATE = "excalibur_with_tables";

/** The stage that runs on PostgreSQL starts a cluster and names it here. */
function clusterUrl(): string {
  const url = process.env["EXCALIBUR_TEST_POSTGRES"];
  if (!url) throw new Error("EXCALIBUR_TEST_POSTGRES does not name a running PostgreSQL.");
  return url;
}

/** Tells the cluster something, and gives what it answers. */
export async function onCluster<Row extends object>(statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: clusterUrl() });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Where a database of the cluster is reached. */
export function urlOnCluster(name: string): string {
  const url = new URL(clusterUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/** The file with every table, undefined where no run has made one. */
export function madeSqliteFile(): string | undefined {
  const folder = process.env[ACCOUNTS_OF_RUN];
  const file = folder === undefined ? undefined : join(folder, "with-tables.sqlite");
  return file !== undefined && existsSync(file) ? file : undefined;
}

/**
 * What a new database is copied from: "" where no run has made one. Through the log: to copy files takes two checkpoints each time,
 * a fifth of all that these tests cost on PostgreSQL.
 */
export async function madeTemplate(): Promise<string> {
  const found = await onCluster(`select 1 from pg_database where datname = '${TEMPLATE}'`);
  return found.length === 0 ? "" : ` template ${TEMPLATE} strategy wal_log`;
}

async function fill(location: DatabaseLocation): Promise<void> {
  const database = await openDatabase(location);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

/** Makes it, in the folder of the run or on the cluster; of two who make the same file at the same moment the last stays. */
export async function makeDatabase(dialect: "sqlite" | "postgres", folder: string): Promise<void> {
  if (dialect === "postgres") {
    if ((await madeTemplate()) !== "") return;
    await onCluster(`create database ${TEMPLATE}`);
    await fill({ postgresUrl: urlOnCluster(TEMPLATE) });
    return;
  }
  const file = join(folder, "with-tables.sqlite");
  if (existsSync(file)) return;
  await mkdir(folder, { recursive: true });
  const making = await mkdtemp(join(folder, "making-"));
  await fill({ sqliteFile: join(making, "excalibur.sqlite") });
  await rename(join(making, "excalibur.sqlite"), file);
  await rm(making, { recursive: true });
}

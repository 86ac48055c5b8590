import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Database, type DatabaseLocation, migrate, openDatabase } from "../db/index.ts";

/** EXCALIBUR_TEST_DATABASE says on which database `*.both.test.ts` run. */
export const testDialect: "sqlite" | "postgres" =
  process.env["EXCALIBUR_TEST_DATABASE"] === "postgres" ? "postgres" : "sqlite";

/** The stage that runs on PostgreSQL starts a cluster and names it here. */
function clusterUrl(): string {
  const url = process.env["EXCALIBUR_TEST_POSTGRES"];
  if (!url) throw new Error("EXCALIBUR_TEST_POSTGRES does not name a running PostgreSQL.");
  return url;
}

async function onCluster(statement: string): Promise<string> {
  const url = clusterUrl();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
  return url;
}

export interface TestLocation extends AsyncDisposable {
  readonly location: DatabaseLocation;
}

/** A place for one fresh, empty database: a file in a temporary folder, or a database of the test cluster. */
export async function testLocation(): Promise<TestLocation> {
  if (testDialect === "sqlite") {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    return {
      location: { sqliteFile: join(folder, "excalibur.sqlite") },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const name = `test_${randomBytes(8).toString("hex")}`;
  const url = new URL(await onCluster(`create database ${name}`));
  url.pathname = `/${name}`;
  return {
    location: { postgresUrl: url.href },
    [Symbol.asyncDispose]: async () => {
      await onCluster(`drop database if exists ${name} with (force)`);
    },
  };
}

export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  readonly location: DatabaseLocation;
}

/** A fresh database with every table: `await using test = await testDatabase()`. */
export async function testDatabase(): Promise<TestDatabase> {
  const place = await testLocation();
  const database = await openDatabase(place.location);
  await migrate(database);
  return {
    database,
    location: place.location,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

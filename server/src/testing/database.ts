import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, type DatabaseLocation, migrate, openDatabase } from "../db/index.ts";
import { madeSqliteFile, madeTemplate, onCluster, urlOnCluster } from "./made-database.ts";

/** EXCALIBUR_TEST_DATABASE says on which database `*.both.test.ts` run. */
export const testDialect: "sqlite" | "postgres" =
  process.env["EXCALIBUR_TEST_DATABASE"] === "postgres" ? "postgres" : "sqlite";

export interface TestLocation extends AsyncDisposable {
  readonly location: DatabaseLocation;
}

/** A place for one fresh, empty database: a file in a temporary folder, or a database of the test cluster. */
export function testLocation(): Promise<TestLocation> {
  return testDialect === "sqlite" ? sqliteLocation(undefined) : postgresLocation("");
}

/** One with every table in it, for a server that is not about its first start ([Note: Tables are made once]). */
export async function locationWithTables(): Promise<TestLocation> {
  return testDialect === "sqlite" ? sqliteLocation(madeSqliteFile()) : postgresLocation(await template());
}

let found: Promise<string> | undefined;

function template(): Promise<string> {
  found ??= madeTemplate();
  return found;
}

async function sqliteLocation(original: string | undefined): Promise<TestLocation> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const sqliteFile = join(folder, "excalibur.sqlite");
  if (original !== undefined) await copyFile(original, sqliteFile);
  return {
    location: { sqliteFile },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function postgresLocation(copy: string): Promise<TestLocation> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onCluster(`create database ${name}${copy}`);
  return {
    location: { postgresUrl: urlOnCluster(name) },
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
  const place = await locationWithTables();
  const database = await openDatabase(place.location);
  // Nothing to do unless the test was started past the runner.
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

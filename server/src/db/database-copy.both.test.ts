import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, testDialect, testLocation } from "../testing/index.ts";
import { fillDatabase, openDatabaseCopy } from "./database-copy.ts";
import { type CopyForm, type Database, DatabaseNewerError, DatabaseOccupiedError, openDatabase } from "./index.ts";
import { type AnyTables, describeTables } from "./rows/table-shapes.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const OBJECTS = 150;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Rows of every kind of value: more than a slice of them, empty and absent ones, keys of one and of two columns. */
async function fill(database: Database): Promise<void> {
  const account = {
    user_id: bytes(7),
    name: "Zoë \u{1f98a}\n",
    admin: 1,
    disabled: 0,
    created_ms: 2 ** 52 + 1,
  } as const;
  const keys = { opaque_record: bytes(), ak_generation: 0, recovery_public_key: bytes(0, 255), used_bytes: 0 };
  const state = { state_root: bytes(), manifest_version: 0, g: 0, genesis_hash: bytes() };
  const volume = { volume_id: bytes(9), owner_user_id: bytes(7), head_sequence: 0, head_hash: bytes(), created_ms: 0 };
  await database.write(async (tx) => {
    await tx
      .insertInto("accounts")
      .values({ ...account, ...keys, home_volume_id: bytes(9), sign_up_hash: bytes() })
      .execute();
    await tx
      .insertInto("volumes")
      .values({ ...volume, ...state })
      .execute();
    const objects = Array.from({ length: OBJECTS }, (_, n) => ({
      ...{ object_id: bytes(n % 7, n), ciphertext_length: n, header: bytes(n), root: bytes(), tree_hash: bytes(1) },
      ...{ location: "file", uploader_user_id: bytes(7), created_ms: 0 },
    }));
    await tx.insertInto("objects").values(objects).execute();
    const references = objects.map(({ object_id }) => ({
      ...{ volume_id: bytes(9), object_id, count: 1, added_ms: 0, dropped_ms: null },
    }));
    await tx.insertInto("object_references").values(references).execute();
    await tx.insertInto("settings").values({ key: "of the copy", value: "" }).execute();
  });
}

/** Every row of every table, without when the migrations were applied. */
function everything(database: Database) {
  return database.migration.change(async (anyDb) => {
    const db = anyDb as AnyTables;
    const tables: Record<string, unknown> = {};
    for (const { name, key } of await describeTables(db, database.dialect)) {
      const rows = await db.selectFrom(name).selectAll().execute();
      const text = rows.map((row) => JSON.stringify({ ...row, applied_ms: 0 }, Object.keys({ ...row, 0: 0 }).sort()));
      tables[name] = { key, rows: text.sort() };
    }
    return tables;
  });
}

describe(`a copy of a ${testDialect} database`, () => {
  it("is for its owner only, and fills a database of either kind with the same rows", async () => {
    await using test = await testDatabase();
    await fill(test.database);
    const path = join(folder, "copy");
    const form = await test.database.copyTo(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await using place = await testLocation();
    for (const location of [place.location, { sqliteFile: join(folder, "other.sqlite") }]) {
      await fillDatabase({ form, path }, { location });
      await rm(`${path}.rows`, { force: true });
      const filled = await openDatabase(location);
      expect(await everything(filled)).toEqual(await everything(test.database));
      await filled.close();
    }
  });

  it("shows the moment when it was begun, and names its objects in order", async () => {
    await using test = await testDatabase();
    await fill(test.database);
    const path = join(folder, "copy");
    const form = await test.database.copyTo(path);
    await test.database.write((tx) => tx.deleteFrom("object_references").execute());
    await test.database.write((tx) => tx.deleteFrom("objects").execute());
    await using copied = await openDatabaseCopy({ form, path });
    const objects = [];
    for await (const { object_id: id } of copied.objects()) objects.push(Buffer.from(id).toString("hex"));
    expect([copied.schema > 0, objects.length, objects]).toEqual([true, OBJECTS, [...objects].sort()]);
  });

  it("is made while others write: between their transactions, with all of one or nothing of it", async () => {
    await using test = await testDatabase();
    const path = join(folder, "copy");
    let copying: Promise<CopyForm> | undefined;
    await test.database.write(async (tx) => {
      await tx.insertInto("settings").values({ key: "first", value: "1" }).execute();
      copying = test.database.copyTo(path);
      // Long enough for the copy to come in between, if it did not wait.
      for (let n = 0; n < 20; n++) await tx.selectFrom("settings").selectAll().execute();
      await tx.insertInto("settings").values({ key: "second", value: "2" }).execute();
    });
    const form = await copying!;
    await using place = await testLocation();
    await fillDatabase({ form, path }, { location: place.location });
    const filled = await openDatabase(place.location);
    const rows = await filled.read.selectFrom("settings").select("key").execute();
    await filled.close();
    expect([0, 2]).toContain(rows.filter(({ key }) => key === "first" || key === "second").length);
  });

  it("goes into no database that has something in it", async () => {
    await using test = await testDatabase();
    const path = join(folder, "copy");
    const form = await test.database.copyTo(path);
    await fill(test.database);
    await expect(fillDatabase({ form, path }, { location: test.location })).rejects.toThrow(DatabaseOccupiedError);
  });

  it("does not write over a file that is there", async () => {
    await using test = await testDatabase();
    const path = join(folder, "copy");
    await writeFile(path, "mine");
    await expect(test.database.copyTo(path)).rejects.toMatchObject({ code: "EEXIST" });
    expect(await readFile(path, "utf8")).toBe("mine");
  });
});

describe("rows as text", () => {
  const location = () => ({ sqliteFile: join(folder, "filled.sqlite") });
  const header = '{"format":"excalibur-rows","version":1,"schema":1}';
  const table = '{"table":"settings","columns":[["key","text"],["value","text"]]}';

  it.each([
    ["cut off", [header, table, '["a","b"]']],
    ["of another number of rows", [header, table, '["a","b"]', '{"end":true,"rows":2}']],
    ["of another type", [header, table, '["a",5]', '{"end":true,"rows":1}']],
    ["of another format", ['{"format":"something"}']],
    ["no JSON", ["PRAGMA foreign_keys=OFF;"]],
    ["nothing", []],
  ])("that are %s fill nothing", async (_, lines) => {
    const path = join(folder, "copy.rows");
    await writeFile(path, lines.map((line) => `${line}\n`).join(""));
    await expect(fillDatabase({ form: "rows", path }, { location: location() })).rejects.toMatchObject({
      code: "malformed",
    });
  });

  it("of a newer program are refused", async () => {
    const path = join(folder, "copy.rows");
    await writeFile(path, `${header.replace(":1}", ":900}")}\n{"end":true,"rows":0}\n`);
    await expect(fillDatabase({ form: "rows", path }, { location: location() })).rejects.toThrow(DatabaseNewerError);
    await expect(openDatabaseCopy({ form: "rows", path })).rejects.toThrow(DatabaseNewerError);
  });
});

import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { testDatabase, testDialect, testLocation } from "../testing/index.ts";
import {
  DatabaseError,
  DatabaseNewerError,
  describeDatabase,
  migrate,
  migrationStatus,
  openDatabase,
  type ReadHandle,
} from "./index.ts";
import { MIGRATIONS } from "./migrations/index.ts";

const setting = (key: string, value: string) => ({ key, value });
/** Without what migrations note there. */
const ownSettings = (read: ReadHandle) =>
  read.selectFrom("settings").selectAll().where("key", "!=", "newest_program").execute();
const bytes = (...values: number[]) => Uint8Array.from(values);
const session = { nonce: bytes(2), expires_ms: 2 ** 52 + 1 };

describe(`a ${testDialect} database`, () => {
  it("gives back bytes as Uint8Array and large numbers as numbers", async () => {
    await using test = await testDatabase();
    const row = { session_id: bytes(0, 255, 1), ...session };
    await test.database.write((tx) => tx.insertInto("nonces").values(row).execute());
    const read = await test.database.read.selectFrom("nonces").selectAll().executeTakeFirstOrThrow();
    expect(read).toEqual(row);
    expect(Object.getPrototypeOf(read.nonce)).toBe(Uint8Array.prototype);
  });

  it("keeps all of a transaction or nothing", async () => {
    await using test = await testDatabase();
    const failed = test.database.write(async (tx) => {
      await tx.insertInto("settings").values(setting("a", "1")).execute();
      throw new RangeError("half way");
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await ownSettings(test.database.read)).toEqual([]);
  });

  it("says how many rows an insertion that gave way has made", async () => {
    await using test = await testDatabase();
    const insert = () =>
      test.database.write((tx) =>
        tx
          .insertInto("settings")
          .values(setting("a", "1"))
          .onConflict((on) => on.doNothing())
          .executeTakeFirst(),
      );
    expect((await insert()).numInsertedOrUpdatedRows).toBe(1n);
    expect((await insert()).numInsertedOrUpdatedRows).toBe(0n);
  });

  it("names a violated key, whatever the database calls it", async () => {
    await using test = await testDatabase();
    const twice = test.database.write((tx) =>
      tx
        .insertInto("settings")
        .values([setting("a", "1"), setting("a", "2")])
        .execute(),
    );
    await expect(twice).rejects.toMatchObject({ failure: "unique", code: "database_failed" });
    const orphan = { volume_id: bytes(1), version: 0, record: bytes(), hash: bytes() };
    const orphaned = test.database.write((tx) => tx.insertInto("manifests").values(orphan).execute());
    await expect(orphaned).rejects.toMatchObject({ failure: "foreign-key" });
  });

  it("refuses a value of another type", async () => {
    await using test = await testDatabase();
    const wrong = { session_id: bytes(1), nonce: bytes(2), expires_ms: "soon" as unknown as number };
    await expect(test.database.write((tx) => tx.insertInto("nonces").values(wrong).execute())).rejects.toThrow(
      DatabaseError,
    );
  });

  it("does not change a row through a reading handle", async () => {
    await using test = await testDatabase();
    const reader = test.database.read as unknown as Parameters<Parameters<typeof test.database.write>[0]>[0];
    await expect(reader.insertInto("settings").values(setting("a", "1")).execute()).rejects.toThrow(DatabaseError);
  });

  it("loses no update when many add to one row at once", async () => {
    await using test = await testDatabase();
    await test.database.write((tx) => tx.insertInto("settings").values(setting("n", "0")).execute());
    const add = () =>
      test.database.write(async (tx) => {
        const { value } = await tx
          .selectFrom("settings")
          .select("value")
          .where("key", "=", "n")
          .executeTakeFirstOrThrow();
        await tx
          .updateTable("settings")
          .set({ value: String(Number(value) + 1) })
          .where("key", "=", "n")
          .execute();
      });
    await Promise.all(Array.from({ length: 6 }, add));
    expect(await ownSettings(test.database.read)).toEqual([setting("n", "6")]);
  });

  it("shows a snapshot what was there when it began", async () => {
    await using test = await testDatabase();
    const count = ownSettings;
    await test.database.snapshot(async (read) => {
      expect(await count(read)).toHaveLength(0);
      await test.database.write((tx) => tx.insertInto("settings").values(setting("a", "1")).execute());
      expect(await count(read)).toHaveLength(0);
      expect(await count(test.database.read)).toHaveLength(1);
    });
  });

  it("refuses a transaction inside another, which would wait for itself", async () => {
    await using test = await testDatabase();
    await expect(test.database.write(() => test.database.write(async () => 1))).rejects.toThrow(TypeError);
  });

  it("has one current page in each place, and any number of replaced ones", async () => {
    await using test = await testDatabase();
    const page = (hash: number, replaced_ms: number | null) => ({
      ...{ volume_id: bytes(9), node_id: bytes(1), bits_length: 0, bits: 0, version: hash, record_hash: bytes(hash) },
      ...{ size_bytes: 1, record: bytes(1), sequence: 0, replaced_ms },
    });
    const volume = {
      volume_id: bytes(9),
      owner_user_id: bytes(7),
      head_sequence: 0,
      head_hash: bytes(),
      created_ms: 0,
    };
    await test.database.write(async (tx) => {
      const account = {
        user_id: bytes(7),
        name: "alice",
        admin: 0,
        disabled: 0,
        created_ms: 0,
        used_bytes: 0,
      } as const;
      const keys = { opaque_record: bytes(), ak_generation: 0, recovery_public_key: bytes(), home_volume_id: bytes(9) };
      await tx
        .insertInto("accounts")
        .values({ ...account, ...keys, sign_up_hash: bytes() })
        .execute();
      const state = { state_root: bytes(), manifest_version: 0, g: 0, genesis_hash: bytes() };
      await tx
        .insertInto("volumes")
        .values({ ...volume, ...state })
        .execute();
      await tx
        .insertInto("pages")
        .values([page(1, 5), page(2, 6), page(3, null)])
        .execute();
    });
    const second = test.database.write((tx) => tx.insertInto("pages").values(page(4, null)).execute());
    await expect(second).rejects.toMatchObject({ failure: "unique" });
  });
});

describe("migrations", () => {
  it("are applied once, by whoever comes first", async () => {
    await using place = await testLocation();
    const [one, two] = await Promise.all([openDatabase(place.location), openDatabase(place.location)]);
    const applied = (await Promise.all([migrate(one), migrate(two)])).flatMap((result) => result.applied);
    // Each by one of the two, in whatever share.
    expect(applied.sort()).toEqual(MIGRATIONS.map(({ number, name }) => `${String(number).padStart(3, "0")}-${name}`));
    expect((await migrationStatus(one)).pending).toEqual([]);
    await one.close();
    await two.close();
  });

  it("are numbered in order, without gaps", () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it("copy an existing file beside itself first, and leave nothing of one that fails", async () => {
    await using test = await testDatabase();
    const number = 800;
    const broken = async () => {
      throw new RangeError("half way");
    };
    const next = {
      number,
      name: "next",
      up: async (db: Parameters<(typeof MIGRATIONS)[0]["up"]>[0]) =>
        void (await db.schema.createTable("next").addColumn("a", "text").execute()),
    };
    const failing = migrate(test.database, [...MIGRATIONS, next, { number: number + 1, name: "broken", up: broken }]);
    await expect(failing).rejects.toThrow(RangeError);
    const status = await migrationStatus(test.database, [...MIGRATIONS, next]);
    expect(status.applied.map(({ name }) => name)).toContain("next");
    expect(status.pending).toEqual([]);
    const { copy } = await migrate(test.database, [
      ...MIGRATIONS,
      next,
      { number: number + 1, name: "more", up: async () => undefined },
    ]);
    if (testDialect === "sqlite") {
      const old = await openDatabase({ sqliteFile: copy! });
      expect((await migrationStatus(old, [...MIGRATIONS, next])).pending).toEqual([]);
      await old.close();
    }
  });

  it("refuse data that a newer program wrote", async () => {
    await using test = await testDatabase();
    await test.database.write((tx) =>
      tx.insertInto("migrations").values({ number: 900, name: "future", applied_ms: 1 }).execute(),
    );
    await expect(migrate(test.database)).rejects.toThrow(DatabaseNewerError);
  });

  it("leave word which version they were of, for older programs that refuse the data", async () => {
    await using test = await testDatabase();
    const read = await test.database.read.selectFrom("settings").selectAll().execute();
    expect(read).toEqual([setting("newest_program", PROGRAM_VERSION)]);
    await test.database.write(async (tx) => {
      await tx.updateTable("settings").set({ value: "12.0.0" }).execute();
      await tx.insertInto("migrations").values({ number: 900, name: "future", applied_ms: 1 }).execute();
    });
    const refusal = { code: "database_newer", message: expect.stringContaining("Start version 12.0.0 or a newer one") };
    await expect(migrationStatus(test.database)).rejects.toMatchObject(refusal);
  });
});

describe("vacuum", () => {
  it("gives back the room of deleted rows, and loses nothing", async () => {
    await using test = await testDatabase();
    const { database } = test;
    const nonces = Array.from({ length: 2000 }, (_, n) => ({
      ...{ session_id: new Uint8Array(1000).fill(n), nonce: bytes(n % 256, n >> 8), expires_ms: n },
    }));
    for (let at = 0; at < nonces.length; at += 100) {
      await database.write((tx) =>
        tx
          .insertInto("nonces")
          .values(nonces.slice(at, at + 100))
          .execute(),
      );
    }
    const { bytes: before, engine } = await describeDatabase(database);
    expect(engine).toMatch(testDialect === "sqlite" ? /^SQLite 3\./ : /^PostgreSQL \d/);
    await database.write((tx) => tx.deleteFrom("nonces").where("expires_ms", ">", 0).execute());
    await database.migration.vacuum();
    expect(await database.read.selectFrom("nonces").select("expires_ms").execute()).toEqual([{ expires_ms: 0 }]);
    expect((await describeDatabase(database)).bytes).toBeLessThan(before - 1_000_000);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { toHex, utf8Encode } from "@excalibur/core/bytes";
import { sha256 as sha256Of } from "@excalibur/core/primitives";
import { getAccount } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { count, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { dataFolderAt } from "../config/data-folder.ts";
import { DatabaseNewerError, DatabaseOccupiedError, migrate, openDatabase } from "../db/index.ts";
import { MIGRATIONS } from "../db/migrations/index.ts";
import { startServer } from "../index.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { faultyDisk } from "../storage/testing/faulty-disk.ts";
import { createAccount, signIn, TestClient, testDialect, testLocation, testServer } from "../testing/index.ts";
import {
  filesBelow,
  idsOf,
  LARGE_BYTES,
  openStoredData,
  readableObjects,
  restoreInto,
  type StoredData,
} from "../testing/stored-data.ts";
import { type BackupDamagedError, backUp, verifyBackup } from "./index.ts";

const DIE = resolve(import.meta.dirname, "../testing/die-at-call.ts");
/** Then it is killed at every call of the disk. */

/** A backup of three objects: in a pack, and in files. */
async function backedUp(data: StoredData) {
  const objects = [
    await data.store(100),
    await data.store(300_000, "file"),
    await data.store(LARGE_BYTES, "file"),
  ] as const;
  const { snapshot } = await data.backUp();
  return { objects, snapshot };
}

/** Paths in a backup folder, relative to it. */
async function pathsOf({ target }: StoredData) {
  const paths = [...(await filesBelow(target)).keys()].sort();
  const find = (pattern: RegExp) => paths.find((path) => pattern.test(path))!;
  return {
    database: find(/^snapshots.*\/database\./),
    secrets: find(/secrets\.json$/),
    manifest: find(/manifest\.jsonl$/),
    large: find(/^objects\/large/),
    stretch: find(/^objects\/packs/),
  };
}

/** A manifest whose last line fits again. */
function resealed(text: string): string {
  const lines = text.trimEnd().split("\n");
  const sha256 = toHex(
    sha256Of(
      utf8Encode(
        lines
          .slice(0, -1)
          .map((line) => `${line}\n`)
          .join(""),
      ),
    ),
  );
  return [...lines.slice(0, -1), JSON.stringify({ ...JSON.parse(lines.at(-1)!), sha256 }), ""].join("\n");
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
}

describe(`restoring a backup of ${testDialect}`, () => {
  it("gives a server that people sign in to, and on which no session lives on", async () => {
    await using test = await testServer();
    const alice = await createAccount(test.server, "alice");
    const before = await signIn(test.server, alice);
    const beside = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    const [target, restored] = [join(beside, "backups"), join(beside, "restored")];
    const { database } = test.server.context;
    const folder = dataFolderAt(test.dataFolder);
    await using place = await testLocation();
    const postgresUrl = "postgresUrl" in place.location ? place.location.postgresUrl : undefined;
    try {
      await backUp({ database, folder, target, nowMs: test.nowMs() });
      await restoreInto({ target }, restored, { postgresUrl, nowMs: test.nowMs() });
      const location = postgresUrl === undefined ? {} : { database: { postgresUrl } };
      await using server = await startServer({ dataFolder: restored, port: 0, ...location });
      const old = new TestClient(server.origin, before.key);
      expect((await old.call(getAccount)).status).toBe(401);
      const { client } = await signIn(server, alice, { origin: server.origin });
      expect((await client.call(getAccount)).status).toBe(200);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  });

  it("goes into no database that has something in it", async () => {
    if (testDialect === "sqlite") return;
    await using data = await openStoredData();
    await backedUp(data);
    const { database } = data.context.config;
    const restored = join(data.beside, "restored");
    const postgresUrl = "postgresUrl" in database ? database.postgresUrl : undefined;
    await expect(restoreInto(data, restored, { postgresUrl })).rejects.toThrow(DatabaseOccupiedError);
    expect(await readdir(data.beside)).toEqual(["backups"]);
  });

  it("names every file that is missing or cut off, before anything is touched", async () => {
    await using data = await openStoredData();
    await backedUp(data);
    const { large, stretch, database } = await pathsOf(data);
    await rm(join(data.target, large));
    await rm(join(data.target, stretch));
    await truncate(join(data.target, database), 4096);
    const restored = join(data.beside, "restored");
    const error = (await restoreInto(data, restored).catch((thrown: unknown) => thrown)) as BackupDamagedError;
    expect(error.code).toBe("backup_damaged");
    for (const path of [large, stretch, database]) expect(error.message).toContain(path);
    expect(await readdir(data.beside)).toEqual(["backups"]);
  });

  it.each(["database", "secrets", "large", "stretch"] as const)(
    "finds an altered %s on its way, and keeps nothing",
    async (which) => {
      await using data = await openStoredData();
      await backedUp(data);
      const path = (await pathsOf(data))[which];
      await flip(join(data.target, path));
      const damaged = { code: "backup_damaged", message: expect.stringContaining(path) };
      await expect(restoreInto(data, join(data.beside, "restored"))).rejects.toMatchObject(damaged);
      await expect(verifyBackup({ target: data.target })).rejects.toMatchObject(damaged);
      expect(await readdir(data.beside)).toEqual(["backups"]);
    },
  );

  it("refuses a manifest that was altered or is gone, and a folder without any", async () => {
    await using data = await openStoredData();
    const restored = join(data.beside, "restored");
    await expect(restoreInto(data, restored)).rejects.toMatchObject({ code: "backup_missing" });
    await backedUp(data);
    const { manifest } = await pathsOf(data);
    const path = join(data.target, manifest);
    const text = await readFile(path, "utf8");
    const outside = text.replace(/"path":"objects\/large[^"]*"/, '"path":"../../outside"');
    const later = text.replace(/"createdAt":"2026/, '"createdAt":"2027');
    const lines = text.split("\n");
    const cut = [lines.toSpliced(2, 1).join("\n"), lines.slice(0, -2).join("\n"), "", "{"];
    for (const altered of [later, outside, resealed(outside), ...cut]) {
      await writeFile(path, altered);
      const refusal = { code: "backup_damaged", message: expect.stringContaining("manifest") };
      await expect(restoreInto(data, restored)).rejects.toMatchObject(refusal);
    }
    await rm(path);
    await expect(restoreInto(data, restored)).rejects.toMatchObject({ code: "backup_missing" });
    await expect(restoreInto(data, restored, { snapshot: "000009-x" })).rejects.toMatchObject({
      code: "backup_missing",
    });
    await rm(dirname(path), { recursive: true });
    await expect(restoreInto(data, restored)).rejects.toMatchObject({ code: "backup_missing" });
  });

  it("refuses data that a newer program wrote", async () => {
    await using data = await openStoredData();
    const future = { number: 800, name: "future", up: async () => undefined };
    await migrate(data.database, [...MIGRATIONS, future]);
    await expect(data.backUp()).rejects.toThrow(DatabaseNewerError);
  });
});

describe("a restore over data that is there", () => {
  it("is refused, and nothing is touched", async () => {
    await using data = await openStoredData();
    await backedUp(data);
    const live = join(data.beside, "live");
    await mkdir(live);
    await writeFile(join(live, "photo.jpg"), "the only copy");
    const refused = { code: "restore_refused", message: expect.stringContaining("--move-old-data-aside") };
    await expect(restoreInto(data, live)).rejects.toMatchObject(refused);
    expect(await readdir(live)).toEqual(["photo.jpg"]);
    await expect(restoreInto(data, join(live, "photo.jpg"))).rejects.toMatchObject({ code: "restore_refused" });
    await expect(restoreInto(data, join(data.target, "data"))).rejects.toMatchObject({ code: "restore_refused" });
    await expect(restoreInto(data, data.beside)).rejects.toMatchObject({ code: "restore_refused" });
  });

  it("moves it aside when asked, but never under a running server", async () => {
    await using data = await openStoredData();
    const { objects } = await backedUp(data);
    const live = data.dataFolder;
    const refused = { code: "restore_refused", message: expect.stringContaining("server is running") };
    await expect(restoreInto(data, live, { moveOldDataAside: true })).rejects.toMatchObject(refused);
    await data.stop();
    const before = await filesBelow(live);
    const { movedAside } = await restoreInto(data, live, { moveOldDataAside: true });
    expect(movedAside).toMatch(/\.before-restore-\d{8}T\d{6}Z$/);
    try {
      expect(await filesBelow(movedAside!)).toEqual(before);
      expect(await readableObjects(live, objects)).toEqual(idsOf(objects));
      expect(existsSync(`${live}.restoring`)).toBe(false);
      expect((await stat(live)).mode & 0o777).toBe(0o700);
    } finally {
      await rm(movedAside!, { recursive: true });
    }
  });

  it("that fails leaves it as it was", async () => {
    await using data = await openStoredData();
    await backedUp(data);
    const live = join(data.beside, "live");
    await mkdir(live);
    await writeFile(join(live, "photo.jpg"), "the only copy");
    for (const code of ["ENOSPC", "EROFS"]) {
      for (const operation of ["write", "datasync", "rename", "syncDirectory"] as const) {
        const decide = (call: { operation: string; path: string }) =>
          call.operation === operation && !call.path.startsWith(data.target) ? code : undefined;
        const disk = faultyDisk(nodeDisk(), { decide });
        await expect(restoreInto(data, live, { moveOldDataAside: true, disk })).rejects.toMatchObject({
          code: "restore_failed",
        });
        expect(await readdir(data.beside)).toEqual(["backups", "live"]);
      }
    }
    expect(await readFile(join(live, "photo.jpg"), "utf8")).toBe("the only copy");
  });

  it("that was killed is begun anew", async ({ task }) => {
    await using data = await openStoredData();
    const { objects } = await backedUp(data);
    const live = join(data.beside, "live");
    await mkdir(live);
    await writeFile(join(live, "photo.jpg"), "the only copy");
    let killed = 0;
    for (let call = 5; ; call += IS_LONG ? 1 : 23) {
      const { status, signal } = spawnSync(process.execPath, [DIE, "restore", String(call), live, data.target]);
      if (signal === null) {
        expect(status).toBe(0);
        break;
      }
      killed += 1;
      count(task, { "kills of backups and restores": 1 });
      // At every moment either the old data has its name, or old and new lie beside each other, whole.
      const names = await readdir(data.beside);
      const old = names.find((name) => name === "live" || name.startsWith("live.before-restore"));
      expect(await readFile(join(data.beside, old!, "photo.jpg"), "utf8")).toBe("the only copy");
      const hasRestored = names.includes("live") && old !== "live";
      if (hasRestored) break;
      if (!names.includes("live")) await expectWhole(join(data.beside, "live.restoring"), objects);
    }
    expect(killed).toBeGreaterThan(0);
    expect(await readableObjects(live, objects)).toEqual(idsOf(objects));
  });

  async function expectWhole(folder: string, objects: Parameters<typeof idsOf>[0]): Promise<void> {
    expect(await readableObjects(folder, objects)).toEqual(idsOf(objects));
  }

  it("does not take somebody's folder for its own", async () => {
    await using data = await openStoredData();
    await backedUp(data);
    const restored = join(data.beside, "restored");
    await mkdir(`${restored}.restoring`);
    await writeFile(join(`${restored}.restoring`, "photo.jpg"), "the only copy");
    await expect(restoreInto(data, restored)).rejects.toMatchObject({ code: "restore_refused" });
    expect(await readdir(`${restored}.restoring`)).toEqual(["photo.jpg"]);
  });
});

describe("a check of a backup", () => {
  it("restores it by itself, opens it, and leaves nothing", async () => {
    await using data = await openStoredData();
    const { snapshot } = await backedUp(data);
    const before = await filesBelow(data.target);
    const report = await verifyBackup({ target: data.target });
    expect(report).toMatchObject({ snapshot, objects: 3, accounts: 1, losses: [] });
    expect([...(await filesBelow(data.target)).keys()]).toEqual([...before.keys()]);
    expect(await filesBelow(data.target)).toEqual(before);
    const scratch = join(data.beside, "scratch");
    await mkdir(scratch);
    await verifyBackup({ target: data.target, scratch });
    expect(await readdir(scratch)).toEqual([]);
  });

  it("names everything that is wrong at once", async () => {
    await using data = await openStoredData();
    await backedUp(data);
    const { large, stretch, secrets } = await pathsOf(data);
    await rm(join(data.target, large));
    await flip(join(data.target, stretch));
    await truncate(join(data.target, secrets), 3);
    const error = (await verifyBackup({ target: data.target }).catch(
      (thrown: unknown) => thrown,
    )) as BackupDamagedError;
    expect(error.damage).toHaveLength(3);
    const said = error.damage.join("\n");
    for (const part of [`${large} is missing`, `${secrets} has 3 bytes instead of`, stretch])
      expect(said).toContain(part);
    // What is missing is copied again, and then the backup before it is whole, too.
    await flip(join(data.target, stretch));
    await data.backUp();
    await verifyBackup({ target: data.target });
    expect(existsSync(join(data.target, large))).toBe(true);
  });

  it("looks at every leaf: bytes that are as they were copied may not be what was stored", async () => {
    await using data = await openStoredData();
    const { id, objectId } = await data.store(5000);
    const root = new Uint8Array(32);
    await data.database.write((tx) =>
      tx.updateTable("objects").set({ root }).where("object_id", "=", objectId).execute(),
    );
    await data.backUp();
    const damaged = { code: "backup_damaged", damage: [expect.stringContaining(`the object ${id} is`)] };
    await expect(verifyBackup({ target: data.target })).rejects.toMatchObject(damaged);
  });

  it("opens a backup of an older schema with today's program", async () => {
    await using data = await openStoredData();
    await using place = await testLocation();
    const database = await openDatabase(place.location);
    await migrate(database, MIGRATIONS.slice(0, 1));
    await data.backUp({ database });
    await verifyBackup({ target: data.target });
    await database.close();
  });
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fromBase64Url, toHex } from "@excalibur/core/bytes";
import { describe, expect, it } from "vitest";
import { count, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { faultyDisk } from "../storage/testing/faulty-disk.ts";
import { testDialect } from "../testing/index.ts";
import {
  filesBelow,
  idsOf,
  LARGE_BYTES,
  openStoredData,
  readableObjects,
  restoreInto,
  type StoredData,
} from "../testing/stored-data.ts";
import { verifyBackup } from "./index.ts";

const DIE = resolve(import.meta.dirname, "../testing/die-at-call.ts");

function largeFile({ dataFolder }: StoredData, id: string): string {
  const hex = toHex(fromBase64Url(id));
  return join(dataFolder, "objects", "large", hex.slice(0, 2), hex);
}

async function packFile({ dataFolder }: StoredData): Promise<string> {
  const packs = join(dataFolder, "objects", "packs");
  return join(packs, (await readdir(packs))[0]!);
}

describe(`a backup of a running server on ${testDialect}`, () => {
  it("holds database, secrets and every object, for its owner only, and makes the same data again", async () => {
    await using data = await openStoredData();
    const objects = [await data.store(100), await data.store(300_000), await data.store(LARGE_BYTES, "file")];
    await mkdir(join(data.dataFolder, "tls"));
    await writeFile(join(data.dataFolder, "tls", "ca.pem"), "a certificate");
    const report = await data.backUp();
    expect(report).toMatchObject({ objects: 3, copiedFiles: 2, losses: [], leftOut: [], removed: [] });

    for (const [path] of await filesBelow(data.target)) {
      expect([path, (await stat(join(data.target, path))).mode & 0o777]).toEqual([path, 0o600]);
    }
    expect((await stat(data.target)).mode & 0o777).toBe(0o700);

    const restored = join(data.beside, "restored");
    expect(await restoreInto(data, restored)).toMatchObject({ snapshot: report.snapshot, objects: 3 });
    expect(await readableObjects(restored, objects)).toEqual(idsOf(objects));
    for (const file of ["secrets.json", "tls/ca.pem"]) {
      expect(await readFile(join(restored, file))).toEqual(await readFile(join(data.dataFolder, file)));
    }
    expect((await stat(restored)).mode & 0o777).toBe(0o700);
    expect((await stat(join(restored, "secrets.json"))).mode & 0o777).toBe(0o600);
  });

  it("does not copy again what is there, and leaves earlier backups as they were", async () => {
    await using data = await openStoredData();
    const first = [await data.store(100), await data.store(LARGE_BYTES, "file")];
    const { snapshot } = await data.backUp();
    const before = await filesBelow(data.target);
    expect(await data.backUp()).toMatchObject({ objects: 2, copiedFiles: 0, copiedBytes: 0 });
    const more = [await data.store(200), await data.store(50_000, "file")];
    const report = await data.backUp();
    const newBytes = more.reduce((sum, { bytes }) => sum + bytes.length, 64);
    expect(report).toMatchObject({ objects: 4, copiedFiles: 2, copiedBytes: newBytes });
    const after = await filesBelow(data.target);
    for (const [path, bytes] of before) expect([path, after.get(path)?.equals(bytes)]).toEqual([path, true]);

    const [old, now] = [join(data.beside, "old"), join(data.beside, "now")];
    await restoreInto(data, old, { snapshot });
    await restoreInto(data, now);
    expect(await readableObjects(old, [...first, ...more])).toEqual(idsOf(first));
    expect(await readableObjects(now, [...first, ...more])).toEqual(idsOf([...first, ...more]));
    await verifyBackup({ target: data.target, snapshot });
    await verifyBackup({ target: data.target });
  });

  it("begins with the database anew when an object that it names was collected meanwhile", async () => {
    await using data = await openStoredData();
    const gone = await data.store(LARGE_BYTES, "file");
    const stays = await data.store(LARGE_BYTES, "file");
    const real = nodeDisk();
    let collected = false;
    const openFile: typeof real.openFile = async (path, mode) => {
      if (!collected && path === largeFile(data, gone.id)) {
        collected = true;
        await data.forget(gone);
      }
      return real.openFile(path, mode);
    };
    const report = await data.backUp({ disk: { ...real, openFile } });
    expect(report).toMatchObject({ objects: 1, losses: [] });
    expect(collected).toBe(true);
    const restored = join(data.beside, "restored");
    await restoreInto(data, restored);
    expect(await readableObjects(restored, [gone, stays])).toEqual(idsOf([stays]));
  });

  it("counts an object as live that was marked as deleted after the database was copied", async () => {
    await using data = await openStoredData();
    const objects = [await data.store(100), await data.store(200)];
    const pack = await packFile(data);
    const real = nodeDisk();
    const openFile: typeof real.openFile = async (path, mode) => {
      // Its row goes as well, but the backup's copy of the database has it already.
      if (path === pack && mode === "read") await data.forget(objects[0]!);
      return real.openFile(path, mode);
    };
    await data.backUp({ disk: { ...real, openFile } });
    const restored = join(data.beside, "restored");
    await restoreInto(data, restored);
    expect(await readableObjects(restored, objects)).toEqual(idsOf(objects));
  });

  it("names what the server itself has lost, and copies everything else", async () => {
    await using data = await openStoredData();
    const [missing, short, damaged, whole] = [
      await data.store(20_000, "file"),
      await data.store(20_000, "file"),
      await data.store(600_000, "file"),
      await data.store(20_000, "file"),
    ];
    await rm(largeFile(data, missing.id));
    await truncate(largeFile(data, short.id), 1000);
    const bytes = await readFile(largeFile(data, damaged.id));
    bytes[500_000]! ^= 1;
    await writeFile(largeFile(data, damaged.id), bytes);
    const { losses } = await data.backUp();
    expect(new Map(losses.map(({ object, problem }) => [object, problem]))).toEqual(
      new Map([
        [missing.id, expect.stringContaining("missing")],
        [short.id, expect.stringContaining("too short")],
        [damaged.id, expect.stringContaining("damaged")],
      ]),
    );
    await verifyBackup({ target: data.target });
    const restored = join(data.beside, "restored");
    expect((await restoreInto(data, restored)).losses).toEqual(losses);
    const place = largeFile({ ...data, dataFolder: restored }, damaged.id);
    expect((await readFile(place)).equals(bytes)).toBe(true);
    // Mended at the source, it is whole in the next backup.
    await writeFile(largeFile(data, damaged.id), damaged.bytes);
    await writeFile(largeFile(data, short.id), short.bytes);
    expect((await data.backUp()).losses.map(({ object }) => object)).toEqual([missing.id]);
    expect(whole.id).not.toBe(damaged.id);
  });

  it("names the records of a pack that are damaged or cut off", async () => {
    await using data = await openStoredData();
    const objects = [await data.store(1000), await data.store(2000), await data.store(3000)];
    const path = await packFile(data);
    const pack = await readFile(path);
    pack[64 + objects[0]!.bytes.length + 64 + 500]! ^= 1;
    await writeFile(path, pack.subarray(0, pack.length - 1));
    const { losses } = await data.backUp();
    expect(losses).toEqual(
      expect.arrayContaining([{ object: objects[2]!.id, problem: expect.stringContaining("too short") }]),
    );
    await writeFile(path, pack);
    expect((await data.backUp()).losses).toEqual([
      { object: objects[1]!.id, problem: expect.stringContaining("damaged") },
    ]);
  });
});

describe("a backup folder", () => {
  it("is refused inside the data folder, also through a link, and when it holds something else", async () => {
    await using data = await openStoredData();
    const unusable = expect.objectContaining({ code: "backup_target_unusable" });
    await expect(data.backUp({ target: join(data.dataFolder, "backups") })).rejects.toEqual(unusable);
    await expect(data.backUp({ target: data.dataFolder })).rejects.toEqual(unusable);
    const link = join(data.beside, "link");
    await symlink(data.dataFolder, link);
    await expect(data.backUp({ target: join(link, "backups") })).rejects.toEqual(unusable);
    expect(existsSync(join(data.dataFolder, "backups"))).toBe(false);
    await mkdir(data.target);
    await writeFile(join(data.target, "letter.txt"), "mine");
    await expect(data.backUp()).rejects.toEqual(unusable);
    expect(await readdir(data.target)).toEqual(["letter.txt"]);
    const file = join(data.beside, "file");
    await writeFile(file, "");
    await expect(data.backUp({ target: file })).rejects.toEqual(unusable);
  });

  it("takes one server's backups only", async () => {
    await using one = await openStoredData();
    await using other = await openStoredData();
    await one.backUp();
    const refusal = { code: "backup_target_unusable", message: expect.stringContaining("another server") };
    await expect(other.backUp({ target: one.target })).rejects.toMatchObject(refusal);
  });

  it("is written by one at a time", async () => {
    await using data = await openStoredData();
    await data.store(100, "file");
    const real = nodeDisk();
    let second: Promise<unknown> | undefined;
    const rename: typeof real.rename = async (from, to) => {
      second ??= data.backUp().catch((error: unknown) => error);
      await second;
      return real.rename(from, to);
    };
    await data.backUp({ disk: { ...real, rename } });
    expect(await second).toMatchObject({ code: "backup_running" });
  });

  it("needs the secrets file", async () => {
    await using data = await openStoredData();
    await rm(join(data.dataFolder, "secrets.json"));
    await expect(data.backUp()).rejects.toMatchObject({ code: "backup_incomplete" });
    expect(existsSync(data.target)).toBe(false);
  });
});

describe("a backup that cannot go on", () => {
  it("because the disk is full or read-only says so, harms nothing, and ends the next time", async () => {
    await using data = await openStoredData();
    await data.store(100);
    await data.backUp();
    await data.store(200);
    await data.store(LARGE_BYTES, "file");
    const codes = { ENOSPC: "backup_target_full", EROFS: "backup_target_unusable" };
    for (const [code, problem] of Object.entries(codes)) {
      const isOurs = (path: string) => path.startsWith(data.target);
      for (const operation of ["write", "datasync", "rename", "syncDirectory"] as const) {
        let seen = 0;
        const decide = (call: { operation: string; path: string }) =>
          call.operation === operation && isOurs(call.path) && ++seen > 0 ? code : undefined;
        const backUp = data.backUp({ disk: faultyDisk(nodeDisk(), { decide }) });
        await expect(backUp, `${operation} ${code}`).rejects.toMatchObject({ code: problem });
        expect((await readdir(join(data.target, "snapshots"))).length).toBe(1);
      }
    }
    await verifyBackup({ target: data.target });
    expect(await data.backUp()).toMatchObject({ objects: 3 });
    await verifyBackup({ target: data.target });
  });

  it("before it had synced names leaves files whose names the next one syncs, though it does not copy them", async () => {
    await using data = await openStoredData();
    await data.store(100);
    await data.store(300_000, "file");
    const isOfObjects = (path: string) => /objects\/(large|packs)(\/|$)/.test(path);
    const dying = faultyDisk(nodeDisk(), {
      decide: ({ operation, path }) => (operation === "syncDirectory" && isOfObjects(path) ? "EIO" : undefined),
    });
    await expect(data.backUp({ disk: dying })).rejects.toMatchObject({ code: "backup_target_unusable" });
    const synced = new Set<string>();
    const watched = faultyDisk(nodeDisk(), {
      decide: ({ operation, path }) => {
        if (operation === "syncDirectory") synced.add(path);
        return undefined;
      },
    });
    expect(await data.backUp({ disk: watched })).toMatchObject({ objects: 2, copiedFiles: 0 });
    const files = [...(await filesBelow(data.target)).keys()].filter(isOfObjects);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const folder = dirname(join(data.target, file));
      expect([...synced]).toEqual(expect.arrayContaining([folder, dirname(folder)]));
    }
  });

  it("because it was killed is seen to be none, and the next one needs only the rest", async ({ task }) => {
    await using data = await openStoredData();
    const objects = [await data.store(100), await data.store(300_000, "file"), await data.store(400_000, "file")];
    await data.stop();
    const { config } = data.context;
    const place = "postgresUrl" in config.database ? config.database.postgresUrl : config.database.sqliteFile;
    const snapshots = join(data.target, "snapshots");
    let interrupted = 0;
    // In long mode at every third call of the disk.
    for (let call = 8; ; call += IS_LONG ? 3 : 13) {
      const args = [DIE, "backup", String(call), data.dataFolder, data.target, place];
      const { status, signal } = spawnSync(process.execPath, args);
      if (signal === null) {
        expect(status).toBe(0);
        break;
      }
      count(task, { "kills of backups and restores": 1 });
      const names = existsSync(snapshots) ? await readdir(snapshots) : [];
      if (names.some((name) => name.endsWith(".unfinished"))) interrupted += 1;
      // What has the name of a backup is one, whenever the power failed.
      const finished = names.filter((name) => !name.endsWith(".unfinished"));
      for (const snapshot of finished) await verifyBackup({ target: data.target, snapshot });
    }
    expect(interrupted).toBeGreaterThan(0);
    await verifyBackup({ target: data.target });
    const restored = join(data.beside, "restored");
    await restoreInto(data, restored);
    expect(await readableObjects(restored, objects)).toEqual(idsOf(objects));
  });

  it("because somebody stopped it leaves what was copied for the next", async () => {
    await using data = await openStoredData();
    await data.store(300_000, "file");
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = () => controller.abort(reason);
    await expect(data.backUp({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(await readdir(join(data.target, "snapshots"))).toEqual([]);
    expect(await data.backUp()).toMatchObject({ objects: 1, copiedFiles: 0 });
  });
});

describe("old backups", () => {
  it("are removed when asked, with what no other needs", async () => {
    await using data = await openStoredData();
    const [old, kept] = [await data.store(20_000, "file"), await data.store(30_000, "file")];
    const { snapshot: first } = await data.backUp();
    await data.forget(old);
    const { snapshot: second } = await data.backUp();
    const before = await filesBelow(join(data.target, "objects"));
    expect(before.size).toBe(2);
    expect((await data.backUp({ keep: 2 })).removed).toEqual([first]);
    expect((await filesBelow(join(data.target, "objects"))).size).toBe(1);
    await verifyBackup({ target: data.target, snapshot: second });
    const restored = join(data.beside, "restored");
    await restoreInto(data, restored);
    expect(await readableObjects(restored, [old, kept])).toEqual(idsOf([kept]));
  });

  it("stay when it is not known what the others need", async () => {
    await using data = await openStoredData();
    await data.store(20_000, "file");
    await data.backUp();
    const { snapshot } = await data.backUp();
    await writeFile(join(data.target, "snapshots", snapshot, "manifest.jsonl"), "");
    const problem = { code: "backup_damaged", message: expect.stringContaining(snapshot) };
    await expect(data.backUp({ keep: 2 })).rejects.toMatchObject(problem);
    expect((await readdir(join(data.target, "snapshots"))).length).toBe(3);
    await verifyBackup({ target: data.target });
  });
});

import { describe, expect, it } from "vitest";
import type { BlobLocation, BlobStore } from "../../blob-store.ts";
import { openSmallStore } from "../../testing/busy-run.ts";
import { type DiskCall, faultyDisk } from "../../testing/faulty-disk.ts";
import { SimulatedDisk } from "../../testing/simulated-disk.ts";
import { at, collect, readAll, same, someObject } from "../../testing/some-objects.ts";
import { layoutOf } from "../layout.ts";
import { packMagic, readRecordHeader, recordHeaderBytes, recordMatches } from "./pack-record.ts";
import { walkPack } from "./pack-walk.ts";

const layout = layoutOf("/data/objects");

async function packFiles(disk: SimulatedDisk): Promise<string[]> {
  return (await disk.listDirectory(layout.packsDirectory)).map((name) => `${layout.packsDirectory}/${name}`);
}

async function bytesOf(disk: SimulatedDisk, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array((await disk.fileStatus(path))?.sizeBytes ?? 0);
  await (await disk.openFile(path, "read")).read(bytes, 0);
  return bytes;
}

async function overwrite(
  disk: SimulatedDisk,
  path: string,
  { position, bytes }: { position: number; bytes: Uint8Array },
) {
  await (await disk.openFile(path, "existing")).write([bytes], position);
}

/** A store whose three objects lie in one pack. */
async function threeObjects(disk: SimulatedDisk) {
  const store = await openSmallStore(disk);
  const objects = [someObject(100), someObject(200), someObject(300)];
  const locations = await store.putSmall(objects);
  return { store, objects, locations, path: at(await packFiles(disk), 0) };
}

async function restart(store: BlobStore, disk: SimulatedDisk): Promise<BlobStore> {
  await store.close();
  const next = await openSmallStore(disk);
  await next.putSmall([someObject(1)]);
  return next;
}

describe("a pack", () => {
  it("describes itself: every record tells id, length and digest", async () => {
    const disk = new SimulatedDisk();
    const { objects, path } = await threeObjects(disk);
    const pack = await bytesOf(disk, path);
    const records = await collect(walkPack(await disk.openFile(path, "read"), pack.length));
    expect(records.map(({ id, sizeBytes, live }) => ({ id, sizeBytes, live }))).toEqual(
      objects.map(({ id, bytes }) => ({ id, sizeBytes: bytes.length, live: true })),
    );
    for (const { recordOffset, sizeBytes } of records) {
      const header = pack.subarray(recordOffset, recordOffset + recordHeaderBytes);
      const bytes = pack.subarray(recordOffset + recordHeaderBytes, recordOffset + recordHeaderBytes + sizeBytes);
      expect(recordMatches(header, bytes)).toBe(true);
      expect(
        recordMatches(
          header,
          Uint8Array.from(bytes, (byte, n) => (n === 5 ? byte ^ 1 : byte)),
        ),
      ).toBe(false);
      expect(recordMatches(header, bytes.subarray(1))).toBe(false);
    }
  });

  it("is of one process: after a restart another one is begun", async () => {
    const disk = new SimulatedDisk();
    const { store } = await threeObjects(disk);
    await restart(store, disk);
    expect(await packFiles(disk)).toHaveLength(2);
  });

  it("is followed by another when it is full", async () => {
    const disk = new SimulatedDisk();
    const store = await openSmallStore(disk);
    for (let n = 0; n < 10; n++) await store.putSmall([someObject(1000)]);
    expect(await packFiles(disk)).toHaveLength(4);
    for (const path of await packFiles(disk)) {
      expect((await disk.fileStatus(path))?.sizeBytes).toBeLessThanOrEqual(4096);
    }
  });

  it.each(["not a header", "a length beyond the end"])(
    "with a torn tail (%s) lists what is before it",
    async (kind) => {
      const disk = new SimulatedDisk();
      const { store, objects, path } = await threeObjects(disk);
      const pack = await bytesOf(disk, path);
      const tail = kind === "not a header" ? new Uint8Array(90).fill(3) : pack.subarray(0, 120);
      await overwrite(disk, path, { position: pack.length, bytes: tail });
      await store.close();
      const listed = await collect((await openSmallStore(disk)).list());
      expect(listed.map(({ id }) => id)).toEqual(objects.map(({ id }) => id));
    },
  );

  it("with a damaged header lists what is around it, and the damaged one can still be read", async () => {
    const disk = new SimulatedDisk();
    const { store, objects, locations, path } = await threeObjects(disk);
    await overwrite(disk, path, { position: 100 + recordHeaderBytes, bytes: Uint8Array.of(0) });
    const listed = await collect(store.list());
    expect(listed.map(({ id }) => id)).toEqual([at(objects, 0).id, at(objects, 2).id]);
    const { id, bytes } = at(objects, 1);
    expect(same(await readAll(store, id, at(locations, 1), bytes.length), bytes)).toBe(true);
  });

  it("finds the next header wherever it begins", async () => {
    for (const gap of [1, 63, 64, 65_529, 65_535, 65_536, 131_000]) {
      const disk = new SimulatedDisk();
      const { path } = await threeObjects(disk);
      const pack = await bytesOf(disk, path);
      const moved = new Uint8Array(gap + pack.length);
      moved.set(pack, gap);
      await overwrite(disk, path, { position: 0, bytes: moved });
      const records = await collect(walkPack(await disk.openFile(path, "read"), moved.length));
      expect(records.map(({ recordOffset }) => recordOffset)[0]).toBe(gap);
      expect(records).toHaveLength(3);
    }
  });

  it("is nothing but a header when its state or its zeros are wrong", () => {
    const header = new Uint8Array(recordHeaderBytes);
    header.set(packMagic);
    expect(readRecordHeader(header)).toBeUndefined();
    header[8] = 0x4c;
    expect(readRecordHeader(header)).toMatchObject({ sizeBytes: 0, live: true });
    expect(readRecordHeader(header.subarray(1))).toBeUndefined();
    header[9] = 1;
    expect(readRecordHeader(header)).toBeUndefined();
  });
});

describe("deleting from packs", () => {
  it("removes the pack with its last object, and never before", async () => {
    const disk = new SimulatedDisk();
    const { store, objects, locations, path } = await threeObjects(disk);
    const next = await restart(store, disk);
    for (const [n, { id }] of objects.entries()) {
      expect(await disk.fileStatus(path)).toBeDefined();
      await next.delete({ id, location: at(locations, n) });
      await next.delete({ id, location: at(locations, n) });
    }
    expect(await disk.fileStatus(path)).toBeUndefined();
  });

  it("removes a pack that died while it was being filled as soon as it is full", async () => {
    const disk = new SimulatedDisk();
    const { store, objects, locations, path } = await threeObjects(disk);
    for (const [n, { id }] of objects.entries()) await store.delete({ id, location: at(locations, n) });
    expect(await disk.fileStatus(path)).toBeDefined();
    await store.putSmall([someObject(4000)]);
    await store.close();
    expect(await disk.fileStatus(path)).toBeUndefined();
  });

  it("keeps a pack in which something is not understood", async () => {
    const disk = new SimulatedDisk();
    const { store, objects, locations, path } = await threeObjects(disk);
    await overwrite(disk, path, { position: 100 + recordHeaderBytes, bytes: Uint8Array.of(0) });
    const next = await restart(store, disk);
    for (const n of [0, 2]) await next.delete({ id: at(objects, n).id, location: at(locations, n) });
    const { id, bytes } = at(objects, 1);
    expect(same(await readAll(next, id, at(locations, 1), bytes.length), bytes)).toBe(true);
    expect(await disk.fileStatus(path)).toBeDefined();
  });

  it("touches nothing when another object lies at the place", async () => {
    const disk = new SimulatedDisk();
    const { store, objects, locations, path } = await threeObjects(disk);
    const before = await bytesOf(disk, path);
    const wrong = { id: at(objects, 0).id, location: at(locations, 1) };
    await expect(store.delete(wrong)).rejects.toMatchObject({ code: "blob_damaged" });
    const odd = { id: at(objects, 0).id, location: "pack:../../x:0:1" as BlobLocation };
    await expect(store.delete(odd)).rejects.toMatchObject({ code: "blob_damaged" });
    expect(same(await bytesOf(disk, path), before)).toBe(true);
  });
});

describe("group commit", () => {
  async function countSyncs(callsAtOnce: number): Promise<number> {
    let syncs = 0;
    const disk = faultyDisk(new SimulatedDisk({ random: () => 0.5 }), {
      decide: ({ operation }: DiskCall) => {
        if (operation === "datasync") syncs += 1;
        return undefined;
      },
    });
    const store = await openSmallStore(disk);
    await Promise.all(Array.from({ length: callsAtOnce }, () => store.putSmall([someObject(10)])));
    return syncs;
  }

  it("shares syncs between calls that arrive while one is in flight", async () => {
    expect(await countSyncs(1)).toBe(1);
    expect(await countSyncs(50)).toBe(2);
  });

  it("fills no full disk with torn packs: the next group overwrites what the failed one left", async () => {
    const disk = new SimulatedDisk();
    let full = false;
    const store = await openSmallStore(
      faultyDisk(disk, { decide: ({ operation }) => (full && operation === "write" ? "ENOSPC" : undefined) }),
    );
    const objects = [someObject(100), someObject(1000)];
    const locations = await store.putSmall(objects.slice(0, 1));
    full = true;
    for (let n = 0; n < 20; n++) {
      await expect(store.putSmall([someObject(100)])).rejects.toMatchObject({ code: "storage_full" });
    }
    full = false;
    locations.push(...(await store.putSmall(objects.slice(1))));
    expect(await packFiles(disk)).toHaveLength(1);
    expect((await collect(store.list())).map(({ id }) => id)).toEqual(objects.map(({ id }) => id));
    for (const [n, { id, bytes }] of objects.entries()) {
      expect(same(await readAll(store, id, at(locations, n), bytes.length), bytes)).toBe(true);
    }
  });

  it("appends nothing more to a pack whose sync failed, and leaves no empty one behind", async () => {
    const disk = new SimulatedDisk();
    let failing = true;
    const faulty = faultyDisk(disk, {
      decide: ({ operation }) => (failing && operation === "datasync" ? "EIO" : undefined),
      onFailedSync: (path) => disk.forsake(path),
    });
    const store = await openSmallStore(faulty);
    await expect(store.putSmall([someObject(100)])).rejects.toMatchObject({ code: "storage_failed" });
    expect(await packFiles(disk)).toEqual([]);
    failing = false;
    const kept = someObject(100);
    const [location] = await store.putSmall([kept]);
    failing = true;
    await expect(store.putSmall([someObject(100)])).rejects.toMatchObject({ code: "storage_failed" });
    failing = false;
    await store.putSmall([someObject(100)]);
    expect(await packFiles(disk)).toHaveLength(2);
    const left = await openSmallStore(disk.afterPowerCut(disk.now, () => "lost"));
    expect(same(await readAll(left, kept.id, location as BlobLocation, 100), kept.bytes)).toBe(true);
  });
});

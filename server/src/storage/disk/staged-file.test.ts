import { describe, expect, it } from "vitest";
import { openSmallStore } from "../testing/busy-run.ts";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { collect, readAll, same, someObject } from "../testing/some-objects.ts";
import { openDiskBlobStore } from "./disk-blob-store.ts";
import { layoutOf } from "./layout.ts";

const layout = layoutOf("/data/objects");

/** A store whose next matching call fails. */
async function storeWithFault(isFailing: (operation: string, path: string) => boolean) {
  const disk = new SimulatedDisk();
  let armed = true;
  const faulty = faultyDisk(disk, {
    decide: ({ operation, path }) => {
      if (!armed || !isFailing(operation, path)) return undefined;
      armed = false;
      return "EIO";
    },
    onFailedSync: (path) => disk.forsake(path),
  });
  return { disk, store: await openSmallStore(faulty) };
}

describe("a staged object whose sync failed", () => {
  it.each([
    ["bytes", (operation: string) => operation === "datasync"],
    ["name", (operation: string, path: string) => operation === "syncDirectory" && path.includes("large/")],
  ])("is never taken for stored (%s), and can be sent again", async (_, isFailing) => {
    const { disk, store } = await storeWithFault(isFailing);
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
    await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
    await expect(staged.writeAt(0, [bytes])).rejects.toMatchObject({ code: "storage_failed" });

    const anew = await store.openStaged(id, bytes.length);
    expect(await collect(anew.readAt({ offset: 0, length: bytes.length }))).toEqual([]);
    await anew.writeAt(0, [bytes]);
    const location = await anew.seal();
    const left = await openSmallStore(disk.afterPowerCut(disk.now, () => "lost"));
    expect(same(await readAll(left, id, location, bytes.length), bytes)).toBe(true);
  });

  it("is not opened again while its file cannot be removed", async () => {
    const disk = new SimulatedDisk();
    let broken = true;
    const store = await openSmallStore(
      faultyDisk(disk, {
        decide: ({ operation }) => (broken && (operation === "datasync" || operation === "unlink") ? "EIO" : undefined),
      }),
    );
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
    await expect(store.openStaged(id, bytes.length)).rejects.toMatchObject({ code: "storage_failed" });
    broken = false;
    const anew = await store.openStaged(id, bytes.length);
    expect(await collect(anew.readAt({ offset: 0, length: bytes.length }))).toEqual([]);
  });

  it("is given up when the disk tells of lost writes while its descriptor is closed for others", async () => {
    const disk = new SimulatedDisk();
    const { id, bytes } = someObject(3000);
    const faulty = faultyDisk(disk, {
      decide: ({ operation, path }) => (operation === "datasync" && path === layout.stagedPath(id) ? "EIO" : undefined),
    });
    const store = await openDiskBlobStore({ directory: layout.root, disk: faulty, openFileLimit: 1 });
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    const other = await store.openStaged(someObject(0).id, 10);
    await other.writeAt(0, [new Uint8Array(10)]);
    await expect(staged.writeAt(0, [bytes])).rejects.toMatchObject({ code: "storage_failed" });
    await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
  });
});

describe("a large object", () => {
  async function storeThatCounts(isFailing: () => boolean = () => false) {
    const disk = new SimulatedDisk();
    const counts = { syncs: 0 };
    const faulty = faultyDisk(disk, {
      decide: ({ operation }) => {
        if (operation !== "datasync") return undefined;
        counts.syncs += 1;
        return isFailing() ? "EIO" : undefined;
      },
      onFailedSync: (path) => disk.forsake(path),
    });
    const store = await openDiskBlobStore({ directory: layout.root, disk: faulty, syncEveryBytes: 1000 });
    return { disk, store, counts };
  }

  it("is synced while it is written, and once more, after everything, by sealing", async () => {
    const { disk, store, counts } = await storeThatCounts();
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    for (let at = 0; at < 3000; at += 500) await staged.writeAt(at, [bytes.subarray(at, at + 500)]);
    const before = counts.syncs;
    expect(before).toBeGreaterThanOrEqual(1);
    const location = await staged.seal();
    expect(counts.syncs).toBeGreaterThan(before);
    const left = await openSmallStore(disk.afterPowerCut(disk.now, () => "lost"));
    expect(same(await readAll(left, id, location, bytes.length), bytes)).toBe(true);
  });

  it("is never taken for stored when such a sync failed, also if the last one works", async () => {
    let failing = true;
    const { store } = await storeThatCounts(() => failing);
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    const sealing = expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
    failing = false;
    await sealing;
    expect(staged.givenUp).toBe(true);
    const anew = await store.openStaged(id, bytes.length);
    await anew.writeAt(0, [bytes]);
    expect(same(await readAll(store, id, await anew.seal(), bytes.length), bytes)).toBe(true);
  });
});

describe("sealing", () => {
  it("waits for writes in flight and refuses later ones", async () => {
    const disk = new SimulatedDisk({ random: () => 0.9 });
    const store = await openSmallStore(disk);
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [new Uint8Array(3000)]);
    const writing = staged.writeAt(0, [bytes]);
    const sealing = staged.seal();
    await expect(staged.writeAt(0, [new Uint8Array(3000)])).rejects.toMatchObject({ code: "blob_sealed" });
    await writing;
    const location = await sealing;
    const left = await openSmallStore(disk.afterPowerCut(disk.now, () => "lost"));
    expect(same(await readAll(left, id, location, bytes.length), bytes)).toBe(true);
  });

  it("can be tried again after the disk was full", async () => {
    const disk = new SimulatedDisk();
    let full = true;
    const store = await openSmallStore(
      faultyDisk(disk, { decide: ({ operation }) => (full && operation === "rename" ? "ENOSPC" : undefined) }),
    );
    const { id, bytes } = someObject(3000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    await expect(staged.seal()).rejects.toMatchObject({ code: "storage_full" });
    full = false;
    expect(same(await readAll(store, id, await staged.seal(), bytes.length), bytes)).toBe(true);
  });
});

it.each([
  ["ENOSPC", "storage_full"],
  ["EDQUOT", "storage_full"],
  ["EROFS", "storage_read_only"],
  ["EACCES", "storage_read_only"],
  ["EIO", "storage_failed"],
])("a part that ends in %s is told as %s, and the other parts stay", async (diskCode, code) => {
  const disk = new SimulatedDisk();
  let failing = false;
  const faulty = faultyDisk(disk, {
    decide: ({ operation }) => (failing && operation === "write" ? diskCode : undefined),
  });
  const store = await openSmallStore(faulty);
  const { id, bytes } = someObject(3000);
  const staged = await store.openStaged(id, bytes.length);
  await staged.writeAt(0, [bytes.subarray(0, 1500)]);
  failing = true;
  await expect(staged.writeAt(1500, [bytes.subarray(1500)])).rejects.toMatchObject({ code });
  await expect(store.putSmall([someObject(10)])).rejects.toMatchObject({ code });
  failing = false;
  await staged.writeAt(1500, [bytes.subarray(1500)]);
  expect(same(await readAll(store, id, await staged.seal(), bytes.length), bytes)).toBe(true);
});

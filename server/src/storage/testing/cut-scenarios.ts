import { expect } from "vitest";
import type { BlobLocation } from "../blob-store.ts";
import { openDiskBlobStore } from "../disk/disk-blob-store.ts";
import { layoutOf } from "../disk/layout.ts";
import { type BusyRun, brokenPromises, openSmallStore, type Promised, runBusily, seededRandom } from "./busy-run.ts";
import { faultyDisk } from "./faulty-disk.ts";
import { type Fate, SimulatedDisk, type SimulatedDiskOptions } from "./simulated-disk.ts";
import { at, collect, same, someObject } from "./some-objects.ts";

const layout = layoutOf("/data/objects");

/** A disk after a run, and how many promises of that run a power cut at a moment breaks. */
export interface CutRun {
  readonly disk: SimulatedDisk;
  broken(moment: number, fate: () => Fate): Promise<number>;
}

/** A run of the store on a fresh disk with these options. */
export type CutScenario = (options: SimulatedDiskOptions) => Promise<CutRun>;

/** Between them they pass every sync of the store. */
export const CUT_SCENARIOS: Readonly<Record<string, CutScenario>> = {
  "many writers at once": async (options) => {
    const { disk, run } = await busyDisk(1, options);
    return promises(disk, run.promised);
  },
  "a disk on which an earlier process died before it synced its folders": async (options) => {
    const disk = new SimulatedDisk({ random: seededRandom(5), ...options });
    await foldersWithoutSync(disk);
    const run = busyRunOn(disk, 5);
    await runBusily(await openSmallStore(disk), run, 4);
    return promises(disk, run.promised);
  },
  "an object that is found sealed": async (options) => {
    const { disk, promised } = await renamedWithoutSync(options);
    return promises(disk, promised);
  },
  "large objects that are synced beside their writing": syncedBesideWriting,
  "bytes that the kernel drops before their descriptor is closed for another": async (options) => {
    const disk = new SimulatedDisk(options);
    const store = await openDiskBlobStore({ directory: "/data/objects", disk, openFileLimit: 1 });
    const other = await sealed(disk, store, 100);
    const { id, bytes } = someObject(2000);
    const staged = await store.openStaged(id, bytes.length);
    await staged.writeAt(0, [bytes]);
    disk.failWriteBack(layout.stagedPath(id));
    await collect(store.read({ ...other, offset: 0, length: 100 }));
    const [sealing] = await Promise.allSettled([staged.seal()]);
    return promises(
      disk,
      sealing.status === "fulfilled" ? [other, promise(disk, { id, bytes }, sealing.value)] : [other],
    );
  },
  "bytes that are moved to quarantine": quarantined,
};

/** The only run in which so much of an object comes that a sync begins before it is sealed. */
export async function syncedBesideWriting(options: SimulatedDiskOptions): Promise<CutRun> {
  const disk = new SimulatedDisk({ random: seededRandom(3), ...options });
  const store = await openDiskBlobStore({ directory: "/data/objects", disk, syncEveryBytes: 1000 });
  return promises(disk, [await sealed(disk, store, 5000), await sealed(disk, store, 3000)]);
}

/** A store that several writers have used at once. */
export async function busyDisk(seed: number, options: SimulatedDiskOptions = {}) {
  const disk = new SimulatedDisk({ random: seededRandom(seed), ...options });
  const run = busyRunOn(disk, seed);
  await runBusily(await openSmallStore(disk), run, 6);
  return { disk, run };
}

export function busyRunOn(disk: SimulatedDisk, seed: number): BusyRun {
  return { random: seededRandom(seed), now: () => disk.now, promised: [], failures: [], moved: 0 };
}

/** What a process leaves that died after making the folders. */
export async function foldersWithoutSync(disk: SimulatedDisk): Promise<void> {
  const { root, stagingDirectory, packsDirectory, largeDirectory } = layout;
  for (const path of [root, stagingDirectory, packsDirectory, largeDirectory]) await disk.makeDirectory(path);
  for (let shard = 0; shard < 256; shard++) {
    await disk.makeDirectory(layout.shardPath(shard.toString(16).padStart(2, "0")));
  }
}

/** A process died after it had renamed a sealed object and before it synced the name; the next one seals it again. */
export async function renamedWithoutSync(options: SimulatedDiskOptions) {
  const disk = new SimulatedDisk(options);
  const { id, bytes } = someObject(2000);
  const dying = await openSmallStore(
    faultyDisk(disk, {
      decide: ({ operation, path }) =>
        (operation === "syncDirectory" && path === layout.shardOf(id)) || operation === "unlink" ? "EIO" : undefined,
    }),
  );
  const staged = await dying.openStaged(id, bytes.length);
  await staged.writeAt(0, [bytes]);
  await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
  const found = await (await openSmallStore(disk)).openStaged(id, bytes.length);
  expect(found.sealed).toBe(true);
  return { disk, id, bytes, promised: [promise(disk, { id, bytes }, await found.seal())] };
}

type Bytes = Pick<Promised, "id" | "bytes">;

function promise(disk: SimulatedDisk, { id, bytes }: Bytes, location: BlobLocation): Promised {
  return { id, bytes, location, promisedAt: disk.now, deletedAt: Number.POSITIVE_INFINITY };
}

function promises(disk: SimulatedDisk, promised: readonly Promised[]): CutRun {
  const broken: CutRun["broken"] = async (moment, fate) =>
    (await brokenPromises(disk.afterPowerCut(moment, fate), promised, moment)).length;
  return { disk, broken };
}

async function sealed(disk: SimulatedDisk, store: Awaited<ReturnType<typeof openSmallStore>>, sizeBytes: number) {
  const object = someObject(sizeBytes);
  const staged = await store.openStaged(object.id, sizeBytes);
  for (let from = 0; from < sizeBytes; from += 500) {
    await staged.writeAt(from, [object.bytes.subarray(from, from + 500)]);
  }
  return promise(disk, object, await staged.seal());
}

/** What was set aside is there afterwards; what is copied for it is in one place or the other all the time. */
async function quarantined(options: SimulatedDiskOptions): Promise<CutRun> {
  const disk = new SimulatedDisk(options);
  const first = await openSmallStore(disk);
  const small = someObject(300);
  const [location] = await first.putSmall([small]);
  const stored = [promise(disk, small, location as BlobLocation), await sealed(disk, first, 2000)];
  await first.close();
  const store = await openSmallStore(disk);
  const shelved: { readonly kind: string; readonly bytes: Uint8Array; readonly at: number }[] = [];
  for (const blob of await collect(store.list())) {
    const one = at(stored, blob.id === small.id ? 0 : 1);
    one.deletedAt = blob.id === small.id ? Number.POSITIVE_INFINITY : disk.now;
    await store.setAside(blob, "shelf");
    shelved.push({ kind: blob.id === small.id ? "packs" : "large", bytes: one.bytes, at: disk.now });
    one.deletedAt = Math.min(one.deletedAt, disk.now);
  }
  const copyOfSmall = { kind: "packs", bytes: small.bytes };
  const broken: CutRun["broken"] = async (moment, fate) => {
    const left = disk.afterPowerCut(moment, fate);
    const isCopied = await isShelved(left, copyOfSmall);
    // The record is dead before `setAside` says so: from the first moment on the copy will do.
    const expected = stored.filter(({ id }) => !(id === small.id && isCopied));
    let count = (await brokenPromises(left, expected, moment)).length;
    for (const one of shelved) if (one.at <= moment && !(await isShelved(left, one))) count += 1;
    return count;
  };
  return { disk, broken };
}

async function isShelved(disk: SimulatedDisk, { kind, bytes }: { readonly kind: string; readonly bytes: Uint8Array }) {
  const directory = `${layout.quarantineDirectory}/shelf/${kind}`;
  if ((await disk.fileStatus(directory)) === undefined) return false;
  for (const name of await disk.listDirectory(directory)) {
    const file = await disk.openFile(`${directory}/${name}`, "read");
    const copy = new Uint8Array(bytes.length);
    await file.read(copy, 0);
    if (same(copy, bytes)) return true;
  }
  return false;
}

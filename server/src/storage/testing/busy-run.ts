import type { BlobLocation, BlobStore, RewriteOptions } from "../blob-store.ts";
import { openDiskBlobStore } from "../disk/disk-blob-store.ts";
import type { Disk } from "../disk/disk-port.ts";
import { collect, readAll, same, someObject } from "./some-objects.ts";

/** An object that the store acknowledged, and when. */
export interface Promised {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly location: BlobLocation;
  readonly promisedAt: number;
  /** From here on it may be gone. */
  deletedAt: number;
}

export interface BusyRun {
  readonly random: () => number;
  /** The moment on the disk's clock. */
  readonly now: () => number;
  readonly promised: Promised[];
  /** What operations ended with when they failed. */
  readonly failures: unknown[];
  /** Objects that were moved to another pack. */
  moved: number;
}

/** Small packs, so that a short run fills several, and few descriptors, so that some are closed under it. */
export function openSmallStore(disk: Disk): Promise<BlobStore> {
  return openDiskBlobStore({ directory: "/data/objects", disk, packBytes: 4096, openFileLimit: 4 });
}

/** Several writers at once on one store: small objects in batches, large ones in parts, deletions, discards, packs rewritten. */
export async function runBusily(store: BlobStore, run: BusyRun, rounds: number): Promise<void> {
  const writers = [putBatches, putBatches, stageLarge, stageLarge, deleteSome, rewriteSome];
  await Promise.all(
    writers.map(async (writer) => {
      for (let round = 0; round < rounds; round++) {
        try {
          await writer(store, run);
        } catch (error) {
          run.failures.push(error);
        }
      }
    }),
  );
}

async function putBatches(store: BlobStore, run: BusyRun): Promise<void> {
  const objects = Array.from({ length: 1 + Math.floor(run.random() * 3) }, () => someObject(below(run, 1500)));
  const locations = await store.putSmall(objects);
  for (const [n, object] of objects.entries()) promise(run, object, locations[n] as BlobLocation);
}

async function stageLarge(store: BlobStore, run: BusyRun): Promise<void> {
  const object = someObject(3000 + below(run, 3000));
  const staged = await store.openStaged(object.id, object.bytes.length);
  const parts = [0, 1, 2, 1].map((n) => n * 1000).toSorted(() => run.random() - 0.5);
  // The last part takes the rest.
  await Promise.all(
    parts.map((start) =>
      staged.writeAt(start, [object.bytes.subarray(start, start === 2000 ? undefined : start + 1000)]),
    ),
  );
  if (run.random() < 0.2) await staged.discard();
  else promise(run, object, await staged.seal());
}

async function deleteSome(store: BlobStore, run: BusyRun): Promise<void> {
  for (const promised of run.promised) {
    if (promised.deletedAt !== Number.POSITIVE_INFINITY || run.random() < 0.5) continue;
    promised.deletedAt = run.now();
    await store.delete(promised);
  }
}

/** A row points from the old place to the new one in one moment: from then on only the new one is promised. */
async function rewriteSome(store: BlobStore, run: BusyRun): Promise<void> {
  const living = (id: string, location: BlobLocation) =>
    run.promised.find(
      (one) => one.id === id && one.location === location && one.deletedAt === Number.POSITIVE_INFINITY,
    );
  const rows: RewriteOptions["rows"] = {
    named: async (records) => records.map(({ id, location }) => living(id, location) !== undefined),
    move: async (moves) => {
      await Promise.resolve();
      return moves.map(({ id, from, to }) => {
        const old = living(id, from);
        if (old === undefined) return false;
        run.moved += 1;
        old.deletedAt = run.now();
        promise(run, old, to);
        return true;
      });
    },
    anyIn: async (packName) => run.promised.some(({ location }) => location.includes(packName)),
  };
  for (const { name, isGrowing } of (await store.packs?.list()) ?? []) {
    if (isGrowing || run.random() < 0.5) continue;
    await store.packs?.rewrite(name, { rows, rest: async () => undefined });
  }
}

function promise(run: BusyRun, object: { id: string; bytes: Uint8Array }, location: BlobLocation): void {
  run.promised.push({ ...object, location, promisedAt: run.now(), deletedAt: Number.POSITIVE_INFINITY });
}

function below(run: BusyRun, limit: number): number {
  return Math.floor(run.random() * limit);
}

/** Opens the store on what is left of a disk and says which promises it broke; it must also go on working. */
export async function brokenPromises(disk: Disk, promised: readonly Promised[], moment: number): Promise<Promised[]> {
  const store = await openSmallStore(disk);
  const broken: Promised[] = [];
  for (const one of promised) {
    if (one.promisedAt > moment || one.deletedAt <= moment) continue;
    if (!(await isThere(store, one))) broken.push(one);
  }
  await collect(store.list());
  const fresh = someObject(100);
  const [location] = await store.putSmall([fresh]);
  if (!(await isThere(store, { ...fresh, location: location as BlobLocation }))) throw new Error("It does not go on.");
  await store.close();
  return broken;
}

async function isThere(store: BlobStore, { id, bytes, location }: Pick<Promised, "id" | "bytes" | "location">) {
  try {
    return same(await readAll(store, id, location, bytes.length), bytes);
  } catch {
    return false;
  }
}

/** Small, fast and repeatable (mulberry32); not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

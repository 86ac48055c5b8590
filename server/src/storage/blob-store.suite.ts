import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlobLocation, BlobStore, ByteChunks, ListedBlob } from "./blob-store.ts";
import { at, collect, joined, readAll, same, someObject } from "./testing/some-objects.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** A store under test and the place that outlives it. */
export interface BlobStoreUnderTest extends AsyncDisposable {
  readonly store: BlobStore;
  /** Closes the store and opens another one over the same bytes. */
  reopen(): Promise<BlobStore>;
}

/** What every blob store must do, as a value: run it on each implementation and each decorator. */
export function blobStoreSuite(name: string, makeStore: () => Promise<BlobStoreUnderTest>): void {
  describe(`blob store: ${name}`, () => {
    let tested: BlobStoreUnderTest;
    let store: BlobStore;
    beforeEach(async () => {
      tested = await makeStore();
      store = tested.store;
    });
    afterEach(async () => {
      await tested[Symbol.asyncDispose]();
    });

    describe("small objects", () => {
      it("come back byte for byte, also after a restart, from 0 bytes up", async () => {
        const objects = [0, 1, 63, 64, 17 * KIB, 300 * KIB, 3 * MIB].map(someObject);
        const locations = await store.putSmall(objects);
        expect(locations).toHaveLength(objects.length);
        for (const open of [async () => store, () => tested.reopen()]) {
          const opened = await open();
          for (const [index, { id, bytes }] of objects.entries()) {
            expect(same(await readAll(opened, id, at(locations, index), bytes.length), bytes)).toBe(true);
          }
        }
      });

      it("may be none", async () => {
        expect(await store.putSmall([])).toEqual([]);
      });

      it("keep their own bytes when many calls run at once", async () => {
        const batches = Array.from({ length: 40 }, (_, n) => [someObject(n * 97), someObject(1000 + n)]);
        const locations = await Promise.all(batches.map((batch) => store.putSmall(batch)));
        for (const [n, batch] of batches.entries()) {
          for (const [m, { id, bytes }] of batch.entries()) {
            const location = at(at(locations, n), m);
            expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
          }
        }
      });

      it("are stored again when the same id comes again", async () => {
        const object = someObject(500);
        await store.putSmall([object]);
        const [location] = await store.putSmall([object]);
        expect(same(await readAll(store, object.id, location as BlobLocation, 500), object.bytes)).toBe(true);
      });

      it("are refused when they are not small", async () => {
        await expect(store.putSmall([someObject(8 * MIB + 1)])).rejects.toThrow(RangeError);
      });

      it("are not stored when the call was aborted before", async () => {
        await expect(store.putSmall([someObject(5)], AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
        expect(await collect(store.list())).toEqual([]);
      });
    });

    describe("large objects", () => {
      it("are written in parts in any order and come back whole, also after a restart", async () => {
        const { id, bytes } = someObject(5 * MIB + 123);
        const staged = await store.openStaged(id, bytes.length);
        const parts = [4, 1, 3, 0, 5, 2];
        await Promise.all(parts.map((n) => staged.writeAt(n * MIB, slices(bytes.subarray(n * MIB, (n + 1) * MIB)))));
        expect(staged.sealed).toBe(false);
        const location = await staged.seal();
        expect(staged.sealed).toBe(true);
        expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
        const again = await tested.reopen();
        expect(same(await readAll(again, id, location, bytes.length), bytes)).toBe(true);
      });

      it("tell how many bytes were written and take async chunks", async () => {
        const { id, bytes } = someObject(100 * KIB);
        const staged = await store.openStaged(id, bytes.length);
        const written = await staged.writeAt(0, asyncSlices(bytes));
        expect(written).toBe(bytes.length);
        const location = await staged.seal();
        expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
      });

      it("let go of every chunk once, in order, and never look at it again", async () => {
        const { id, bytes } = someObject(3 * MIB + 5);
        const staged = await store.openStaged(id, bytes.length);
        const chunks = [...slices(bytes)].map((chunk) => chunk.slice());
        const done: Uint8Array[] = [];
        await staged.writeAt(0, chunks, { onDone: (chunk) => void done.push(chunk.fill(0xee)) });
        expect(done.length === chunks.length && done.every((chunk, n) => chunk === chunks[n])).toBe(true);
        expect(same(await readAll(store, id, await staged.seal(), bytes.length), bytes)).toBe(true);
      });

      it("may be empty", async () => {
        const { id } = someObject(0);
        const location = await (await store.openStaged(id, 0)).seal();
        expect((await readAll(store, id, location, 0)).length).toBe(0);
      });

      it("take the last write of a part", async () => {
        const { id, bytes } = someObject(2 * MIB);
        const staged = await store.openStaged(id, bytes.length);
        await staged.writeAt(0, [new Uint8Array(2 * MIB).fill(7)]);
        await staged.writeAt(MIB, [bytes.subarray(MIB)]);
        await staged.writeAt(0, [bytes.subarray(0, MIB)]);
        const location = await staged.seal();
        expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
      });

      it("can be read back while they are staged, also after a restart", async () => {
        const { id, bytes } = someObject(3 * MIB);
        const staged = await store.openStaged(id, bytes.length);
        await staged.writeAt(0, [bytes.subarray(0, MIB)]);
        expect(same(await joined(staged.readAt({ offset: 10, length: 1000 })), bytes.subarray(10, 1010))).toBe(true);
        const reopened = await (await tested.reopen()).openStaged(id, bytes.length);
        expect(same(await joined(reopened.readAt({ offset: 0, length: MIB })), bytes.subarray(0, MIB))).toBe(true);
        expect((await joined(reopened.readAt({ offset: MIB, length: MIB }))).length).toBe(0);
        await reopened.writeAt(MIB, [bytes.subarray(MIB)]);
        const location = await reopened.seal();
        expect((await joined(reopened.readAt({ offset: MIB, length: 9 * MIB }))).length).toBe(2 * MIB);
        expect(location).toBe(await reopened.seal());
      });

      it("are opened once, however often one asks", async () => {
        const { id, bytes } = someObject(1000);
        const [first, second] = await Promise.all([store.openStaged(id, 1000), store.openStaged(id, 1000)]);
        await first.writeAt(0, [bytes.subarray(0, 500)]);
        await second.writeAt(500, [bytes.subarray(500)]);
        const locations = await Promise.all([first.seal(), second.seal()]);
        expect(new Set(locations).size).toBe(1);
        expect(same(await readAll(store, id, at(locations, 0), 1000), bytes)).toBe(true);
        await expect(store.openStaged(someObject(0).id, -1)).rejects.toThrow(RangeError);
      });

      it("are found sealed when the row was never written", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        const location = await staged.seal();
        const found = await (await tested.reopen()).openStaged(id, 1000);
        expect(found.sealed).toBe(true);
        expect(same(await joined(found.readAt({ offset: 0, length: 1000 })), bytes)).toBe(true);
        await expect(found.writeAt(0, [bytes])).rejects.toMatchObject({ code: "blob_sealed" });
        expect(await found.seal()).toBe(location);
      });

      it("do not change any more once sealed", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        const location = await staged.seal();
        await expect(staged.writeAt(0, [new Uint8Array(1000)])).rejects.toMatchObject({ code: "blob_sealed" });
        expect(same(await readAll(store, id, location, 1000), bytes)).toBe(true);
      });

      it("are not sealed short, and go on from there", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes.subarray(0, 999)]);
        await expect(staged.seal()).rejects.toMatchObject({ code: "blob_damaged" });
        await staged.writeAt(999, [bytes.subarray(999)]);
        const location = await staged.seal();
        expect(same(await readAll(store, id, location, 1000), bytes)).toBe(true);
      });

      it("take no byte beyond their size", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        await expect(staged.writeAt(1, [bytes])).rejects.toThrow(RangeError);
        await expect(store.openStaged(id, 1001)).rejects.toThrow(RangeError);
        expect(await staged.seal()).toBeTypeOf("string");
      });

      it("survive a part whose source breaks or is aborted", async () => {
        const { id, bytes } = someObject(3 * MIB);
        const staged = await store.openStaged(id, bytes.length);
        await expect(staged.writeAt(0, breakingAfter(bytes, 2 * MIB))).rejects.toThrow("cut");
        const aborted = { signal: AbortSignal.abort(new Error("gone")) };
        await expect(staged.writeAt(0, [bytes], aborted)).rejects.toThrow("gone");
        await staged.writeAt(0, [bytes]);
        const location = await staged.seal();
        expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
      });

      it("are gone when discarded, and the id can be staged anew", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        await staged.discard();
        await staged.discard();
        expect(await collect(store.list())).toEqual([]);
        await expect(staged.writeAt(0, [bytes])).rejects.toMatchObject({ code: "storage_failed" });
        const anew = await store.openStaged(id, 1000);
        expect((await joined(anew.readAt({ offset: 0, length: 1000 }))).length).toBe(0);
        await anew.writeAt(0, [bytes]);
        expect(same(await readAll(store, id, await anew.seal(), 1000), bytes)).toBe(true);
      });
    });

    describe("reading", () => {
      it("gives any range, in chunks of at most 1 MiB", async () => {
        const { id, bytes } = someObject(3 * MIB + 5);
        const staged = await store.openStaged(id, bytes.length);
        await staged.writeAt(0, [bytes]);
        const [small] = await store.putSmall([{ id, bytes }]);
        for (const location of [await staged.seal(), small as BlobLocation]) {
          for (const [offset, length] of [
            [0, 0],
            [0, 1],
            [5, MIB],
            [MIB - 1, 2],
            [7, 3 * MIB - 7],
            [3 * MIB + 4, 1],
          ] as const) {
            for (const reuseBuffers of [false, true]) {
              const parts: Uint8Array[] = [];
              for await (const chunk of store.read({ id, location, offset, length, reuseBuffers })) {
                expect(chunk.length).toBeLessThanOrEqual(MIB);
                parts.push(chunk.slice());
              }
              expect(same(Buffer.concat(parts), bytes.subarray(offset, offset + length))).toBe(true);
            }
          }
        }
      });

      it("keeps chunks intact for a consumer that collects them", async () => {
        const { id, bytes } = someObject(4 * MIB);
        const [location] = await store.putSmall([{ id, bytes }]);
        const chunks = await collect(
          store.read({ id, location: location as BlobLocation, offset: 0, length: bytes.length }),
        );
        expect(same(Buffer.concat(chunks), bytes)).toBe(true);
      });

      it("goes on for many readers at once, some of which leave early", async () => {
        const { id, bytes } = someObject(4 * MIB);
        const [put] = await store.putSmall([{ id, bytes }]);
        const location = put as BlobLocation;
        const readers = Array.from({ length: 100 }, async (_, n) => {
          let position = 0;
          for await (const chunk of store.read({ id, location, offset: 0, length: bytes.length, reuseBuffers: true })) {
            if (!same(chunk, bytes.subarray(position, position + chunk.length))) throw new Error("wrong bytes");
            position += chunk.length;
            if (n % 3 === 0) break;
          }
          return position;
        });
        const positions = await Promise.all(readers);
        expect(positions.filter((position) => position === bytes.length).length).toBeGreaterThanOrEqual(66);
      });

      it("ends with a typed error where the object ends too early", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        const [small] = await store.putSmall([{ id, bytes }]);
        for (const location of [await staged.seal(), small as BlobLocation]) {
          const range = { id, location, offset: 900, length: 101 };
          await expect(collect(store.read(range))).rejects.toMatchObject({ code: "blob_damaged" });
        }
      });

      it("ends with a typed error when the object is not there", async () => {
        const { id, bytes } = someObject(1000);
        const staged = await store.openStaged(id, 1000);
        await staged.writeAt(0, [bytes]);
        const range = { id: someObject(0).id, location: await staged.seal(), offset: 0, length: 1 };
        await expect(collect(store.read(range))).rejects.toMatchObject({ code: "blob_missing" });
      });

      it("stops when it is aborted", async () => {
        const { id, bytes } = someObject(4 * MIB);
        const [location] = await store.putSmall([{ id, bytes }]);
        const abort = new AbortController();
        const reading = async () => {
          const range = {
            id,
            location: location as BlobLocation,
            offset: 0,
            length: bytes.length,
            signal: abort.signal,
          };
          for await (const _ of store.read(range)) abort.abort(new Error("gone"));
        };
        await expect(reading()).rejects.toThrow("gone");
      });
    });

    describe("deleting and listing", () => {
      it("lists what is stored and what is staged, and not what was deleted", async () => {
        const small = [someObject(10), someObject(20)];
        const locations = await store.putSmall(small);
        const large = someObject(2000);
        const sealed = await store.openStaged(large.id, 2000);
        await sealed.writeAt(0, [large.bytes]);
        const location = await sealed.seal();
        const open = someObject(3000);
        await (await store.openStaged(open.id, 3000)).writeAt(0, [open.bytes]);
        expect(inOrder(await collect(store.list()))).toEqual(
          inOrder([
            ...small.map(({ id, bytes }, n) => ({
              state: "stored" as const,
              id,
              location: at(locations, n),
              sizeBytes: bytes.length,
              modifiedAtMs: 0,
            })),
            { state: "stored", id: large.id, location, sizeBytes: 2000, modifiedAtMs: 0 },
            { state: "staged", id: open.id, sizeBytes: 3000, modifiedAtMs: 0 },
          ]),
        );
        await store.delete({ id: at(small, 0).id, location: at(locations, 0) });
        await store.delete({ id: large.id, location });
        await store.delete({ id: large.id, location });
        const left = await collect((await tested.reopen()).list());
        expect(left.map(({ id }) => id).toSorted()).toEqual([at(small, 1).id, open.id].toSorted());
      });

      it("deletes one object and no other", async () => {
        const objects = Array.from({ length: 30 }, (_, n) => someObject(100 + n));
        const locations = await store.putSmall(objects);
        await Promise.all(
          objects.map(async ({ id }, n) => {
            if (n % 2 === 0) await store.delete({ id, location: at(locations, n) });
          }),
        );
        for (const [n, { id, bytes }] of objects.entries()) {
          if (n % 2 === 0) continue;
          expect(same(await readAll(store, id, at(locations, n), bytes.length), bytes)).toBe(true);
        }
        expect(await collect(store.list())).toHaveLength(15);
      });

      it("discards what is staged and never what is stored, and leaves alone what somebody has open", async () => {
        const [open, stored] = [someObject(2000), someObject(3000)];
        const staged = await store.openStaged(open.id, 2000);
        await staged.writeAt(0, [open.bytes]);
        await store.discardStaged(open.id);
        const location = await staged.seal();
        expect(same(await readAll(store, open.id, location, 2000), open.bytes)).toBe(true);
        await (await store.openStaged(stored.id, 3000)).writeAt(0, [stored.bytes]);
        const again = await tested.reopen();
        for (const { id } of [open, stored]) await again.discardStaged(id);
        expect((await collect(again.list())).map(({ id }) => id)).toEqual([open.id]);
        expect(same(await readAll(again, open.id, location, 2000), open.bytes)).toBe(true);
      });

      it("sets aside what it lists, and then lists it no more", async () => {
        const [small, kept, large, begun] = [someObject(10), someObject(20), someObject(2000), someObject(3000)];
        await store.putSmall([small, kept]);
        const sealed = await store.openStaged(large.id, 2000);
        await sealed.writeAt(0, [large.bytes]);
        await sealed.seal();
        await (await store.openStaged(begun.id, 3000)).writeAt(0, [begun.bytes]);
        const again = await tested.reopen();
        for (const blob of await collect(again.list())) if (blob.id !== kept.id) await again.setAside(blob, "shelf-1");
        const [left] = await collect(again.list());
        expect(left).toMatchObject({ id: kept.id, state: "stored" });
        if (left?.state === "stored") {
          expect(same(await readAll(again, kept.id, left.location, 20), kept.bytes)).toBe(true);
          await expect(again.setAside(left, "../shelf")).rejects.toThrow(RangeError);
        }
      });
    });

    it.each([
      "",
      "short",
      "../../../../etc/passwd",
      "AAAAAAAAAAAAAAAAAAAAAB",
      "AAAAAAAAAAAAAAAAAAAAA/",
      `${"A".repeat(22)}A`,
    ])("refuses the id %j everywhere", async (id) => {
      const [location] = await store.putSmall([someObject(1)]);
      await expect(store.putSmall([{ id, bytes: new Uint8Array(1) }])).rejects.toThrow(RangeError);
      await expect(store.openStaged(id, 1)).rejects.toThrow(RangeError);
      const range = { id, location: location as BlobLocation, offset: 0, length: 1 };
      await expect(collect(store.read(range))).rejects.toThrow(RangeError);
      await expect(store.delete(range)).rejects.toThrow(RangeError);
    });

    it("tells its free space", async () => {
      expect(await store.freeBytes()).toBeGreaterThan(0);
    });

    it("refuses everything once it is closed", async () => {
      const [location] = await store.putSmall([someObject(1)]);
      await store.close();
      const { id } = someObject(0);
      await expect(store.putSmall([someObject(1)])).rejects.toMatchObject({ code: "storage_failed" });
      await expect(store.openStaged(id, 1)).rejects.toMatchObject({ code: "storage_failed" });
      const range = { id, location: location as BlobLocation, offset: 0, length: 1 };
      await expect(collect(store.read(range))).rejects.toMatchObject({ code: "storage_failed" });
    });
  });
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

async function* asyncSlices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* slices(bytes);
}

async function* breakingAfter(bytes: Uint8Array, count: number): ByteChunks & AsyncGenerator<Uint8Array> {
  yield* slices(bytes.subarray(0, count));
  throw new Error("cut");
}

function inOrder(blobs: readonly ListedBlob[]): unknown[] {
  return blobs.map((blob) => ({ ...blob, modifiedAtMs: 0 })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

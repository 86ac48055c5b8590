import { describe, expect, it } from "vitest";
import type { BlobLocation, BlobStore, RewriteOptions } from "../../blob-store.ts";
import { openSmallStore } from "../../testing/busy-run.ts";
import { SimulatedDisk } from "../../testing/simulated-disk.ts";
import { at, collect, readAll, same, someObject } from "../../testing/some-objects.ts";
import { layoutOf, packNameOfFileName } from "../layout.ts";
import { recordHeaderBytes } from "./pack-record.ts";

const { packsDirectory, packPath } = layoutOf("/data/objects");

/** Three objects in a pack that does not grow any more, with rows for the first `rowCount` of them. */
async function closedPack(rowCount: number) {
  const disk = new SimulatedDisk();
  const first = await openSmallStore(disk);
  const objects = [someObject(500), someObject(600), someObject(700)];
  const locations = await first.putSmall(objects);
  await first.close();
  const packName = packNameOfFileName(at(await disk.listDirectory(packsDirectory), 0)) as string;
  const rows = new Map(objects.slice(0, rowCount).map(({ id }, n) => [id, at(locations, n)]));
  return { disk, store: await openSmallStore(disk), objects, packName, rows };
}

function overRows(rows: Map<string, BlobLocation>, before: () => void = () => undefined): RewriteOptions {
  return {
    rows: {
      named: async (records) => records.map(({ id, location }) => rows.get(id) === location),
      move: async (moves) => {
        before();
        return moves.map(({ id, from, to }) => rows.get(id) === from && rows.set(id, to) === rows);
      },
      anyIn: async (packName) => [...rows.values()].some((location) => location.includes(packName)),
    },
    rest: async () => undefined,
  };
}

async function expectReadable(
  store: BlobStore,
  rows: Map<string, BlobLocation>,
  objects: ReturnType<typeof someObject>[],
) {
  for (const { id, bytes } of objects) {
    const location = rows.get(id);
    if (location) expect(same(await readAll(store, id, location, bytes.length), bytes)).toBe(true);
  }
}

describe("rewriting a pack", () => {
  it("moves what rows name, leaves the rest, and removes the pack when nothing is left in it", async () => {
    const { disk, store, objects, packName, rows } = await closedPack(3);
    const done = await store.packs?.rewrite(packName, overRows(rows));
    expect(done).toEqual({ moved: 3, movedBytes: 1800, damaged: [], removed: true });
    expect(await disk.fileStatus(packPath(packName))).toBeUndefined();
    expect([...rows.values()].every((location) => !location.includes(packName))).toBe(true);
    await expectReadable(store, rows, objects);
    expect(await store.packs?.rewrite(packName, overRows(rows))).toMatchObject({ moved: 0, removed: true });
  });

  it("keeps the pack while it holds what no row names: its row may be about to be written", async () => {
    const { store, objects, packName, rows } = await closedPack(2);
    const done = await store.packs?.rewrite(packName, overRows(rows));
    expect(done).toMatchObject({ moved: 2, removed: false });
    const left = (await collect(store.list())).filter(
      (blob) => blob.state === "stored" && blob.location.includes(packName),
    );
    expect(left.map(({ id }) => id)).toEqual([at(objects, 2).id]);
    await expectReadable(store, rows, objects);
  });

  it("takes back a copy whose object went meanwhile", async () => {
    const { store, objects, packName, rows } = await closedPack(3);
    const gone = at(objects, 1).id;
    const done = await store.packs?.rewrite(
      packName,
      overRows(rows, () => rows.delete(gone)),
    );
    expect(done).toMatchObject({ moved: 2 });
    const listed = await collect(store.list());
    // The old record is its owner's to delete.
    const left = listed.filter(({ id }) => id === gone);
    expect(left).toMatchObject([{ location: expect.stringContaining(packName) }]);
    await expectReadable(store, rows, objects);
  });

  it("moves nothing that is damaged, says which it is, and keeps the pack for whoever looks into it", async () => {
    const { disk, store, objects, packName, rows } = await closedPack(3);
    const file = await disk.openFile(packPath(packName), "existing");
    await file.write([Uint8Array.of(0xee)], recordHeaderBytes + 250);
    const done = await store.packs?.rewrite(packName, overRows(rows));
    expect(done).toMatchObject({ moved: 2, damaged: [at(objects, 0).id], removed: false });
    expect(rows.get(at(objects, 0).id)).toContain(packName);
    await expectReadable(store, rows, objects.slice(1));
  });

  it("keeps a pack with a damaged header as long as a row means a place in it, and removes one with a torn tail", async () => {
    const damaged = await closedPack(3);
    await (await damaged.disk.openFile(packPath(damaged.packName), "existing")).write([Uint8Array.of(0)], 0);
    expect(await damaged.store.packs?.rewrite(damaged.packName, overRows(damaged.rows))).toMatchObject({
      removed: false,
    });
    await expectReadable(damaged.store, damaged.rows, damaged.objects);
    const torn = await closedPack(3);
    const size = (await torn.disk.fileStatus(packPath(torn.packName)))?.sizeBytes ?? 0;
    await (await torn.disk.openFile(packPath(torn.packName), "existing")).write([new Uint8Array(99).fill(7)], size);
    expect(await torn.store.packs?.rewrite(torn.packName, overRows(torn.rows))).toMatchObject({
      moved: 3,
      removed: true,
    });
  });

  it("is refused for the pack that still grows", async () => {
    const store = await openSmallStore(new SimulatedDisk());
    await store.putSmall([someObject(10)]);
    const [pack] = (await store.packs?.list()) ?? [];
    expect(pack?.isGrowing).toBe(true);
    await expect(store.packs?.rewrite(pack?.name ?? "", overRows(new Map()))).rejects.toThrow(RangeError);
  });
});

import type { Item, Listing } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { FolderReading, readFolder } from "./folder-reading.ts";
import type { Rooms } from "./rooms.ts";

const ROOT = new Uint8Array(16);
const item = (name: string) => ({ childId: new Uint8Array(16).fill(name.length), name }) as Item;
const [a, bb, ccc] = [item("a"), item("bb"), item("ccc")] as const;

interface Folder {
  readonly parts: readonly (readonly Item[])[];
  /** After so many parts it fails, the first time. */
  readonly failsAfter?: number;
  readonly isLost?: boolean;
}

function roomsOf({ parts, failsAfter, isLost = false }: Folder): Rooms {
  let hasFailed = false;
  async function* listParts(): AsyncGenerator<readonly Item[], Listing> {
    for (const [number, part] of parts.slice(0, -1).entries()) {
      if (number === failsAfter && !hasFailed) {
        hasFailed = true;
        throw new Error("gone");
      }
      yield part;
    }
    return { items: parts.flat(), damage: isLost ? [new Error("altered")] : [] };
  }
  const files = { rootId: ROOT, listParts, stepsTo: async () => (isLost ? undefined : []) };
  return { files, roleAt: async () => "viewer" } as unknown as Rooms;
}

describe("reading a folder", () => {
  it("tells part by part what came, and where and what the folder is, until it is whole", async () => {
    const reading = new FolderReading(roomsOf({ parts: [[a], [], [bb], [ccc]] }), undefined);
    const first = await reading.next();
    expect(first).toMatchObject({ source: { isPartial: true, role: "viewer", path: [{ name: "" }] }, came: undefined });
    expect(first.source.items).toEqual([a]);
    expect(await reading.next()).toMatchObject({ source: { isPartial: true }, came: [bb] });
    const { source, came } = await reading.next();
    expect(source).toMatchObject({ items: [a, bb, ccc], isDamaged: false, role: "viewer" });
    expect([source.isPartial, came]).toEqual([undefined, undefined]);
  });

  it("begins again after a failure, and says of nothing that it came since", async () => {
    const reading = new FolderReading(roomsOf({ parts: [[a], [bb], [ccc]], failsAfter: 1 }), undefined);
    await reading.next();
    await expect(reading.next()).rejects.toThrow("gone");
    const { source, came } = await reading.next();
    expect([source.items, came]).toEqual([[a], undefined]);
  });

  it("of which nobody can tell what it lies in says what is damaged, and shows no part of it", async () => {
    const rooms = roomsOf({ parts: [[a], [bb]], isLost: true });
    await expect(new FolderReading(rooms, undefined).next()).rejects.toThrow("altered");
  });

  it("gives all of it to whoever wants no parts", async () => {
    expect((await readFolder(roomsOf({ parts: [[a], [bb]] }), undefined)).items).toEqual([a, bb]);
  });
});

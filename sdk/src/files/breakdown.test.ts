import { describe, expect, it } from "vitest";
import { Breakdown } from "./breakdown.ts";
import type { Item } from "./types.ts";

const id = (n: number) => new Uint8Array(16).fill(n);

function item(type: "folder" | "file", { at, parent, name }: { at: number; parent: number; name: string }): Item {
  return { type, name, childId: id(at), parentId: id(parent), entry: {} } as Item;
}

/** /photos (2) holds /photos/iceland (3); files of 10, 20 and 70 bytes in the root, photos and iceland. */
function sample(): Breakdown {
  const breakdown = new Breakdown(({ name }) => (name.endsWith(".jpg") ? "image" : "other"));
  breakdown.look(item("folder", { at: 2, parent: 1, name: "photos" }), 0);
  breakdown.look(item("file", { at: 10, parent: 1, name: "notes" }), 10);
  breakdown.look(item("folder", { at: 3, parent: 2, name: "iceland" }), 0);
  breakdown.look(item("folder", { at: 4, parent: 2, name: "empty" }), 0);
  breakdown.look(item("file", { at: 11, parent: 2, name: "a.jpg" }), 20);
  breakdown.look(item("file", { at: 12, parent: 3, name: "b.jpg" }), 70);
  return breakdown;
}

describe("what a drive's files take", () => {
  it("is told by kind, largest first", () => {
    expect(sample().kinds).toEqual([
      { kind: "image", sizeBytes: 90, files: 2 },
      { kind: "other", sizeBytes: 10, files: 1 },
    ]);
    expect(sample().files).toBe(3);
  });

  it("is told by folder with everything below, without empty ones, and no more of them than asked for", () => {
    const [photos, iceland] = [
      { folderId: id(2), path: ["photos"], sizeBytes: 90 },
      { folderId: id(3), path: ["photos", "iceland"], sizeBytes: 70 },
    ];
    expect(sample().largestFolders(8)).toEqual([photos, iceland]);
    expect(sample().largestFolders(1)).toEqual([photos]);
  });

  it("ends although two folders say that each lies in the other", () => {
    const breakdown = new Breakdown(() => "file");
    breakdown.look(item("folder", { at: 2, parent: 3, name: "a" }), 0);
    breakdown.look(item("folder", { at: 3, parent: 2, name: "b" }), 0);
    breakdown.look(item("file", { at: 10, parent: 3, name: "c" }), 5);
    expect(breakdown.largestFolders(8).map(({ sizeBytes }) => sizeBytes)).toEqual([5, 5]);
  });

  it("counts what is mounted for the folders around it, whichever volume is looked at first", () => {
    const breakdown = new Breakdown(() => "file");
    // The root of volume 50 is the folder 5 of /photos.
    breakdown.look(item("folder", { at: 6, parent: 50, name: "iceland" }), 0);
    breakdown.look(item("file", { at: 10, parent: 50, name: "a" }), 5);
    breakdown.look(item("file", { at: 11, parent: 6, name: "b" }), 20);
    breakdown.look(item("folder", { at: 2, parent: 1, name: "photos" }), 0);
    const mount = { volumeId: id(50) };
    breakdown.look({ ...item("folder", { at: 5, parent: 2, name: "trip" }), entry: { mount } } as Item, 0);
    expect(breakdown.largestFolders(8).map(({ path, sizeBytes }) => [path.join("/"), sizeBytes])).toEqual([
      ["photos/trip", 25],
      ["photos", 25],
      ["photos/trip/iceland", 20],
    ]);
  });
});

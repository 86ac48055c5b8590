import { describe, expect, it } from "vitest";
import type { FileItem, ListOrder } from "../session/engine/types.ts";
import { endingOf, firstItems, insertSorted, sortItems } from "./sort-items.ts";

const items: readonly FileItem[] = [
  { name: "photo 10.jpg", sizeBytes: 5, modifiedMs: 1 },
  { name: "photo 2.jpg", sizeBytes: 9, modifiedMs: 3 },
  { name: "Ähre.txt", sizeBytes: 7, modifiedMs: 2 },
  { name: "zebra", type: "folder" as const, modifiedMs: 4 },
  { name: "apple", type: "folder" as const, modifiedMs: 5 },
].map((item) => ({ parentId: "p", id: item.name, type: "file", sizeBytes: undefined, ...item }));

const sorted = (order: Partial<ListOrder>) =>
  sortItems(items, { by: "name", isDescending: false, language: "de", ...order }).map(({ name }) => name);

describe("the order of a list", () => {
  it("has folders first and numbers as numbers, in the language's order", () => {
    expect(sorted({})).toEqual(["apple", "zebra", "Ähre.txt", "photo 2.jpg", "photo 10.jpg"]);
    expect(sorted({ isDescending: true })).toEqual(["zebra", "apple", "photo 10.jpg", "photo 2.jpg", "Ähre.txt"]);
  });

  it("is by size, time or type where that is asked, and by name among equals", () => {
    expect(sorted({ by: "size" }).slice(2)).toEqual(["photo 10.jpg", "Ähre.txt", "photo 2.jpg"]);
    expect(sorted({ by: "modified" })).toEqual(["zebra", "apple", "photo 10.jpg", "Ähre.txt", "photo 2.jpg"]);
    expect(sorted({ by: "type" })).toEqual(["apple", "zebra", "photo 2.jpg", "photo 10.jpg", "Ähre.txt"]);
  });

  it("goes by when something was deleted in the trash", () => {
    const trashed = items.map((item, index) => ({
      ...item,
      trashed: { atMs: 10 - index, keptUntilMs: 20 - index, from: "/" },
    }));
    const order = { by: "modified", isDescending: false, language: "en" } as const;
    expect(sortItems(trashed, order).map(({ name }) => name)[0]).toBe("apple");
  });

  it("takes newcomers into a sorted list as if all were sorted at once", () => {
    for (const by of ["name", "size", "modified", "type"] as const) {
      const order = { by, isDescending: by === "size", language: "de" };
      const whole = sortItems(items, order);
      for (let taken = 0; taken < 2 ** items.length; taken++) {
        const isAdded = (_: FileItem, index: number) => (taken & (1 << index)) !== 0;
        const added = whole.filter(isAdded);
        const sorted = whole.filter((item, index) => !isAdded(item, index));
        expect(insertSorted(sorted, added.reverse(), order)).toEqual(whole);
      }
    }
  });

  it("knows endings", () => {
    expect(["a.JPG", ".profile", "a.tar.gz", "none"].map(endingOf)).toEqual(["JPG", "", "gz", ""]);
  });

  it("begins with what sorting all of it begins with, found without sorting all of it", () => {
    const many = Array.from({ length: 500 }, (_, index): FileItem => {
      const type = index % 9 === 0 ? "folder" : "file";
      const id = `id ${index}`;
      return {
        parentId: "p",
        id,
        name: `n${(index * 7919) % 251}`,
        type,
        modifiedMs: index % 13,
        sizeBytes: index % 5,
      };
    });
    for (const by of ["name", "modified", "size", "type"] as const) {
      for (const isDescending of [false, true]) {
        const order = { by, isDescending, language: "en" };
        expect(firstItems(many, 20, order)).toEqual(sortItems(many, order).slice(0, 20));
      }
    }
    expect(firstItems(items, 20, { by: "name", isDescending: false, language: "de" })).toHaveLength(items.length);
  });
});

import type { Item } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { patched } from "../../files/listing-reader.ts";
import { Listings, type Source } from "./listings.ts";
import type { FileItem, ListOrder } from "./types.ts";

const order: ListOrder = { by: "name", isDescending: false, language: "en" };

function file(name: string, { id = name, sizeBytes = 1, stored = name } = {}): Item {
  const childId = new Uint8Array(16);
  new TextEncoder().encodeInto(id, childId);
  const entry = { name: stored, file: { sizeBytes } };
  return {
    parentId: new Uint8Array(16),
    childId,
    type: "file",
    name,
    createdMs: 0,
    modifiedMs: 0,
    entry,
  } as unknown as Item;
}

function folderOf(...items: Item[]): Source {
  return { folderId: "folder", path: [], items, isDamaged: false };
}

function many(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => file(`f${index}`));
}

const namesOf = (items: readonly FileItem[]) => items.map(({ name }) => name);

/** A page that had one listing and hears of the next. */
function follow(before: Item[], after: Item[]) {
  const listings = new Listings();
  const first = listings.take(folderOf(...before), order);
  const had = listings.slice(first.facts.version, 0, before.length) ?? [];
  const news = listings.take(folderOf(...after), order, first.facts.version);
  if (news.type !== "patch") throw new Error("A patch was expected.");
  return { had, news, now: patched(had, news) };
}

describe("a listing", () => {
  it("gives the first items at once, in order, and the rest slice by slice", () => {
    const listings = new Listings();
    const news = listings.take(folderOf(...many(1_000)), order);
    expect(news).toMatchObject({ type: "whole", facts: { files: 1_000, folders: 0 } });
    const first = news.type === "whole" ? news.first : [];
    expect(first.length).toBeLessThan(1_000);
    expect(namesOf(first.slice(0, 3))).toEqual(["f0", "f1", "f2"]);
    const rest = listings.slice(news.facts.version, first.length, 1_000) ?? [];
    expect(namesOf([...first, ...rest])).toEqual(many(1_000).map(({ name }) => name));
  });

  it("sends only what left and what came, and the page puts it together again", () => {
    const { news, now, had } = follow(
      [file("a"), file("b"), file("c"), file("d")],
      [file("0"), file("a"), file("c", { sizeBytes: 2 }), file("d"), file("zz", { id: "b" })],
    );
    expect(namesOf(now)).toEqual(["0", "a", "c", "d", "zz"]);
    expect(now.find(({ name }) => name === "c")?.sizeBytes).toBe(2);
    expect(news.removed).toHaveLength(2);
    expect(news.added).toHaveLength(3);
    // What did not change is the very same object: it is not drawn again.
    expect(now[1]).toBe(had[0]);
  });

  it("keeps the list itself when nothing changed", () => {
    const { had, now } = follow(many(10), many(10));
    expect(now).toBe(had);
  });

  it.each([1, 2, 3])("comes out the same whatever changed (%i)", (turn) => {
    const chosen = (step: number) => many(200).filter((_, index) => (index * 7 + step) % (turn + 2) !== 0);
    const { now } = follow(chosen(0), chosen(turn));
    expect(namesOf(now)).toEqual(chosen(turn).map(({ name }) => name));
  });

  it("of which a part came first grows by what comes, each in its place, until it is whole", () => {
    const [all, listings] = [many(300), new Listings()];
    const part = (to: number) => ({ folderId: "folder", path: [], items: all.slice(0, to), isDamaged: false }) as const;
    const first = listings.take({ ...part(100), isPartial: true }, order);
    expect(first.facts).toMatchObject({ isPartial: true, files: 100 });
    const had = listings.slice(first.facts.version, 0, 100) ?? [];
    const more = listings.grow(
      { source: { ...part(200), isPartial: true }, came: all.slice(100, 200), have: first.facts.version },
      order,
    );
    if (more.type !== "patch") throw new Error("A patch was expected.");
    expect(more.facts).toMatchObject({ isPartial: true, files: 200 });
    expect([more.removed, more.added.length]).toEqual([[], 100]);
    const now = patched(had, more);
    const whole = listings.take(part(300), order, more.facts.version);
    if (whole.type !== "patch") throw new Error("A patch was expected.");
    expect([whole.facts.isPartial, whole.added.length]).toEqual([undefined, 100]);
    expect(namesOf(patched(now, whole))).toEqual(all.map(({ name }) => name));
  });

  it("is sent whole in another order, and says when it is not remembered any more", () => {
    const listings = new Listings();
    const { facts } = listings.take(folderOf(...many(3)), order);
    const turned = listings.take(folderOf(...many(3)), { ...order, isDescending: true }, facts.version);
    expect(turned.type === "whole" && namesOf(turned.first)).toEqual(["f2", "f1", "f0"]);
    for (let step = 0; step < 10; step++) listings.take(folderOf(), order);
    expect(listings.slice(facts.version, 0, 1)).toBeUndefined();
  });

  it("carries the stored name where two of one name are told apart", () => {
    const listings = new Listings();
    const news = listings.take(folderOf(file("a (2).txt", { stored: "a.txt" }), file("b")), order);
    expect(news.type === "whole" && news.first.map(({ storedName }) => storedName)).toEqual(["a.txt", undefined]);
  });
});

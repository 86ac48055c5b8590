import { describe, expect, it } from "vitest";
import { encodeCbor, toHex } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { isComplete, PAGE_PLAINTEXT_LIMIT, type PageRange, rangeHolds, WHOLE_FOLDER } from "../record/index.ts";
import { cutPage, drawChildId, type Entry, encodePageContent, PAGE_ENTRIES_LIMIT, PageFullError } from "./index.ts";

const addedBy = randomBytes(16);
const folder = { parentNodeId: randomBytes(16), attributes: {} };
const entryOf = (childId: Uint8Array, nameBytes = 20): Entry => ({
  childId,
  type: 0,
  name: "x".repeat(nameBytes),
  createdMs: 1_700_000_000_000,
  modifiedMs: 1_700_000_000_000,
  addedBy,
});

/** A folder as a writer grows it: into the emptiest page, under that page's prefix (volumes.md §3). */
class GrowingFolder {
  pages: { range: PageRange; entries: Entry[] }[] = [{ range: WHOLE_FOLDER, entries: [] }];
  writtenBytes = 0;

  get listingBytes(): number {
    return this.pages.reduce((sum, page) => sum + this.#sizeOf(page), 0);
  }

  add(count: number): void {
    const [target] = this.pages.toSorted(
      (a, b) =>
        a.entries.length - b.entries.length || a.range.bitsLength - b.range.bitsLength || a.range.bits - b.range.bits,
    );
    if (target === undefined) throw new Error("A folder has a page.");
    const added = Array.from({ length: count }, () => entryOf(drawChildId(target.range)));
    const cut = cutPage(target.range, {
      entries: [...target.entries, ...added],
      ...(target.range.bits === 0 && { folder }),
    });
    const fresh = cut.map(({ range, content }) => ({ range, entries: [...content.entries] }));
    this.pages = [...this.pages.filter((page) => page !== target), ...fresh];
    this.writtenBytes += fresh.reduce((sum, page) => sum + this.#sizeOf(page), 0);
  }

  #sizeOf({ range, entries }: { range: PageRange; entries: Entry[] }): number {
    return encodePageContent({ entries, ...(range.bits === 0 && { folder }) }).length;
  }
}

describe("cutting pages", () => {
  it("goes exactly to the limits", () => {
    const full = Array.from({ length: PAGE_ENTRIES_LIMIT }, () => entryOf(randomBytes(16)));
    expect(cutPage(WHOLE_FOLDER, { entries: full, folder })).toHaveLength(1);
    expect(cutPage(WHOLE_FOLDER, { entries: [...full, entryOf(randomBytes(16))], folder }).length).toBeGreaterThan(1);

    const large = Array.from({ length: 120 }, () => entryOf(randomBytes(16), 1000));
    const missing = PAGE_PLAINTEXT_LIMIT - encodePageContent({ entries: large, folder }).length;
    const filler = (bytes: number) => ({
      ...entryOf(new Uint8Array(16)),
      preserved: new Map([[64, "y".repeat(bytes)]]),
    });
    const one =
      encodePageContent({ entries: [...large, filler(4000)], folder }).length -
      encodePageContent({ entries: large, folder }).length -
      4000;
    const exactly = [...large, filler(missing - one)];
    expect(encodePageContent({ entries: exactly, folder }).length).toBe(PAGE_PLAINTEXT_LIMIT);
    expect(cutPage(WHOLE_FOLDER, { entries: exactly, folder })).toHaveLength(1);
    expect(cutPage(WHOLE_FOLDER, { entries: [...large, filler(missing - one + 1)], folder }).length).toBeGreaterThan(1);
  });

  it("leaves the folder's own fields on its first page", () => {
    const preserved = new Map([[99, "later"]]);
    const pages = cutPage(WHOLE_FOLDER, {
      entries: Array.from({ length: 2000 }, () => entryOf(randomBytes(16))),
      folder,
      preserved,
    });
    expect(pages[0]?.content).toMatchObject({ folder, preserved });
    for (const { content } of pages.slice(1)) expect(Object.keys(content)).toEqual(["entries"]);
    expect(isComplete(pages.map(({ range }) => range))).toBe(true);
  });

  it("ends at 16 bits with a page of 1 MiB, and says so when that is full", () => {
    const same = (count: number) =>
      Array.from({ length: count }, () => entryOf(Uint8Array.of(1, 2, ...randomBytes(14)), 1000));
    const pages = cutPage(WHOLE_FOLDER, { entries: same(900), folder });
    const last = pages.find(({ content }) => content.entries.length > 0);
    expect(last).toMatchObject({ range: { bitsLength: 16, bits: 0x0102 } });
    expect(last?.content.entries).toHaveLength(900);
    expect(() => cutPage(WHOLE_FOLDER, { entries: same(1100), folder })).toThrow(PageFullError);
  });

  it("draws ids that belong to the page, all over it", () => {
    for (const range of [WHOLE_FOLDER, { bitsLength: 3, bits: 0xa000 }, { bitsLength: 16, bits: 0xffff }]) {
      const ids = Array.from({ length: 400 }, () => drawChildId(range));
      expect(ids.every((id) => rangeHolds(range, id))).toBe(true);
      expect(new Set(ids.map(toHex)).size).toBe(400);
      const halves = new Set(ids.map((id) => (id[0]! << 8) | id[1]!));
      expect(halves.size).toBeGreaterThan(range.bitsLength === 16 ? 0 : 100);
    }
  });

  // Entries that come one by one rewrite a page each, by nature; what comes in batches must not.
  it.each([200, 500, 3000])(
    "writes at most three times the final listing, adding 3000 entries %d at a time",
    (batch) => {
      const grown = new GrowingFolder();
      for (let added = 0; added < 3000; added += batch) grown.add(batch);
      expect(isComplete(grown.pages.map(({ range }) => range).sort((a, b) => a.bits - b.bits))).toBe(true);
      expect(grown.pages.reduce((sum, page) => sum + page.entries.length, 0)).toBe(3000);
      expect(grown.writtenBytes / grown.listingBytes).toBeLessThanOrEqual(3);
    },
  );

  it("never needs more than the encoder says", () => {
    const entries = Array.from({ length: 700 }, () => entryOf(randomBytes(16), 300));
    for (const { content } of cutPage(WHOLE_FOLDER, { entries, folder })) {
      expect(encodePageContent(content).length).toBeLessThanOrEqual(PAGE_PLAINTEXT_LIMIT);
      expect(encodeCbor(content.entries.length).length).toBeLessThanOrEqual(3);
    }
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../volumes/index.ts";
import { IndexedPage } from "./indexed-page.ts";
import { type Candidate, comparing, FirstOf } from "./ranking.ts";
import type { FoundOrder } from "./types.ts";

function candidatesOf(names: readonly string[]): Candidate[] {
  const entries = names.map((name, index): Entry => {
    const childId = new Uint8Array(16).fill(index % 7).fill(index, 0, 1);
    return { childId, type: index % 2, name, createdMs: index % 5, modifiedMs: index % 3, addedBy: childId };
  });
  const place = { nodeId: new Uint8Array(16), bits: 0, bitsLength: 0, recordHash: new Uint8Array(32) };
  const page = IndexedPage.of(place, { entries });
  return names.map((name, index) => ({ page, index, name }));
}

const ORDER = fc.record({
  by: fc.constantFrom<FoundOrder["by"]>("name", "type", "size", "modified", "changed"),
  isDescending: fc.boolean(),
});

describe("the first of many", () => {
  it("are those that sorting all gives, in whatever order they are offered", () => {
    const names = fc.array(fc.string({ maxLength: 2 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 20 }),
        ORDER,
        fc.func(fc.integer()),
        (few, limit, order, shuffle) => {
          const all = candidatesOf(few);
          const best = new FirstOf(limit, comparing(order));
          for (const each of all.toSorted((a, b) => shuffle(a.index) - shuffle(b.index))) best.offer(each);
          expect(best.taken()).toEqual(all.toSorted(comparing(order)).slice(0, limit));
          expect(best.seen).toBe(all.length);
        },
      ),
    );
  });

  it("are in natural order, folders first", () => {
    const sorted = candidatesOf(["b", "photo 10", "a", "photo 9", "B"]).sort(
      comparing({ by: "name", isDescending: false }),
    );
    expect(sorted.map(({ name }) => name)).toEqual(["a", "b", "B", "photo 9", "photo 10"]);
  });
});

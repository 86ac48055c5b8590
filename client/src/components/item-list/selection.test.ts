import { describe, expect, it } from "vitest";
import { type Choice, choose, chooseAll, chooseNothing, findTyped, NOTHING_SELECTED, typeOn } from "./selection.ts";

const items = ["a", "b", "c", "d", "e"].map((id) => ({ id }));

function play(...steps: readonly Omit<Choice, "items">[]) {
  return steps.reduce((selection, step) => choose(selection, { items, ...step }), NOTHING_SELECTED);
}

const idsOf = ({ ids }: { readonly ids: ReadonlySet<string> }) => [...ids].sort().join("");

describe("choosing", () => {
  it("takes one and lets go of the others", () => {
    const selection = play({ index: 1, how: "only" }, { index: 3, how: "only" });
    expect(idsOf(selection)).toBe("d");
    expect(selection).toMatchObject({ focusId: "d", anchorId: "d" });
  });

  it("adds and takes away one by one", () => {
    expect(idsOf(play({ index: 1, how: "only" }, { index: 3, how: "toggle" }))).toBe("bd");
    expect(idsOf(play({ index: 1, how: "only" }, { index: 1, how: "toggle" }))).toBe("");
  });

  it("extends from where it began, in both directions, and gives back what a shorter range leaves", () => {
    expect(idsOf(play({ index: 2, how: "only" }, { index: 4, how: "range" }))).toBe("cde");
    expect(idsOf(play({ index: 2, how: "only" }, { index: 4, how: "range" }, { index: 1, how: "range" }))).toBe("bc");
    expect(idsOf(play({ index: 0, how: "only" }, { index: 3, how: "toggle" }, { index: 4, how: "add-range" }))).toBe(
      "ade",
    );
  });

  it("begins a range at the focus when nothing was chosen, and at the item itself without one", () => {
    expect(idsOf(play({ index: 1, how: "focus" }, { index: 3, how: "range" }))).toBe("bcd");
    expect(idsOf(play({ index: 3, how: "range" }))).toBe("d");
  });

  it("survives that items came and went, by their ids", () => {
    const selection = play({ index: 1, how: "only" });
    const changed = [{ id: "0" }, ...items.slice(1)];
    expect(idsOf(choose(selection, { items: changed, index: 2, how: "range" }))).toBe("bc");
    const without = items.slice(2);
    expect(idsOf(choose(selection, { items: without, index: 1, how: "range" }))).toBe("d");
  });

  it("takes all, and nothing, and leaves the keys where they are", () => {
    const all = chooseAll(play({ index: 1, how: "only" }), { items, isComing: false });
    expect(idsOf(all)).toBe("abcde");
    expect(chooseNothing(all)).toEqual({ ids: new Set(), focusId: "b", anchorId: undefined, isAll: false });
    expect(choose(all, { items, index: 9, how: "only" })).toBe(all);
  });

  it("remembers that all of a list was taken that was still coming, until something else is chosen", () => {
    const coming = chooseAll(NOTHING_SELECTED, { items, isComing: true });
    expect(coming.isAll).toBe(true);
    expect(choose(coming, { items, index: 1, how: "focus" }).isAll).toBe(true);
    for (const how of ["only", "toggle", "range", "add-range"] as const) {
      expect(choose(coming, { items, index: 1, how }).isAll, how).toBe(false);
    }
    expect(chooseNothing(coming).isAll).toBe(false);
    expect(chooseAll(coming, { items, isComing: false }).isAll).toBe(false);
  });
});

describe("typing", () => {
  const names = ["Äpfel", "Birnen", "beeren", "Bananen"].map((name) => ({ name }));
  const typed = (letters: string, from: number) => {
    let last = typeOn(undefined, letters.charAt(0), 0);
    for (const letter of letters.slice(1)) last = typeOn(last, letter, 100);
    return findTyped({ items: names, word: last.word, from });
  };

  it("goes to the next name that begins so, whatever its case, around the end", () => {
    expect(typed("b", 0)).toBe(1);
    expect(typed("b", 3)).toBe(1);
    expect(typed("ä", 2)).toBe(0);
    expect(typed("x", 0)).toBeUndefined();
  });

  it("steps on with the same letter, and stays with more of a word", () => {
    expect(typed("bb", 1)).toBe(2);
    expect(typed("be", 1)).toBe(2);
    expect(typed("bi", 1)).toBe(1);
  });

  it("begins anew after a pause", () => {
    expect(typeOn({ word: "be", atMs: 0 }, "a", 5000).word).toBe("a");
    expect(typeOn({ word: "be", atMs: 0 }, "a", 500).word).toBe("bea");
  });
});

import { describe, expect, it } from "vitest";
import type { Entry } from "../volumes/index.ts";
import { IndexedPage } from "./indexed-page.ts";
import { PageTable } from "./page-table.ts";

const id = (n: number) => new Uint8Array(16).fill(n);
const [ROOT, TRASH, A, B, LOST] = [1, 2, 3, 4, 5];

/** A folder of one page, with folders in it by name. */
function folder(node: number, parent: number | null, children: Readonly<Record<string, number>> = {}): IndexedPage {
  const entries = Object.entries(children).map(
    ([name, child]): Entry => ({ childId: id(child), type: 0, name, createdMs: 0, modifiedMs: 0, addedBy: id(9) }),
  );
  const place = { nodeId: id(node), bits: 0, bitsLength: 0, recordHash: new Uint8Array(32).fill(node) };
  const parentNodeId = parent === null ? null : id(parent);
  return IndexedPage.of(place, { entries, folder: { parentNodeId, attributes: {} } });
}

function tableOf(...pages: readonly IndexedPage[]): PageTable {
  const table = new PageTable();
  for (const page of pages) table.put(page);
  return table;
}

const below = (table: PageTable) => [...table.pagesBelow(id(ROOT), id(TRASH))].map(({ nodeId }) => nodeId[0]);
const way = (table: PageTable, node: number) => table.stepsTo(id(node), new Map()).map(({ name }) => name);

describe("the pages that a search knows", () => {
  it("are those below the root, not in the trash, and not what no way leads to", () => {
    const table = tableOf(
      folder(B, A),
      folder(A, ROOT, { b: B }),
      folder(ROOT, null, { a: A }),
      folder(TRASH, ROOT),
      folder(6, TRASH),
      folder(LOST, 77),
    );
    expect(below(table).sort()).toEqual([ROOT, A, B]);
    expect(way(table, B)).toEqual(["a", "b"]);
    table.put(folder(A, TRASH, { b: B }));
    expect(below(table)).toEqual([ROOT]);
  });

  it("end where two folders say that each lies in the other", () => {
    const table = tableOf(folder(ROOT, null), folder(A, B, { b: B }), folder(B, A, { a: A }));
    expect(below(table)).toEqual([ROOT]);
    expect(way(table, A)).toEqual(["b", "a"]);
  });

  it("know a listing that is out of date: where a folder is, its own page says", () => {
    const stale = folder(ROOT, null, { a: A, b: B });
    const right = folder(A, ROOT, { b: B });
    const table = tableOf(stale, right, folder(B, A));
    expect([0, 1].map((index) => table.isListedRightly(stale, index))).toEqual([true, false]);
    expect(table.isListedRightly(right, 0)).toBe(true);
  });

  it("answer for the very version that was asked for", () => {
    const page = folder(A, ROOT);
    const table = tableOf(page);
    expect(table.get(page)).toBe(page);
    expect(table.get({ ...page, recordHash: new Uint8Array(32) })).toBeUndefined();
    expect(table.size).toBe(1);
    table.put(folder(A, B));
    expect(table.size).toBe(1);
  });
});

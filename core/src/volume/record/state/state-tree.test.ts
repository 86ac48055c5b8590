import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount, spread } from "../../../../../scripts/test/long-mode.ts";
import { compareBytes, FormatError, toHex, uint32 } from "../../../bytes/index.ts";
import { sha256 } from "../../../primitives/index.ts";
import {
  CommitError,
  changeKey,
  decodePageList,
  encodePageList,
  endOf,
  halvesOf,
  isComplete,
  type PageRange,
  type PageRef,
  StateTree,
  VolumeIntegrityError,
  verifyStatePath,
} from "../index.ts";
import { slowRoot } from "./slow-tree.suite.ts";

const volumeId = new Uint8Array(16).fill(0xee);

/** Few distinct beginnings, so that trees grow deep. */
const nodeIdOf = (n: number): Uint8Array => {
  const id = sha256(uint32(n)).slice(0, 16);
  if (n % 3 === 0) id.fill(0xab, 0, 14);
  return id;
};
let counter = 0;
const hashOf = () => sha256(uint32(counter++));
const pageOf = (nodeId: Uint8Array, range: PageRange, version = 1): PageRef => ({
  nodeId,
  bitsLength: range.bitsLength,
  bits: range.bits,
  version,
  recordHash: hashOf(),
});
const gone = (page: PageRef): PageRef => ({ ...page, version: 0, recordHash: new Uint8Array(32) });
const byRange = (a: PageRef, b: PageRef) => compareBytes(a.nodeId, b.nodeId) || a.bits - b.bits;

function reason(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CommitError) return error.reason;
    if (error instanceof VolumeIntegrityError) return `${error.scope}: ${error.reason}`;
    return (error as Error).name;
  }
  return "accepted";
}

/** A volume as a plain map, and the changes of a random commit on it. */
class Model {
  readonly pages = new Map<string, PageRef>();

  get list(): PageRef[] {
    return [...this.pages.values()];
  }

  of(nodeId: Uint8Array): PageRef[] {
    return this.list.filter((page) => compareBytes(page.nodeId, nodeId) === 0);
  }

  commit(steps: readonly { node: number; act: number; pick: number }[]): PageRef[] {
    const changes = new Map<string, PageRef>();
    const put = (page: PageRef) => changes.set(toHex(changeKey(page.nodeId, page)), page);
    const touched = new Set<number>();
    for (const { node, act, pick } of steps) {
      if (touched.has(node)) continue;
      touched.add(node);
      const pages = this.of(nodeIdOf(node));
      const page = pages[pick % Math.max(1, pages.length)];
      if (page === undefined) {
        const start = pageOf(nodeIdOf(node), { bitsLength: 0, bits: 0 });
        for (const part of act === 0 ? this.#cut(start, pick % 7) : [start]) put(part);
      } else if (act === 0) {
        for (const old of pages) put(gone(old));
      } else if (act < 3 && page.bitsLength < 16) {
        put(gone(page));
        for (const part of this.#cut(page, 1 + (pick % 7))) put(part);
      } else {
        put(pageOf(page.nodeId, page, page.version + 1));
      }
    }
    for (const [key, page] of changes) {
      if (page.version === 0) this.pages.delete(key);
      else this.pages.set(key, page);
    }
    return [...changes.values()].sort((a, b) => compareBytes(changeKey(a.nodeId, a), changeKey(b.nodeId, b)));
  }

  #cut(page: PageRef, depth: number): PageRef[] {
    if (depth === 0 || page.bitsLength === 16) return [pageOf(page.nodeId, page)];
    return halvesOf(page).flatMap((half) => this.#cut(pageOf(page.nodeId, half), depth - 1));
  }
}

const steps = (nodes: number, size: number) =>
  fc.array(fc.record({ node: fc.nat(nodes), act: fc.nat(5), pick: fc.nat(1000) }), { minLength: 1, maxLength: size });

describe("the incremental tree", () => {
  it("has the root of the slow one after every commit, and older trees keep theirs", () => {
    fc.assert(
      fc.property(fc.array(steps(200, 60), { minLength: 1, maxLength: 8 }), (commits) => {
        const model = new Model();
        let tree: StateTree = StateTree.empty;
        const history: { tree: StateTree; root: Uint8Array; pages: number }[] = [];
        for (const commit of commits) {
          tree = tree.apply(model.commit(commit));
          const root = slowRoot(volumeId, model.list);
          expect(tree.root(volumeId)).toEqual(root);
          expect(tree.pageCount).toBe(model.pages.size);
          history.push({ tree, root, pages: model.pages.size });
        }
        expect([...tree.pages()]).toEqual(model.list.sort(byRange));
        expect(StateTree.fromPages(model.list).root(volumeId)).toEqual(tree.root(volumeId));
        for (const old of history) {
          expect(StateTree.fromPages(old.tree.pages()).root(volumeId)).toEqual(old.root);
          expect([...old.tree.pages()].length).toBe(old.pages);
        }
      }),
      { numRuns: amount({ everyday: 25, long: 500 }) },
    );
  });

  it("finds pages, folders and who holds a childId", () => {
    const model = new Model();
    const tree = StateTree.empty.apply(
      model.commit(Array.from({ length: 90 }, (_, node) => ({ node, act: node % 2, pick: 6 }))),
    );
    expect(tree.folderCount).toBe(90);
    expect([...tree.folders()]).toHaveLength(90);
    for (const page of model.list) {
      expect(tree.page(page.nodeId, page)).toEqual(page);
      const childId = sha256(page.recordHash).slice(0, 16);
      const holder = tree.pageHolding(page.nodeId, childId);
      const prefix = (childId[0]! << 8) | childId[1]!;
      expect(holder !== null && holder.bits <= prefix && prefix < endOf(holder)).toBe(true);
    }
    expect(tree.pagesOf(nodeIdOf(0))).toEqual(model.of(nodeIdOf(0)).sort(byRange));
    expect(tree.pagesOf(nodeIdOf(91))).toEqual([]);
    expect([tree.has(nodeIdOf(3)), tree.has(nodeIdOf(91))]).toEqual([true, false]);
    expect(tree.pageHolding(nodeIdOf(91), volumeId)).toBeNull();
    expect(tree.page(nodeIdOf(1), { bitsLength: 1, bits: 0 })).toBeNull();
  });

  it("travels as a page list", () => {
    const model = new Model();
    const tree = StateTree.empty.apply(
      model.commit([
        { node: 1, act: 0, pick: 5 },
        { node: 2, act: 1, pick: 0 },
      ]),
    );
    const bytes = encodePageList(tree.pages());
    expect(bytes.length).toBe(59 * tree.pageCount);
    expect(StateTree.fromPages(decodePageList(bytes)).root(volumeId)).toEqual(tree.root(volumeId));
    expect(() => StateTree.fromPages(decodePageList(bytes.subarray(1)))).toThrow(FormatError);
  });

  it("collapses to leaves again, and to nothing", () => {
    const model = new Model();
    const create = Array.from({ length: 200 }, (_, node) => ({ node, act: 1, pick: 0 }));
    const full = StateTree.empty.apply(model.commit(create));
    const fewer = full.apply(model.commit(create.slice(0, 190).map((step) => ({ ...step, act: 0 }))));
    expect(fewer.root(volumeId)).toEqual(slowRoot(volumeId, model.list));
    const none = fewer.apply(model.commit(create.slice(190).map((step) => ({ ...step, act: 0 }))));
    expect(none.root(volumeId)).toEqual(StateTree.empty.root(volumeId));
    expect([none.folderCount, none.pageCount]).toEqual([0, 0]);
  });
});

describe("changes that are refused", () => {
  const nodeId = nodeIdOf(1);
  const whole = pageOf(nodeId, { bitsLength: 0, bits: 0 });
  const [low, high] = halvesOf(whole).map((half) => pageOf(nodeId, half)) as [PageRef, PageRef];
  const one = StateTree.fromPages([whole]);
  const two = StateTree.fromPages([low, high]);

  it.each<[string, StateTree, PageRef[], string]>([
    ["a version that repeats", one, [pageOf(nodeId, whole, 1)], "page_version"],
    ["a version that jumps", one, [pageOf(nodeId, whole, 3)], "page_version"],
    ["a new page with version 2", StateTree.empty, [pageOf(nodeId, whole, 2)], "page_version"],
    ["taking away what is not there", StateTree.empty, [gone(whole)], "page_missing"],
    ["taking away half", two, [gone(low)], "folder_incomplete"],
    ["half a new folder", StateTree.empty, [low], "folder_incomplete"],
    ["a new page over an old one", one, [low], "folder_incomplete"],
    ["a split without one half", one, [gone(whole), low], "folder_incomplete"],
    ["halves that overlap", StateTree.empty, [whole, low, high], "folder_incomplete"],
    ["a merge", two, [gone(low), gone(high), whole], "pages_merged"],
  ])("%s", (_, tree, changes, expected) => {
    const before = tree.root(volumeId);
    expect(reason(() => tree.apply(changes))).toBe(expected);
    expect(tree.root(volumeId)).toEqual(before);
  });

  it("but a folder that was damaged may be made whole", () => {
    const damaged = StateTree.fromPages([low]);
    expect(damaged.isComplete(nodeId)).toBe(false);
    expect(reason(() => damaged.completePagesOf(nodeId))).toBe("folder: folder_incomplete");
    expect(damaged.apply([high]).completePagesOf(nodeId)).toHaveLength(2);
    expect(damaged.apply([gone(low), whole]).completePagesOf(nodeId)).toHaveLength(1);
    expect(reason(() => damaged.apply([pageOf(nodeId, low, 2)]))).toBe("folder_incomplete");
  });

  it("says of every folder what a slow look says", () => {
    const range = fc
      .record({ bitsLength: fc.nat(16), bits: fc.nat(65_535) })
      .map(({ bitsLength, bits }) => ({ bitsLength, bits: bits - (bits % 2 ** (16 - bitsLength)) }));
    const tiling = fc.array(fc.nat(1000), { maxLength: 120 }).map((cuts) => {
      const pages: PageRange[] = [{ bitsLength: 0, bits: 0 }];
      for (const cut of cuts) {
        const [page] = pages.splice(cut % pages.length, 1) as [PageRange];
        pages.push(...(page.bitsLength < 16 ? halvesOf(page) : [page]));
      }
      return pages;
    });
    fc.assert(
      fc.property(tiling, fc.array(range, { maxLength: 2 }), fc.nat(3), (pages, extra, missing) => {
        const kept = pages.slice(missing === 3 ? 1 : 0).concat(extra);
        const unique = [...new Map(kept.map((each) => [`${each.bits}/${each.bitsLength}`, each])).values()];
        const tree = StateTree.fromPages(unique.map((each) => pageOf(nodeId, each)));
        const sorted = unique.sort((a, b) => a.bits - b.bits || a.bitsLength - b.bitsLength);
        expect(tree.isComplete(nodeId)).toBe(unique.length === 0 || isComplete(sorted));
      }),
      { numRuns: amount({ everyday: 200, long: 5_000 }) },
    );
  });
});

describe("loading", () => {
  const page = pageOf(nodeIdOf(1), { bitsLength: 0, bits: 0 });

  it.each<[string, PageRef[]]>([
    ["a page twice", [page, page]],
    ["version 0", [{ ...page, version: 0 }]],
    ["impossible bits", [{ ...page, bitsLength: 3, bits: 1 }]],
    ["17 bits", [{ ...page, bitsLength: 17 }]],
    ["a short id", [{ ...page, nodeId: page.nodeId.subarray(1) }]],
    ["a short hash", [{ ...page, recordHash: page.recordHash.subarray(1) }]],
  ])("refuses %s", (_, pages) => {
    expect(() => StateTree.fromPages(pages)).toThrow(FormatError);
  });

  it("refuses a page that another batch brought", () => {
    expect(() => StateTree.fromPages([page]).withPages([page])).toThrow(FormatError);
  });
});

describe("state paths", () => {
  const model = new Model();
  const tree = StateTree.empty
    .apply(model.commit(Array.from({ length: 300 }, (_, node) => ({ node, act: node % 2, pick: node }))))
    .apply(model.commit(Array.from({ length: 80 }, (_, node) => ({ node: node * 3, act: 1, pick: node * 5 }))));
  const stateRoot = tree.root(volumeId);
  const ask = (path: Uint8Array, nodeId: Uint8Array, range: PageRange, root = stateRoot) =>
    verifyStatePath({ path, volumeId, stateRoot: root, nodeId, range });

  it("prove every page", () => {
    for (const page of spread(model.list, amount({ everyday: 150, long: model.list.length }))) {
      const path = tree.prove(page.nodeId, page);
      // Ids made to collide give long paths; honest ones stay under 12 KiB.
      expect(path.length).toBeLessThanOrEqual(64 * 1024);
      expect(ask(path, page.nodeId, page)).toEqual({ version: page.version, recordHash: page.recordHash });
    }
  });

  it("prove absence: of folders, of pages, of everything", () => {
    for (let node = 300; node < 400; node++) {
      expect(
        ask(tree.prove(nodeIdOf(node), { bitsLength: 0, bits: 0 }), nodeIdOf(node), { bitsLength: 0, bits: 0 }),
      ).toBeNull();
    }
    const range = { bitsLength: 16, bits: 12_345 };
    expect(tree.page(nodeIdOf(2), range)).toBeNull();
    expect(ask(tree.prove(nodeIdOf(2), range), nodeIdOf(2), range)).toBeNull();
    const empty = StateTree.empty.root(volumeId);
    expect(ask(StateTree.empty.prove(nodeIdOf(1), range), nodeIdOf(1), range, empty)).toBeNull();
    const small = StateTree.fromPages(model.list.slice(0, 1));
    expect(ask(small.prove(nodeIdOf(999), range), nodeIdOf(999), range, small.root(volumeId))).toBeNull();
  });

  it("never prove anything else: mutations, other keys, other roots", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (pick, at, difference) => {
        const page = model.list[pick % model.list.length] as PageRef;
        const path = tree.prove(page.nodeId, page);
        const altered = path.slice();
        altered[at % path.length] = (altered[at % path.length] as number) ^ difference;
        expect(["page: state_path", "FormatError"]).toContain(reason(() => ask(altered, page.nodeId, page)));
      }),
      { numRuns: amount({ everyday: 150, long: 20_000 }) },
    );
    const [a, b] = [model.list[0] as PageRef, model.list.at(-1) as PageRef];
    const path = tree.prove(a.nodeId, a);
    expect(reason(() => ask(path, b.nodeId, b))).not.toBe("accepted");
    expect(reason(() => ask(path, a.nodeId, a, sha256(stateRoot)))).toBe("page: state_path");
    expect(reason(() => ask(path.subarray(0, -1), a.nodeId, a))).toBe("FormatError");
    expect(reason(() => ask(Uint8Array.of(...path, 0), a.nodeId, a))).toBe("FormatError");
    expect(reason(() => ask(Uint8Array.of(33), a.nodeId, a))).toBe("FormatError");
    expect(reason(() => ask(Uint8Array.of(0, 65), a.nodeId, a))).toBe("FormatError");
    expect(reason(() => ask(Uint8Array.of(0, 0), a.nodeId, a))).toBe("page: state_path");
    expect(reason(() => ask(path, a.nodeId, { bitsLength: 3, bits: 1 }))).toBe("FormatError");
  });

  it("refuse a small tree that is drawn as an interior node", () => {
    const few = StateTree.fromPages(model.list.slice(0, 1));
    const [page] = model.list as [PageRef];
    // depth 1 with one child that holds the only item: hashes fit, counts do not.
    const leaf = few.prove(page.nodeId, page).subarray(0, 2 + 48);
    const body = new Uint8Array(576);
    const at = ((page.nodeId[0] as number) >> 4) * 36;
    body.set(uint32(1), at);
    body.set(sha256(Uint8Array.of(0), leaf.subarray(2)), at + 4);
    const path = Uint8Array.of(1, ...body, ...leaf.subarray(1), ...few.prove(page.nodeId, page).subarray(50));
    expect(reason(() => ask(path, page.nodeId, page, few.root(volumeId)))).toBe("page: state_path");
  });
});

import { compareBytes, equalBytes, readUint, toHex, writeUint } from "../../bytes/index.ts";
import { CommitError } from "./errors.ts";
import { endOf, MAX_BITS_LENGTH, type PageRange, rangeCovers, widthOf } from "./page-range.ts";
import {
  type Edit,
  findItem,
  isLeaf,
  type Leaf,
  leavesOf,
  type TreeNode,
  type TreeShape,
  updateTree,
} from "./tree-node.ts";

/** A page as the state names it. */
export interface PageRef extends PageRange {
  readonly nodeId: Uint8Array;
  /** 1 and up; in a change, 0 means that the page is gone. */
  readonly version: number;
  /** SHA-256 of the page record; in a change, zero if the page is gone. */
  readonly recordHash: Uint8Array;
}

/** key = bits2 ‖ bitsLength1, value = version8 ‖ recordHash32 (cryptography.md §5). */
export const PAGE_SHAPE: TreeShape = { keyLength: 3, hashedLength: 43, stride: 43 };
const VERSION_OFFSET = 3;
const HASH_OFFSET = 11;

export function pageKey({ bits, bitsLength }: PageRange): Uint8Array {
  return Uint8Array.of(bits >> 8, bits & 0xff, bitsLength);
}

export function pageItem(page: PageRef): Uint8Array {
  const item = new Uint8Array(PAGE_SHAPE.stride);
  item.set(pageKey(page));
  writeUint(item, VERSION_OFFSET, 8, page.version);
  item.set(page.recordHash, HASH_OFFSET);
  return item;
}

/** The page at `offset` of a leaf's items; its bytes are copies, so that they do not keep the leaf alive. */
export function readPageItem(nodeId: Uint8Array, items: Uint8Array, offset: number): PageRef {
  return {
    nodeId,
    bits: readUint(items, offset, 2),
    bitsLength: items[offset + 2] as number,
    version: readUint(items, offset + VERSION_OFFSET, 8),
    recordHash: items.slice(offset + HASH_OFFSET, offset + PAGE_SHAPE.stride),
  };
}

/** A tree of the one page that is inlined in its folder's item. */
export function singlePage(item: Uint8Array, hash: Leaf["hash"]): Leaf {
  return { count: 1, items: item, links: null, hash };
}

export function findPage(pages: TreeNode | null, nodeId: Uint8Array, range: PageRange): PageRef | null {
  const found = findItem(PAGE_SHAPE, pages, pageKey(range));
  return found === null ? null : readPageItem(nodeId, found.leaf.items, found.index * PAGE_SHAPE.stride);
}

/** The longest page of the tree that covers all of `range` and is not longer than `maxBitsLength`. */
export function findCoveringPage(
  pages: TreeNode | null,
  nodeId: Uint8Array,
  range: PageRange,
  maxBitsLength = MAX_BITS_LENGTH,
): PageRef | null {
  for (let bitsLength = Math.min(maxBitsLength, range.bitsLength); bitsLength >= 0; bitsLength--) {
    const page = findPage(pages, nodeId, { bitsLength, bits: range.bits - (range.bits % widthOf(bitsLength)) });
    if (page !== null) return page;
  }
  return null;
}

/** Pages in order of bits. */
export function* pagesOfTree(pages: TreeNode | null, nodeId: Uint8Array): Generator<PageRef> {
  for (const { items } of leavesOf(pages)) {
    for (let offset = 0; offset < items.length; offset += PAGE_SHAPE.stride) yield readPageItem(nodeId, items, offset);
  }
}

/** The prefixes from … to - 1 that a run of pages covers without gap or overlap; null if it has one. */
type Coverage = { readonly from: number; readonly to: number } | null;

// Kept per branch, so that the check after a change costs as much as the change, not as the folder.
const knownCoverage = new WeakMap<TreeNode, { readonly value: Coverage }>();

function coverageOf(node: TreeNode): Coverage {
  if (isLeaf(node)) return leafCoverage(node);
  let known = knownCoverage.get(node);
  if (known === undefined) {
    known = { value: joined(node.children.filter((child) => child !== null).map(coverageOf)) };
    knownCoverage.set(node, known);
  }
  return known.value;
}

function leafCoverage({ items }: Leaf): Coverage {
  const runs: Coverage[] = [];
  for (let offset = 0; offset < items.length; offset += PAGE_SHAPE.stride) {
    const range = { bits: readUint(items, offset, 2), bitsLength: items[offset + 2] as number };
    runs.push({ from: range.bits, to: endOf(range) });
  }
  return joined(runs);
}

function joined(runs: readonly Coverage[]): Coverage {
  const [first] = runs;
  if (first === undefined || first === null) return null;
  let { to } = first;
  for (const run of runs.slice(1)) {
    if (run === null || run.from !== to) return null;
    to = run.to;
  }
  return { from: first.from, to };
}

/** Whether the folder has no page, or pages that cover every childId exactly once. */
export function isCompleteTree(pages: TreeNode | null): boolean {
  if (pages === null) return true;
  const coverage = coverageOf(pages);
  return coverage !== null && coverage.from === 0 && coverage.to === 2 ** MAX_BITS_LENGTH;
}

function keyOrder(a: Edit, b: Edit): number {
  return compareBytes(a.key, b.key);
}

/**
 * Applies the changes of one folder (docs/spec/volumes.md §5). Throws CommitError `page_missing`, `page_version`,
 * `pages_merged` or `folder_incomplete`.
 */
export function applyToFolder(before: TreeNode | null, changes: readonly PageRef[]): TreeNode | null {
  const wasComplete = isCompleteTree(before);
  const edits = changes.map((change): Edit => {
    const old = findPage(before, change.nodeId, change);
    if (change.version === 0) {
      if (old === null) throw refused("page_missing", change);
      return { key: pageKey(change), item: null, link: null };
    }
    if (change.version !== (old?.version ?? 0) + 1) throw refused("page_version", change);
    if (old === null && before !== null && wasComplete && isMerge(before, change))
      throw refused("pages_merged", change);
    return { key: pageKey(change), item: pageItem(change), link: null };
  });
  const after = updateTree(PAGE_SHAPE, before, edits.sort(keyOrder));
  if (!isCompleteTree(after)) throw refused("folder_incomplete", changes[0] as PageRef);
  return after;
}

// Pages never merge: in a complete folder a new page can only be a part of one that stood there.
function isMerge(before: TreeNode, fresh: PageRef): boolean {
  const source = findCoveringPage(before, fresh.nodeId, fresh, fresh.bitsLength - 1);
  return source === null || !rangeCovers(source, fresh);
}

/** Puts in pages that were not there, without any rule of succession. Gives null if one is there already. */
export function insertPages(before: TreeNode | null, pages: readonly PageRef[]): TreeNode | null {
  const edits = pages.map((page): Edit => ({ key: pageKey(page), item: pageItem(page), link: null })).sort(keyOrder);
  const after = updateTree(PAGE_SHAPE, before, edits);
  const repeated = edits.some(({ key }, i) => i > 0 && equalBytes(key, (edits[i - 1] as Edit).key));
  return repeated || (after?.count ?? 0) !== (before?.count ?? 0) + pages.length ? null : after;
}

function refused(
  reason: "page_missing" | "page_version" | "pages_merged" | "folder_incomplete",
  page: PageRef,
): CommitError {
  const { bits, bitsLength } = page;
  return new CommitError(reason, { nodeId: toHex(page.nodeId), bits, bitsLength });
}

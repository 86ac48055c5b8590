import { type Bytes, concatBytes, readUint, toHex, uint16, writeUint } from "../../../bytes/index.ts";
import { CommitError } from "../errors.ts";
import { endOf, MAX_BITS_LENGTH, type PageRange, rangeCovers, widthOf } from "./page-range.ts";
import {
  type Edits,
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

/** The first 19 bytes of a page in a change or a list: nodeId16 ‖ bitsLength1 ‖ bits2. */
export function changeKey(nodeId: Uint8Array, { bitsLength, bits }: PageRange): Bytes {
  return concatBytes(nodeId, Uint8Array.of(bitsLength), uint16(bits));
}

function writePageItem(items: Uint8Array, offset: number, page: PageRef): void {
  items[offset] = page.bits >> 8;
  items[offset + 1] = page.bits & 0xff;
  items[offset + 2] = page.bitsLength;
  writeUint(items, offset + VERSION_OFFSET, 8, page.version);
  items.set(page.recordHash, offset + HASH_OFFSET);
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

function findPageItem(pages: TreeNode | null, range: PageRange): { leaf: Leaf; index: number } | null {
  return findItem(PAGE_SHAPE, pages, pageKey(range));
}

export function findPage(pages: TreeNode | null, nodeId: Uint8Array, range: PageRange): PageRef | null {
  const found = findPageItem(pages, range);
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

function keyOrder(a: PageRef, b: PageRef): number {
  return a.bits - b.bits || a.bitsLength - b.bitsLength;
}

function editPages(before: TreeNode | null, pages: readonly PageRef[]): TreeNode | null {
  const sorted = pages.length === 1 ? pages : pages.toSorted(keyOrder);
  const items = new Uint8Array(sorted.length * PAGE_SHAPE.stride);
  for (const [i, page] of sorted.entries()) writePageItem(items, i * PAGE_SHAPE.stride, page);
  const edits: Edits = { count: sorted.length, items, removed: sorted.map((page) => page.version === 0), links: null };
  // By far the most frequent case: the one page of a small folder is new, or another version.
  const [only] = sorted;
  const isAlone = before === null || (before.count === 1 && only !== undefined && findPageItem(before, only) !== null);
  if (sorted.length === 1 && isAlone) return edits.removed[0] === true ? null : singlePage(items, null);
  return updateTree(PAGE_SHAPE, before, edits);
}

/**
 * Applies the changes of one folder (docs/spec/volumes.md §5). Throws CommitError `page_missing`, `page_version`,
 * `pages_merged` or `folder_incomplete`.
 */
export function applyToFolder(before: TreeNode | null, changes: readonly PageRef[]): TreeNode | null {
  const mayNotMerge = before !== null && isCompleteTree(before);
  for (const change of changes) {
    const old = findPage(before, change.nodeId, change);
    if (change.version === 0) {
      if (old === null) throw refused("page_missing", change);
    } else if (change.version !== (old?.version ?? 0) + 1) {
      throw refused("page_version", change);
    } else if (old === null && mayNotMerge && isMerge(before, change)) {
      throw refused("pages_merged", change);
    }
  }
  const after = editPages(before, changes);
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
  const names = new Set(pages.length === 1 ? [] : pages.map(({ bits, bitsLength }) => bits * 32 + bitsLength));
  if (pages.length > 1 && names.size !== pages.length) return null;
  const after = editPages(before, pages);
  return (after?.count ?? 0) === (before?.count ?? 0) + pages.length ? after : null;
}

function refused(
  reason: "page_missing" | "page_version" | "pages_merged" | "folder_incomplete",
  page: PageRef,
): CommitError {
  const { bits, bitsLength } = page;
  return new CommitError(reason, { nodeId: toHex(page.nodeId), bits, bitsLength });
}

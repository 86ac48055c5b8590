import { type Bytes, compareBytes, FormatError, toHex } from "../../../bytes/index.ts";
import { hashLabelled } from "../../../labels/index.ts";
import { VolumeIntegrityError } from "../errors.ts";
import { type PageRange, prefixOf, requirePageRange } from "./page-range.ts";
import {
  applyToFolder,
  findCoveringPage,
  findPage,
  insertPages,
  isCompleteTree,
  PAGE_SHAPE,
  type PageRef,
  pagesOfTree,
  singlePage,
} from "./page-tree.ts";
import { encodeStatePath } from "./state-path.ts";
import {
  type Edits,
  findItem,
  hashOf,
  type Leaf,
  leavesOf,
  type TreeNode,
  type TreeShape,
  updateTree,
} from "./tree-node.ts";

/** key = nodeId16, value = folderRoot32; then, not hashed, the folder's page if it has only one. */
export const FOLDER_SHAPE: TreeShape = { keyLength: 16, hashedLength: 48, stride: 48 + PAGE_SHAPE.stride };
const ROOT_OFFSET = 16;
const PAGE_OFFSET = 48;
const LOAD_BATCH = 4096;

/**
 * All current pages of a volume under their state root (cryptography.md §5). Immutable: a change gives a new tree that
 * shares what did not change, so a refused commit costs nothing and the old tree stays valid.
 */
export class StateTree {
  static readonly empty = new StateTree(null, 0);

  readonly #folders: TreeNode | null;
  readonly pageCount: number;

  private constructor(folders: TreeNode | null, pageCount: number) {
    this.#folders = folders;
    this.pageCount = pageCount;
  }

  /**
   * The tree of a page list, in any order. Throws FormatError if a page is impossible or comes twice. Nothing is
   * proven yet: compare `root` with a signed state root. See `withPages` for building it in slices.
   */
  static fromPages(pages: Iterable<PageRef>): StateTree {
    let tree: StateTree = StateTree.empty;
    let batch: PageRef[] = [];
    for (const page of pages) {
      batch.push(page);
      // Batches grow with the tree, so that every leaf is rewritten a few times only.
      if (batch.length >= Math.max(LOAD_BATCH, tree.pageCount)) {
        tree = tree.withPages(batch);
        batch = [];
      }
    }
    return batch.length === 0 ? tree : tree.withPages(batch);
  }

  get folderCount(): number {
    return this.#folders?.count ?? 0;
  }

  /** Adds pages that are not in the tree, without any rule of succession: for loading, never for commits. */
  withPages(pages: readonly PageRef[]): StateTree {
    for (const page of pages) requirePage(page);
    return this.#updated(pages, (before, added) => {
      const after = insertPages(before, added);
      if (after === null) throw new FormatError("The page list names a page twice.");
      return after;
    });
  }

  /**
   * The tree after a commit's changes. Throws CommitError `page_missing`, `page_version`, `pages_merged` or
   * `folder_incomplete`; this tree stays as it is.
   */
  apply(changes: readonly PageRef[]): StateTree {
    return this.#updated(changes, applyToFolder);
  }

  /** The state root: SHA-256("excalibur/v3/state" ‖ 00 ‖ volumeId ‖ T(folders)). */
  root(volumeId: Uint8Array): Bytes {
    return hashLabelled("state", volumeId, hashOf(FOLDER_SHAPE, this.#folders));
  }

  has(nodeId: Uint8Array): boolean {
    return findItem(FOLDER_SHAPE, this.#folders, nodeId) !== null;
  }

  page(nodeId: Uint8Array, range: PageRange): PageRef | null {
    return findPage(this.#pagesNode(nodeId), nodeId, range);
  }

  /** The page that holds a childId, or null if there is none (no such folder, or a gap). */
  pageHolding(nodeId: Uint8Array, childId: Uint8Array): PageRef | null {
    return findCoveringPage(this.#pagesNode(nodeId), nodeId, { bitsLength: 16, bits: prefixOf(childId) });
  }

  /** The page that covers all of `range` (itself, or the one that was split), or null. */
  pageCovering(nodeId: Uint8Array, range: PageRange): PageRef | null {
    return findCoveringPage(this.#pagesNode(nodeId), nodeId, range);
  }

  /** A folder's pages by bits; none if there is no such folder. Completeness is not checked here. */
  pagesOf(nodeId: Uint8Array): PageRef[] {
    return [...pagesOfTree(this.#pagesNode(nodeId), nodeId)];
  }

  /** Whether the folder is absent, or its pages cover every childId exactly once. */
  isComplete(nodeId: Uint8Array): boolean {
    return isCompleteTree(this.#pagesNode(nodeId));
  }

  /** As `pagesOf`. Throws VolumeIntegrityError of scope folder if the pages have a gap or overlap. */
  completePagesOf(nodeId: Uint8Array): PageRef[] {
    if (!this.isComplete(nodeId)) {
      throw new VolumeIntegrityError("folder", "folder_incomplete", { nodeId: toHex(nodeId) });
    }
    return this.pagesOf(nodeId);
  }

  /** All nodeIds, in order. */
  *folders(): Generator<Bytes> {
    for (const leaf of leavesOf(this.#folders)) {
      for (let i = 0; i < leaf.count; i++) yield nodeIdAt(leaf, i);
    }
  }

  /** All pages, by nodeId, then bits. */
  *pages(): Generator<PageRef> {
    for (const leaf of leavesOf(this.#folders)) {
      for (let i = 0; i < leaf.count; i++) yield* pagesOfTree(pagesNodeAt(leaf, i), nodeIdAt(leaf, i));
    }
  }

  /** The state path of a page, or of its absence (docs/spec/volumes.md §7); see `verifyStatePath`. */
  prove(nodeId: Uint8Array, range: PageRange): Bytes {
    return encodeStatePath({ folders: this.#folders, pages: this.#pagesNode(nodeId), nodeId, range });
  }

  #pagesNode(nodeId: Uint8Array): TreeNode | null {
    const found = findItem(FOLDER_SHAPE, this.#folders, nodeId);
    return found === null ? null : pagesNodeAt(found.leaf, found.index);
  }

  #updated(
    pages: readonly PageRef[],
    change: (before: TreeNode | null, group: readonly PageRef[]) => TreeNode | null,
  ): StateTree {
    const groups = groupByFolder(pages);
    const edits = new FolderEdits(groups.length);
    let pageCount = this.pageCount;
    for (const group of groups) {
      const { nodeId } = group[0] as PageRef;
      const before = this.#pagesNode(nodeId);
      const after = change(before, group);
      pageCount += (after?.count ?? 0) - (before?.count ?? 0);
      edits.add(nodeId, after);
    }
    return new StateTree(updateTree(FOLDER_SHAPE, this.#folders, edits), pageCount);
  }
}

/** Edits of the folder tree, in the order of nodeIds. */
class FolderEdits implements Edits {
  readonly items: Uint8Array;
  readonly removed: boolean[] = [];
  readonly links: (TreeNode | null)[] = [];

  constructor(limit: number) {
    this.items = new Uint8Array(limit * FOLDER_SHAPE.stride);
  }

  get count(): number {
    return this.removed.length;
  }

  add(nodeId: Uint8Array, pages: TreeNode | null): void {
    const offset = this.count * FOLDER_SHAPE.stride;
    this.items.set(nodeId, offset);
    this.removed.push(pages === null);
    this.links.push(pages !== null && pages.count > 1 ? pages : null);
    if (pages === null) return;
    this.items.set(hashOf(PAGE_SHAPE, pages), offset + ROOT_OFFSET);
    // A tree of one page is always a leaf (see Note: One tree for folders and pages).
    if (pages.count === 1) this.items.set((pages as Leaf).items, offset + PAGE_OFFSET);
  }
}

function requirePage(page: PageRef): void {
  requirePageRange(page);
  if (page.nodeId.length !== 16 || page.recordHash.length !== 32 || page.version < 1) {
    throw new FormatError("The page list holds an impossible page.");
  }
}

function groupByFolder(pages: readonly PageRef[]): PageRef[][] {
  const byNodeId = (a: PageRef, b: PageRef) => compareBytes(a.nodeId, b.nodeId);
  const isSorted = pages.every((page, i) => i === 0 || byNodeId(pages[i - 1] as PageRef, page) <= 0);
  const groups: PageRef[][] = [];
  for (const page of isSorted ? pages : pages.toSorted(byNodeId)) {
    const last = groups.at(-1);
    if (last !== undefined && byNodeId(last[0] as PageRef, page) === 0) last.push(page);
    else groups.push([page]);
  }
  return groups;
}

function nodeIdAt(leaf: Leaf, index: number): Bytes {
  const offset = index * FOLDER_SHAPE.stride;
  return leaf.items.slice(offset, offset + ROOT_OFFSET) as Bytes;
}

function pagesNodeAt(leaf: Leaf, index: number): TreeNode {
  const link = leaf.links?.[index];
  if (link !== undefined && link !== null) return link;
  const offset = index * FOLDER_SHAPE.stride;
  const hash = leaf.items.slice(offset + ROOT_OFFSET, offset + PAGE_OFFSET) as Bytes;
  return singlePage(leaf.items.subarray(offset + PAGE_OFFSET, offset + FOLDER_SHAPE.stride), hash);
}

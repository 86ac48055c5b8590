import type { Bytes } from "../../bytes/index.ts";
import { writeUint } from "../../bytes/index.ts";
import { sha256 } from "../../primitives/index.ts";

/**
 * [Note: One tree for folders and pages]
 * T(S, d) of cryptography.md §5 is used twice: over the pages of a folder and over the folders of a volume. Both are
 * the same persistent tree: nodes never change, an update makes new nodes on the way to what it touches and shares all
 * others. So a refused commit leaves the old tree as it was, and an accepted one costs O(changes × depth).
 * Leaves hold up to 64 items in one packed array (key, value and, for folders, the inlined single page), because
 * a hundred thousand folders of one page each would otherwise be several hundred thousand small objects.
 */

export const LEAF_LIMIT = 64;
export const FAN_OUT = 16;
export const BRANCH_BODY_LENGTH = FAN_OUT * 36;
const HASH_LENGTH = 32;

/** How items of one tree lie in a leaf: key ‖ rest of what is hashed ‖ what is only carried along. */
export interface TreeShape {
  readonly keyLength: number;
  /** Key and value: what a leaf's hash covers of each item. */
  readonly hashedLength: number;
  readonly stride: number;
}

export interface Leaf {
  readonly count: number;
  readonly items: Uint8Array;
  /** Of each item, the tree it stands for if that is not inlined; null if all are inlined. */
  readonly links: readonly (TreeNode | null)[] | null;
  hash: Bytes | null;
}

export interface Branch {
  readonly count: number;
  readonly children: readonly (TreeNode | null)[];
  hash: Bytes | null;
}

export type TreeNode = Leaf | Branch;

export interface Edit {
  readonly key: Uint8Array;
  /** The new item (stride bytes, beginning with the key), or null to remove it. */
  readonly item: Uint8Array | null;
  readonly link: TreeNode | null;
}

export function isLeaf(node: TreeNode): node is Leaf {
  return "items" in node;
}

/** The nibble of a key that decides at this depth: the high half of a byte first. */
export function nibbleAt(bytes: Uint8Array, keyOffset: number, depth: number): number {
  const byte = bytes[keyOffset + (depth >> 1)] as number;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

export const EMPTY_ROOT: Bytes = new Uint8Array(HASH_LENGTH);

/** T of the node; computed once. */
export function hashOf(shape: TreeShape, node: TreeNode | null): Bytes {
  if (node === null) return EMPTY_ROOT;
  node.hash ??= isLeaf(node) ? sha256(leafPreimage(shape, node)) : sha256(branchPreimage(shape, node));
  return node.hash;
}

function leafPreimage({ hashedLength, stride }: TreeShape, { count, items }: Leaf): Bytes {
  const preimage = new Uint8Array(1 + count * hashedLength);
  for (let i = 0; i < count; i++) {
    preimage.set(items.subarray(i * stride, i * stride + hashedLength), 1 + i * hashedLength);
  }
  return preimage;
}

function branchPreimage(shape: TreeShape, branch: Branch): Bytes {
  const preimage = new Uint8Array(1 + BRANCH_BODY_LENGTH);
  preimage[0] = 1;
  for (const [i, child] of branch.children.entries()) {
    writeUint(preimage, 1 + i * 36, 4, child?.count ?? 0);
    preimage.set(hashOf(shape, child), 1 + i * 36 + 4);
  }
  return preimage;
}

/** The 576 bytes of an interior node: 16 × (count4 ‖ hash32). */
export function branchBody(shape: TreeShape, branch: Branch): Uint8Array {
  return branchPreimage(shape, branch).subarray(1);
}

/** The leaf and place of a key, or null. */
export function findItem(
  shape: TreeShape,
  root: TreeNode | null,
  key: Uint8Array,
): { leaf: Leaf; index: number } | null {
  let node = root;
  for (let depth = 0; node !== null && !isLeaf(node); depth++) {
    node = node.children[nibbleAt(key, 0, depth)] as TreeNode | null;
  }
  if (node === null) return null;
  let low = 0;
  let high = node.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys(node.items, middle * shape.stride, key, shape.keyLength);
    if (order === 0) return { leaf: node, index: middle };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
}

function compareKeys(items: Uint8Array, offset: number, key: Uint8Array, keyLength: number): number {
  for (let i = 0; i < keyLength; i++) {
    const difference = (items[offset + i] as number) - (key[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Applies edits, sorted and unique by key, and gives the new root; the old one stays as it is. */
export function updateTree(shape: TreeShape, root: TreeNode | null, edits: readonly Edit[]): TreeNode | null {
  return updateNode(shape, root, { edits, from: 0, to: edits.length }, 0);
}

interface EditRun {
  readonly edits: readonly Edit[];
  readonly from: number;
  readonly to: number;
}

function updateNode(shape: TreeShape, node: TreeNode | null, run: EditRun, depth: number): TreeNode | null {
  if (run.from === run.to) return node;
  if (node === null || isLeaf(node)) return build(shape, mergeIntoLeaf(shape, node, run), depth);
  const children: (TreeNode | null)[] = [];
  let count = 0;
  let at = run.from;
  for (const [nibble, child] of node.children.entries()) {
    const from = at;
    while (at < run.to && nibbleAt((run.edits[at] as Edit).key, 0, depth) === nibble) at++;
    const updated = updateNode(shape, child, { edits: run.edits, from, to: at }, depth + 1);
    children.push(updated);
    count += updated?.count ?? 0;
  }
  if (count === 0) return null;
  const branch: Branch = { count, children, hash: null };
  return count > LEAF_LIMIT ? branch : collapse(shape, branch);
}

/** Items in key order, packed, as a leaf of any size. */
interface Packed {
  readonly items: Uint8Array;
  readonly links: (TreeNode | null)[] | null;
  readonly from: number;
  readonly to: number;
}

function mergeIntoLeaf(shape: TreeShape, leaf: Leaf | null, { edits, from, to }: EditRun): Packed {
  const { keyLength, stride } = shape;
  const oldCount = leaf?.count ?? 0;
  const items = new Uint8Array((oldCount + to - from) * stride);
  const links: (TreeNode | null)[] = [];
  let count = 0;
  let old = 0;
  const keep = (until: Uint8Array | null) => {
    while (
      leaf !== null &&
      old < oldCount &&
      (until === null || compareKeys(leaf.items, old * stride, until, keyLength) < 0)
    ) {
      items.set(leaf.items.subarray(old * stride, (old + 1) * stride), count * stride);
      links.push(leaf.links?.[old] ?? null);
      count++;
      old++;
    }
  };
  for (let i = from; i < to; i++) {
    const edit = edits[i] as Edit;
    keep(edit.key);
    if (leaf !== null && old < oldCount && compareKeys(leaf.items, old * stride, edit.key, keyLength) === 0) old++;
    if (edit.item === null) continue;
    items.set(edit.item, count * stride);
    links.push(edit.link);
    count++;
  }
  keep(null);
  return { items, links: links.some((link) => link !== null) ? links : null, from: 0, to: count };
}

function build(shape: TreeShape, packed: Packed, depth: number): TreeNode | null {
  const { items, links, from, to } = packed;
  const count = to - from;
  if (count === 0) return null;
  if (count <= LEAF_LIMIT) {
    const own = links?.slice(from, to) ?? null;
    return {
      count,
      items: items.slice(from * shape.stride, to * shape.stride),
      links: own?.some((link) => link !== null) ? own : null,
      hash: null,
    };
  }
  const children: (TreeNode | null)[] = [];
  let at = from;
  for (let nibble = 0; nibble < FAN_OUT; nibble++) {
    const start = at;
    while (at < to && nibbleAt(items, at * shape.stride, depth) === nibble) at++;
    children.push(build(shape, { items, links, from: start, to: at }, depth + 1));
  }
  return { count, children, hash: null };
}

function collapse(shape: TreeShape, branch: Branch): Leaf {
  const items = new Uint8Array(branch.count * shape.stride);
  const links: (TreeNode | null)[] = [];
  for (const leaf of leavesOf(branch)) {
    items.set(leaf.items, links.length * shape.stride);
    for (let i = 0; i < leaf.count; i++) links.push(leaf.links?.[i] ?? null);
  }
  return { count: branch.count, items, links: links.some((link) => link !== null) ? links : null, hash: null };
}

/** All leaves in key order. */
export function* leavesOf(node: TreeNode | null): Generator<Leaf> {
  if (node === null) return;
  if (isLeaf(node)) {
    yield node;
    return;
  }
  for (const child of node.children) yield* leavesOf(child);
}

import type { Bytes } from "../../../bytes/index.ts";
import { writeUint } from "../../../bytes/index.ts";
import { sha256 } from "../../../primitives/index.ts";

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

/**
 * Edits of one tree, sorted and unique by key: edit i is the item (stride bytes, beginning with its key) at i × stride,
 * to be put in or, if `removed` says so, taken out.
 */
export interface Edits {
  readonly count: number;
  readonly items: Uint8Array;
  readonly removed: readonly boolean[];
  /** As in a leaf. */
  readonly links: readonly (TreeNode | null)[] | null;
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
  if (hashedLength === stride) {
    preimage.set(items, 1);
    return preimage;
  }
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
    const order = compareKeys({ bytes: node.items, at: middle * shape.stride }, { bytes: key, at: 0 }, shape.keyLength);
    if (order === 0) return { leaf: node, index: middle };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
}

interface KeyAt {
  readonly bytes: Uint8Array;
  readonly at: number;
}

function compareKeys(a: KeyAt, b: KeyAt, keyLength: number): number {
  for (let i = 0; i < keyLength; i++) {
    const difference = (a.bytes[a.at + i] as number) - (b.bytes[b.at + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Applies edits and gives the new root; the old one stays as it is. */
export function updateTree(shape: TreeShape, root: TreeNode | null, edits: Edits): TreeNode | null {
  return updateNode(shape, root, { edits, from: 0, to: edits.count }, 0);
}

interface EditRun {
  readonly edits: Edits;
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
    while (at < run.to && nibbleAt(run.edits.items, at * shape.stride, depth) === nibble) at++;
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
  readonly links: readonly (TreeNode | null)[] | null;
  readonly from: number;
  readonly to: number;
}

/** Collects items from several places in key order. */
class Packing {
  readonly #items: Uint8Array;
  readonly #links: (TreeNode | null)[] | null;
  readonly #stride: number;
  #count = 0;

  constructor(stride: number, limit: number, withLinks: boolean) {
    this.#stride = stride;
    this.#items = new Uint8Array(limit * stride);
    this.#links = withLinks ? [] : null;
  }

  take({ items, links }: Pick<Leaf, "items" | "links">, from: number, to: number): void {
    if (from === to) return;
    this.#items.set(items.subarray(from * this.#stride, to * this.#stride), this.#count * this.#stride);
    this.#count += to - from;
    if (this.#links !== null) for (let i = from; i < to; i++) this.#links.push(links?.[i] ?? null);
  }

  finish(): Packed {
    return { items: this.#items, links: this.#links, from: 0, to: this.#count };
  }
}

const EMPTY_LEAF: Leaf = { count: 0, items: new Uint8Array(0), links: null, hash: null };

function mergeIntoLeaf({ keyLength, stride }: TreeShape, leaf: Leaf | null, { edits, from, to }: EditRun): Packed {
  const old = leaf ?? EMPTY_LEAF;
  const packing = new Packing(stride, old.count + to - from, old.links !== null || edits.links !== null);
  let kept = 0;
  for (let i = from; i < to; i++) {
    const key = { bytes: edits.items, at: i * stride };
    let next = kept;
    let order = -1;
    while (next < old.count) {
      order = compareKeys({ bytes: old.items, at: next * stride }, key, keyLength);
      if (order >= 0) break;
      next++;
    }
    packing.take(old, kept, next);
    if (edits.removed[i] !== true) packing.take(edits, i, i + 1);
    kept = next < old.count && order === 0 ? next + 1 : next;
  }
  packing.take(old, kept, old.count);
  return packing.finish();
}

function build(shape: TreeShape, packed: Packed, depth: number): TreeNode | null {
  const { items, links, from, to } = packed;
  const count = to - from;
  if (count === 0) return null;
  if (count <= LEAF_LIMIT) {
    const own = links?.slice(from, to);
    return {
      count,
      // A copy of its own length: a view would keep all that was packed beside it alive.
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

function collapse(shape: TreeShape, branch: Branch): TreeNode | null {
  const packing = new Packing(shape.stride, branch.count, true);
  for (const leaf of leavesOf(branch)) packing.take(leaf, 0, leaf.count);
  return build(shape, packing.finish(), 0);
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

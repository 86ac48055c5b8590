import { type Bytes, FormatError } from "../../bytes/index.ts";
import { createSha256, type IncrementalHash, type MaybePromise, sha256, sha256Async } from "../../primitives/index.ts";
import { EXEF_HASH_LENGTH } from "./constants.ts";

const LEAF_MARK = Uint8Array.of(0);
const NODE_MARK = Uint8Array.of(1);

/** Leaf hashes: one after the other in one array, or one array each. */
export type Leaves = Uint8Array | readonly Uint8Array[];

/** SHA-256(00 ‖ segment). In browsers JavaScript does it: see `leafHashBulk` for much data. */
export function leafHash(segment: Uint8Array): Bytes {
  return sha256(LEAF_MARK, segment);
}

/** The same by native code on every platform, which in browsers means a promise. */
export function leafHashBulk(segment: Uint8Array): MaybePromise<Bytes> {
  return sha256Async(LEAF_MARK, segment);
}

/** The same in pieces: feed the segment as it arrives. */
export function createLeafHash(): IncrementalHash {
  return createSha256().update(LEAF_MARK);
}

/** SHA-256(01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(NODE_MARK, left, right);
}

export function leafCount(leaves: Leaves): number {
  if (!(leaves instanceof Uint8Array)) return leaves.length;
  if (leaves.length % EXEF_HASH_LENGTH !== 0) throw new FormatError("The leaf hashes are cut off.");
  return leaves.length / EXEF_HASH_LENGTH;
}

export function leafAt(leaves: Leaves, index: number): Uint8Array {
  const leaf =
    leaves instanceof Uint8Array
      ? leaves.subarray(index * EXEF_HASH_LENGTH, (index + 1) * EXEF_HASH_LENGTH)
      : leaves[index];
  if (leaf?.length !== EXEF_HASH_LENGTH) throw new FormatError(`Leaf ${index} is missing or not a hash.`);
  return leaf;
}

/** k of RFC 9162 §2.1.1: the largest power of two below the count. */
export function splitPoint(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1));
}

/** MTH of RFC 9162 §2.1.1 over at least one leaf. */
export function merkleTreeHash(leaves: Leaves): Bytes {
  const tree = new MerkleTree();
  const count = leafCount(leaves);
  for (let i = 0; i < count; i++) tree.append(leafAt(leaves, i));
  return tree.hash();
}

/** MTH of leaves that arrive in order, in memory that grows with the logarithm of their number. */
export class MerkleTree {
  // Hashes of complete subtrees, the largest first; their sizes are the binary digits of `size`.
  readonly #subtrees: Bytes[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    if (leaf.length !== EXEF_HASH_LENGTH) throw new FormatError("A leaf is a hash of 32 bytes.");
    let hash: Bytes = new Uint8Array(leaf);
    for (let carry = this.#size; carry % 2 === 1; carry = Math.floor(carry / 2)) {
      hash = nodeHash(this.#subtrees.pop() as Bytes, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  /** The hash of what was appended so far; more may follow. */
  hash(): Bytes {
    const hash = this.#subtrees.reduceRight<Bytes | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    );
    if (hash === undefined) throw new FormatError("A Merkle tree has at least one leaf.");
    return hash.slice();
  }
}

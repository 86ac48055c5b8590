/** Merkle tree of an object and its range proofs (spec/exef.md §6). */

import { type Bytes, be, concat, equal, Reader } from "../foundations/bytes.ts";
import { labelledHash, sha256 } from "../foundations/hashes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";
import { HEADER_BYTES, SEGMENT_BYTES, shapeOf } from "./padding.ts";

export function leafOf(segment: Uint8Array): Bytes {
  return sha256(Uint8Array.of(0), segment);
}

function node(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(Uint8Array.of(1), left, right);
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** RFC 9162 §2.1.1 over leaf hashes. */
export function merkleTreeHash(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 1) return leaves[0] as Bytes;
  const k = split(leaves.length);
  return node(merkleTreeHash(leaves.slice(0, k)), merkleTreeHash(leaves.slice(k)));
}

export function segmentsOf(ciphertext: Uint8Array): Bytes[] {
  const { segments } = shapeOf(ciphertext.length);
  return Array.from({ length: segments }, (_, i) =>
    ciphertext.slice(HEADER_BYTES + i * SEGMENT_BYTES, HEADER_BYTES + (i + 1) * SEGMENT_BYTES),
  ) as Bytes[];
}

export interface RootInput {
  readonly header: Uint8Array;
  readonly ciphertextLength: number;
}

export function rootOf(input: RootInput, treeHash: Uint8Array): Bytes {
  return labelledHash("root", input.header, be(8, input.ciphertextLength), treeHash);
}

export function objectRoot(ciphertext: Uint8Array): Bytes {
  const input = { header: ciphertext.slice(0, HEADER_BYTES), ciphertextLength: ciphertext.length };
  return rootOf(input, merkleTreeHash(segmentsOf(ciphertext).map(leafOf)));
}

export interface SegmentRange {
  readonly from: number;
  readonly to: number;
}

export function makeRangeProof(leaves: readonly Bytes[], range: SegmentRange): Bytes {
  const siblings: Bytes[] = [];
  const walk = (low: number, high: number): void => {
    if (high <= range.from || low >= range.to) siblings.push(merkleTreeHash(leaves.slice(low, high)));
    else if (high - low > 1) {
      const middle = low + split(high - low);
      walk(low, middle);
      walk(middle, high);
    }
  };
  walk(0, leaves.length);
  const inRange = leaves.slice(range.from, range.to);
  return concat(be(4, inRange.length), ...inRange, be(4, siblings.length), ...siblings);
}

/** The leaves of the range, if the proof leads to the root. */
export function verifyRangeProof(input: RootInput, range: SegmentRange, proof: Uint8Array, root: Uint8Array): Bytes[] {
  const { segments } = shapeOf(input.ciphertextLength);
  const { from, to } = range;
  demand(from >= 0 && from < to && to <= segments, "malformed", "A range outside the object.");
  const reader = new Reader(proof);
  const leaves = reader.list(32, (item) => item.take(32));
  const siblings = reader.list(32, (item) => item.take(32));
  reader.end();
  demand(leaves.length === to - from, "malformed", "The wrong number of leaves.");
  const unusedLeaves = [...leaves];
  const unusedSiblings = [...siblings];
  const next = (list: Bytes[]): Bytes => {
    const hash = list.shift();
    if (hash === undefined) throw new Refusal("malformed", "The proof lacks a hash.");
    return hash;
  };
  const build = (low: number, high: number): Bytes => {
    if (high <= from || low >= to) return next(unusedSiblings);
    if (high - low === 1) return next(unusedLeaves);
    const middle = low + split(high - low);
    const left = build(low, middle);
    return node(left, build(middle, high));
  };
  const treeHash = build(0, segments);
  demand(unusedSiblings.length === 0 && unusedLeaves.length === 0, "malformed", "The proof has hashes left over.");
  demand(equal(rootOf(input, treeHash), root), "integrity", "The proof leads to another root.");
  return leaves;
}

import { ByteReader, type Bytes, ByteWriter, equalBytes, FormatError, IntegrityError } from "../../bytes/index.ts";
import { EXEF_HASH_LENGTH } from "./constants.ts";
import { type Leaves, leafAt, leafCount, nodeHash, splitPoint } from "./merkle.ts";
import { objectRoot } from "./root.ts";
import { segmentCount } from "./sizes.ts";

export interface ProveRangeOptions {
  readonly leaves: Leaves;
  /** Segments from … to - 1. */
  readonly from: number;
  readonly to: number;
  /** Known hash of the subtree over leaves low … high - 1, if one is kept: saves hashing it again. */
  readonly knownSubtree?: (low: number, high: number) => Uint8Array | undefined;
}

/** leaves and siblings as n4 × leaf32 ‖ n4 × sibling32 (spec/exef.md §6). */
export function proveRange({ leaves, from, to, knownSubtree }: ProveRangeOptions): Bytes {
  const count = leafCount(leaves);
  demandRange(from, to, count);
  const siblings: Uint8Array[] = [];

  const subtree = (low: number, high: number): Uint8Array => {
    // Also for a single leaf: the last kept subtree may be one, and then its leaf need not be there.
    const known = knownSubtree?.(low, high);
    if (known !== undefined) return known;
    if (high - low === 1) return leafAt(leaves, low);
    const middle = low + splitPoint(high - low);
    return nodeHash(subtree(low, middle), subtree(middle, high));
  };
  const collect = (low: number, high: number): void => {
    if (high <= from || low >= to) {
      siblings.push(subtree(low, high));
    } else if (high - low > 1) {
      const middle = low + splitPoint(high - low);
      collect(low, middle);
      collect(middle, high);
    }
  };
  collect(0, count);

  const proof = new ByteWriter(8 + (to - from + siblings.length) * EXEF_HASH_LENGTH).u32(to - from);
  for (let i = from; i < to; i++) proof.bytes(leafAt(leaves, i));
  proof.u32(siblings.length);
  for (const sibling of siblings) proof.bytes(sibling);
  return proof.finish();
}

export interface VerifyRangeOptions {
  readonly proof: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The 106 bytes, as the server sent them: they are verified, too. */
  readonly header: Uint8Array;
  /** As the entry states it. */
  readonly ciphertextLength: number;
  /** As the entry states it. */
  readonly root: Uint8Array;
}

/**
 * The leaves from … to - 1, proven to belong to the object with this root. Throws FormatError if the proof is
 * malformed, IntegrityError if it does not lead to the root.
 */
export function verifyRange({ proof, from, to, header, ciphertextLength, root }: VerifyRangeOptions): Bytes[] {
  const count = segmentCount(ciphertextLength);
  demandRange(from, to, count);
  const reader = new ByteReader(proof, "range proof");
  const leafHashes = readHashes(reader);
  const siblings = readHashes(reader);
  reader.finish();
  if (leafHashes.length !== to - from) throw new FormatError("The range proof has another number of leaves.");

  let nextLeaf = 0;
  let nextSibling = 0;
  const build = (low: number, high: number): Uint8Array => {
    if (high <= from || low >= to) return taken(siblings[nextSibling++]);
    if (high - low === 1) return taken(leafHashes[nextLeaf++]);
    const middle = low + splitPoint(high - low);
    return nodeHash(build(low, middle), build(middle, high));
  };
  const treeHash = build(0, count);
  if (nextSibling !== siblings.length) throw new FormatError("The range proof has hashes left over.");
  if (!equalBytes(objectRoot({ header, ciphertextLength, treeHash }), root)) {
    throw new IntegrityError("The range proof does not lead to the root: the object or the proof was altered.", {
      code: "proof_wrong",
    });
  }
  return leafHashes;
}

function readHashes(reader: ByteReader): Bytes[] {
  const count = reader.u32();
  // Before anything is allocated: the count comes from a stranger.
  if (count * EXEF_HASH_LENGTH > reader.remaining) throw new FormatError("The range proof ends too early.");
  return Array.from({ length: count }, () => new Uint8Array(reader.bytes(EXEF_HASH_LENGTH)));
}

function taken(hash: Uint8Array | undefined): Uint8Array {
  if (hash === undefined) throw new FormatError("The range proof lacks a hash.");
  return hash;
}

function demandRange(from: number, to: number, count: number): void {
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  if (!whole || from < 0 || from >= to || to > count) {
    throw new FormatError(`Segments ${from} to ${to} are no range of an object with ${count} segments.`);
  }
}

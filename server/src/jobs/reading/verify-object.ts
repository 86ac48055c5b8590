import { equalBytes } from "@excalibur/core/bytes";
import {
  createLeafHash,
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_SEGMENT_SIZE,
  leafAt,
  MerkleTree,
  merkleTreeHash,
  objectRoot,
  segmentCount,
} from "@excalibur/core/exef/public";
import type { Database } from "../../db/index.ts";
import { findLeafRuns, type ObjectRow } from "../../db/stores/objects.ts";
import { leavesPerRun, readStored } from "../../services/objects/index.ts";
import { BlobDamagedError, BlobMissingError, type BlobStore } from "../../storage/blob-store.ts";

/**
 * What is wrong with a stored object. missing: the bytes are not there · unreadable: too short, or the disk cannot read them
 * · altered: some are not what was uploaded · size: there are more than there should be · record: what the database says of
 * it contradicts itself, while the bytes may be good.
 */
export type Damage = "missing" | "unreadable" | "altered" | "size" | "record";

export interface Verifying {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
  /** Called with the size of each chunk that was read. */
  readonly onRead: (sizeBytes: number) => Promise<void>;
}

/** Reads an object whole, in constant memory, and compares it with the leaves that were received with it, and these with its root. */
export async function verifyObject(verifying: Verifying, object: ObjectRow): Promise<Damage | undefined> {
  const tree = new MerkleTree();
  const header = new Uint8Array(EXEF_HEADER_SIZE);
  let run: Uint8Array[] = [];
  let runs = 0;
  let damage: Damage | undefined;
  const endRun = async () => {
    damage ??= (await runFits(verifying.database, object, { run, chunk: runs })) ? undefined : "altered";
    run = [];
    runs += 1;
  };
  try {
    for await (const leaf of leavesOf(verifying, object, header)) {
      tree.append(leaf);
      run.push(leaf);
      if (run.length === leavesPerRun) await endRun();
    }
    if (run.length > 0) await endRun();
  } catch (error) {
    if (error instanceof BlobMissingError) return "missing";
    if (error instanceof BlobDamagedError) return "unreadable";
    throw error;
  }
  const treeHash = tree.hash();
  if (!equalBytes(treeHash, object.tree_hash)) return "altered";
  const root = objectRoot({ header, ciphertextLength: object.ciphertext_length, treeHash });
  if (!equalBytes(root, object.root)) return equalBytes(header, object.header) ? "record" : "altered";
  // The tree fits, so what does not are the leaves or the header that the database keeps.
  return damage === undefined && equalBytes(header, object.header) ? undefined : "record";
}

/** Hashes of the segments, one after the other; fills in the header on the way. */
async function* leavesOf(
  { signal, onRead, ...room }: Verifying,
  object: ObjectRow,
  header: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  const length = object.ciphertext_length;
  let at = 0;
  let hash = createLeafHash();
  for await (const chunk of readStored(room, object, { offset: 0, length, signal, reuseBuffers: true })) {
    for (let used = 0; used < chunk.length; ) {
      const isHeader = at < EXEF_HEADER_SIZE;
      const end = isHeader ? EXEF_HEADER_SIZE : segmentEnd(at, length);
      const piece = chunk.subarray(used, used + end - at);
      if (isHeader) header.set(piece, at);
      else hash.update(piece);
      used += piece.length;
      at += piece.length;
      if (isHeader || at < end) continue;
      yield hash.digest();
      hash = createLeafHash();
    }
    await onRead(chunk.length);
  }
}

function segmentEnd(at: number, length: number): number {
  const segment = Math.floor((at - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE);
  return Math.min(EXEF_HEADER_SIZE + (segment + 1) * EXEF_SEGMENT_SIZE, length);
}

/** Whether the leaves that are kept for this stretch are the ones that its bytes have. One leaf alone is the tree's hash. */
async function runFits(
  { read }: Database,
  object: ObjectRow,
  { run, chunk }: { readonly run: readonly Uint8Array[]; readonly chunk: number },
): Promise<boolean> {
  if (segmentCount(object.ciphertext_length) === 1) return true;
  const [kept] = await findLeafRuns(read, object.object_id, { from: chunk, to: chunk + 1 });
  if (kept === undefined || kept.leaves.length !== run.length * EXEF_HASH_LENGTH) return false;
  const isSame = run.every((leaf, n) => equalBytes(leaf, leafAt(kept.leaves, n)));
  return isSame && equalBytes(merkleTreeHash(kept.leaves), kept.tree_hash);
}

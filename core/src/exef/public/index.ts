/** What a server may know of an encrypted object: header, sizes, leaves, roots, proofs, batches. No key comes in here. */

export type { BatchRow } from "./batch.ts";
export {
  BATCH_HEAD_SIZE,
  BATCH_MAX_OBJECTS,
  batchTableLength,
  checkBatchObject,
  encodeBatchTable,
  parseBatchTable,
  readBatchHead,
} from "./batch.ts";
export type { BatchLimits, BatchObject, IncomingBatch } from "./batch-stream.ts";
export { readBatch } from "./batch-stream.ts";
export type { ExefKind } from "./constants.ts";
export {
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_MAX_REAL_LENGTH,
  EXEF_MAX_SEGMENTS,
  EXEF_MIN_CIPHERTEXT_LENGTH,
  EXEF_OBJECT_ID_LENGTH,
  EXEF_PART_SEGMENTS,
  EXEF_PART_SIZE,
  EXEF_PAYLOAD_SIZE,
  EXEF_PRELUDE_SIZE,
  EXEF_SEGMENT_OVERHEAD,
  EXEF_SEGMENT_SIZE,
  isExefKind,
} from "./constants.ts";
export { UnsupportedVersionError } from "./errors.ts";
export type { ExefHeader, ExefPrelude } from "./header.ts";
export { encodeExefPrelude, parseExefHeader } from "./header.ts";
export type { Leaves } from "./merkle.ts";
export {
  createLeafHash,
  leafAt,
  leafCount,
  leafHash,
  leafHashBulk,
  MerkleTree,
  merkleTreeHash,
  nodeHash,
} from "./merkle.ts";
export type { ProveRangeOptions, VerifyRangeOptions } from "./proof.ts";
export { proveRange, verifyRange } from "./proof.ts";
export type { ByteRange, PartRange } from "./ranges.ts";
export { partCount, partRange, segmentRange, segmentsOfData } from "./ranges.ts";
export type { ObjectRootOptions } from "./root.ts";
export { objectRoot, rootOfObject } from "./root.ts";
export {
  ciphertextLength,
  isPossibleCiphertextLength,
  paddedLengthOf,
  paddedPlaintextLength,
  padmeLength,
  segmentCount,
} from "./sizes.ts";

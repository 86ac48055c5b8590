import { type Bytes, concatBytes, fromHex, toBase64Url } from "@excalibur/core/bytes";
import {
  type BatchRow,
  ciphertextLength,
  EXEF_HEADER_SIZE,
  type ExefKind,
  encodeBatchTable,
  encodeExefPrelude,
  leafHash,
  merkleTreeHash,
  objectRoot,
  partCount,
  partRange,
  segmentCount,
  segmentRange,
} from "@excalibur/core/exef/public";
import { randomBytes, sha256 } from "@excalibur/core/primitives";

/** An encrypted object as a server sees it: a well-formed header and random bytes. Nobody can open it. */
export function opaqueBytes(kind: ExefKind, objectId: Uint8Array, realLength: number): Bytes {
  const length = ciphertextLength(realLength);
  const header = concatBytes(encodeExefPrelude({ kind, objectId }), fromHex("00000004000000000020"));
  return concatBytes(header, randomBytes(length - header.length));
}

export interface OpaquePart {
  readonly part: number;
  readonly bytes: Uint8Array;
  /** As in `excalibur-leaves`. */
  readonly signedLeaves: Bytes;
}

/** An object to upload, with everything its sender knows of it. */
export interface OpaqueObject {
  readonly objectId: Bytes;
  /** base64url */
  readonly id: string;
  readonly bytes: Bytes;
  readonly leaves: readonly Bytes[];
  readonly treeHash: Bytes;
  readonly root: Bytes;
  readonly parts: readonly OpaquePart[];
}

export function opaqueObject(realLength: number, kind: ExefKind = 1, objectId: Bytes = randomBytes(16)): OpaqueObject {
  return describeObject(opaqueBytes(kind, objectId, realLength), objectId);
}

export function describeObject(bytes: Bytes, objectId: Bytes): OpaqueObject {
  const leaves = Array.from({ length: segmentCount(bytes.length) }, (_, index) => {
    const { start, end } = segmentRange(bytes.length, index);
    return leafHash(bytes.subarray(start, end));
  });
  const header = bytes.subarray(0, EXEF_HEADER_SIZE);
  const treeHash = merkleTreeHash(leaves);
  const root = objectRoot({ header, ciphertextLength: bytes.length, treeHash });
  const parts = Array.from({ length: partCount(bytes.length) }, (_, part): OpaquePart => {
    const { start, end, firstSegment, endSegment } = partRange(bytes.length, part);
    const own = leaves.slice(firstSegment, endSegment);
    const signedLeaves = part === 0 ? concatBytes(sha256(header), ...own) : concatBytes(...own);
    return { part, bytes: bytes.subarray(start, end), signedLeaves };
  });
  return { objectId, id: toBase64Url(objectId), bytes, leaves, treeHash, root, parts };
}

/** Chunks of uneven sizes, as a network brings them. */
export async function* inChunks(bytes: Uint8Array, chunkBytes = 50_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

export async function collect(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return concatBytes(...parts);
}

export interface OpaqueBatch {
  readonly body: Bytes;
  readonly signedLeaves: Bytes;
}

/** EXB3; `rows` may say something else than the objects. */
export function opaqueBatch(
  objects: readonly Pick<OpaqueObject, "objectId" | "bytes" | "root">[],
  rows: readonly BatchRow[] = objects.map(({ objectId, bytes, root }) => ({ objectId, length: bytes.length, root })),
): OpaqueBatch {
  const table = encodeBatchTable(rows);
  return { body: concatBytes(table, ...objects.map(({ bytes }) => bytes)), signedLeaves: sha256(table) };
}

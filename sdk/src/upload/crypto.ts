/** The only file of this room that touches keys and formats. */

import { concatBytes, decodeCbor, encodeCbor, equalBytes, FormatError, toHex } from "@excalibur/core/bytes";
import {
  ciphertextLength,
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  encodeBatchTable,
  leafCount,
  merkleTreeHash,
  objectRoot,
  partRange,
} from "@excalibur/core/exef/public";
import { ObjectSealer } from "@excalibur/core/exef/secret";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import type { ObjectSeal } from "../ports/index.ts";

export { ciphertextLength, EXEF_HEADER_SIZE, partRange };

export const THUMBNAIL_KIND = EXEF_KIND.thumbnail;

/** A new object: a random key, id and IV. Nothing of it derives from the content. */
export function newObject(sizeBytes: number): ObjectSeal {
  return {
    fileKey: randomBytes(32),
    objectId: randomBytes(16),
    iv: randomBytes(32),
    kind: EXEF_KIND.content,
    sizeBytes,
  };
}

/** In [0, 1); nobody can foresee it. */
export function randomFraction(): number {
  return new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
}

/** How an object is cut, and what names it when all its leaves are known. */
export class ObjectPlan {
  readonly #sealer: ObjectSealer;

  constructor(object: ObjectSeal) {
    this.#sealer = new ObjectSealer({ ...object, size: object.sizeBytes });
  }

  get ciphertextLength(): number {
    return this.#sealer.ctLength;
  }

  get partCount(): number {
    return this.#sealer.partCount;
  }

  sourceRange(part: number): { readonly start: number; readonly end: number } {
    return this.#sealer.plaintextRangeOfPart(part);
  }

  /** How many leaves a part has. */
  leavesOf(part: number): number {
    const { firstSegment, endSegment } = partRange(this.ciphertextLength, part);
    return endSegment - firstSegment;
  }

  /** What `excalibur-leaves` says of a part. */
  signedLeaves(part: number, leaves: Uint8Array): Uint8Array {
    return part === 0 ? concatBytes(sha256(this.#sealer.header), leaves) : leaves;
  }

  treeHash(leaves: Uint8Array): Uint8Array {
    return merkleTreeHash(leaves);
  }

  root(leaves: Uint8Array): Uint8Array {
    const { header, ctLength } = this.#sealer;
    return objectRoot({ header, ciphertextLength: ctLength, treeHash: merkleTreeHash(leaves) });
  }
}

export interface SealedObjectRow {
  readonly objectId: Uint8Array;
  readonly bytes: Uint8Array;
  readonly root: Uint8Array;
}

/** The table in front of a batch, and the hash that signs it. */
export function batchTable(objects: readonly SealedObjectRow[]): {
  readonly table: Uint8Array;
  readonly hash: Uint8Array;
} {
  const table = encodeBatchTable(
    objects.map(({ objectId, bytes, root }) => ({ objectId, length: bytes.length, root })),
  );
  return { table, hash: sha256(table) };
}

/** What goes on with an upload after a restart (spec/exef.md «resume»). */
export interface ResumeNote {
  readonly object: ObjectSeal;
  /** The source as it was: another text means another file. */
  readonly sourceFingerprint: string;
}

export function encodeResumeNote({ object, sourceFingerprint }: ResumeNote): Uint8Array {
  const { fileKey, objectId, iv, sizeBytes } = object;
  return encodeCbor([fileKey, objectId, iv, sizeBytes, sourceFingerprint]);
}

export function decodeResumeNote(note: Uint8Array): ResumeNote {
  const value = decodeCbor(note);
  const [fileKey, objectId, iv, sizeBytes, sourceFingerprint] = Array.isArray(value) ? value : [];
  const good =
    fileKey instanceof Uint8Array &&
    objectId instanceof Uint8Array &&
    iv instanceof Uint8Array &&
    typeof sizeBytes === "number" &&
    typeof sourceFingerprint === "string";
  if (!good) throw new FormatError("The note of an unfinished upload is damaged.");
  return { object: { fileKey, objectId, iv, kind: EXEF_KIND.content, sizeBytes }, sourceFingerprint };
}

/** Notes of one target stand under one name; what the name says is hashed by the store. */
export function resumeNoteName(folderId: Uint8Array, name: string): string {
  return `upload/${toHex(folderId)}/${name}`;
}

export function leavesNoteName(objectId: Uint8Array, part: number): string {
  return `upload-leaves/${toHex(objectId)}/${part}`;
}

export function hasLeaves(leaves: Uint8Array, count: number): boolean {
  return leaves.length === count * EXEF_HASH_LENGTH && leafCount(leaves) === count;
}

export { equalBytes };

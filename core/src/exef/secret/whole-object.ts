import { type Bytes, equalBytes } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import {
  EXEF_HASH_LENGTH,
  EXEF_OBJECT_ID_LENGTH,
  type ExefKind,
  leafHashBulk,
  merkleTreeHash,
  objectRoot,
  partRange,
  segmentRange,
} from "../public/index.ts";
import { ObjectMismatchError } from "./errors.ts";
import { ObjectOpener } from "./object-opener.ts";
import { ObjectSealer } from "./object-sealer.ts";

export interface SealObjectOptions {
  readonly key: Uint8Array;
  readonly kind: ExefKind;
  /** Random if left out. */
  readonly objectId?: Uint8Array;
  readonly context?: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface SealedObject {
  readonly objectId: Uint8Array;
  readonly bytes: Bytes;
  readonly ctLength: number;
  readonly root: Bytes;
  /** Leaf hashes, 32 bytes each, one after the other. */
  readonly leaves: Bytes;
}

/** Seals data that is in memory. For data that is not, see ObjectSealer. */
export async function sealObject(options: SealObjectOptions): Promise<SealedObject> {
  const { key, kind, context, plaintext } = options;
  const objectId = options.objectId ?? randomBytes(EXEF_OBJECT_ID_LENGTH);
  const size = plaintext.length;
  const sealer = new ObjectSealer({ fileKey: key, kind, objectId, size, ...(context && { context }) });
  const bytes = new Uint8Array(sealer.ctLength);
  const leaves = new Uint8Array(sealer.segmentCount * EXEF_HASH_LENGTH);
  for (let part = 0; part < sealer.partCount; part++) {
    const { start, firstSegment } = partRange(sealer.ctLength, part);
    const data = sealer.plaintextRangeOfPart(part);
    const sealed = await sealer.sealPart(part, plaintext.subarray(data.start, data.end), bytes.subarray(start));
    leaves.set(sealed.leaves, firstSegment * EXEF_HASH_LENGTH);
  }
  return { objectId, bytes, ctLength: sealer.ctLength, root: sealer.root(leaves), leaves };
}

export interface OpenObjectOptions {
  readonly key: Uint8Array;
  readonly kind: ExefKind;
  readonly objectId?: Uint8Array;
  readonly context?: Uint8Array;
  /** The whole object and nothing else. */
  readonly bytes: Uint8Array;
  readonly expectedRoot?: Uint8Array;
  readonly expectedSize?: number;
}

/** The data of an object that is in memory, after everything was verified. spec/exef.md §9. */
export async function openObject(options: OpenObjectOptions): Promise<Bytes> {
  const { bytes, objectId, context, expectedRoot } = options;
  const opener = new ObjectOpener({
    fileKey: options.key,
    kind: options.kind,
    header: bytes,
    ctLength: bytes.length,
    ...(objectId && { objectId }),
    ...(context && { context }),
    ...(options.expectedSize !== undefined && { size: options.expectedSize }),
  });
  const leaves: Uint8Array[] = [];
  let data: Bytes | undefined;
  for (let i = 0; i < opener.segmentCount; i++) {
    const { start, end } = segmentRange(bytes.length, i);
    const segment = bytes.subarray(start, end);
    const piece = await opener.openSegment(i, segment);
    // Allocated only once segment 0 has proven how much there is.
    data ??= new Uint8Array(opener.size as number);
    data.set(piece, opener.dataRangeOfSegment(i).start);
    if (expectedRoot) leaves.push(await leafHashBulk(segment));
  }
  if (expectedRoot) {
    const header = opener.header.headerBytes;
    const root = objectRoot({ header, ciphertextLength: bytes.length, treeHash: merkleTreeHash(leaves) });
    if (!equalBytes(root, expectedRoot)) throw new ObjectMismatchError("root");
  }
  return data as Bytes;
}

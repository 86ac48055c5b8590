/** The work of a sealer, on whatever thread it runs. */

import { equalBytes, FormatError } from "@excalibur/core/bytes";
import {
  ciphertextLength,
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  leafHashBulk,
  merkleTreeHash,
  objectRoot,
  partRange,
  segmentCount,
  segmentRange,
} from "@excalibur/core/exef/public";
import {
  ObjectMismatchError,
  ObjectOpener,
  ObjectSealer,
  SegmentAuthError,
  sealObject,
} from "@excalibur/core/exef/secret";
import { randomBytes } from "@excalibur/core/primitives";
import type {
  ContentKind,
  ObjectAmongOthers,
  ObjectSeal,
  OpenedObject,
  OpenObjectsJob,
  OpenSegmentsJob,
  SealedPart,
  SealedWhole,
  SealPartJob,
} from "../ports/index.ts";

/** Bytes `openSegmentsInto` needs for its output: as many as the segments hold, tags and all. */
export function openedBufferSize(job: OpenSegmentsJob): number {
  return job.segments.length;
}

/** Bytes of a sealed part. */
export function sealedBufferSize({ sizeBytes, part }: Pick<SealPartJob, "sizeBytes" | "part">): number {
  const { start, end } = partRange(ciphertextLength(sizeBytes), part);
  return end - start;
}

export function sealPartInto(job: SealPartJob, into: Uint8Array): Promise<SealedPart> {
  return sealerFor(job).sealPart(job.part, job.source, into);
}

/** A new object of data that is in memory: a random key, id and IV. Nothing of it derives from the content. */
export async function sealWhole(plaintext: Uint8Array, kind: ContentKind = EXEF_KIND.content): Promise<SealedWhole> {
  const fileKey = randomBytes(32);
  const { objectId, bytes, root } = await sealObject({ key: fileKey, kind, plaintext });
  return { fileKey, objectId, root, bytes };
}

/** Opens the segments one after the other into the front of `into`; the result is a view of it. */
export async function openSegmentsInto(job: OpenSegmentsJob, into: Uint8Array): Promise<Uint8Array> {
  const { fileKey, kind, objectId, header, ciphertextLength, sizeBytes, leaves } = job;
  const opener = new ObjectOpener({ fileKey, kind, objectId, header, ctLength: ciphertextLength, size: sizeBytes });
  const last = segmentCount(ciphertextLength) - 1;
  let offset = 0;
  let filled = 0;
  for (let index = job.firstSegment; offset < job.segments.length; index++) {
    if (index > last) throw new FormatError("There are more segments than the object has.");
    const range = segmentRange(ciphertextLength, index);
    const segment = job.segments.subarray(offset, offset + range.end - range.start);
    if (leaves !== undefined) await demandLeaf(segment, leaves, { index, position: index - job.firstSegment });
    const data = await opener.openSegment(index, segment, into.subarray(filled));
    // Segment 0 begins with the length: its data moves to the front of the buffer.
    if (data.byteOffset !== into.byteOffset + filled)
      into.copyWithin(filled, data.byteOffset - into.byteOffset, data.byteOffset - into.byteOffset + data.length);
    filled += data.length;
    offset += segment.length;
  }
  return into.subarray(0, filled);
}

/** Opens object after object, each to where it lies in `bytes`; the results are views of `into`. */
export async function openObjectsInto(job: OpenObjectsJob): Promise<OpenedObject[]> {
  const opened: OpenedObject[] = [];
  for (const object of job.objects) {
    try {
      opened.push({ data: await openObjectInto(object, job) });
    } catch (error) {
      opened.push({ error });
    }
  }
  return opened;
}

async function openObjectInto(object: ObjectAmongOthers, job: OpenObjectsJob): Promise<Uint8Array> {
  const { start, ciphertextLength, root } = object;
  const bytes = job.bytes.subarray(start, start + ciphertextLength);
  const segments = bytes.subarray(EXEF_HEADER_SIZE);
  const header = bytes.subarray(0, EXEF_HEADER_SIZE);
  const into = job.into.subarray(start, start + segments.length);
  const data = await openSegmentsInto({ ...object, kind: EXEF_KIND.content, header, firstSegment: 0, segments }, into);
  const leaves: Uint8Array[] = [];
  for (let index = 0; index < segmentCount(ciphertextLength); index++) {
    const range = segmentRange(ciphertextLength, index);
    leaves.push(await leafHashBulk(bytes.subarray(range.start, range.end)));
  }
  // Who holds the key could seal something else under it; the entry's root stands for every byte of this one.
  if (!equalBytes(objectRoot({ header, ciphertextLength, treeHash: merkleTreeHash(leaves) }), root)) {
    throw new ObjectMismatchError("root");
  }
  return data;
}

async function demandLeaf(
  segment: Uint8Array,
  leaves: Uint8Array,
  { index, position }: { readonly index: number; readonly position: number },
): Promise<void> {
  const expected = leaves.subarray(position * EXEF_HASH_LENGTH, (position + 1) * EXEF_HASH_LENGTH);
  if (!equalBytes(await leafHashBulk(segment), expected)) throw new SegmentAuthError(index);
}

function sealerFor({ fileKey, kind, objectId, iv, sizeBytes }: ObjectSeal): ObjectSealer {
  return new ObjectSealer({ fileKey, kind, objectId, iv, size: sizeBytes });
}

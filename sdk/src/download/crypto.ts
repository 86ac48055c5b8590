/** The only file of this room that touches keys and formats. */

import { concatBytes, decodeCbor, encodeCbor, equalBytes, IntegrityError, toHex } from "@excalibur/core/bytes";
import {
  type ByteRange,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  segmentCount,
  segmentRange,
  segmentsOfData,
  verifyRange,
} from "@excalibur/core/exef/public";
import { openObject } from "@excalibur/core/exef/secret";
import { AEAD_IV_LENGTH, AEAD_TAG_LENGTH, aeadSealInto, importAeadKey, randomBytes } from "@excalibur/core/primitives";
import type { FileContent } from "../volumes/index.ts";

/** An object as its entry names it. */
type ObjectPointer = Pick<FileContent, "fileKey" | "objectId" | "root">;

export { EXEF_HEADER_SIZE, EXEF_KIND, equalBytes, segmentCount, segmentRange, segmentsOfData };

/** Leaves of the segments, one after the other, proven to belong to the entry's root together with the header. */
export function provenLeaves(
  file: FileContent,
  {
    header,
    proof,
    from,
    to,
  }: { readonly header: Uint8Array; readonly proof: Uint8Array; readonly from: number; readonly to: number },
): Uint8Array {
  const { root, ciphertextLength } = file;
  return concatBytes(...verifyRange({ proof, from, to, header, ciphertextLength, root }));
}

/** Where the data of the segments first … end - 1 lies in the file. */
export function dataOfSegments({ start, end }: ByteRange, sizeBytes: number): ByteRange {
  const PAYLOAD = 262_112;
  const offset = (index: number) => Math.min(Math.max(0, index * PAYLOAD - 8), sizeBytes);
  return { start: offset(start), end: offset(end) };
}

/** The server's object is not of the length that the entry states. */
export function wrongLength(): IntegrityError {
  return new IntegrityError(
    "The server's copy of this file is not the one the drive lists: it has another length. Nothing of it was used; keep any other copy and tell the person who runs the server.",
    { code: "object_wrong_length" },
  );
}

/** A whole small picture, every byte verified against its entry's root. Throws the typed integrity errors of core/exef. */
export async function openThumbnail(
  { fileKey, objectId, root }: ObjectPointer,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return await openObject({ key: fileKey, kind: EXEF_KIND.thumbnail, objectId, bytes, expectedRoot: root });
}

/** Places in which small pictures are kept on this device: some tens of megabytes at most. */
const THUMBNAIL_SLOTS = 2048;

/** The place of a picture; several share it. */
export function thumbnailSlot({ root }: ObjectPointer): string {
  return `thumbnail/${new DataView(root.buffer, root.byteOffset).getUint16(0) % THUMBNAIL_SLOTS}`;
}

export function packThumbnail({ root }: ObjectPointer, picture: Uint8Array): Uint8Array {
  return concatBytes(root, picture);
}

/** undefined: the place holds another one. */
export function unpackThumbnail({ root }: ObjectPointer, note: Uint8Array): Uint8Array | undefined {
  return equalBytes(note.subarray(0, root.length), root) ? note.subarray(root.length) : undefined;
}

/** What goes on with a download after a restart. Kept sealed: whoever holds the files of this device cannot change it. */
export interface GetNote {
  /** What the platform calls the unfinished file. */
  readonly ticket: string;
  /** Of the tags of what has come; another one for every attempt. */
  readonly key: Uint8Array;
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
  readonly ciphertextLength: number;
}

export function newNoteKey(): Uint8Array {
  return randomBytes(32);
}

export function encodeGetNote({ ticket, key, objectId, root, ciphertextLength }: GetNote): Uint8Array {
  return encodeCbor([ticket, key, objectId, root, ciphertextLength]);
}

/** undefined: written by another version of this program; then all begins anew. */
export function decodeGetNote(bytes: Uint8Array): GetNote | undefined {
  const value = decodeCbor(bytes);
  const [ticket, key, objectId, root, ciphertextLength] = Array.isArray(value) ? value : [];
  const good =
    typeof ticket === "string" &&
    key instanceof Uint8Array &&
    objectId instanceof Uint8Array &&
    root instanceof Uint8Array &&
    typeof ciphertextLength === "number";
  return good ? { ticket, key, objectId, root, ciphertextLength } : undefined;
}

export function isSameObject(note: GetNote, { objectId, root }: FileContent): boolean {
  return equalBytes(note.objectId, objectId) && equalBytes(note.root, root);
}

/**
 * A tag under the attempt's own key: AES-256-GCM over no plaintext, the data as what is authenticated, the chunk's number
 * as IV. A number is used again only for the same data, because data is tagged after its segments fit the entry's root.
 */
export async function chunkTag(
  { key }: GetNote,
  { chunk, data }: { readonly chunk: number; readonly data: Uint8Array },
): Promise<Uint8Array> {
  const iv = new Uint8Array(AEAD_IV_LENGTH);
  new DataView(iv.buffer).setUint32(AEAD_IV_LENGTH - 4, chunk);
  const out = new Uint8Array(AEAD_TAG_LENGTH);
  await aeadSealInto({ key: await importAeadKey(key), iv, aad: data, plaintext: new Uint8Array(0), out });
  return out;
}

/** Notes of one place stand under one name; what the name says is hashed by the store. */
export function getNoteName(place: string): string {
  return `download/${place}`;
}

export function chunkNoteName({ key }: GetNote, chunk: number): string {
  return `download-chunk/${toHex(key)}/${chunk}`;
}

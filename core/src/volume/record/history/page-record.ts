import {
  ByteReader,
  type Bytes,
  ByteWriter,
  concatBytes,
  equalBytes,
  FormatError,
  toHex,
  uint32,
} from "../../../bytes/index.ts";
import {
  ciphertextLength,
  EXEF_KIND,
  isPossibleCiphertextLength,
  parseExefHeader,
} from "../../../exef/public/index.ts";
import { type MaybePromise, sha256, sha256Async } from "../../../primitives/index.ts";
import { VolumeIntegrityError } from "../errors.ts";
import { MAX_BITS_LENGTH, type PageRange, requirePageRange } from "../state/page-range.ts";
import { changeKey, type PageRef } from "../state/page-tree.ts";
import type { StateTree } from "../state/state-tree.ts";
import type { Commit } from "./commit.ts";

const MAGIC = "EXD3";
export const PAGE_HEADER_LENGTH = 119;
const COUNTER_LIMIT = 2 ** 48;

/** Plaintext limits of a page in bytes: above the first it splits, unless it has 16 bits. */
export const PAGE_PLAINTEXT_LIMIT = 128 * 1024;
export const LAST_PAGE_PLAINTEXT_LIMIT = 1024 * 1024;

/** The 119 bytes in front of an encrypted page (docs/spec/volumes.md §2). */
export interface PageHeader extends PageRange {
  readonly volumeId: Uint8Array;
  readonly nodeId: Uint8Array;
  /** 1 and up. */
  readonly version: number;
  readonly g: number;
  readonly manifestVersion: number;
  /** Of the version before, or of the page it was split from; zero for a page of a new folder. */
  readonly previousRecordHash: Uint8Array;
  readonly writerFingerprint: Uint8Array;
}

export interface PageRecord {
  readonly header: PageHeader;
  /** The 119 bytes: the context of the object. */
  readonly headerBytes: Uint8Array;
  /** The encrypted object (kind 3), a view. */
  readonly exef: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Throws FormatError if a field is impossible. */
export function encodePageHeader(header: PageHeader): Bytes {
  requirePageRange(header);
  if (header.version < 1 || header.version >= COUNTER_LIMIT)
    throw new FormatError("The page has an impossible version.");
  const bytes = new ByteWriter(PAGE_HEADER_LENGTH)
    .text(MAGIC)
    .bytes(header.volumeId)
    .bytes(header.nodeId)
    .u8(header.bitsLength)
    .u16(header.bits)
    .u64(header.version)
    .u32(header.g)
    .u32(header.manifestVersion)
    .bytes(header.previousRecordHash)
    .bytes(header.writerFingerprint)
    .finish();
  if (bytes.length !== PAGE_HEADER_LENGTH) throw new FormatError("An id or a hash of the page has a wrong length.");
  return bytes;
}

/** header ‖ ctLength4 ‖ object. */
export function encodePageRecord(headerBytes: Uint8Array, exef: Uint8Array): Bytes {
  return concatBytes(headerBytes, uint32(exef.length), exef);
}

/**
 * Splits a page record without opening it. Throws FormatError, or UnsupportedError for an object of a newer version.
 * Nothing is proven yet: see `verifyPageAgainstCommit`, or compare `pageRecordHash` with the state.
 */
export function parsePageRecord(bytes: Uint8Array): PageRecord {
  const reader = new ByteReader(bytes, "page record");
  reader.expectAscii(MAGIC);
  const header: PageHeader = {
    volumeId: reader.bytes(16),
    nodeId: reader.bytes(16),
    bitsLength: reader.u8(),
    bits: reader.u16(),
    version: reader.u64(),
    g: reader.u32(),
    manifestVersion: reader.u32(),
    previousRecordHash: reader.bytes(32),
    writerFingerprint: reader.bytes(32),
  };
  requirePageRange(header);
  if (header.version < 1 || header.version >= COUNTER_LIMIT)
    throw new FormatError("The page has an impossible version.");
  const exefLength = reader.u32();
  const exef = reader.bytes(exefLength);
  reader.finish();
  if (!isPossibleCiphertextLength(exefLength) || exefLength > maxPageObjectLength(header.bitsLength)) {
    throw new FormatError(`No page has an object of ${exefLength} bytes.`);
  }
  if (parseExefHeader(exef).kind !== EXEF_KIND.page)
    throw new FormatError("The page record holds another kind of object.");
  return { header, headerBytes: bytes.subarray(0, PAGE_HEADER_LENGTH), exef, bytes };
}

/** SHA-256 over all bytes of the record. In browsers JavaScript does it: see `pageRecordHashBulk` for whole folders. */
export function pageRecordHash(bytes: Uint8Array): Bytes {
  return sha256(bytes);
}

/** The same by native code on every platform, which in browsers means a promise. */
export function pageRecordHashBulk(bytes: Uint8Array): MaybePromise<Bytes> {
  return sha256Async(bytes);
}

/** The longest object a page of this bitsLength may have. */
export function maxPageObjectLength(bitsLength: number): number {
  return ciphertextLength(bitsLength === MAX_BITS_LENGTH ? LAST_PAGE_PLAINTEXT_LIMIT : PAGE_PLAINTEXT_LIMIT);
}

export interface PageOfCommit {
  readonly record: PageRecord;
  /** `pageRecordHash` of the record's bytes. */
  readonly recordHash: Uint8Array;
  /** The commit that introduces the page. */
  readonly commit: Commit;
  /** The pages before the commit. */
  readonly before: StateTree;
}

/**
 * Proves that a record is the page its commit introduces: named by the change list, written by the commit's writer
 * under its generation and manifest, and after the page that stood there. Throws VolumeIntegrityError of scope page.
 */
export function verifyPageAgainstCommit({ record, recordHash, commit, before }: PageOfCommit): void {
  const { header } = record;
  const change: PageRef | null = commit.changes.find(changeKey(header.nodeId, header));
  if (change === null || !equalBytes(header.volumeId, commit.volumeId)) throw wrong("page_not_in_commit", header);
  if (header.version !== change.version || !equalBytes(recordHash, change.recordHash)) throw wrong("page_hash", header);
  const sameAuthor =
    equalBytes(header.writerFingerprint, commit.writerFingerprint) &&
    header.g === commit.g &&
    header.manifestVersion === commit.manifestVersion;
  if (!sameAuthor) throw wrong("page_author", header);
  if (!equalBytes(header.previousRecordHash, previousRecordHashOf(before, header.nodeId, header))) {
    throw wrong("page_previous", header);
  }
}

const NO_RECORD = new Uint8Array(32);

/**
 * What a page written now must name as the record before it: the page that stands there, the one it is split from, or
 * zero in a new folder.
 */
export function previousRecordHashOf(before: StateTree, nodeId: Uint8Array, range: PageRange): Uint8Array {
  return before.pageCovering(nodeId, range)?.recordHash ?? NO_RECORD;
}

function wrong(reason: string, { nodeId, bitsLength, bits }: PageHeader): VolumeIntegrityError {
  return new VolumeIntegrityError("page", reason, { nodeId: toHex(nodeId), bitsLength, bits });
}

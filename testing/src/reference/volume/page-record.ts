/** Page records (spec/volumes.md §2). */

import { ascii, type Bytes, be, concat, equal, Reader } from "../foundations/bytes.ts";
import { demandKey, deriveKey, sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { checkHeader, type GivenIvs, KIND, open, seal } from "../object/exef.ts";
import { ciphertextLength, shapeOf } from "../object/padding.ts";
import { MAX_LAST_PAGE_BYTES, MAX_PAGE_BYTES } from "./entries.ts";
import { checkPlace, type PagePlace } from "./page-place.ts";

export const PAGE_HEADER_BYTES = 119;
const MAX_COUNTER = 2 ** 48;

export interface PageHeader extends PagePlace {
  readonly volumeId: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly version: number;
  readonly g: number;
  readonly manifestVersion: number;
  readonly previousRecordHash: Uint8Array;
  readonly writerFingerprint: Uint8Array;
}

export interface PageRecord {
  readonly header: PageHeader;
  readonly headerBytes: Bytes;
  readonly object: Bytes;
  readonly recordHash: Bytes;
}

export function encodePageHeader(header: PageHeader): Bytes {
  return concat(
    ascii("EXD3"),
    header.volumeId,
    header.nodeId,
    be(1, header.bitsLength),
    be(2, header.bits),
    be(8, header.version),
    be(4, header.g),
    be(4, header.manifestVersion),
    header.previousRecordHash,
    header.writerFingerprint,
  );
}

/** Form only: what a server can see, too. */
export function readPageRecord(bytes: Uint8Array): PageRecord {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXD3")), "malformed", "Not a page.");
  const header = {
    volumeId: reader.take(16),
    nodeId: reader.take(16),
    bitsLength: reader.uint(1),
    bits: reader.uint(2),
    version: reader.uint(8),
    g: reader.uint(4),
    manifestVersion: reader.uint(4),
    previousRecordHash: reader.take(32),
    writerFingerprint: reader.take(32),
  };
  checkPlace(header);
  demand(header.version >= 1 && header.version < MAX_COUNTER, "malformed", "The page's version is out of range.");
  const object = reader.take(reader.uint(4));
  reader.end();
  checkHeader(object);
  shapeOf(object.length);
  const limit = header.bitsLength === 16 ? MAX_LAST_PAGE_BYTES : MAX_PAGE_BYTES;
  demand(object.length <= ciphertextLength(limit), "malformed", "The object is too long for a page.");
  demand(object[7] === KIND.folderPage, "malformed", "The object in a page record must be of kind 3.");
  return { header, headerBytes: new Uint8Array(bytes.slice(0, PAGE_HEADER_BYTES)), object, recordHash: sha256(bytes) };
}

function pageKeyOf(header: PageHeader, vk: Uint8Array): Bytes {
  demandKey(vk);
  return deriveKey("page", vk, header.volumeId, be(4, header.g), header.nodeId);
}

export interface PageSealOptions {
  readonly header: PageHeader;
  readonly vk: Uint8Array;
  readonly objectId: Uint8Array;
  readonly ivs: GivenIvs;
}

export function sealPage(options: PageSealOptions, plaintext: Uint8Array): Bytes {
  const context = encodePageHeader(options.header);
  const key = pageKeyOf(options.header, options.vk);
  const object = seal({ kind: KIND.folderPage, objectId: options.objectId, key, context }, options.ivs, plaintext);
  return concat(context, be(4, object.length), object);
}

/** What the verified state says about a page. */
export interface ExpectedPage extends PagePlace {
  readonly volumeId: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly version: number;
  readonly recordHash: Uint8Array;
  /** The head's generation: a page cannot be newer. */
  readonly headG: number;
}

/** §2 «A reader»: the plaintext of a page whose place is known from the state. */
export function openPage(bytes: Uint8Array, expected: ExpectedPage, vk: Uint8Array): Bytes {
  demand(equal(sha256(bytes), expected.recordHash), "integrity", "The record has another hash.");
  return openPageAnyHash(bytes, expected, vk);
}

/** The checks after the hash, on their own, because no forged record could show them otherwise. */
export function openPageAnyHash(bytes: Uint8Array, expected: Omit<ExpectedPage, "recordHash">, vk: Uint8Array): Bytes {
  const record = readPageRecord(bytes);
  const { header } = record;
  demand(equal(header.volumeId, expected.volumeId), "integrity", "The page is of another volume.");
  demand(equal(header.nodeId, expected.nodeId), "integrity", "The page is of another folder.");
  const samePlace = header.bitsLength === expected.bitsLength && header.bits === expected.bits;
  demand(samePlace, "integrity", "It is another page of the folder.");
  demand(header.version === expected.version, "integrity", "It is another version of the page.");
  demand(header.g <= expected.headG, "integrity", "The page claims a volume key that does not exist yet.");
  const key = pageKeyOf(header, vk);
  return open(record.object, { kind: KIND.folderPage, key, context: record.headerBytes });
}

/** §2, when the commit that introduces the page is processed. */
export function checkIntroducedBy(
  header: PageHeader,
  commit: { readonly writerFingerprint: Uint8Array; readonly g: number; readonly manifestVersion: number },
): void {
  demand(equal(header.writerFingerprint, commit.writerFingerprint), "integrity", "Somebody else wrote the page.");
  demand(header.g === commit.g, "integrity", "The page has another g than its commit.");
  demand(header.manifestVersion === commit.manifestVersion, "integrity", "The page names another manifest.");
}

import { type Bytes, equalBytes, FormatError, IntegrityError, toHex, uint32 } from "../../bytes/index.ts";
import { EXEF_KIND } from "../../exef/public/index.ts";
import { openObject, sealObject } from "../../exef/secret/index.ts";
import { deriveKey } from "../../labels/index.ts";
import {
  encodePageHeader,
  encodePageRecord,
  type PageHeader,
  type PageRef,
  pageRecordHash,
  pageRecordHashBulk,
  parsePageRecord,
  VolumeIntegrityError,
} from "../record/index.ts";
import { decodePageContent, encodePageContent, type PageContent } from "./page-content.ts";

export interface SealPageOptions {
  readonly header: PageHeader;
  /** VK of the header's generation. */
  readonly volumeKey: Uint8Array;
  readonly content: PageContent;
}

export interface SealedPage {
  readonly record: Bytes;
  readonly recordHash: Bytes;
}

/**
 * Seals a page and opens it again from the bytes that are about to be sent (docs/spec/volumes.md §2), so that a page
 * that no reader would accept is never written. Throws FormatError or WeakKeyError for one.
 */
export async function sealPage({ header, volumeKey, content }: SealPageOptions): Promise<SealedPage> {
  const headerBytes = encodePageHeader(header);
  const plaintext = encodePageContent(content);
  const key = pageKey(volumeKey, header);
  const { bytes } = await sealObject({ key, kind: EXEF_KIND.page, context: headerBytes, plaintext });
  const record = encodePageRecord(headerBytes, bytes);
  const parsed = parsePageRecord(record);
  const again = await openObject({ key, kind: EXEF_KIND.page, context: parsed.headerBytes, bytes: parsed.exef });
  if (!equalBytes(again, plaintext)) throw new VolumeIntegrityError("page", "page_not_reopened", where(header));
  decodePageContent(again, header);
  return { record, recordHash: pageRecordHash(record) };
}

export interface OpenPageOptions {
  readonly volumeId: Uint8Array;
  /** The page as the verified state names it. */
  readonly expected: PageRef;
  /** The generation of the head: no page is of a later one. */
  readonly headG: number;
  readonly volumeKeys: ReadonlyMap<number, Uint8Array>;
  readonly record: Uint8Array;
}

/**
 * Opens a page that the verified state names. Throws VolumeIntegrityError of scope page when it is not that page or was
 * altered, FormatError when its writer broke the format; the rest of the folder is not concerned.
 */
export async function openPage({
  volumeId,
  expected,
  headG,
  volumeKeys,
  record,
}: OpenPageOptions): Promise<PageContent> {
  const damaged = (reason: string, cause?: unknown) =>
    new VolumeIntegrityError("page", reason, { ...where(expected), cause });
  if (!equalBytes(await pageRecordHashBulk(record), expected.recordHash)) throw damaged("page_hash");
  const { header, headerBytes, exef } = parsePageRecord(record);
  const same =
    equalBytes(header.volumeId, volumeId) &&
    equalBytes(header.nodeId, expected.nodeId) &&
    header.bitsLength === expected.bitsLength &&
    header.bits === expected.bits &&
    header.version === expected.version;
  if (!same) throw damaged("page_header");
  if (header.g > headG) throw damaged("page_generation");
  const volumeKey = volumeKeys.get(header.g);
  if (volumeKey === undefined) throw damaged("page_key_unknown");
  const key = pageKey(volumeKey, header);
  let plaintext: Bytes;
  try {
    plaintext = await openObject({ key, kind: EXEF_KIND.page, context: headerBytes, bytes: exef });
  } catch (error) {
    throw error instanceof IntegrityError ? damaged("page_sealed", error) : error;
  }
  return decodePageContent(plaintext, header);
}

function pageKey(volumeKey: Uint8Array, { volumeId, g, nodeId }: PageHeader): Bytes {
  if (volumeKey.length !== 32) throw new FormatError("A volume key has 32 bytes.");
  return deriveKey("page", volumeKey, volumeId, uint32(g), nodeId);
}

function where({ nodeId, bits, bitsLength }: Pick<PageRef, "nodeId" | "bits" | "bitsLength">): Record<string, unknown> {
  return { nodeId: toHex(nodeId), bits, bitsLength };
}

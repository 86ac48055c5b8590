import { type CborMap, compareBytes, decodeCbor, encodeCbor, equalBytes, FormatError } from "../../bytes/index.ts";
import {
  LAST_PAGE_PLAINTEXT_LIMIT,
  MAX_BITS_LENGTH,
  PAGE_PLAINTEXT_LIMIT,
  type PageRange,
  rangeHolds,
} from "../record/index.ts";
import { compareEntries, decodeEntry, type Entry, encodeEntry } from "./entry.ts";
import { Fields, preservedKeys, withPreserved } from "./fields.ts";

export const PAGE_ENTRIES_LIMIT = 256;

export interface PageAttributes {
  /** The trash folder; on the root's page, and there always. */
  readonly trashNodeId?: Uint8Array;
  readonly preserved?: CborMap;
}

/** What the page with bits 0 says of its folder. */
export interface FolderHeader {
  /** null: the root. */
  readonly parentNodeId: Uint8Array | null;
  readonly attributes: PageAttributes;
}

/** The plaintext of a page. `folder` stands on the page with bits 0 and nowhere else. */
export interface PageContent {
  readonly entries: readonly Entry[];
  readonly folder?: FolderHeader;
  readonly preserved?: CborMap;
}

/** Which page of which folder a content belongs to: it decides what the content must and must not hold. */
export interface PagePlace extends PageRange {
  readonly volumeId: Uint8Array;
  readonly nodeId: Uint8Array;
}

/** Whether a page of this size must split (docs/spec/volumes.md §2). */
export function isOverfull(
  { bitsLength }: PageRange,
  { entryCount, sizeBytes }: { entryCount: number; sizeBytes: number },
): boolean {
  if (bitsLength >= MAX_BITS_LENGTH) return sizeBytes > LAST_PAGE_PLAINTEXT_LIMIT;
  return entryCount > PAGE_ENTRIES_LIMIT || sizeBytes > PAGE_PLAINTEXT_LIMIT;
}

/** The bytes that are sealed; entries are sorted here. `sealPage` decodes them again, which finds what no reader would accept. */
export function encodePageContent(content: PageContent): Uint8Array {
  const map: CborMap = withPreserved(
    [[1, [...content.entries].sort(compareEntries).map(encodeEntry)]],
    content.preserved,
  );
  if (content.folder) {
    const { parentNodeId, attributes } = content.folder;
    map.set(2, parentNodeId);
    map.set(3, withPreserved(attributes.trashNodeId ? [[1, attributes.trashNodeId]] : [], attributes.preserved));
  }
  return encodeCbor(map);
}

/** Throws FormatError or WeakKeyError; every rule of docs/spec/volumes.md §3. */
export function decodePageContent(bytes: Uint8Array, place: PagePlace): PageContent {
  const map = decodeCbor(bytes);
  if (!(map instanceof Map)) throw new FormatError("A page is not a map.");
  const fields = new Fields(map, "page");
  const first = place.bits === 0;
  fields.refuseOthersThan(first ? [1, 2, 3] : [1]);
  const entries = fields.maps(1).map(decodeEntry);
  if (isOverfull(place, { entryCount: entries.length, sizeBytes: bytes.length }))
    throw new FormatError("A page is too large.");
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (before && compareBytes(before.childId, entry.childId) >= 0)
      throw new FormatError("A page's entries are not in order.");
    if (!rangeHolds(place, entry.childId)) throw new FormatError("An entry belongs to another page.");
  }
  const preserved = preservedKeys(map);
  return {
    entries,
    ...(first && { folder: decodeFolder(map, place) }),
    ...(preserved.size > 0 && { preserved }),
  };
}

function decodeFolder(map: CborMap, { volumeId, nodeId }: PagePlace): FolderHeader {
  const isRoot = equalBytes(volumeId, nodeId);
  const fields = new Fields(map, "page");
  if ((map.get(2) === null) !== isRoot) throw new FormatError("Only the root folder has no parent.");
  const parentNodeId = isRoot ? null : fields.bytes(2, 16);
  const attributes = fields.map(3);
  const attributeFields = new Fields(attributes, "attributes");
  attributeFields.refuseOthersThan(isRoot ? [1] : []);
  const preserved = preservedKeys(attributes);
  return {
    parentNodeId,
    attributes: {
      ...(isRoot && { trashNodeId: attributeFields.bytes(1, 16) }),
      ...(preserved.size > 0 && { preserved }),
    },
  };
}

import {
  type Bytes,
  type CborMap,
  compareBytes,
  decodeCbor,
  encodeCbor,
  equalBytes,
  FormatError,
  utf8Length,
} from "../../bytes/index.ts";
import { type CborExtras, CborFields, cborFields } from "../../keys/index.ts";
import {
  LAST_PAGE_PLAINTEXT_LIMIT,
  MAX_BITS_LENGTH,
  PAGE_PLAINTEXT_LIMIT,
  type PageRange,
  rangeHolds,
} from "../record/index.ts";
import {
  compareEntries,
  decodeEntry,
  ENTRY_TYPE,
  type Entry,
  encodeEntry,
  readSingleFile,
  withPreserved,
} from "./entry.ts";
import { NAME_LIMIT_BYTES } from "./names.ts";

export const PAGE_ENTRIES_LIMIT = 256;

export interface PageAttributes {
  /** The trash folder; on the root's page, and there always. */
  readonly trashNodeId?: Uint8Array;
  /** What a shared volume was called when it was made, for whoever is invited; on the root's page only. */
  readonly label?: string;
  /** The volume was made to share one file, and its root lists that; on the root's page only. */
  readonly singleFile?: true;
  readonly preserved?: CborExtras;
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
  readonly preserved?: CborExtras;
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

/** The page as a CBOR map, without its entries: what a page weighs before it holds anything. */
export function encodePageFrame(content: Omit<PageContent, "entries">, entries: CborMap[] = []): CborMap {
  const { folder } = content;
  return cborFields(
    { 1: entries, 2: folder?.parentNodeId, 3: folder && encodeAttributes(folder.attributes) },
    content.preserved,
  );
}

function encodeAttributes({ trashNodeId, label, singleFile, preserved }: PageAttributes): CborMap {
  return cborFields({ 1: trashNodeId, 2: label, 3: singleFile && ENTRY_TYPE.file }, preserved);
}

/** The bytes that are sealed; entries are sorted here. `sealPage` decodes them again, which finds what no reader would accept. */
export function encodePageContent(content: PageContent): Bytes {
  const entries = [...content.entries].sort(compareEntries).map(encodeEntry);
  return encodeCbor(encodePageFrame(content, entries));
}

/** Throws FormatError or WeakKeyError; every rule of docs/spec/volumes.md §3. */
export function decodePageContent(bytes: Uint8Array, place: PagePlace): PageContent {
  // The limit comes first: nothing of a page that is too large is parsed.
  if (isOverfull(place, { entryCount: 0, sizeBytes: bytes.length })) throw new FormatError("A page is too large.");
  const fields = new CborFields(decodeCbor(bytes), "page");
  const entries = fields.array(1).map(decodeEntry);
  if (isOverfull(place, { entryCount: entries.length, sizeBytes: bytes.length })) {
    throw new FormatError("A page has too many entries.");
  }
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (before && compareBytes(before.childId, entry.childId) >= 0) {
      throw new FormatError("A page's entries are not in order.");
    }
    if (!rangeHolds(place, entry.childId)) throw new FormatError("An entry belongs to another page.");
  }
  const content = { entries, ...(place.bits === 0 && { folder: decodeFolder(fields, place) }) };
  return withPreserved(content, fields.finish());
}

function decodeFolder(fields: CborFields, { volumeId, nodeId }: PagePlace): FolderHeader {
  const isRoot = equalBytes(volumeId, nodeId);
  const parent = fields.any(2);
  if ((parent === null) !== isRoot) throw new FormatError("The root folder has no parent, and every other one has.");
  const attributes = fields.fields(3, "attributes");
  const known = isRoot
    ? { trashNodeId: attributes.bytes(1, 16), ...readLabel(attributes), ...readSingleFile(attributes) }
    : {};
  return {
    parentNodeId: parent === null ? null : fields.bytes(2, 16),
    attributes: withPreserved(known, attributes.finish()),
  };
}

function readLabel(attributes: CborFields): Pick<PageAttributes, "label"> {
  if (!attributes.has(2)) return {};
  const label = attributes.text(2);
  if (utf8Length(label) > NAME_LIMIT_BYTES) throw new FormatError("The label of a volume is too long.");
  return { label };
}

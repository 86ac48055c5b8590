import { FormatError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { endOf, halvesOf, MAX_BITS_LENGTH, type PageRange, prefixOf, rangeHolds } from "../record/index.ts";
import { cborLength } from "./cbor-length.ts";
import { type Entry, encodeEntry } from "./entry.ts";
import { type FolderHeader, isOverfull, type PageContent } from "./page-content.ts";

const CHILD_ID_LENGTH = 16;
/** More than the CBOR around the entries of a page can take: map, array head, parent, attributes. */
const FRAME_BYTES = 128;

export interface CutPage {
  readonly range: PageRange;
  readonly content: PageContent;
}

/**
 * Cuts what one page would hold into pages that are not too large, each split by the next bit of childId. One page
 * comes back as it is. Throws FormatError when a page of 16 bits would exceed its limit.
 */
export function cutPage(range: PageRange, content: PageContent): CutPage[] {
  const sized = content.entries.map((entry) => ({ entry, sizeBytes: cborLength(encodeEntry(entry)) }));
  const frameBytes = FRAME_BYTES + (content.preserved ? cborLength(content.preserved) : 0);
  const cut: CutPage[] = [];
  for (const piece of cutSized(range, sized, frameBytes)) {
    const entries = piece.sized.map(({ entry }) => entry);
    // What the first page says of the folder stays with bits 0, and so does what a newer version wrote there.
    const carried = piece.range.bits === range.bits ? carriedOver(content) : {};
    cut.push({ range: piece.range, content: { entries, ...carried } });
  }
  return cut;
}

function carriedOver(content: PageContent): {
  folder?: FolderHeader;
  preserved?: NonNullable<PageContent["preserved"]>;
} {
  return {
    ...(content.folder && { folder: content.folder }),
    ...(content.preserved && { preserved: content.preserved }),
  };
}

interface SizedEntry {
  readonly entry: Entry;
  readonly sizeBytes: number;
}

interface Piece {
  readonly range: PageRange;
  readonly sized: readonly SizedEntry[];
}

function cutSized(range: PageRange, sized: readonly SizedEntry[], frameBytes: number): Piece[] {
  const sizeBytes = sized.reduce((sum, entry) => sum + entry.sizeBytes, frameBytes);
  if (!isOverfull(range, { entryCount: sized.length, sizeBytes })) return [{ range, sized }];
  if (range.bitsLength >= MAX_BITS_LENGTH) throw new FormatError("A page of this folder cannot hold so many entries.");
  return halvesOf(range).flatMap((half) =>
    cutSized(
      half,
      sized.filter(({ entry }) => rangeHolds(half, entry.childId)),
      frameBytes,
    ),
  );
}

/** A random id that belongs to the page, 16 bytes. */
export function drawChildId(range: PageRange): Uint8Array {
  const id = randomBytes(CHILD_ID_LENGTH);
  const width = endOf(range) - range.bits;
  // The width is a power of two, so the remainder of a random prefix is as random as the prefix.
  const prefix = range.bits + (prefixOf(id) % width);
  id[0] = prefix >> 8;
  id[1] = prefix & 0xff;
  return id;
}

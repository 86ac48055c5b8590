import { ExcaliburError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { endOf, halvesOf, MAX_BITS_LENGTH, type PageRange, prefixOf, rangeHolds } from "../record/index.ts";
import { cborHeadLength, cborLength } from "./cbor-length.ts";
import { type Entry, encodeEntry } from "./entry.ts";
import { encodePageFrame, isOverfull, type PageContent } from "./page-content.ts";

const CHILD_ID_LENGTH = 16;

/**
 * A page that cannot split any more would exceed 1 MiB: thousands of entries share the first 16 bits of their ids.
 * Nothing was written. Give new entries other ids; honest ids never come here.
 */
export class PageFullError extends ExcaliburError {
  constructor() {
    super("page_full", "A part of this folder cannot hold so many entries. Nothing was changed.");
  }
}

export interface CutPage {
  readonly range: PageRange;
  readonly content: PageContent;
}

/**
 * Cuts what one page would hold into pages that are not too large, each split by the next bit of childId. One page
 * comes back as it is. Throws PageFullError when a page of 16 bits would exceed its limit.
 */
export function cutPage(range: PageRange, content: PageContent): CutPage[] {
  const sized = content.entries.map((entry) => ({ entry, sizeBytes: cborLength(encodeEntry(entry)) }));
  return cutSized(range, sized, content).map((piece) => ({
    range: piece.range,
    content: { entries: piece.sized.map(({ entry }) => entry), ...frameOf(piece.range, range, content) },
  }));
}

/** What the first page says of the folder stays with bits 0, and so does what a newer version wrote there. */
function frameOf(range: PageRange, whole: PageRange, { folder, preserved }: PageContent): Omit<PageContent, "entries"> {
  if (range.bits !== whole.bits) return {};
  return { ...(folder && { folder }), ...(preserved && { preserved }) };
}

interface SizedEntry {
  readonly entry: Entry;
  readonly sizeBytes: number;
}

interface Piece {
  readonly range: PageRange;
  readonly sized: readonly SizedEntry[];
}

function cutSized(whole: PageRange, sized: readonly SizedEntry[], content: PageContent, range = whole): Piece[] {
  const frameBytes = cborLength(encodePageFrame(frameOf(range, whole, content)));
  // The frame already counts the head of an empty list.
  const listBytes = cborHeadLength(sized.length) - 1;
  const sizeBytes = sized.reduce((sum, entry) => sum + entry.sizeBytes, frameBytes + listBytes);
  if (!isOverfull(range, { entryCount: sized.length, sizeBytes })) return [{ range, sized }];
  if (range.bitsLength >= MAX_BITS_LENGTH) throw new PageFullError();
  return halvesOf(range).flatMap((half) =>
    cutSized(
      whole,
      sized.filter(({ entry }) => rangeHolds(half, entry.childId)),
      content,
      half,
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

import { FormatError } from "../../../bytes/index.ts";

export const MAX_BITS_LENGTH = 16;
const SPAN = 2 ** MAX_BITS_LENGTH;

/**
 * Which childIds of a folder a page holds: those whose first `bitsLength` bits are those of `bits` (16 bits, the low
 * ones zero). The one page of a small folder is {bitsLength: 0, bits: 0}.
 */
export interface PageRange {
  readonly bitsLength: number;
  readonly bits: number;
}

export const WHOLE_FOLDER: PageRange = { bitsLength: 0, bits: 0 };

/** Refuses ranges no page can have. Throws FormatError. */
export function requirePageRange({ bitsLength, bits }: PageRange): void {
  const fits = Number.isInteger(bitsLength) && bitsLength >= 0 && bitsLength <= MAX_BITS_LENGTH;
  if (!fits || !Number.isInteger(bits) || bits < 0 || bits >= SPAN || bits % widthOf(bitsLength) !== 0) {
    throw new FormatError("The bits of the page are impossible.");
  }
}

/** How many of the 65 536 prefixes of 16 bits the page covers. */
export function widthOf(bitsLength: number): number {
  return 2 ** (MAX_BITS_LENGTH - bitsLength);
}

/** The first prefix after the page: the next page's bits, or 65 536. */
export function endOf({ bitsLength, bits }: PageRange): number {
  return bits + widthOf(bitsLength);
}

/** Whether an entry with this childId belongs to the page. */
export function rangeHolds(range: PageRange, childId: Uint8Array): boolean {
  const prefix = prefixOf(childId);
  return prefix >= range.bits && prefix < endOf(range);
}

/** Whether every childId of `inner` belongs to `outer`. */
export function rangeCovers(outer: PageRange, inner: PageRange): boolean {
  return outer.bits <= inner.bits && endOf(inner) <= endOf(outer);
}

/** The first two bytes of a childId, as compared with a page's bits. */
export function prefixOf(childId: Uint8Array): number {
  return ((childId[0] as number) << 8) | (childId[1] as number);
}

/** The two halves of a page that splits. Throws FormatError at bitsLength 16. */
export function halvesOf({ bitsLength, bits }: PageRange): readonly [PageRange, PageRange] {
  if (bitsLength >= MAX_BITS_LENGTH) throw new FormatError("A page of 16 bits cannot split.");
  const half = bitsLength + 1;
  return [
    { bitsLength: half, bits },
    { bitsLength: half, bits: bits + widthOf(half) },
  ];
}

/** Whether pages, sorted by bits, cover every childId exactly once. */
export function isComplete(sorted: Iterable<PageRange>): boolean {
  let next = 0;
  for (const range of sorted) {
    if (range.bits !== next) return false;
    next = endOf(range);
  }
  return next === SPAN;
}

/** Where a page stands in its folder (spec/volumes.md §2). */

import { type Bytes, be, concat, fromBe } from "../foundations/bytes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";

export interface PagePlace {
  readonly bitsLength: number;
  /** 0 … 65535; the low 16 - bitsLength bits are zero. */
  readonly bits: number;
}

export function checkPlace(place: PagePlace): void {
  demand(place.bitsLength <= 16, "malformed", "More than 16 bits.");
  demand(place.bits % 2 ** (16 - place.bitsLength) === 0, "malformed", "Bits below the prefix are set.");
}

export function holds(place: PagePlace, childId: Uint8Array): boolean {
  const width = 2 ** (16 - place.bitsLength);
  return Math.floor(fromBe(childId.slice(0, 2)) / width) * width === place.bits;
}

/** Whether `inner` is a proper part of `outer`. */
export function isInside(inner: PagePlace, outer: PagePlace): boolean {
  const width = 2 ** (16 - outer.bitsLength);
  return inner.bitsLength > outer.bitsLength && Math.floor(inner.bits / width) * width === outer.bits;
}

export function halves(place: PagePlace): readonly [PagePlace, PagePlace] {
  if (place.bitsLength === 16) throw new RangeError("A page of 16 bits does not split.");
  const bitsLength = place.bitsLength + 1;
  return [
    { bitsLength, bits: place.bits },
    { bitsLength, bits: place.bits + 2 ** (15 - place.bitsLength) },
  ];
}

/** No page at all, or 0 … 65535 covered without gap or overlap. */
export function checkComplete(pages: readonly PagePlace[]): void {
  if (pages.length === 0) return;
  const sorted = [...pages].sort((a, b) => a.bits - b.bits || a.bitsLength - b.bitsLength);
  let next = 0;
  for (const page of sorted) {
    if (page.bits !== next) throw new Refusal("integrity", "The folder's pages leave a gap or overlap.");
    next = page.bits + 2 ** (16 - page.bitsLength);
  }
  if (next !== 65_536) throw new Refusal("integrity", "The folder's pages do not reach the end.");
}

/** Key of the page in its folder's tree (§6). */
export function pageKey(place: PagePlace): Bytes {
  return concat(be(2, place.bits), be(1, place.bitsLength));
}

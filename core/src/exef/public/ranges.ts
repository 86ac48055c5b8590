import { FormatError } from "../../bytes/index.ts";
import {
  EXEF_HEADER_SIZE,
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_PART_SEGMENTS,
  EXEF_PAYLOAD_SIZE,
  EXEF_SEGMENT_SIZE,
} from "./constants.ts";
import { segmentCount } from "./sizes.ts";

/** start is inside, end is the first byte (or segment) after. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PartRange extends ByteRange {
  readonly firstSegment: number;
  readonly endSegment: number;
}

/** Bytes of segment `index` in the object. */
export function segmentRange(ctLength: number, index: number): ByteRange {
  demandIndex("segment", index, segmentCount(ctLength));
  const start = EXEF_HEADER_SIZE + index * EXEF_SEGMENT_SIZE;
  return { start, end: Math.min(start + EXEF_SEGMENT_SIZE, ctLength) };
}

/** Number of upload parts. */
export function partCount(ctLength: number): number {
  return Math.ceil(segmentCount(ctLength) / EXEF_PART_SEGMENTS);
}

/** Bytes and segments of upload part `index`; part 0 begins with the header (spec/exef.md §7). */
export function partRange(ctLength: number, index: number): PartRange {
  const segments = segmentCount(ctLength);
  demandIndex("part", index, Math.ceil(segments / EXEF_PART_SEGMENTS));
  const firstSegment = index * EXEF_PART_SEGMENTS;
  const endSegment = Math.min(firstSegment + EXEF_PART_SEGMENTS, segments);
  return {
    firstSegment,
    endSegment,
    start: index === 0 ? 0 : segmentRange(ctLength, firstSegment).start,
    end: segmentRange(ctLength, endSegment - 1).end,
  };
}

/** The segments, as a half-open range of indexes, that cover a non-empty range of the data. */
export function segmentsOfData({ start, end }: ByteRange): ByteRange {
  return {
    start: Math.floor((start + EXEF_LENGTH_PREFIX_SIZE) / EXEF_PAYLOAD_SIZE),
    end: Math.ceil((end + EXEF_LENGTH_PREFIX_SIZE) / EXEF_PAYLOAD_SIZE),
  };
}

function demandIndex(what: string, index: number, count: number): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new FormatError(`There is no ${what} ${index}: the object has ${count}.`);
  }
}

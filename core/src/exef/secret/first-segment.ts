import { readUint } from "../../bytes/index.ts";
import { EXEF_SEGMENT_OVERHEAD, EXEF_SEGMENT_SIZE, parseExefHeader } from "../public/index.ts";
import { demandStrongKey, EXEF_FLOE, objectAad } from "./binding.ts";
import { PaddingError, SegmentAuthError } from "./errors.ts";
import { Floe } from "./floe.ts";
import { lengthInside } from "./object-opener.ts";

const MARKER_NOT_LAST = 0xffff_ffff;

/**
 * How long segment 0 says it is, from its first four bytes: a claim, until it has been opened. Throws SegmentAuthError
 * if no segment is that long.
 */
export function firstSegmentLength(marker: Uint8Array): number {
  const value = readUint(marker, 0, 4);
  if (value === MARKER_NOT_LAST) return EXEF_SEGMENT_SIZE;
  if (value <= EXEF_SEGMENT_OVERHEAD || value > EXEF_SEGMENT_SIZE) throw new SegmentAuthError(0);
  return value;
}

export interface FirstSegmentOptions {
  readonly fileKey: Uint8Array;
  readonly context?: Uint8Array;
  readonly header: Uint8Array;
  /** Segment 0, all of it. */
  readonly segment: Uint8Array;
}

/**
 * The length of the data, verified, for readers whom nobody tells how long the object is (spec/standalone.md §5). The
 * object's length follows from it; everything has still to be opened with that length.
 */
export async function sizeInFirstSegment(options: FirstSegmentOptions): Promise<number> {
  const { fileKey, segment } = options;
  const { prelude, floeHeader } = parseExefHeader(options.header);
  demandStrongKey(fileKey);
  const aad = objectAad(prelude, options.context);
  const floe = Floe.open({ parameters: EXEF_FLOE, key: fileKey, aad }, floeHeader);
  const payload = new Uint8Array(segment.length - EXEF_SEGMENT_OVERHEAD);
  const isFinal = readUint(segment, 0, 4) !== MARKER_NOT_LAST;
  try {
    await floe.openSegmentInto({ index: 0, isFinal }, segment, payload);
    const size = lengthInside(payload);
    if (size === undefined) throw new PaddingError("the length inside is impossible");
    return size;
  } finally {
    payload.fill(0);
  }
}

import { FormatError } from "../../bytes/index.ts";
import {
  EXEF_HEADER_SIZE,
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_MAX_REAL_LENGTH,
  EXEF_MAX_SEGMENTS,
  EXEF_MIN_CIPHERTEXT_LENGTH,
  EXEF_MIN_PADDED_DATA,
  EXEF_PAYLOAD_SIZE,
  EXEF_SEGMENT_OVERHEAD,
  EXEF_SEGMENT_SIZE,
} from "./constants.ts";

const TWO_32 = 0x1_0000_0000;

/**
 * Padmé: rounds up to a length that shares its size class with many others (at most 12 % more). Exact for all lengths
 * up to 2^53: the only arithmetic is with powers of two, which floating point does without rounding.
 */
export function padmeLength(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new FormatError(`${length} is not a length.`);
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const unit = 2 ** Math.max(0, exponent - (floorLog2(exponent) + 1));
  return Math.ceil(length / unit) * unit;
}

/** Length of what FLOE encrypts for `realLength` bytes of data: be64 ‖ data ‖ zeros (spec/exef.md §4). */
export function paddedPlaintextLength(realLength: number): number {
  if (!Number.isSafeInteger(realLength) || realLength < 0 || realLength > EXEF_MAX_REAL_LENGTH) {
    throw new FormatError(`An object holds 0 to ${EXEF_MAX_REAL_LENGTH} bytes, not ${realLength}.`);
  }
  const data = realLength <= EXEF_MIN_PADDED_DATA ? EXEF_MIN_PADDED_DATA : padmeLength(realLength);
  return EXEF_LENGTH_PREFIX_SIZE + data;
}

/** Length of the whole object, header included, that holds `realLength` bytes of data. */
export function ciphertextLength(realLength: number): number {
  const padded = paddedPlaintextLength(realLength);
  return EXEF_HEADER_SIZE + padded + EXEF_SEGMENT_OVERHEAD * Math.ceil(padded / EXEF_PAYLOAD_SIZE);
}

/** Number of segments of an object of that length. Throws FormatError if no object has that length. */
export function segmentCount(ctLength: number): number {
  if (!isPossibleCiphertextLength(ctLength)) throw impossible(ctLength);
  return countSegments(ctLength);
}

/** P of spec/exef.md §4, from the length of the object alone. Throws FormatError if no object has that length. */
export function paddedLengthOf(ctLength: number): number {
  return ctLength - EXEF_HEADER_SIZE - EXEF_SEGMENT_OVERHEAD * segmentCount(ctLength);
}

/** Whether any object has that length: most lengths are none, because of the padding. */
export function isPossibleCiphertextLength(ctLength: number): boolean {
  if (!Number.isSafeInteger(ctLength) || ctLength < EXEF_MIN_CIPHERTEXT_LENGTH) return false;
  const count = countSegments(ctLength);
  if (count > EXEF_MAX_SEGMENTS) return false;
  const data = ctLength - EXEF_HEADER_SIZE - EXEF_SEGMENT_OVERHEAD * count - EXEF_LENGTH_PREFIX_SIZE;
  return data >= EXEF_MIN_PADDED_DATA && data <= EXEF_MAX_REAL_LENGTH && ciphertextLength(data) === ctLength;
}

function countSegments(ctLength: number): number {
  return Math.ceil((ctLength - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE);
}

function floorLog2(value: number): number {
  const high = Math.floor(value / TWO_32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
}

function impossible(ctLength: number): FormatError {
  return new FormatError(`No object has a length of ${ctLength} bytes.`, { details: { ctLength } });
}

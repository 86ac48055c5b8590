/** Lengths of ExEF objects (spec/exef.md §4), in BigInt so that nothing can round. */

import { Refusal } from "../foundations/refusal.ts";

export const HEADER_BYTES = 106;
export const SEGMENT_BYTES = 262_144;
export const PAYLOAD_BYTES = 262_112;
export const SEGMENT_OVERHEAD_BYTES = 32;
export const MAX_SEGMENTS = 2 ** 26;

function floorLog2(value: bigint): bigint {
  let exponent = 0n;
  while (value >> (exponent + 1n) > 0n) exponent++;
  return exponent;
}

export function padme(length: bigint): bigint {
  const e = floorLog2(length);
  const s = floorLog2(e) + 1n;
  const mask = (1n << (e - s)) - 1n;
  return (length + mask) & ~mask;
}

/** P: all plaintext inside FLOE. */
export function paddedLength(length: number): number {
  return 8 + (length <= 512 ? 512 : Number(padme(BigInt(length))));
}

function segmentsOfPadded(padded: number): number {
  return Number((BigInt(padded) + BigInt(PAYLOAD_BYTES) - 1n) / BigInt(PAYLOAD_BYTES));
}

export function ciphertextLength(length: number): number {
  const padded = paddedLength(length);
  const segments = segmentsOfPadded(padded);
  if (segments > MAX_SEGMENTS) throw new Refusal("malformed", "Longer than an object can be.");
  return HEADER_BYTES + padded + SEGMENT_OVERHEAD_BYTES * segments;
}

/** Segments and padded length of a ciphertext of `total` bytes; malformed if no object has that length. */
export function shapeOf(total: number): { segments: number; padded: number } {
  const segments = Math.ceil((total - HEADER_BYTES) / SEGMENT_BYTES);
  const padded = total - HEADER_BYTES - SEGMENT_OVERHEAD_BYTES * segments;
  if (segments < 1 || segments > MAX_SEGMENTS || padded < 520 || ciphertextLength(padded - 8) !== total) {
    throw new Refusal("malformed", `No object is ${total} bytes long.`);
  }
  return { segments, padded };
}

import type { Bytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";

const TWO_32 = 0x1_0000_0000;

/** An unsigned integer of `width` bytes, big-endian, at `offset`. */
export function writeUint(target: Uint8Array, offset: number, width: 1 | 2 | 4 | 6 | 8, value: number): void {
  const limit = width === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * width) - 1;
  if (!Number.isSafeInteger(value) || value < 0 || value > limit) {
    throw new FormatError(`${value} does not fit an unsigned integer of ${width} bytes.`);
  }
  if (offset < 0 || offset + width > target.length) throw new FormatError("There is no room for the integer.");
  let low = value % TWO_32;
  let high = (value - low) / TWO_32;
  for (let i = width - 1; i >= 0; i--) {
    const fromLow = width - i <= 4;
    target[offset + i] = (fromLow ? low : high) & 0xff;
    if (fromLow) low = Math.floor(low / 256);
    else high = Math.floor(high / 256);
  }
}

/** Reads what `writeUint` wrote; 8-byte values of 2^53 and above are refused, never rounded. */
export function readUint(source: Uint8Array, offset: number, width: 1 | 2 | 4 | 6 | 8): number {
  if (offset < 0 || offset + width > source.length) throw new FormatError("The bytes end inside an integer.");
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (source[offset + i] as number);
  if (!Number.isSafeInteger(value)) throw new FormatError("The integer is 2^53 or above.");
  return value;
}

export function uint16(value: number): Bytes {
  return encoded(2, value);
}

export function uint32(value: number): Bytes {
  return encoded(4, value);
}

/** Up to 2^53 - 1. */
export function uint64(value: number): Bytes {
  return encoded(8, value);
}

function encoded(width: 2 | 4 | 8, value: number): Bytes {
  const bytes = new Uint8Array(width);
  writeUint(bytes, 0, width, value);
  return bytes;
}

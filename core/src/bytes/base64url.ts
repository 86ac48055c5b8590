import type { Bytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DIGIT_CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const INVALID = 0xff;
const CODE_TO_VALUE = new Uint8Array(256).fill(INVALID);
for (const [value, code] of DIGIT_CODES.entries()) CODE_TO_VALUE[code] = value;

const ascii = new TextDecoder("utf-8");

/** RFC 4648 §5 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[out++] = DIGIT_CODES[group >> 18] as number;
    codes[out++] = DIGIT_CODES[(group >> 12) & 63] as number;
    if (left > 1) codes[out++] = DIGIT_CODES[(group >> 6) & 63] as number;
    if (left > 2) codes[out++] = DIGIT_CODES[group & 63] as number;
  }
  return ascii.decode(codes);
}

/**
 * Strict: no padding, no other alphabet, no white space, and unused trailing bits must be zero, so that every byte
 * string has exactly one spelling (ids are compared as text in addresses and caches).
 */
export function fromBase64Url(text: string): Bytes {
  const tail = text.length % 4;
  if (tail === 1) throw new FormatError("The text is not base64url: it has an impossible length.");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const group =
      (digitAt(text, i) << 18) | (digitAt(text, i + 1) << 12) | (digitAt(text, i + 2) << 6) | digitAt(text, i + 3);
    bytes[out++] = group >> 16;
    if (out < bytes.length) bytes[out++] = (group >> 8) & 0xff;
    else if ((group & 0xffff) !== 0) throw nonCanonical();
    else break;
    if (out < bytes.length) bytes[out++] = group & 0xff;
    else if ((group & 0xff) !== 0) throw nonCanonical();
  }
  return bytes;
}

function digitAt(text: string, index: number): number {
  if (index >= text.length) return 0;
  const value = CODE_TO_VALUE[text.charCodeAt(index)] ?? INVALID;
  if (value === INVALID) throw new FormatError("The text is not base64url: it has a character that does not belong.");
  return value;
}

function nonCanonical(): FormatError {
  return new FormatError("The text is not canonical base64url: its unused bits are not zero.");
}

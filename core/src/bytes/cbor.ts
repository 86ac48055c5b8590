import { encode, rfc8949EncodeOptions } from "cborg";
import type { Bytes } from "./bytes.ts";
import { CborDecoder, MAX_ENCLOSING } from "./cbor-decoder.ts";
import { FormatError } from "./errors.ts";
import { toHex } from "./hex.ts";

export type CborKey = number | string | Uint8Array;
export type CborMap = Map<CborKey, CborValue>;
export type CborValue = number | string | boolean | null | Uint8Array | CborValue[] | CborMap;

/** Deterministic CBOR (RFC 8949 §4.2) of a value this project may store; anything else is a FormatError. */
export function encodeCbor(value: CborValue): Bytes {
  check(value, 0);
  return encode(value, rfc8949EncodeOptions) as Bytes;
}

/**
 * The one value these bytes encode, if they are exactly what `encodeCbor` would write. Maps come as Map, with unsigned
 * integers, text or byte strings as keys. Throws FormatError for anything else, however it was crafted.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  return new CborDecoder(bytes).whole();
}

function check(value: unknown, enclosing: number): asserts value is CborValue {
  if (enclosing > MAX_ENCLOSING) throw refused(`more than ${MAX_ENCLOSING} enclosing arrays and maps`);
  if (value === null || typeof value === "boolean" || value instanceof Uint8Array) return;
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw refused("half a character (a lone surrogate)");
  } else if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw refused("a number that is no integer below 2^53");
  } else if (Array.isArray(value)) {
    for (const item of value) check(item, enclosing + 1);
  } else if (value instanceof Map) {
    checkMap(value, enclosing);
  } else {
    throw refused("a type that has no place in it");
  }
}

function checkMap(map: Map<unknown, unknown>, enclosing: number): void {
  // Byte strings are objects to a Map: it does not notice two equal ones.
  const byteKeys = new Set<string>();
  for (const [key, value] of map) {
    if (key instanceof Uint8Array) {
      const text = toHex(key);
      if (byteKeys.has(text)) throw refused("a map key twice");
      byteKeys.add(text);
    } else if (typeof key === "number" ? key < 0 : typeof key !== "string") {
      throw refused("a map key of another type");
    }
    check(key, enclosing + 1);
    check(value, enclosing + 1);
  }
}

function refused(what: string): FormatError {
  return new FormatError(`The CBOR holds ${what}.`);
}

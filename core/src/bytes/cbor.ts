import { decode, encode, rfc8949EncodeOptions, Tokenizer, Type } from "cborg";
import { type Bytes, equalBytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";
import { toHex } from "./hex.ts";
import { utf8Decode } from "./utf8.ts";

export type CborKey = number | string | Uint8Array;
export type CborMap = Map<CborKey, CborValue>;
export type CborValue = number | string | boolean | null | Uint8Array | CborValue[] | CborMap;

const MAX_ENCLOSING = 8;

const DECODE_OPTIONS = {
  strict: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  useMaps: true,
  retainStringBytes: true,
} as const;

// The library decodes text leniently and drops a leading U+FEFF, which would make a file of that name unreadable.
class StrictTextTokenizer extends Tokenizer {
  override next() {
    const token = super.next();
    if (Type.equals(token.type, Type.string) && token.byteValue) token.value = utf8Decode(token.byteValue);
    return token;
  }
}

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
  // The library slices byte strings out of its input, and a slice of a Buffer would be a view.
  const input = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let value: unknown;
  try {
    value = decode(input, { ...DECODE_OPTIONS, tokenizer: new StrictTextTokenizer(input, DECODE_OPTIONS) });
  } catch (cause) {
    // A RangeError is nesting so deep that the stack ended; the limit below is far under it.
    throw new FormatError("The CBOR is malformed.", { cause });
  }
  check(value, 0);
  if (!equalBytes(encode(value, rfc8949EncodeOptions), bytes)) {
    throw new FormatError("The CBOR is not in its deterministic form.");
  }
  return value;
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

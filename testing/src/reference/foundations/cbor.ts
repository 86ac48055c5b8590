/** Deterministic CBOR (spec/terminology.md §3), decoded by hand so that no library's leniency is inherited. */

import { type Bytes, be, compare, concat, Reader, utf8 } from "./bytes.ts";
import { demand, Refusal } from "./refusal.ts";

export type Key = number | string | Uint8Array;
export type Value = number | string | boolean | null | Uint8Array | Value[] | Map<Key, Value>;

const MAX_ENCLOSING = 8;

function head(major: number, argument: number): Bytes {
  const top = major << 5;
  if (argument < 24) return Uint8Array.of(top | argument);
  if (argument < 2 ** 8) return concat(Uint8Array.of(top | 24), be(1, argument));
  if (argument < 2 ** 16) return concat(Uint8Array.of(top | 25), be(2, argument));
  if (argument < 2 ** 32) return concat(Uint8Array.of(top | 26), be(4, argument));
  return concat(Uint8Array.of(top | 27), be(8, argument));
}

export function encode(value: Value): Bytes {
  if (value === null) return Uint8Array.of(0xf6);
  if (value === false) return Uint8Array.of(0xf4);
  if (value === true) return Uint8Array.of(0xf5);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError("Not an integer below 2^53.");
    return value >= 0 ? head(0, value) : head(1, -1 - value);
  }
  if (value instanceof Uint8Array) return concat(head(2, value.length), value);
  if (typeof value === "string") return concat(head(3, utf8(value).length), utf8(value));
  if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(encode));
  const pairs = [...value].map(([key, item]) => [encode(key), encode(item)] as const);
  pairs.sort(([a], [b]) => compare(a, b));
  return concat(head(5, value.size), ...pairs.flat());
}

/** The one item that these bytes hold; a Refusal if a rule of the profile is broken. */
export function decode(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = item(reader, 0);
  reader.end();
  return value;
}

function item(reader: Reader, enclosing: number): Value {
  demand(enclosing <= MAX_ENCLOSING, "malformed", "More than eight arrays and maps around an item.");
  const first = reader.uint(1);
  const major = first >> 5;
  const info = first & 31;
  if (major === 7) return simple(info);
  const argument = readArgument(reader, info);
  switch (major) {
    case 0:
      return argument;
    case 1:
      demand(Number.isSafeInteger(-1 - argument), "malformed", "An integer below -(2^53 - 1).");
      return -1 - argument;
    case 2:
      return reader.take(argument);
    case 3:
      return text(reader.take(argument));
    case 4:
      // Every item takes at least a byte: a count above that cannot be honest, and must not cost memory.
      demand(argument <= reader.left, "malformed", "An array longer than its bytes.");
      return Array.from({ length: argument }, () => item(reader, enclosing + 1));
    case 5:
      return map(reader, argument, enclosing);
    default:
      throw new Refusal("malformed", "A tag.");
  }
}

function readArgument(reader: Reader, info: number): number {
  if (info < 24) return info;
  demand(info <= 27, "malformed", "An indefinite or reserved length.");
  const width = 2 ** (info - 24);
  const argument = reader.uint(width);
  const smallest = width === 1 ? 24 : 2 ** (4 * width);
  demand(argument >= smallest, "malformed", "A head that is not in its shortest form.");
  return argument;
}

function simple(info: number): boolean | null {
  if (info === 20) return false;
  if (info === 21) return true;
  if (info === 22) return null;
  throw new Refusal("malformed", "A float, undefined or another simple value.");
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Refusal("malformed", "Text that is not UTF-8.", { cause });
  }
}

function map(reader: Reader, count: number, enclosing: number): Map<Key, Value> {
  demand(count * 2 <= reader.left, "malformed", "A map longer than its bytes.");
  const result = new Map<Key, Value>();
  let previous: Bytes | undefined;
  for (let i = 0; i < count; i++) {
    const key = item(reader, enclosing + 1);
    const isKey = (typeof key === "number" && key >= 0) || typeof key === "string" || key instanceof Uint8Array;
    demand(isKey, "malformed", "A map key of another type.");
    const encoded = encode(key);
    demand(previous === undefined || compare(previous, encoded) < 0, "malformed", "Map keys out of order, or twice.");
    previous = encoded;
    result.set(key as Key, item(reader, enclosing + 1));
  }
  return result;
}

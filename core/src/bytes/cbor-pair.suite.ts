import { decode, encode, rfc8949EncodeOptions, Tokenizer, Type } from "cborg";
import { type CborValue, equalBytes, FormatError, toHex, utf8Decode } from "./index.ts";

/**
 * The same judgement reached another way: a library reads leniently, what it read is walked over for what it lets pass, and
 * is written again by the library to see whether the bytes come out equal. Slow, and shares nothing with `decodeCbor`.
 */
export function decodeByWritingAgain(input: Uint8Array): CborValue {
  // A Buffer would give Buffers.
  const bytes = new Uint8Array(input);
  const options = {
    strict: true,
    rejectDuplicateMapKeys: true,
    allowIndefinite: false,
    allowUndefined: false,
    useMaps: true,
    retainStringBytes: true,
  };
  let value: unknown;
  try {
    value = decode(bytes, { ...options, tokenizer: new StrictTextTokenizer(bytes, options) });
  } catch (cause) {
    throw new FormatError("The library refused it.", { cause });
  }
  check(value, 0);
  if (!equalBytes(encode(value, rfc8949EncodeOptions), bytes)) throw new FormatError("It is written another way.");
  return value as CborValue;
}

// The library decodes text leniently and drops a leading U+FEFF.
class StrictTextTokenizer extends Tokenizer {
  override next() {
    const token = super.next();
    if (Type.equals(token.type, Type.string) && token.byteValue) token.value = utf8Decode(token.byteValue);
    return token;
  }
}

function check(value: unknown, enclosing: number): void {
  if (enclosing > 8) throw new FormatError("Too deep.");
  if (value === null || typeof value === "boolean" || typeof value === "string" || value instanceof Uint8Array) return;
  if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) return;
  if (Array.isArray(value)) for (const item of value) check(item, enclosing + 1);
  else if (value instanceof Map) checkMap(value, enclosing);
  else throw new FormatError("Another type.");
}

function checkMap(map: Map<unknown, unknown>, enclosing: number): void {
  const byteKeys = new Set<string>();
  for (const [key, value] of map) {
    if (key instanceof Uint8Array) {
      if (byteKeys.has(toHex(key))) throw new FormatError("A key twice.");
      byteKeys.add(toHex(key));
    } else if (typeof key === "number" ? key < 0 : typeof key !== "string") throw new FormatError("Another key.");
    check(key, enclosing + 1);
    check(value, enclosing + 1);
  }
}

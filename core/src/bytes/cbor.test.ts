import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeByWritingAgain } from "./cbor-pair.suite.ts";
import {
  type CborKey,
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  FormatError,
  fromHex,
  toHex,
} from "./index.ts";

/** RFC 8949 §4.2.1 written out: a second opinion on what the deterministic bytes are. */
function slowEncode(value: CborValue): Uint8Array {
  if (value === false) return Uint8Array.of(0xf4);
  if (value === true) return Uint8Array.of(0xf5);
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return withBytes(3, Buffer.from(value, "utf8"));
  if (value instanceof Uint8Array) return withBytes(2, value);
  if (Array.isArray(value)) return concatBytes(head(4, value.length), ...value.map(slowEncode));
  const pairs = [...value].map(([key, item]) => [slowEncode(key), slowEncode(item)] as const);
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  return concatBytes(head(5, value.size), ...pairs.flat());
}

function head(major: number, value: number): Uint8Array {
  const top = major << 5;
  if (value < 24) return Uint8Array.of(top | value);
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt(value), 1);
  const sizes = [
    [0x100, 1, 24],
    [0x1_0000, 2, 25],
    [0x1_0000_0000, 4, 26],
    [Number.POSITIVE_INFINITY, 8, 27],
  ] as const;
  const [, length, info] = sizes.find(([limit]) => value < limit) ?? sizes[3];
  bytes[8 - length] = top | info;
  return bytes.subarray(8 - length);
}

function withBytes(major: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(head(major, bytes.length), bytes);
}

const text = () => fc.string({ unit: "grapheme", maxLength: 40 });
const key = (): fc.Arbitrary<CborKey> => fc.oneof(fc.nat(), text(), fc.uint8Array({ maxLength: 20 }));
const value = (): fc.Arbitrary<CborValue> =>
  fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      text(),
      fc.uint8Array({ maxLength: 40 }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc
        .uniqueArray(fc.tuple(key(), tie("value")), { maxLength: 5, selector: ([k]) => toHex(slowEncode(k)) })
        .map((pairs) => new Map(pairs)),
    ),
  })).value;

/** CBOR as nobody should write it: heads longer than needed, keys in any order and twice, floats, tags, no lengths. */
const sloppy = (): fc.Arbitrary<Uint8Array> =>
  fc.letrec<{ item: Uint8Array }>((tie) => {
    const number = fc.oneof(
      fc.nat(30),
      fc.nat(),
      fc.maxSafeInteger(),
      fc.constantFrom(255, 256, 65_535, 65_536, 2 ** 32),
    );
    const count = (major: number, size: number) =>
      fc
        .tuple(fc.nat(9), fc.nat(4))
        .map(([chance, width]) => (chance < 8 ? head(major, size) : wideHead(major, size, width)));
    const joined = (major: number, items: readonly Uint8Array[], size: number) =>
      count(major, size).map((start) => concatBytes(start, ...items));
    return {
      item: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        fc.tuple(fc.constantFrom(0, 1), number).chain(([major, size]) => count(major, Math.abs(size))),
        fc.constantFrom("f4", "f5", "f6", "f7", "f0", "f820", "f93c00", "fa3fc00000", "ff", "1c", "c101").map(fromHex),
        fc.uint8Array({ maxLength: 30 }).chain((bytes) => joined(2, [bytes], bytes.length)),
        fc
          .oneof(
            text().map((each) => new Uint8Array(Buffer.from(each))),
            fc.uint8Array({ maxLength: 5 }),
          )
          .chain((bytes) => joined(3, [bytes], bytes.length)),
        fc.array(tie("item"), { maxLength: 4 }).chain((items) => joined(4, items, items.length)),
        fc
          .array(
            fc.tuple(
              fc.oneof(
                number.map((each) => head(0, Math.abs(each))),
                tie("item"),
              ),
              tie("item"),
            ),
            { maxLength: 4 },
          )
          .chain((pairs) => joined(5, pairs.flat(), pairs.length)),
        fc.array(tie("item"), { maxLength: 3 }).map((items) => concatBytes(fromHex("9f"), ...items, fromHex("ff"))),
      ),
    };
  }).item;

/** A head in 1, 2, 4 or 8 more bytes, whether it needs them or not. */
function wideHead(major: number, value: number, width: number): Uint8Array {
  const length = 2 ** Math.min(width, 3);
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt(value), 1);
  bytes[8 - length] = (major << 5) | (24 + Math.min(width, 3));
  return bytes.subarray(8 - length);
}

/** What somebody does to bytes who hopes that nobody looks: changes, drops, doubles or swaps some of them. */
const tampered = (): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(value(), fc.array(fc.tuple(fc.nat(3), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }))
    .map(([original, changes]) => {
      let bytes: number[] = [...encodeCbor(original)];
      for (const [how, where, byte] of changes) {
        const at = where % bytes.length;
        if (how === 0) bytes[at] = byte;
        else if (how === 1 && bytes.length > 1) bytes.splice(at, 1);
        else if (how === 2) bytes.splice(at, 0, byte);
        else bytes = [...bytes.slice(at), ...bytes.slice(0, at)];
      }
      return Uint8Array.from(bytes);
    });

/** The value, or that it was refused. Anything but a FormatError is a mistake of ours. */
function judged(decoder: (bytes: Uint8Array) => CborValue, bytes: Uint8Array): unknown {
  try {
    return { value: decoder(bytes) };
  } catch (error) {
    if (error instanceof FormatError) return "refused";
    throw error;
  }
}

/** Lists inside of each other, `depth` of them around one number. */
const nested = (depth: number) => fromHex(`${"81".repeat(depth)}00`);

describe("deterministic CBOR", () => {
  it("writes the deterministic bytes and reads them back", () => {
    fc.assert(
      fc.property(value(), (original) => {
        const bytes = encodeCbor(original);
        expect(toHex(bytes)).toBe(toHex(slowEncode(original)));
        expect(toHex(encodeCbor(decodeCbor(bytes)))).toBe(toHex(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it("gives maps as Map and keeps types of keys apart", () => {
    const map = new Map<CborKey, CborValue>([
      [1, "a"],
      ["1", "b"],
      [Uint8Array.of(0x31), "c"],
    ]);
    const read = decodeCbor(encodeCbor(map)) as Map<CborKey, CborValue>;
    expect(read).toBeInstanceOf(Map);
    expect([read.get(1), read.get("1"), read.size]).toEqual(["a", "b", 3]);
  });

  it("keeps every text, a leading byte order mark included", () => {
    for (const name of [
      "\ufeff",
      "\ufeffname",
      `${"x".repeat(40)}\ufeff`,
      `\ufeff${"é".repeat(40)}`,
      "\u0000",
      "__proto__",
    ]) {
      expect(decodeCbor(encodeCbor(name))).toBe(name);
      expect(decodeCbor(encodeCbor(new Map([[name, 1]])))).toEqual(new Map([[name, 1]]));
    }
  });

  it.each([
    ["nothing", ""],
    ["an integer in more bytes than needed", "1817"],
    ["a length in more bytes than needed", "7801 61"],
    ["an array length in more bytes than needed", "9801 00"],
    ["a byte after the value", "0000"],
    ["a string that ends early", "6261"],
    ["an array that ends early", "8200"],
    ["an array of 2^63 items", "9b8000000000000000"],
    ["a byte string of 2^32 bytes", "5affffffff00"],
    ["an indefinite array", "9f00ff"],
    ["an indefinite map", "bf0000ff"],
    ["an indefinite text", "7f6161ff"],
    ["an indefinite byte string", "5f4161ff"],
    ["a break by itself", "ff"],
    ["undefined", "f7"],
    ["another simple value", "f0"],
    ["a simple value in two bytes", "f820"],
    ["a half-precision integer", "f93c00"],
    ["a half-precision float", "f93e00"],
    ["a single-precision float", "fa3fc00000"],
    ["a double-precision float", "fb3ff8000000000000"],
    ["a float of 2^53", "fa5a000000"],
    ["minus zero", "f98000"],
    ["not a number", "f97e00"],
    ["infinity", "f97c00"],
    ["a tag", "c11a514b67b0"],
    ["a bignum", "c249010000000000000000"],
    ["2^53", "1b0020000000000000"],
    ["-2^53", "3b001fffffffffffff"],
    ["2^64 - 1", "1bffffffffffffffff"],
    ["keys out of order", "a2 02 00 01 00"],
    ["an integer key twice", "a2 01 00 01 00"],
    ["a text key twice", "a2 6161 00 6161 00"],
    ["a byte string key twice", "a2 4161 00 4161 00"],
    ["a negative key", "a1 20 00"],
    ["a key that is an array", "a1 80 00"],
    ["a key that is a map", "a1 a0 00"],
    ["a key that is true", "a1 f5 00"],
    ["a key that is null", "a1 f6 00"],
    ["invalid UTF-8", "61ff"],
    ["a surrogate in UTF-8", "63eda080"],
    ["the middle of a character in UTF-8", "6180"],
    ["overlong UTF-8", "62c080"],
    ["reserved additional information", "1c"],
  ])("refuses %s", (_, hex) => {
    expect(() => decodeCbor(fromHex(hex.replaceAll(" ", "")))).toThrow(FormatError);
  });

  it("accepts the largest integers that are exact", () => {
    expect(decodeCbor(fromHex("1b001fffffffffffff"))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decodeCbor(fromHex("3b001ffffffffffffe"))).toBe(Number.MIN_SAFE_INTEGER);
  });

  it("refuses more than eight enclosing arrays and maps, however many", () => {
    expect(decodeCbor(nested(8))).toBeInstanceOf(Array);
    for (const depth of [9, 100, 10_000, 1_000_000]) expect(() => decodeCbor(nested(depth))).toThrow(FormatError);
    let value: CborValue = 0;
    for (let i = 0; i < 9; i++) value = new Map([[1, value]]);
    expect(() => encodeCbor(value)).toThrow(FormatError);
  });

  it.each([
    ["a fraction", 0.5],
    ["minus zero", -0],
    ["2^53", 2 ** 53],
    ["half a character", "\ud800"],
    ["undefined", undefined],
    ["a date", new Date(0)],
    ["a plain object", { a: 1 }],
    ["a big integer", 1n],
    ["a map with a negative key", new Map([[-1, 0]])],
    [
      "a map with equal byte keys",
      new Map([
        [Uint8Array.of(1), 0],
        [Uint8Array.of(1), 1],
      ]),
    ],
  ])("does not write %s", (_, value) => {
    expect(() => encodeCbor(value as CborValue)).toThrow(FormatError);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(toHex(encodeCbor(decodeCbor(bytes)))).toBe(toHex(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["any bytes", fc.uint8Array({ maxLength: 40 }), 2000],
    ["sloppy encodings", sloppy(), 2000],
    ["encodings that were tampered with", tampered(), 2000],
    ["good encodings", value().map(encodeCbor), 500],
  ])("judges %s as one who writes again what was read", (_, arbitrary, numRuns) => {
    fc.assert(
      fc.property(arbitrary, (bytes) => {
        expect(judged(decodeCbor, bytes)).toEqual(judged(decodeByWritingAgain, bytes));
      }),
      { numRuns },
    );
  });

  it("gives maps in the order of their bytes, as they were read", () => {
    fc.assert(
      fc.property(value().map(encodeCbor), (bytes) => {
        const keysOf = (each: CborValue) => (each instanceof Map ? [...each.keys()] : []);
        expect(keysOf(decodeCbor(bytes))).toEqual(keysOf(decodeByWritingAgain(bytes)));
      }),
    );
  });

  it("gives bytes of their own, not a view that keeps the input alive", () => {
    const input = Buffer.from(encodeCbor([Uint8Array.of(1, 2, 3)]));
    const [bytes] = decodeCbor(input) as [Uint8Array];
    input.fill(9);
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });
});

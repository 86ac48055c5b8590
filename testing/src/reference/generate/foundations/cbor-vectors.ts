import { ascii, be, concat, hex, unhex } from "../../foundations/bytes.ts";
import { decode, encode, type Value } from "../../foundations/cbor.ts";
import { refused, type VectorFile } from "../vector-file.ts";

function nested(arrays: number, inner: Value): Value {
  return arrays === 0 ? inner : [nested(arrays - 1, inner)];
}

const ACCEPTED: readonly (readonly [name: string, value: Value])[] = [
  ["zero", 0],
  ["23, the largest in one byte", 23],
  ["24", 24],
  ["255", 255],
  ["256", 256],
  ["65535", 65_535],
  ["65536", 65_536],
  ["2^32 - 1", 2 ** 32 - 1],
  ["2^32", 2 ** 32],
  ["2^53 - 1", 2 ** 53 - 1],
  ["-1", -1],
  ["-(2^53 - 1)", -(2 ** 53 - 1)],
  ["empty byte string", new Uint8Array(0)],
  ["24 bytes", new Uint8Array(24)],
  ["empty text", ""],
  ["text in many scripts", "Ünïcödé 漢字 🗡"],
  ["text that begins with U+FEFF", "\ufeffname"],
  ["true, false, null", [true, false, null]],
  [
    "keys of three types, in order",
    new Map<number | string | Uint8Array, Value>([
      [1, 1],
      [100, 2],
      [unhex("00"), 3],
      ["a", 4],
    ]),
  ],
  [
    "short keys come before long ones of the same type",
    new Map<number, Value>([
      [23, 0],
      [24, 0],
      [256, 0],
    ]),
  ],
  ["eight enclosing arrays around an integer", nested(8, 1)],
  ["nine arrays, the innermost empty", nested(8, [])],
];

const deep = (arrays: number, inner: string) => "81".repeat(arrays) + inner;

const REFUSED: readonly (readonly [name: string, bytes: string])[] = [
  ["nothing", ""],
  ["bytes after the item", "0000"],
  ["23 in two bytes", "1817"],
  ["255 in three bytes", "1900ff"],
  ["65535 in five bytes", "1a0000ffff"],
  ["2^32 - 1 in nine bytes", "1b00000000ffffffff"],
  ["-24 in two bytes with a small argument", "3817"],
  ["a byte string with its length in two bytes", "580100"],
  ["an array with its length in two bytes", "980100"],
  ["a map with its length in two bytes", "b8010000"],
  ["2^53", "1b0020000000000000"],
  ["2^53 + 1", "1b0020000000000001"],
  ["-2^53", "3b001fffffffffffff"],
  ["-2^53 - 1", "3b0020000000000000"],
  ["2^64 - 1", "1bffffffffffffffff"],
  ["-2^64", "3bffffffffffffffff"],
  ["indefinite byte string", "5f4100ff"],
  ["indefinite text", "7f6161ff"],
  ["indefinite array", "9f00ff"],
  ["indefinite map", "bf0000ff"],
  ["a break alone", "ff"],
  ["map keys out of order", "a202000100"],
  ["map keys out of order: text before bytes", "a2616100410000"],
  ["map keys by length first, not by bytes", "a2617a001903e800"],
  ["a key twice", "a201000101"],
  ["a byte string key twice", "a2410100410101"],
  ["a text key twice", "a2616100616101"],
  ["half precision float", "f93c00"],
  ["single precision float", "fa3f800000"],
  ["double precision float", "fb3ff0000000000000"],
  ["a float that is a whole number, inside", "81fb4000000000000000"],
  ["NaN", "f97e00"],
  ["infinity", "f97c00"],
  ["tag 0", "c074323031332d30332d32315432303a30343a30305a"],
  ["tag 2, a bignum", "c249010000000000000000"],
  ["tag 55799, self-described", "d9d9f700"],
  ["undefined", "f7"],
  ["simple value 0", "e0"],
  ["simple value 255", "f8ff"],
  ["false in two bytes", "f814"],
  ["reserved length 28", "1c"],
  ["reserved length 31 on an integer", "1f"],
  ["a negative key", "a12000"],
  ["null as a key", "a1f600"],
  ["true as a key", "a1f500"],
  ["an array as a key", "a18000"],
  ["a map as a key", "a1a000"],
  ["text that is not UTF-8", "61ff"],
  ["text with an encoded surrogate", "63eda080"],
  ["text with an overlong encoding", "62c0af"],
  ["text cut inside a character", "61c3"],
  ["a byte string longer than its bytes", "4200"],
  ["an array longer than its bytes", "8200"],
  ["a map longer than its bytes", "a2000001"],
  ["a map without its last value", "a100"],
  ["an array that claims 2^32 - 1 items", "9affffffff"],
  ["a byte string that claims 2^53 - 1 bytes", "5b001fffffffffffff"],
  ["nine enclosing arrays around an integer", deep(9, "01")],
  ["ten arrays, the innermost empty", deep(9, "80")],
  ["nine enclosing maps", `${"a100".repeat(9)}00`],
  ["thousands of enclosing arrays", deep(4000, "80")],
];

export function cborVectors(): VectorFile {
  const accepted = ACCEPTED.map(([name, value]) => {
    const bytes = encode(value);
    if (hex(encode(decode(bytes))) !== hex(bytes)) throw new Error(`"${name}" does not survive.`);
    return { name, bytes: hex(bytes) };
  });
  const long = concat(be(1, 0x79), be(2, 1000), ascii("x".repeat(1000)));
  accepted.push({ name: "text of a thousand characters", bytes: hex(long) });
  const refusals = REFUSED.map(([name, bytes]) =>
    refused(name, { refuse: "malformed", wrong: name }, { bytes }, () => decode(unhex(bytes))),
  );
  return { about: "Deterministic CBOR (spec/terminology.md §3): one item each.", accepted, refused: refusals };
}

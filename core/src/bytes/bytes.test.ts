import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ByteReader,
  ByteWriter,
  compareBytes,
  concatBytes,
  ExcaliburError,
  equalBytes,
  FormatError,
  fromBase64Url,
  fromHex,
  isAllZero,
  readUint,
  toBase64Url,
  toHex,
  uint64,
  utf8Decode,
  utf8Encode,
  utf8Length,
  wipe,
  writeUint,
} from "./index.ts";

const bytes = () => fc.uint8Array({ maxLength: 70 });

describe("joining and comparing", () => {
  it("joins what it is given", () => {
    fc.assert(
      fc.property(fc.array(bytes()), (parts) => {
        expect([...concatBytes(...parts)]).toEqual(parts.flatMap((part) => [...part]));
      }),
    );
  });

  it("orders and equates like the hexadecimal text", () => {
    fc.assert(
      fc.property(bytes(), bytes(), (a, b) => {
        const [left, right] = [toHex(a), toHex(b)];
        expect(compareBytes(a, b)).toBe(Number(left > right) - Number(left < right));
        expect(equalBytes(a, b)).toBe(left === right);
        expect(equalBytes(a, a.slice())).toBe(true);
      }),
    );
  });

  it("wipes and sees zeros", () => {
    const secret = Uint8Array.of(1, 2, 3);
    expect(isAllZero(secret)).toBe(false);
    wipe(secret);
    expect(isAllZero(secret)).toBe(true);
  });
});

describe("text encodings", () => {
  it("agree with Node's own", () => {
    fc.assert(
      fc.property(bytes(), (value) => {
        expect(toBase64Url(value)).toBe(Buffer.from(value).toString("base64url"));
        expect(fromBase64Url(toBase64Url(value))).toEqual(value);
        expect(toHex(value)).toBe(Buffer.from(value).toString("hex"));
        expect(fromHex(toHex(value).toUpperCase())).toEqual(value);
      }),
    );
  });

  it.each(["A", "AB==", "AA=", "A+/A", "AB", "AAB", "AA A", "ÿAAA", "AAAĀ", "_-_-\n"])(
    "refuse %j as base64url",
    (text) => {
      expect(() => fromBase64Url(text)).toThrow(FormatError);
    },
  );

  it("accept one spelling per byte string only", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8, unit: fc.constantFrom(..."AQgwBZz09-_") }), (text) => {
        try {
          expect(toBase64Url(fromBase64Url(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });

  it.each(["0", "0g", " 00", "0x00"])("refuse %j as hexadecimal", (text) => {
    expect(() => fromHex(text)).toThrow(FormatError);
  });

  it("keep every text, byte order mark included, and refuse halves", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(utf8Decode(utf8Encode(text))).toBe(text);
        expect(utf8Length(text)).toBe(utf8Encode(text).length);
      }),
    );
    expect(utf8Decode(utf8Encode("\ufeffa"))).toBe("\ufeffa");
    expect(() => utf8Encode("a\ud800")).toThrow(FormatError);
    expect(() => utf8Length("a\ud800")).toThrow(FormatError);
    expect(() => utf8Decode(Uint8Array.of(0xc0, 0x80))).toThrow(FormatError);
  });
});

describe("integers", () => {
  const widths = [1, 2, 4, 6, 8] as const;

  it("round-trip at every width", () => {
    fc.assert(
      fc.property(fc.constantFrom(...widths), fc.maxSafeNat(), (width, value) => {
        const target = new Uint8Array(width + 2);
        const fits = width === 8 || value < 256 ** width;
        if (!fits) {
          expect(() => writeUint(target, 1, width, value)).toThrow(FormatError);
          return;
        }
        writeUint(target, 1, width, value);
        expect(readUint(target, 1, width)).toBe(value);
        expect([target[0], target[width + 1]]).toEqual([0, 0]);
      }),
    );
    expect(toHex(uint64(Number.MAX_SAFE_INTEGER))).toBe("001fffffffffffff");
  });

  it("refuse 2^53, negative numbers, fractions and missing room", () => {
    expect(() => readUint(fromHex("0020000000000000"), 0, 8)).toThrow(FormatError);
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => uint64(value)).toThrow(FormatError);
    expect(() => writeUint(new Uint8Array(3), 0, 4, 1)).toThrow(FormatError);
    expect(() => readUint(new Uint8Array(3), 0, 4)).toThrow(FormatError);
  });
});

describe("reader and writer", () => {
  it("read what was written", () => {
    const written = new ByteWriter(1)
      .text("EXD3")
      .u8(1)
      .u16(0x0203)
      .u32(0x04050607)
      .u48(0x08090a0b0c0d)
      .u64(2 ** 52 + 1)
      .bytes(Uint8Array.of(9, 9))
      .finish();
    const reader = new ByteReader(written, "page");
    reader.expectAscii("EXD3");
    expect([reader.u8(), reader.u16(), reader.u32(), reader.u48(), reader.u64()]).toEqual([
      1,
      0x0203,
      0x04050607,
      0x08090a0b0c0d,
      2 ** 52 + 1,
    ]);
    expect(() => reader.finish()).toThrow("The page has 2 bytes too many.");
    expect([...reader.rest()]).toEqual([9, 9]);
    reader.finish();
  });

  it("never read past the end", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3));
    expect(() => reader.u32()).toThrow(FormatError);
    expect(() => reader.bytes(4)).toThrow(FormatError);
    expect(() => reader.bytes(-1)).toThrow(FormatError);
    expect(() => reader.expectAscii("abc")).toThrow(FormatError);
  });
});

describe("errors", () => {
  it("carry a stable code, details and a cause", () => {
    const cause = new Error("inner");
    const error = new FormatError("No.", { code: "page_malformed", details: { at: 3 }, cause });
    expect(error).toBeInstanceOf(ExcaliburError);
    expect(error).toMatchObject({ name: "FormatError", code: "page_malformed", details: { at: 3 }, cause });
    expect(new FormatError("No.").code).toBe("malformed");
  });
});

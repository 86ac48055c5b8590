import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, fromHex, toHex, UnsupportedError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import {
  EXEF_KIND,
  type ExefKind,
  encodeExefPrelude,
  isExefKind,
  parseExefHeader,
  UnsupportedVersionError,
} from "./index.ts";

const objectId = fromHex("000102030405060708090a0b0c0d0e0f");
const header = (kind: ExefKind = EXEF_KIND.content) =>
  concatBytes(encodeExefPrelude({ kind, objectId }), fromHex("00000004000000000020"), randomBytes(64));

describe("header", () => {
  it("has the layout of the specification", () => {
    expect(toHex(encodeExefPrelude({ kind: EXEF_KIND.page, objectId }))).toBe(
      `45784546${"0003"}${"01"}${"03"}${toHex(objectId)}${"00".repeat(8)}`,
    );
    for (const kind of Object.values(EXEF_KIND)) {
      const bytes = header(kind);
      const parsed = parseExefHeader(concatBytes(bytes, randomBytes(50)));
      expect(parsed).toMatchObject({ kind, objectId, headerBytes: bytes });
      expect(concatBytes(parsed.prelude, parsed.floeHeader)).toEqual(bytes);
    }
  });

  it("keeps no hold on the bytes it was read from", () => {
    const bytes = Buffer.from(header());
    const parsed = parseExefHeader(bytes);
    bytes.fill(0);
    expect(parsed.objectId).toEqual(objectId);
  });

  it("C10 is refused with any other fixed byte, in the right class", () => {
    const good = header();
    for (let at = 0; at < 42; at++) {
      if (at >= 8 && at < 24) continue;
      for (const bits of [0x01, 0x10, 0x80]) {
        const bytes = good.map((byte, i) => (i === at ? byte ^ bits : byte));
        if (at === 7 && isExefKind(bytes[7] as number)) continue;
        const isUnsupported = (at >= 4 && at < 8) || at >= 32;
        expect(() => parseExefHeader(bytes)).toThrow(isUnsupported ? UnsupportedVersionError : FormatError);
        if (isUnsupported) expect(() => parseExefHeader(bytes)).toThrow(UnsupportedError);
      }
    }
  });

  it("is refused when cut, and never crashes", () => {
    const good = header();
    for (let length = 0; length < 106; length++) {
      expect(() => parseExefHeader(good.subarray(0, length))).toThrow(FormatError);
    }
    const property = fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(() => parseExefHeader(concatBytes(good.subarray(0, bytes.length % 8), bytes))).toThrow();
    });
    fc.assert(property);
  });

  it("is not written for kinds and ids that do not exist", () => {
    for (const kind of [0, 10, 255]) {
      expect(() => encodeExefPrelude({ kind: kind as ExefKind, objectId })).toThrow(UnsupportedVersionError);
    }
    expect(() => encodeExefPrelude({ kind: EXEF_KIND.content, objectId: objectId.subarray(1) })).toThrow(FormatError);
  });
});

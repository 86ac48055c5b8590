import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, FormatError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { EXEF_KIND, partRange } from "../public/index.ts";
import {
  firstSegmentLength,
  HeaderAuthError,
  openObject,
  PaddingError,
  SegmentAuthError,
  sealObject,
  sealUnsizedStream,
  sizeInFirstSegment,
} from "./index.ts";

const PART_DATA = 16 * 262_112;
const FIRST_PART_DATA = PART_DATA - 8;
const kind = EXEF_KIND.standalone;

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("a stream of unknown length", () => {
  // Around every border: of the first part, of later parts, and where padding alone makes a further part.
  const sizes = [
    0,
    1,
    1000,
    262_104,
    262_105,
    4_100_000,
    FIRST_PART_DATA - 1,
    FIRST_PART_DATA,
    FIRST_PART_DATA + 1,
    FIRST_PART_DATA + PART_DATA - 1,
    FIRST_PART_DATA + PART_DATA,
    FIRST_PART_DATA + PART_DATA + 1,
    FIRST_PART_DATA + 2 * PART_DATA,
    14_000_001,
  ];
  it.each(sizes)("of %i bytes becomes an object like any other, part 0 last", async (size) => {
    const [fileKey, objectId, data] = [randomBytes(32), randomBytes(16), randomBytes(size)];
    const order: number[] = [];
    const kept: Uint8Array[] = [];
    for await (const { index, bytes } of sealUnsizedStream({
      fileKey,
      kind,
      objectId,
      source: inPieces(data, 700_001),
    })) {
      order.push(index);
      kept[index] = bytes.slice();
    }
    const object = concatBytes(...kept);
    expect(order).toEqual([...kept.keys()].slice(1).concat(0));
    expect(kept.map((part, index) => part.length - partLength(object.length, index))).toEqual(kept.map(() => 0));
    expect(
      equalBytes(await openObject({ key: fileKey, kind, objectId, bytes: object, expectedSize: size }), data),
    ).toBe(true);
  });

  it("lets go of its source when nobody wants the rest", async () => {
    let closed = false;
    function* endless(): Generator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1_000_000);
      } finally {
        closed = true;
      }
    }
    const options = { fileKey: randomBytes(32), kind, objectId: randomBytes(16), source: endless() };
    for await (const { index } of sealUnsizedStream(options)) if (index === 2) break;
    expect(closed).toBe(true);
  });
});

function partLength(ctLength: number, index: number): number {
  const { start, end } = partRange(ctLength, index);
  return end - start;
}

describe("the length in segment 0", () => {
  const key = randomBytes(32);
  const sealed = async (size: number) => (await sealObject({ key, kind, plaintext: new Uint8Array(size) })).bytes;
  const sizeOf = (bytes: Uint8Array, fileKey = key) => {
    const length = firstSegmentLength(bytes.subarray(106, 110));
    return sizeInFirstSegment({ fileKey, header: bytes.subarray(0, 106), segment: bytes.slice(106, 106 + length) });
  };

  it.each([0, 1, 513, 262_104, 262_105, 1_000_000])("is that of the data: %i", async (size) => {
    expect(await sizeOf(await sealed(size))).toBe(size);
  });

  it("is told only after it was verified", async () => {
    const bytes = await sealed(100);
    await expect(sizeOf(bytes, randomBytes(32))).rejects.toThrow(HeaderAuthError);
    bytes[130] = (bytes[130] as number) ^ 1;
    await expect(sizeOf(bytes)).rejects.toThrow(SegmentAuthError);
    expect(() => firstSegmentLength(Uint8Array.of(0, 0, 0, 32))).toThrow(SegmentAuthError);
    expect(() => firstSegmentLength(Uint8Array.of(0, 4, 0, 1))).toThrow(SegmentAuthError);
    expect(() => firstSegmentLength(new Uint8Array(3))).toThrow(FormatError);
  });

  it("is one that an object can have", async () => {
    // Data that begins with 2^53, sealed as if it were length and data: no reader may take it for a number.
    const { Floe } = await import("./floe.ts");
    const { EXEF_FLOE, objectAad } = await import("./binding.ts");
    const { encodeExefPrelude } = await import("../public/index.ts");
    const prelude = encodeExefPrelude({ kind, objectId: randomBytes(16) });
    const floe = Floe.start({ parameters: EXEF_FLOE, key, aad: objectAad(prelude, undefined) }, randomBytes(32));
    const payload = new Uint8Array(520);
    payload[1] = 32;
    const segment = new Uint8Array(552);
    await floe.sealSegmentInto({ index: 0, isFinal: true }, payload, segment);
    const header = concatBytes(prelude, floe.header);
    await expect(sizeInFirstSegment({ fileKey: key, header, segment })).rejects.toThrow(PaddingError);
  });
});

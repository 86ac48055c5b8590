import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Bytes, concatBytes, FormatError, fromHex, toHex, utf8Encode } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { HeaderAuthError, SegmentAuthError } from "./errors.ts";
import { FLOE_SEGMENT_OVERHEAD, Floe, type FloeParameters } from "./floe.ts";

const aad = utf8Encode("This is AAD");

async function seal(parameters: FloeParameters, key: Uint8Array, plaintext: Uint8Array): Promise<Bytes> {
  const floe = Floe.start({ parameters, key, aad }, randomBytes(32));
  const payloadSize = parameters.segmentSize - FLOE_SEGMENT_OVERHEAD;
  const count = Math.max(1, Math.ceil(plaintext.length / payloadSize));
  const parts: Uint8Array[] = [floe.header];
  for (let index = 0; index < count; index++) {
    const payload = plaintext.subarray(index * payloadSize, (index + 1) * payloadSize);
    const out = new Uint8Array(payload.length + FLOE_SEGMENT_OVERHEAD);
    await floe.sealSegmentInto({ index, isFinal: index === count - 1 }, payload, out);
    parts.push(out);
  }
  return concatBytes(...parts);
}

async function open(parameters: FloeParameters, key: Uint8Array, message: Uint8Array): Promise<Bytes> {
  const floe = Floe.open({ parameters, key, aad }, message.subarray(0, 74));
  const body = message.subarray(74);
  const count = Math.max(1, Math.ceil(body.length / parameters.segmentSize));
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const segment = body.subarray(index * parameters.segmentSize, (index + 1) * parameters.segmentSize);
    const out = new Uint8Array(segment.length - FLOE_SEGMENT_OVERHEAD);
    await floe.openSegmentInto({ index, isFinal: index === count - 1 }, segment, out);
    parts.push(out);
  }
  return concatBytes(...parts);
}

describe("FLOE", () => {
  const key = randomBytes(32);
  const small = { segmentSize: 40, rotationBits: 2 };

  it("opens what it sealed, across changes of the segment key", async () => {
    for (const length of [0, 1, 7, 8, 9, 32, 33, 100, 129]) {
      const plaintext = randomBytes(length);
      expect(await open(small, key, await seal(small, key, plaintext))).toEqual(plaintext);
    }
  });

  it("changes the segment key where the rotation says", async () => {
    const message = await seal({ segmentSize: 40, rotationBits: 2 }, key, randomBytes(80));
    // The same header opens under another mask, but the segments from the fifth on have other keys.
    const floe = Floe.open({ parameters: { segmentSize: 40, rotationBits: 20 }, key, aad }, message.subarray(0, 74));
    const openAt = async (index: number) =>
      floe.openSegmentInto(
        { index, isFinal: false },
        message.subarray(74 + 40 * index, 114 + 40 * index),
        new Uint8Array(8),
      );
    for (const index of [0, 1, 2, 3]) await openAt(index);
    for (const index of [4, 5, 8]) await expect(openAt(index)).rejects.toThrow(SegmentAuthError);
  });

  it("A10 gives a message under one key only: a header of one and segments of the other open under neither", async () => {
    const [iv, other, payload] = [randomBytes(32), randomBytes(32), randomBytes(8)];
    const [one, two] = [key, other].map((each) => Floe.start({ parameters: small, key: each, aad }, iv));
    const segment = new Uint8Array(40);
    await two!.sealSegmentInto({ index: 0, isFinal: true }, payload, segment);
    const attempt = async (header: Uint8Array, under: Uint8Array) => {
      const out = new Uint8Array(8);
      await Floe.open({ parameters: small, key: under, aad }, header).openSegmentInto(
        { index: 0, isFinal: true },
        segment,
        out,
      );
      return out;
    };
    expect(await attempt(two!.header, other)).toEqual(payload);
    // Under its own key the segment would open; the tag of the header says that the key is not the one of this message.
    await expect(attempt(one!.header, other)).rejects.toThrow(HeaderAuthError);
    await expect(attempt(one!.header, key)).rejects.toThrow(SegmentAuthError);
    await expect(attempt(two!.header, key)).rejects.toThrow(HeaderAuthError);
  });

  it("binds key, context, place and finality", async () => {
    const message = await seal(small, key, randomBytes(24));
    const header = message.subarray(0, 74);
    expect(() => Floe.open({ parameters: small, key: randomBytes(32), aad }, header)).toThrow(HeaderAuthError);
    expect(() => Floe.open({ parameters: small, key, aad: aad.subarray(1) }, header)).toThrow(HeaderAuthError);
    const other = { segmentSize: 41, rotationBits: 2 };
    expect(() => Floe.open({ parameters: other, key, aad }, header)).toThrow(HeaderAuthError);
    expect(() => Floe.open({ parameters: small, key, aad }, header.subarray(1))).toThrow(HeaderAuthError);

    const floe = Floe.open({ parameters: small, key, aad }, header);
    const at = (index: number) => message.subarray(74 + 40 * index, 114 + 40 * index);
    const attempt = async (index: number, isFinal: boolean, segment: Uint8Array) =>
      floe.openSegmentInto({ index, isFinal }, segment, new Uint8Array(8));
    await attempt(0, false, at(0));
    await attempt(2, true, at(2));
    await expect(attempt(1, false, at(0))).rejects.toThrow(SegmentAuthError);
    await expect(attempt(2, false, at(2))).rejects.toThrow(SegmentAuthError);
    await expect(attempt(0, true, at(0))).rejects.toThrow(SegmentAuthError);
    // A marker that claims the end, over a segment that is not sealed as one.
    const relabelled = concatBytes(fromHex("00000028"), at(0).subarray(4));
    await expect(attempt(0, true, relabelled)).rejects.toThrow(SegmentAuthError);
    await expect(attempt(0, false, at(0).subarray(1))).rejects.toThrow(FormatError);
  });
});

const VECTORS = new URL("../../../../../shared/vectors/floe/", import.meta.url);
const NAMES = existsSync(VECTORS)
  ? readdirSync(VECTORS)
      .filter((file) => file.endsWith("_ct.txt"))
      .map((file) => file.slice(0, -"_ct.txt".length))
  : [];

function parametersOf(name: string): FloeParameters {
  if (name.includes("rotation")) return { segmentSize: 40, rotationBits: 2 };
  if (name.includes("lastSeg")) return { segmentSize: 40, rotationBits: 20 };
  return { segmentSize: name.includes("4K") ? 4096 : 64, rotationBits: 20 };
}

describe.runIf(NAMES.length > 0)("the specification's own answers", () => {
  const read = (file: string) => fromHex(readFileSync(new URL(file, VECTORS), "utf8").trim());

  it.each(NAMES)("%s", async (name) => {
    const plaintext = await open(parametersOf(name), new Uint8Array(32), read(`${name}_ct.txt`));
    expect(toHex(plaintext)).toBe(toHex(read(`${name}_pt.txt`)));
  });
});

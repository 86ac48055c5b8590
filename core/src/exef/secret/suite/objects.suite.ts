import fc from "fast-check";
import { expect, it } from "vitest";
import { concatBytes, equalBytes, FormatError } from "../../../bytes/index.ts";
import { randomBytes } from "../../../primitives/index.ts";
import {
  ciphertextLength,
  EXEF_KIND,
  parseExefHeader,
  rootOfObject,
  segmentRange,
  UnsupportedVersionError,
} from "../../public/index.ts";
import {
  HeaderAuthError,
  KeyWeakError,
  ObjectMismatchError,
  openObject,
  openStream,
  SegmentAuthError,
  sealObject,
} from "../index.ts";

import { EDGES, flip, gather, inPieces, kind, PART_EDGES, PAYLOAD, sealed } from "./examples.suite.ts";

export function wholeObjects() {
  it.each([...EDGES, ...PART_EDGES])("of %d bytes come back", async (length) => {
    const { key, plaintext, object } = await sealed(length);
    expect(object.ctLength).toBe(ciphertextLength(length));
    expect(object.bytes).toHaveLength(object.ctLength);
    expect(equalBytes(object.root, rootOfObject(object.bytes))).toBe(true);
    const { objectId, bytes, root } = object;
    const opened = await openObject({ key, kind, objectId, bytes, expectedRoot: root, expectedSize: length });
    expect(equalBytes(opened, plaintext)).toBe(true);
    expect(equalBytes(await openObject({ key, kind, bytes }), plaintext)).toBe(true);
  });

  it("carry their kind, id and context in the tags", async () => {
    const context = randomBytes(119);
    const { key, plaintext, object } = await sealed(1000, { context, kind: EXEF_KIND.page });
    const { bytes, objectId } = object;
    const good = { key, kind: EXEF_KIND.page, objectId, context, bytes };
    expect(parseExefHeader(bytes)).toMatchObject({ kind: 3, objectId });
    expect(await openObject(good)).toEqual(plaintext);
    await expect(openObject({ ...good, kind: EXEF_KIND.slot })).rejects.toThrow(ObjectMismatchError);
    await expect(openObject({ ...good, objectId: randomBytes(16) })).rejects.toThrow(ObjectMismatchError);
    await expect(openObject({ ...good, context: flip(context, 118) })).rejects.toThrow(HeaderAuthError);
    await expect(openObject({ ...good, context: context.subarray(1) })).rejects.toThrow(HeaderAuthError);
    await expect(openObject({ key, kind: good.kind, bytes })).rejects.toThrow(HeaderAuthError);
    await expect(openObject({ ...good, key: randomBytes(32) })).rejects.toThrow(HeaderAuthError);
  });

  it("cannot be told to be another kind or id by rewriting the prelude", async () => {
    const { key, object } = await sealed(100);
    const asThumbnail = flip(object.bytes, 7, 3);
    await expect(openObject({ key, kind: EXEF_KIND.thumbnail, bytes: asThumbnail })).rejects.toThrow(HeaderAuthError);
    const objectId = flip(object.objectId, 0);
    const renamed = flip(object.bytes, 8);
    await expect(openObject({ key, kind, objectId, bytes: renamed })).rejects.toThrow(HeaderAuthError);
  });

  it("never repeat a byte pattern for the same data", async () => {
    const [key, objectId, plaintext] = [randomBytes(32), randomBytes(16), new Uint8Array(1000)];
    const [a, b] = [
      await sealObject({ key, kind, objectId, plaintext }),
      await sealObject({ key, kind, objectId, plaintext }),
    ];
    expect(equalBytes(a.bytes.subarray(42, 74), b.bytes.subarray(42, 74))).toBe(false);
    expect(equalBytes(a.bytes.subarray(110, 122), b.bytes.subarray(110, 122))).toBe(false);
    expect(equalBytes(a.root, b.root)).toBe(false);
  });

  it("A7 refuse a key of zeros and keys of another length", async () => {
    const { object } = await sealed(10);
    const zeros = new Uint8Array(32);
    await expect(sealObject({ key: zeros, kind, plaintext: zeros })).rejects.toThrow(KeyWeakError);
    await expect(openObject({ key: zeros, kind, bytes: object.bytes })).rejects.toThrow(KeyWeakError);
    await expect(sealObject({ key: randomBytes(16), kind, plaintext: zeros })).rejects.toThrow(FormatError);
  });

  it("are checked against the root and the size that the entry states", async () => {
    const { key, object } = await sealed(1000);
    const other = await sealObject({ key, kind, objectId: object.objectId, plaintext: randomBytes(1000) });
    const { bytes } = other;
    await expect(openObject({ key, kind, bytes, expectedRoot: object.root })).rejects.toThrow(ObjectMismatchError);
    // 990 to 1008 share one padded length, so only the length inside can tell.
    await expect(openObject({ key, kind, bytes, expectedSize: 1001 })).rejects.toThrow(ObjectMismatchError);
    await expect(openObject({ key, kind, bytes, expectedSize: 5000 })).rejects.toThrow(ObjectMismatchError);
  });
}

export function refusals() {
  it("follow every flipped bit of a small object", async () => {
    const { key, object } = await sealed(700);
    const property = fc.asyncProperty(fc.nat(object.ctLength - 1), fc.nat(7), async (at, bit) => {
      const bytes = flip(object.bytes, at, 1 << bit);
      await expect(openObject({ key, kind, bytes })).rejects.toThrow();
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it("have the class that the byte deserves", async () => {
    const { key, object } = await sealed(700);
    const open = (bytes: Uint8Array) => openObject({ key, kind, bytes });
    const expected: [number, new (...args: never[]) => Error][] = [
      [0, FormatError],
      [4, UnsupportedVersionError],
      [6, UnsupportedVersionError],
      [7, ObjectMismatchError],
      [8, HeaderAuthError],
      [24, FormatError],
      [31, FormatError],
      [32, UnsupportedVersionError],
      [41, UnsupportedVersionError],
      [42, HeaderAuthError],
      [74, HeaderAuthError],
      [105, HeaderAuthError],
      [106, SegmentAuthError],
      [110, SegmentAuthError],
      [122, SegmentAuthError],
      [object.ctLength - 1, SegmentAuthError],
    ];
    for (const [at, error] of expected) await expect(open(flip(object.bytes, at, 2))).rejects.toThrow(error);
    await expect(open(flip(object.bytes, 7, 0x40))).rejects.toThrow(UnsupportedVersionError);
  });

  it("meet every other length", async () => {
    const { key, object } = await sealed(700);
    const open = (bytes: Uint8Array) => openObject({ key, kind, bytes });
    for (const length of [0, 1, 31, 105, 106, 107, 138, 657, object.ctLength - 1]) {
      await expect(open(object.bytes.subarray(0, length))).rejects.toThrow(FormatError);
    }
    await expect(open(concatBytes(object.bytes, new Uint8Array(1)))).rejects.toThrow(FormatError);
    const bytes = object.bytes.subarray(0, 657);
    await expect(openObject({ key, kind, bytes, expectedSize: 700 })).rejects.toThrow(ObjectMismatchError);
    // A length that another object could have.
    await expect(open(object.bytes.subarray(0, 658))).rejects.toThrow(SegmentAuthError);
  });

  it("meet random headers without anything else happening", async () => {
    const key = randomBytes(32);
    const property = fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 800 }), async (bytes) => {
      await expect(openObject({ key, kind, bytes })).rejects.toThrow();
      expect(() => parseExefHeader(bytes)).toThrow(FormatError);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it("meet swapped, doubled, dropped and foreign segments, and only the verified prefix is released", async () => {
    const { key, plaintext, object } = await sealed(5 * PAYLOAD);
    const other = await sealObject({ key, kind, objectId: object.objectId, plaintext });
    const at = (i: number, from = object.bytes) => {
      const { start, end } = segmentRange(object.ctLength, i);
      return from.subarray(start, end);
    };
    const header = object.bytes.subarray(0, 106);
    const last = at(5);
    const cases: [string, Uint8Array[], number][] = [
      ["swapped", [at(0), at(2), at(1), at(3), at(4), last], 1],
      ["doubled in place of the next", [at(0), at(1), at(1), at(3), at(4), last], 2],
      ["dropped, the end moved up", [at(0), at(1), at(2), at(4), last], 3],
      ["from another sealing", [at(0), at(1, other.bytes), at(2), at(3), at(4), last], 1],
      ["last too early", [at(0), last, at(2), at(3), at(4), at(1)], 1],
      ["altered", [at(0), at(1), at(2), flip(at(3), 200_000), at(4), last], 3],
      ["another marker", [at(0), at(1), flip(at(2), 0), at(3), at(4), last], 2],
    ];
    for (const [, segments, broken] of cases) {
      const source = inPieces(concatBytes(header, ...segments), 100_000, 1, 300_000);
      const { bytes, error } = await gather(openStream({ fileKey: key, kind, ctLength: object.ctLength, source }));
      expect(error).toBeInstanceOf(SegmentAuthError);
      expect((error as SegmentAuthError).segment).toBe(broken);
      expect(equalBytes(bytes, plaintext.subarray(0, broken * PAYLOAD - 8))).toBe(true);
    }
  });
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, FormatError, IntegrityError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import {
  ciphertextLength,
  EXEF_KIND,
  type ExefKind,
  merkleTreeHash,
  objectRoot,
  parseExefHeader,
  partRange,
  proveRange,
  rootOfObject,
  segmentRange,
  UnsupportedVersionError,
} from "../public/index.ts";
import {
  ciphertextRangeOfData,
  ExcessBytesError,
  HeaderAuthError,
  KeyWeakError,
  ObjectMismatchError,
  ObjectOpener,
  ObjectSealer,
  openObject,
  openRange,
  openStream,
  type SealedObject,
  SegmentAuthError,
  SourceChangedError,
  sealObject,
  sealStream,
  TruncatedError,
} from "./index.ts";

const PAYLOAD = 262_112;
const FIRST = PAYLOAD - 8;
const PART = 16 * PAYLOAD - 8;
const kind = EXEF_KIND.content;

/** Lengths at which something changes: padding, segments, parts. */
const EDGES = [0, 1, 511, 512, 513, FIRST - 1, FIRST, FIRST + 1, PAYLOAD, PAYLOAD + FIRST, 3 * PAYLOAD + 5];
const PART_EDGES = [PART, PART + 1];

const flip = (bytes: Uint8Array, at: number, bits = 1) => bytes.map((byte, i) => (i === at ? byte ^ bits : byte));

/** The bytes in pieces of the given sizes, over and over. */
async function* inPieces(bytes: Uint8Array, ...sizes: number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const piece of pieces) parts.push(new Uint8Array(piece));
  } catch (error) {
    return { bytes: concatBytes(...parts), error };
  }
  return { bytes: concatBytes(...parts), error: undefined };
}

async function sealed(length: number, options: { context?: Uint8Array; kind?: ExefKind } = {}) {
  const [key, plaintext] = [randomBytes(32), randomBytes(length)];
  const object = await sealObject({ key, kind, plaintext, ...options });
  return { key, plaintext, object };
}

function openerOf({ key, object, size }: { key: Uint8Array; object: SealedObject; size?: number }) {
  const { objectId, ctLength, root, bytes } = object;
  return new ObjectOpener({
    fileKey: key,
    kind,
    objectId,
    ctLength,
    root,
    header: bytes,
    ...(size !== undefined && { size }),
  });
}

/** ExEF v3 over FLOE. Runs on both platforms. */
export function exefSuite(): void {
  describe("whole objects", wholeObjects);
  describe("refusals", refusals);
  describe("parts", parts);
  describe("streams", streams);
  describe("random access", randomAccess);
}

function wholeObjects() {
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

  it("refuse a key of zeros and keys of another length", async () => {
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

function refusals() {
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

function parts() {
  it("make the same object in any order, with a buffer used again and again", async () => {
    const [fileKey, objectId, size] = [randomBytes(32), randomBytes(16), 2 * PART + 12_345];
    const plaintext = randomBytes(size);
    const sealer = new ObjectSealer({ fileKey, kind, objectId, size });
    const into = new Uint8Array(sealer.partLength(0)).fill(9);
    const [bytes, leaves] = [new Uint8Array(sealer.ctLength), new Uint8Array(sealer.segmentCount * 32)];
    for (const index of [2, 0, 1, 0]) {
      const data = sealer.plaintextRangeOfPart(index);
      const part = await sealer.sealPart(index, plaintext.subarray(data.start, data.end), into);
      expect(part.bytes.buffer).toBe(into.buffer);
      const range = partRange(sealer.ctLength, index);
      bytes.set(part.bytes, range.start);
      leaves.set(part.leaves, range.firstSegment * 32);
    }
    const root = sealer.root(leaves);
    expect(equalBytes(root, rootOfObject(bytes))).toBe(true);
    expect(equalBytes(await openObject({ key: fileKey, kind, objectId, bytes, expectedRoot: root }), plaintext)).toBe(
      true,
    );
  });

  it("go on after a restart, with fresh segment IVs", async () => {
    const [fileKey, objectId, size] = [randomBytes(32), randomBytes(16), PART + 1000];
    const plaintext = randomBytes(size);
    const before = new ObjectSealer({ fileKey, kind, objectId, size });
    const seal = (sealer: ObjectSealer, index: number) => {
      const { start, end } = sealer.plaintextRangeOfPart(index);
      return sealer.sealPart(index, plaintext.subarray(start, end));
    };
    const first = await seal(before, 0);
    const lost = await seal(before, 1);
    const after = new ObjectSealer({ fileKey, kind, objectId, size, iv: before.iv });
    expect(after.header).toEqual(before.header);
    const again = await seal(after, 1);
    expect(equalBytes(again.bytes.subarray(4, 16), lost.bytes.subarray(4, 16))).toBe(false);
    const bytes = concatBytes(first.bytes, again.bytes);
    const expectedRoot = after.root(concatBytes(first.leaves, again.leaves));
    expect(equalBytes(await openObject({ key: fileKey, kind, bytes, expectedRoot }), plaintext)).toBe(true);
  });

  it("may consist of padding only", async () => {
    // The last 8 MiB of this object are padding, two parts.
    const size = 2 ** 28 + 1;
    const sealer = new ObjectSealer({ fileKey: randomBytes(32), kind, objectId: randomBytes(16), size });
    const last = sealer.partCount - 1;
    const range = sealer.plaintextRangeOfPart(last);
    expect(range).toEqual({ start: size, end: size });
    const { bytes, leaves } = await sealer.sealPart(last, new Uint8Array(0));
    expect(bytes).toHaveLength(sealer.partLength(last));
    expect(leaves.length % 32).toBe(0);
  });

  it("refuse data of another length, buffers that are too small, and parts that do not exist", async () => {
    const sealer = new ObjectSealer({ fileKey: randomBytes(32), kind, objectId: randomBytes(16), size: 1000 });
    await expect(sealer.sealPart(0, new Uint8Array(999))).rejects.toThrow(SourceChangedError);
    await expect(sealer.sealPart(0, new Uint8Array(1001))).rejects.toThrow(SourceChangedError);
    await expect(sealer.sealPart(0, new Uint8Array(1000), new Uint8Array(1169))).rejects.toThrow(FormatError);
    await expect(sealer.sealPart(1, new Uint8Array(0))).rejects.toThrow(FormatError);
    expect(() => new ObjectSealer({ fileKey: randomBytes(32), kind, objectId: randomBytes(15), size: 0 })).toThrow(
      FormatError,
    );
    const iv = randomBytes(31);
    expect(() => new ObjectSealer({ fileKey: randomBytes(32), kind, objectId: randomBytes(16), size: 0, iv })).toThrow(
      FormatError,
    );
  });
}

function streams() {
  async function sealThrough(plaintext: Uint8Array, size: number, pieces: number[], reuseBuffers: boolean) {
    const fileKey = randomBytes(32);
    const sealer = new ObjectSealer({ fileKey, kind, objectId: randomBytes(16), size });
    const [bytes, leaves] = [new Uint8Array(sealer.ctLength), new Uint8Array(sealer.segmentCount * 32)];
    let released = 0;
    const source = inPieces(plaintext, ...pieces);
    try {
      for await (const part of sealStream({ sealer, source, reuseBuffers })) {
        const { start, firstSegment } = partRange(sealer.ctLength, part.index);
        bytes.set(part.bytes, start);
        leaves.set(part.leaves, firstSegment * 32);
        released = part.index + 1;
      }
    } catch (error) {
      return { error, released, partCount: sealer.partCount };
    }
    return { fileKey, bytes, leaves, root: sealer.root(leaves), released, partCount: sealer.partCount };
  }

  it.each([0, 1, 512, FIRST, FIRST + 1, PART, PART + 1])("of %d bytes, in and out", async (length) => {
    const plaintext = randomBytes(length);
    for (const [pieces, reuseBuffers] of [
      [[65_536], true],
      [[5_000_000], false],
      [[1, 700_000, 0, 13], true],
    ] as const) {
      const { fileKey, bytes, leaves, root } = await sealThrough(plaintext, length, [...pieces], reuseBuffers);
      if (!fileKey) throw new Error("not sealed");
      const source = inPieces(bytes, ...pieces);
      const options = { fileKey, kind, ctLength: bytes.length, size: length, root, leaves, source, reuseBuffers };
      const { bytes: opened, error } = await gather(openStream(options));
      expect(error).toBeUndefined();
      expect(equalBytes(opened, plaintext)).toBe(true);
    }
  });

  it("notice a source that is longer or shorter than announced before its last part is released", async () => {
    for (const [announced, given] of [
      [1000, 999],
      [1000, 1001],
      [0, 1],
      [1, 0],
      [PART, PART + 1],
      [PART + 1, PART],
      [PART - 1, PART],
    ] as const) {
      const { error, released, partCount } = await sealThrough(randomBytes(given), announced, [99_999], true);
      expect(error).toBeInstanceOf(SourceChangedError);
      expect(released).toBeLessThan(partCount);
    }
  });

  it("notice the end that comes too early and bytes that come after it", async () => {
    const { key, plaintext, object } = await sealed(3 * PAYLOAD);
    const { ctLength, bytes } = object;
    const open = (source: AsyncIterable<Uint8Array>) => gather(openStream({ fileKey: key, kind, ctLength, source }));
    for (const length of [107, 106 + 262_143, 106 + 262_144, ctLength - 1]) {
      const { bytes: opened, error } = await open(inPieces(bytes.subarray(0, length), 77_777));
      expect(error).toBeInstanceOf(TruncatedError);
      const { segment } = error as TruncatedError;
      expect(segment).toBe(Math.floor((length - 106) / 262_144));
      expect(equalBytes(opened, plaintext.subarray(0, Math.max(0, segment * PAYLOAD - 8)))).toBe(true);
    }
    expect((await open(inPieces(bytes.subarray(0, 105), 20))).error).toBeInstanceOf(FormatError);
    const longer = await open(inPieces(concatBytes(bytes, new Uint8Array(1)), 400_000));
    expect(longer.error).toBeInstanceOf(ExcessBytesError);
  });

  it("need leaves that lead to the root before they release anything", async () => {
    const { key, object } = await sealed(2 * PAYLOAD);
    const { ctLength, bytes, root, leaves } = object;
    const options = { fileKey: key, kind, ctLength, root };
    for (const wrong of [
      undefined,
      leaves.subarray(32),
      flip(leaves, 40),
      concatBytes(leaves, leaves.subarray(0, 32)),
    ]) {
      const source = inPieces(bytes, 300_000);
      const opened = await gather(openStream({ ...options, source, ...(wrong && { leaves: wrong }) }));
      expect(opened.bytes).toHaveLength(0);
      expect(opened.error).toBeInstanceOf(ObjectMismatchError);
    }
  });

  it("refuse content that a holder of the key put in place of the entry's", async () => {
    const { key, object } = await sealed(2 * PAYLOAD);
    const forged = await sealObject({ key, kind, objectId: object.objectId, plaintext: randomBytes(2 * PAYLOAD) });
    const { root, leaves, ctLength } = object;
    const source = inPieces(forged.bytes, 300_000);
    const opened = await gather(openStream({ fileKey: key, kind, ctLength, root, leaves, source }));
    expect(opened.bytes).toHaveLength(0);
    expect(opened.error).toBeInstanceOf(IntegrityError);
  });

  it("close the source when the reader stops early", async () => {
    const { key, object } = await sealed(2 * PAYLOAD);
    let closed = false;
    async function* source() {
      try {
        yield* inPieces(object.bytes, 100_000);
      } finally {
        closed = true;
      }
    }
    for await (const _ of openStream({ fileKey: key, kind, ctLength: object.ctLength, source: source() })) break;
    expect(closed).toBe(true);
  });
}

function randomAccess() {
  it("is a slice, for any range, in any pieces, with leaves or with a proof", async () => {
    const size = 20 * PAYLOAD + 999;
    const { key, plaintext, object } = await sealed(size);
    const { leaves, ctLength, bytes } = object;
    const range = fc
      .tuple(fc.nat(size), fc.nat(size))
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    const edges = fc.constantFrom(
      { start: 0, end: 0 },
      { start: 0, end: 1 },
      { start: FIRST - 1, end: FIRST + 1 },
      { start: FIRST, end: FIRST + PAYLOAD },
      { start: size - 1, end: size },
      { start: size, end: size },
    );
    const property = fc.asyncProperty(fc.oneof(range, edges), fc.boolean(), async (wanted, byProof) => {
      const opener = openerOf({ key, object, size });
      const cut = ciphertextRangeOfData(ctLength, wanted);
      const [from, to] = [Math.floor((cut.start - 106) / 262_144), Math.ceil((cut.end - 106) / 262_144)];
      if (!byProof) opener.acceptLeaves(leaves);
      else if (to > from) opener.acceptProof({ proof: proveRange({ leaves, from, to }), from, to });
      const source = inPieces(bytes.subarray(cut.start, cut.end), 70_000);
      const opened = await gather(openRange({ opener, range: wanted, source, reuseBuffers: byProof }));
      expect(opened.error).toBeUndefined();
      expect(equalBytes(opened.bytes, plaintext.subarray(wanted.start, wanted.end))).toBe(true);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it("opens nothing before the leaf is proven, and forgets leaves when told", async () => {
    const { key, object } = await sealed(3 * PAYLOAD);
    const opener = openerOf({ key, object, size: 3 * PAYLOAD });
    const { start, end } = segmentRange(object.ctLength, 1);
    const segment = object.bytes.subarray(start, end);
    expect(() => opener.openSegment(1, segment)).toThrow(FormatError);
    opener.acceptProof({ proof: proveRange({ leaves: object.leaves, from: 1, to: 2 }), from: 1, to: 2 });
    expect([opener.hasLeaf(0), opener.hasLeaf(1)]).toEqual([false, true]);
    expect(await opener.openSegment(1, segment)).toHaveLength(PAYLOAD);
    await expect((async () => opener.openSegment(1, flip(segment, 300)))()).rejects.toThrow(SegmentAuthError);
    opener.forgetLeaves(1, 2);
    expect(() => opener.openSegment(1, segment)).toThrow(FormatError);
  });

  it("refuses leaves and proofs of another object", async () => {
    const [a, b] = [await sealed(3 * PAYLOAD), await sealed(3 * PAYLOAD)];
    const opener = openerOf({ ...a, size: 3 * PAYLOAD });
    expect(() => opener.acceptLeaves(b.object.leaves)).toThrow(ObjectMismatchError);
    const proof = proveRange({ leaves: b.object.leaves, from: 0, to: 2 });
    expect(() => opener.acceptProof({ proof, from: 0, to: 2 })).toThrow(IntegrityError);
  });

  it("needs the size from the entry or from segment 0", async () => {
    const { key, object } = await sealed(2 * PAYLOAD);
    const { ctLength, bytes } = object;
    const opener = new ObjectOpener({ fileKey: key, kind, ctLength, header: bytes });
    const at = (i: number) => {
      const { start, end } = segmentRange(ctLength, i);
      return bytes.subarray(start, end);
    };
    await expect((async () => opener.openSegment(1, at(1)))()).rejects.toThrow(FormatError);
    expect(await opener.openSegment(0, at(0))).toHaveLength(FIRST);
    expect(opener.size).toBe(2 * PAYLOAD);
    expect(await opener.openSegment(1, at(1))).toHaveLength(PAYLOAD);
  });

  it("refuses a segment of another length and a buffer that is too small", async () => {
    const { key, object } = await sealed(2 * PAYLOAD);
    const opener = openerOf({ key, object, size: 2 * PAYLOAD });
    opener.acceptLeaves(object.leaves);
    const { start, end } = segmentRange(object.ctLength, 0);
    const segment = object.bytes.subarray(start, end);
    expect(() => opener.openSegment(0, segment.subarray(1))).toThrow(TruncatedError);
    expect(() => opener.openSegment(0, object.bytes.subarray(start, end + 1))).toThrow(ExcessBytesError);
    expect(() => opener.openSegment(0, segment, new Uint8Array(PAYLOAD - 1))).toThrow(FormatError);
    expect(() => opener.openSegment(9, segment)).toThrow(FormatError);
  });

  it("agrees with the root over header, length and tree", async () => {
    const { object } = await sealed(3 * PAYLOAD);
    const treeHash = merkleTreeHash(object.leaves);
    const header = object.bytes.subarray(0, 106);
    expect(objectRoot({ header, ciphertextLength: object.ctLength, treeHash })).toEqual(object.root);
  });
}

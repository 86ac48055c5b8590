import fc from "fast-check";
import { expect, it } from "vitest";
import { concatBytes, equalBytes, FormatError, IntegrityError } from "../../../bytes/index.ts";
import { randomBytes } from "../../../primitives/index.ts";
import { merkleTreeHash, objectRoot, partRange, proveRange, rootOfObject, segmentRange } from "../../public/index.ts";
import {
  ciphertextRangeOfData,
  ExcessBytesError,
  ObjectMismatchError,
  ObjectOpener,
  ObjectSealer,
  openObject,
  openRange,
  openStream,
  SegmentAuthError,
  SourceChangedError,
  sealObject,
  sealStream,
  TruncatedError,
} from "../index.ts";

import { FIRST, flip, gather, inPieces, kind, openerOf, PART, PAYLOAD, sealed } from "./examples.suite.ts";

export function parts() {
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

  it("A11 go on after a restart, with fresh segment IVs", async () => {
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

export function streams() {
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

export function randomAccess() {
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

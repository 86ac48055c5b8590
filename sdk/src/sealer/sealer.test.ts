import { concatBytes } from "@excalibur/core/bytes";
import { partCount, segmentRange } from "@excalibur/core/exef/public";
import { ObjectSealer, openObject } from "@excalibur/core/exef/secret";
import { randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { openThem, SMALL_FORGERIES, sealSmallObjects } from "../testing/index.ts";
import { BufferPool, InProcessSealer } from "./index.ts";

const SEGMENT = 262_144;

function seal(sizeBytes: number) {
  return { fileKey: randomBytes(32), objectId: randomBytes(16), iv: randomBytes(32), kind: 1 as const, sizeBytes };
}

async function sealWhole(sealer: InProcessSealer, data: Uint8Array) {
  const object = seal(data.length);
  const plan = new ObjectSealer({ ...object, size: data.length });
  const parts: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  for (let part = 0; part < partCount(plan.ctLength); part++) {
    const { start, end } = plan.plaintextRangeOfPart(part);
    const source = sealer.buffer(end - start);
    source.set(data.subarray(start, end));
    const sealed = await sealer.sealPart({ ...object, part, source });
    parts.push(sealed.bytes.slice());
    leaves.push(sealed.leaves.slice());
    sealer.recycle(sealed.bytes);
  }
  return {
    object,
    bytes: concatBytes(...parts),
    leaves: concatBytes(...leaves),
    header: plan.header,
    ciphertextLength: plan.ctLength,
  };
}

describe("a sealer on this thread", () => {
  it.each([0, 1, 700, 300_000, 5_000_000])("seals %i bytes in parts that open as one object", async (sizeBytes) => {
    const sealer = new InProcessSealer();
    const data = randomBytes(sizeBytes);
    const { object, bytes } = await sealWhole(sealer, data);
    const opened = await openObject({
      key: object.fileKey,
      kind: 1,
      objectId: object.objectId,
      bytes,
      expectedSize: sizeBytes,
    });
    expect(Buffer.compare(opened, data)).toBe(0);
  });

  it("opens any run of segments, and refuses them altered or under other leaves", async () => {
    const sealer = new InProcessSealer();
    const data = randomBytes(1_000_000);
    const { object, bytes, leaves, header, ciphertextLength } = await sealWhole(sealer, data);
    const job = (from: number, to: number) => ({
      ...object,
      header,
      ciphertextLength,
      firstSegment: from,
      segments: bytes.slice(segmentRange(ciphertextLength, from).start, segmentRange(ciphertextLength, to - 1).end),
      leaves: leaves.slice(from * 32, to * 32),
    });
    const whole = await sealer.openSegments(job(0, 4));
    expect(Buffer.compare(whole.data, data)).toBe(0);
    const middle = await sealer.openSegments(job(1, 3));
    expect(Buffer.compare(middle.data, data.subarray(262_104, 262_104 + 2 * 262_112))).toBe(0);

    const altered = job(1, 3);
    altered.segments[SEGMENT + 50]! ^= 1;
    await expect(sealer.openSegments(altered)).rejects.toMatchObject({ code: "exef_segment_altered", segment: 2 });
    const swapped = { ...job(1, 3), leaves: leaves.slice(0, 64) };
    await expect(sealer.openSegments(swapped)).rejects.toMatchObject({ code: "exef_segment_altered", segment: 1 });
    const { leaves: _, ...unproven } = altered;
    await expect(sealer.openSegments(unproven)).rejects.toMatchObject({ code: "exef_segment_altered" });
    await expect(sealer.openSegments({ ...job(0, 4), sizeBytes: 999_999 })).rejects.toMatchObject({
      code: "exef_object_mismatch",
    });
    await expect(sealer.openSegments({ ...job(0, 1), objectId: randomBytes(16) })).rejects.toMatchObject({
      code: "exef_object_mismatch",
    });
    await expect(sealer.openSegments({ ...job(0, 1), fileKey: randomBytes(32) })).rejects.toMatchObject({
      code: "exef_header_altered",
    });
  });

  it("notices a source that is not as long as it was", async () => {
    const sealer = new InProcessSealer();
    await expect(sealer.sealPart({ ...seal(100), part: 0, source: new Uint8Array(99) })).rejects.toMatchObject({
      code: "source_changed",
    });
  });
});

describe("small objects, many at a time", () => {
  const sizes = [0, 1, 600, 16_384, 262_104, 262_105, 300_000];

  it("open to what was sealed, each where it lies", async () => {
    const sealed = await sealSmallObjects(sizes);
    expect(await openThem(new InProcessSealer(), sealed)).toEqual(sealed.plaintexts);
  });

  it.each(SMALL_FORGERIES)("one of which is served with $what fails alone", async ({ code, forge }) => {
    const sealed = await sealSmallObjects(sizes);
    const fates = await openThem(new InProcessSealer(), forge(sealed, 3));
    expect(fates).toEqual(sealed.plaintexts.map((plaintext, index) => (index === 3 ? code : plaintext)));
  });

  it("that were put together from others are refused although their key opens every piece", async () => {
    const [first, second] = [await sealSmallObjects([300_000]), await sealSmallObjects([300_000])];
    const object = { ...first.objects[0]!, root: second.objects[0]!.root };
    expect(await openThem(new InProcessSealer(), { objects: [object], bytes: first.bytes })).toEqual([
      "exef_object_mismatch",
    ]);
  });
});

describe("the pool", () => {
  it("lends the same memory again, in lengths that fit, and never twice at once", () => {
    const pool = new BufferPool();
    const first = pool.take(4 * 1024 * 1024 + 106);
    pool.give(first);
    const second = pool.take(4 * 1024 * 1024 + 50);
    expect(second.buffer).toBe(first.buffer);
    expect(second.length).toBe(4 * 1024 * 1024 + 50);
    expect(pool.take(4 * 1024 * 1024 + 50).buffer).not.toBe(first.buffer);
    pool.give(second);
    expect(() => pool.give(first)).toThrow(TypeError);
  });

  it("keeps no more than it should, and no buffers of others", () => {
    const pool = new BufferPool({ keptLimitBytes: 128 * 1024 });
    const buffers = [pool.take(65_536), pool.take(65_536), pool.take(65_536)];
    for (const buffer of buffers) pool.give(buffer);
    const again = [pool.take(1), pool.take(1), pool.take(1)].map(({ buffer }) => buffer);
    expect(again.filter((buffer) => buffers.some((old) => old.buffer === buffer))).toHaveLength(2);
    pool.give(new Uint8Array(100));
    pool.give(new Uint8Array(65_536).subarray(10));
    const gone = pool.take(65_536);
    structuredClone(gone, { transfer: [gone.buffer] });
    pool.give(gone);
  });

  it("for threads lends memory that all of them see, and adopts no other", () => {
    const pool = new BufferPool({ isShared: true });
    const lent = pool.take(65_536);
    expect(lent.buffer).toBeInstanceOf(SharedArrayBuffer);
    pool.give(new Uint8Array(65_536));
    pool.give(lent);
    expect(pool.take(65_536).buffer).toBe(lent.buffer);
    expect(pool.take(65_536).buffer).toBeInstanceOf(SharedArrayBuffer);
    const own = new BufferPool();
    own.give(lent);
    expect(own.take(65_536).buffer).toBeInstanceOf(ArrayBuffer);
  });
});

import { randomBytes } from "node:crypto";
import { ObjectSealer } from "@excalibur/core/exef/secret";
import type { SealPartJob } from "@excalibur/sdk/ports";
import { InProcessSealer } from "@excalibur/sdk/sealer";
import { openThem, SMALL_FORGERIES, sealSmallObjects } from "@excalibur/sdk/testing";
import { afterEach, describe, expect, it } from "vitest";
import { ThreadSealer } from "./thread-sealer.ts";

const MiB = 1024 * 1024;
/** The first part of a large file carries 16 payloads less the length in front. */
const PART_BYTES = 16 * 262_112 - 8;
let sealer: ThreadSealer;

afterEach(() => sealer.close());

function firstPart(data: Uint8Array, sizeBytes = data.length): SealPartJob {
  const source = sealer.buffer(data.length);
  source.set(data);
  return {
    fileKey: new Uint8Array(randomBytes(32)),
    objectId: new Uint8Array(randomBytes(16)),
    iv: new Uint8Array(randomBytes(32)),
    kind: 1,
    sizeBytes,
    part: 0,
    source,
  };
}

function openJob(job: SealPartJob, sealed: { bytes: Uint8Array; leaves: Uint8Array }) {
  const { fileKey, objectId, kind, sizeBytes } = job;
  const header = sealed.bytes.slice(0, 106);
  const segments = sealer.buffer(sealed.bytes.length - 106);
  segments.set(sealed.bytes.subarray(106));
  const leaves = sealed.leaves.slice();
  return {
    fileKey,
    objectId,
    kind,
    sizeBytes,
    header,
    ciphertextLength: sealed.bytes.length,
    firstSegment: 0,
    segments,
    leaves,
  };
}

describe("sealing on threads", () => {
  it("gives what another thread opens, and here", async () => {
    sealer = new ThreadSealer({ threads: 2 });
    const data = randomBytes(MiB);
    const jobs = Array.from({ length: 3 }, () => firstPart(data));
    const sealed = await Promise.all(jobs.map((job) => sealer.sealPart(job)));
    for (const [index, part] of sealed.entries()) {
      const opened = await sealer.openSegments(openJob(jobs[index]!, part));
      expect(Buffer.compare(opened.data, data)).toBe(0);
      sealer.recycle(opened.data);
      const here = await new InProcessSealer().openSegments(openJob(jobs[index]!, part));
      expect(Buffer.compare(here.data, data)).toBe(0);
    }
  });

  it("throws the same typed errors as on this thread", async () => {
    sealer = new ThreadSealer({ threads: 1 });
    const job = firstPart(randomBytes(MiB));
    const sealed = await sealer.sealPart(job);
    const altered = openJob(job, sealed);
    altered.segments[600_000]! ^= 1;
    await expect(sealer.openSegments(altered)).rejects.toMatchObject({ code: "exef_segment_altered", segment: 2 });
    await expect(sealer.sealPart(firstPart(randomBytes(MiB), MiB + 1))).rejects.toMatchObject({
      code: "source_changed",
    });
    await expect(sealer.openSegments(openJob(job, sealed))).resolves.toMatchObject({ data: expect.any(Uint8Array) });
  });

  it("opens small objects, and tells the failure of one as it would be told here", async () => {
    sealer = new ThreadSealer({ threads: 1 });
    const sealed = await sealSmallObjects([100_000, 0, 200_000, 600]);
    expect(await openThem(sealer, sealed)).toEqual(sealed.plaintexts);
    for (const { code, forge } of SMALL_FORGERIES) {
      const fates = await openThem(sealer, forge(sealed, 2));
      expect(fates).toEqual(sealed.plaintexts.map((plaintext, index) => (index === 2 ? code : plaintext)));
    }
  });

  it("keeps memory at a few parts, however many there are", async () => {
    sealer = new ThreadSealer({ threads: 1 });
    const job = firstPart(new Uint8Array(1), 24 * PART_BYTES);
    const plan = new ObjectSealer({ ...job, size: job.sizeBytes });
    const heldBytes: number[] = [];
    for (let part = 0; part < 24; part++) {
      const { start, end } = plan.plaintextRangeOfPart(part);
      const sealed = await sealer.sealPart({ ...job, part, source: sealer.buffer(end - start) });
      sealer.recycle(sealed.bytes);
      heldBytes.push(process.memoryUsage().arrayBuffers);
    }
    expect(heldBytes.at(-1)! - heldBytes[5]!).toBeLessThan(16 * MiB);
  });

  it("says so when it was closed meanwhile", async () => {
    sealer = new ThreadSealer({ threads: 1 });
    const sealing = [firstPart(randomBytes(MiB)), firstPart(randomBytes(MiB))].map((job) => sealer.sealPart(job));
    const settled = Promise.allSettled(sealing);
    await sealer.close();
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});

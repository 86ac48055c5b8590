import { IntegrityError } from "@excalibur/core/bytes";
import { ciphertextLength } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { NetworkError, type SealedSource } from "../ports/index.ts";
import { InProcessSealer } from "../sealer/index.ts";
import { MemoryLogger } from "../testing/index.ts";
import { ApiError, type Transport } from "../transport/index.ts";
import { isViolation } from "../violations/index.ts";
import { ReadBackError } from "./errors.ts";
import { samplesOf } from "./read-back.ts";
import type { FileLister, SealedNotes, UploadRequest, UploadResult } from "./types.ts";
import { Uploader, type UploaderOptions } from "./uploader.ts";

const MiB = 1024 * 1024;
const SIZE = 200_000;
const SEALED = ciphertextLength(SIZE);

function sealedFile(name: string): SealedSource {
  const sealed = {
    fileKey: randomBytes(32),
    objectId: randomBytes(16),
    root: randomBytes(32),
    bytes: new Uint8Array(SEALED),
  };
  return { name, sizeBytes: SIZE, modifiedMs: 0, sealed };
}

/** A server that takes every batch, one step late, and remembers what came. */
class Batches {
  readonly sizes: number[] = [];
  objects = 0;
  atOnce = 0;
  mostAtOnce = 0;

  readonly transport = {
    call: async (_route: unknown, { body }: { readonly body: readonly Uint8Array[] }) => {
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      const [, ...objects] = body;
      this.sizes.push(objects.reduce((sum, { length }) => sum + length, 0));
      this.objects += objects.length;
      this.atOnce -= 1;
      return { results: objects.map(() => ({ status: "stored" })) };
    },
  } as unknown as Transport;
}

async function* gives(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

const files: FileLister = {
  put: async (drafts) => drafts.map(({ name }) => ({ put: { name, replaced: false } as never })) as { put: never }[],
};

/** As `files`, remembering how many bytes each commit listed. */
function countingFiles(bytesOfCommits: number[]): FileLister {
  return {
    put: (drafts) => {
      bytesOfCommits.push(drafts.reduce((sum, { content }) => sum + content.sizeBytes, 0));
      return files.put(drafts);
    },
  };
}

describe("small files that come sealed", () => {
  it("fill batches that no server refuses for their size, and memory that does not grow with their number", async () => {
    const batches = new Batches();
    const commits: number[] = [];
    const uploader = new Uploader({
      transport: batches.transport,
      files: countingFiles(commits),
      sealer: new InProcessSealer(),
      notes: undefined as unknown as SealedNotes,
      logger: new MemoryLogger(),
      reader: { read: gives },
    });
    let opened = 0;
    let mostWaiting = 0;
    const requests = Array.from({ length: 400 }, (_, n): UploadRequest => {
      const open = async () => {
        opened += 1;
        mostWaiting = Math.max(mostWaiting, opened - batches.objects);
        return sealedFile(`${n}`);
      };
      return { open, folderId: randomBytes(16), name: `${n}`, onConflict: "fail" };
    });
    const names: string[] = [];
    const totals = await uploader.upload(requests, { onResult: ({ request }) => names.push(request.name) });
    expect(totals).toEqual({ uploaded: 400, failed: 0 });
    expect(new Set(names).size).toBe(400);
    expect(batches.objects).toBe(400);
    expect(Math.max(...batches.sizes)).toBeLessThanOrEqual(4 * MiB);
    expect(batches.mostAtOnce).toBeLessThanOrEqual(3);
    // Sent and not yet listed: what would have to be sent again.
    expect(commits.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...commits)).toBeLessThanOrEqual((16 + 3 * 4) * MiB);
    // Three on their way, one that waits, one that fills, and what has just been opened.
    expect(mostWaiting * SEALED).toBeLessThanOrEqual(5 * 4 * MiB + 33 * SEALED);
  });
});

describe("one file among several", () => {
  it("can be given up alone, before it is opened, and bytes say whose they are", async () => {
    const uploader = new Uploader({
      transport: new Batches().transport,
      files,
      sealer: new InProcessSealer(),
      notes: undefined as unknown as SealedNotes,
      logger: new MemoryLogger(),
      reader: { read: gives },
    });
    const unwanted = new Error("not this one");
    const opened: string[] = [];
    const requests = ["a", "b", "c"].map((name) => ({
      name,
      folderId: new Uint8Array(16),
      onConflict: "fail" as const,
      open: async () => {
        opened.push(name);
        return sealedFile(name);
      },
      ...(name === "b" && { signal: AbortSignal.abort(unwanted) }),
    }));
    const bytes: [string, number][] = [];
    const results: UploadResult[] = [];
    await uploader.upload(requests, {
      onBytes: (count, { name }) => bytes.push([name, count]),
      onResult: (result) => results.push(result),
    });
    expect(opened).toEqual(["a", "c"]);
    expect(bytes.sort()).toEqual([
      ["a", SIZE],
      ["c", SIZE],
    ]);
    const errors = results.flatMap((result) => ("error" in result ? [[result.request.name, result.error]] : []));
    expect(errors).toEqual([["b", unwanted]]);
  });
});

describe("what was stored", () => {
  async function upload(read: UploaderOptions["reader"]["read"], random: () => number) {
    const uploader = new Uploader({
      transport: new Batches().transport,
      files,
      sealer: new InProcessSealer(),
      notes: undefined as unknown as SealedNotes,
      logger: new MemoryLogger(),
      reader: { read },
      random,
    });
    const requests = ["a", "b", "c"].map(
      (name): UploadRequest => ({
        open: async () => sealedFile(name),
        folderId: randomBytes(16),
        name,
        onConflict: "fail",
      }),
    );
    const fates = new Map<string, unknown>();
    const onResult = (result: UploadResult) =>
      void fates.set(result.request.name, "error" in result ? result.error : "listed");
    await uploader.upload(requests, { onResult });
    return Object.fromEntries(fates);
  }

  const always = () => 0.9999;

  it("and cannot be read back is not listed, and the others are", async () => {
    let read = 0;
    const fates = await upload(async function* () {
      read += 1;
      if (read === 2) throw new IntegrityError("Altered.");
      yield* gives();
    }, always);
    expect(read).toBe(3);
    // Chance let it begin with c.
    expect(fates).toEqual({ a: expect.any(ReadBackError), b: "listed", c: "listed" });
    expect(isViolation(fates["a"])).toBe(true);
  });

  it("and is lost at once is no violation, but not listed either", async () => {
    const lost = new ApiError("object_lost", { status: 500 });
    // biome-ignore lint/correctness/useYield: it never comes to it
    const { a } = await upload(async function* () {
      throw lost;
    }, always);
    expect(a).toMatchObject({ code: "read_back_failed", cause: lost });
    expect(isViolation(a)).toBe(false);
  });

  it("and cannot be asked for fails as the network does, so that the next attempt goes on", async () => {
    const cut = new NetworkError("Cut.");
    // biome-ignore lint/correctness/useYield: it never comes to it
    const { a } = await upload(async function* () {
      throw cut;
    }, always);
    expect(a).toBe(cut);
  });

  it("is left alone mostly: one segment for 64 MiB, or for 2048 files, but one in any case", async () => {
    let read = 0;
    const reader = () => {
      read += 1;
      return gives();
    };
    await upload(reader, () => 0.5);
    expect(read).toBe(1);
    const [never, mean, ever] = [() => 0, () => 0.5, always];
    expect([1000, 10 * MiB, 64 * MiB, 200 * MiB, 1e12].map((size) => samplesOf(size, never))).toEqual([0, 0, 1, 3, 32]);
    expect([1000, 31 * MiB, 32 * MiB, 96 * MiB].map((size) => samplesOf(size, mean))).toEqual([0, 0, 1, 2]);
    expect(samplesOf(0, ever)).toBe(1);
  });
});

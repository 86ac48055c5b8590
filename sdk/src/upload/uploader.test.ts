import { ciphertextLength } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import type { SealedSource } from "../ports/index.ts";
import { InProcessSealer } from "../sealer/index.ts";
import { MemoryLogger } from "../testing/index.ts";
import type { Transport } from "../transport/index.ts";
import type { FileLister, SealedNotes, UploadRequest } from "./types.ts";
import { Uploader } from "./uploader.ts";

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

const files: FileLister = {
  put: async (drafts) => drafts.map(({ name }) => ({ put: { name, replaced: false } as never })) as { put: never }[],
};

describe("small files that come sealed", () => {
  it("fill batches that no server refuses for their size, and memory that does not grow with their number", async () => {
    const batches = new Batches();
    const uploader = new Uploader({
      transport: batches.transport,
      files,
      sealer: new InProcessSealer(),
      notes: undefined as unknown as SealedNotes,
      logger: new MemoryLogger(),
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
    // Three on their way, one that waits, one that fills, and what has just been opened.
    expect(mostWaiting * SEALED).toBeLessThanOrEqual(5 * 4 * MiB + 33 * SEALED);
  });
});

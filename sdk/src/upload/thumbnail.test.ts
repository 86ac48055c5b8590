import { ciphertextLength } from "@excalibur/core/exef/public";
import { describe, expect, it } from "vitest";
import type { FileDraft } from "../files/index.ts";
import type { FileSource } from "../ports/index.ts";
import { InProcessSealer } from "../sealer/index.ts";
import { MemoryLogger } from "../testing/index.ts";
import type { Transport } from "../transport/index.ts";
import { MAX_THUMBNAIL_BYTES } from "./thumbnail.ts";
import type { FileLister, UploadRequest } from "./types.ts";
import { Uploader } from "./uploader.ts";

const PICTURE = new Uint8Array(900).fill(7);

function source(name: string): FileSource {
  return {
    name,
    sizeBytes: 2_000,
    modifiedMs: 0,
    read: async (_, into) => into.length,
    fingerprint: async () => "same",
    close: async () => undefined,
  };
}

function request(name: string, thumbnail?: UploadRequest["thumbnail"]): UploadRequest {
  const picturing = thumbnail === undefined ? {} : { thumbnail };
  return { name, folderId: new Uint8Array(16), onConflict: "fail", open: async () => source(name), ...picturing };
}

/** Uploads, to a server that refuses objects of these lengths; gives what was listed, and how many objects each batch had. */
async function upload(requests: readonly UploadRequest[], refused: readonly number[] = []) {
  const listed: FileDraft[] = [];
  const batches: number[] = [];
  const files: FileLister = {
    put: async (drafts) => {
      listed.push(...drafts);
      return drafts.map(({ name }) => ({ put: { name, replaced: false, childId: new Uint8Array(16) } }));
    },
  };
  const call = async (_: unknown, { body }: { readonly body: readonly Uint8Array[] }) => {
    const [, ...objects] = body;
    batches.push(objects.length);
    return {
      results: objects.map(({ length }) =>
        refused.includes(length) ? { status: "refused", code: "quota_exceeded" } : { status: "stored" },
      ),
    };
  };
  const uploader = new Uploader({
    transport: { call } as unknown as Transport,
    files,
    sealer: new InProcessSealer(),
    notes: { get: async () => undefined, put: async () => undefined, delete: async () => undefined },
    logger: new MemoryLogger(),
    reader: {
      read: async function* () {
        yield new Uint8Array(1);
      },
    },
    random: () => 0,
  });
  const totals = await uploader.upload(requests);
  return { totals, listed, batches };
}

describe("a small picture", () => {
  it("travels with its file, and the entry names both", async () => {
    const { listed, batches } = await upload([request("a.jpg", async () => PICTURE), request("b.txt")]);
    expect(batches).toEqual([3]);
    const [pictured, plain] = listed.sort((a, b) => a.name.localeCompare(b.name));
    expect(pictured?.content.thumbnail?.ciphertextLength).toBe(ciphertextLength(PICTURE.length));
    expect(pictured?.content.thumbnail?.objectId).not.toEqual(pictured?.content.objectId);
    expect(pictured?.content.thumbnail?.fileKey).not.toEqual(pictured?.content.fileKey);
    expect(plain?.content).not.toHaveProperty("thumbnail");
  });

  it.each<[string, UploadRequest["thumbnail"]]>([
    ["cannot be made", () => Promise.reject(new Error("no decoder"))],
    ["does not exist", async () => undefined],
    ["is empty", async () => new Uint8Array()],
    ["is not small", async () => new Uint8Array(MAX_THUMBNAIL_BYTES + 1)],
  ])("that %s does not keep its file from going up", async (_, thumbnail) => {
    const { totals, listed, batches } = await upload([request("a.jpg", thumbnail)]);
    expect([totals, batches]).toEqual([{ uploaded: 1, failed: 0 }, [1]]);
    expect(listed[0]?.content).not.toHaveProperty("thumbnail");
  });

  it("that the server refuses is left out, and its file is listed", async () => {
    const { totals, listed } = await upload(
      [request("a.jpg", async () => PICTURE)],
      [ciphertextLength(PICTURE.length)],
    );
    expect(totals).toEqual({ uploaded: 1, failed: 0 });
    expect(listed[0]?.content).not.toHaveProperty("thumbnail");
  });
});

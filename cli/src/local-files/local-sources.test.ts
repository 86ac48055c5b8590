import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObject } from "@excalibur/core/exef/secret";
import type { FileSource, SealedSource } from "@excalibur/sdk/ports";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalSources } from "./local-sources.ts";
import { SMALL_FILE_BYTES } from "./small-file.ts";

const problem = (code: string) => expect.objectContaining({ code });

let base: string;
let sources: LocalSources;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-sources-"));
  sources = new LocalSources({ filesWithoutThread: 0 });
});

afterEach(async () => {
  await sources.close();
  await rm(base, { recursive: true, force: true });
});

async function file(name: string, content: Uint8Array): Promise<string> {
  const path = join(base, name);
  await writeFile(path, content);
  return path;
}

function isSealed(source: FileSource | SealedSource): source is SealedSource {
  return "sealed" in source;
}

async function contentOf(source: FileSource | SealedSource): Promise<Uint8Array> {
  if (isSealed(source)) {
    const { fileKey, objectId, root, bytes } = source.sealed;
    const expected = { expectedRoot: root, expectedSize: source.sizeBytes };
    return await openObject({ key: fileKey, kind: 1, objectId, bytes, ...expected });
  }
  const data = new Uint8Array(source.sizeBytes);
  await source.read(0, data);
  await source.close();
  return data;
}

describe("files read on a thread", () => {
  it("come sealed, each under a key of its own, with their facts, and many at once each with its own content", async () => {
    const contents = Array.from({ length: 60 }, (_, n) => new Uint8Array(randomBytes(n * 37)));
    const paths = await Promise.all(contents.map((content, n) => file(`${n}`, content)));
    await utimes(paths[7] as string, "1.5", "-1.25");
    const opened = await Promise.all(paths.map((path) => sources.open(path)));
    for (const [n, source] of opened.entries()) {
      expect(isSealed(source)).toBe(true);
      expect(source).toMatchObject({ name: `${n}`, sizeBytes: n * 37 });
      expect(Buffer.compare(await contentOf(source), contents[n] as Uint8Array)).toBe(0);
    }
    expect(opened[7]).toMatchObject({ modifiedMs: -1250 });
    const keys = opened.map((source) => isSealed(source) && Buffer.from(source.sealed.fileKey).toString("hex"));
    expect(new Set(keys).size).toBe(60);
  });

  it("are those that fit; larger ones are read piece by piece", async () => {
    const largest = await sources.open(await file("a", randomBytes(SMALL_FILE_BYTES)));
    expect(isSealed(largest)).toBe(true);
    const content = randomBytes(SMALL_FILE_BYTES + 1);
    const larger = await sources.open(await file("b", content));
    expect(isSealed(larger)).toBe(false);
    expect(Buffer.compare(await contentOf(larger), content)).toBe(0);
  });

  it("are not worth a thread when they are few", async () => {
    const few = new LocalSources({ filesWithoutThread: 1 });
    const path = await file("a", randomBytes(5));
    const opened = [await few.open(path), await few.open(path)];
    expect(opened.map(isSealed)).toEqual([false, true]);
    for (const source of opened) await contentOf(source);
    await few.close();
  });

  it("that are none, or are not to be had, are refused with the same reasons as ever", async () => {
    await mkdir(join(base, "folder"));
    await symlink(await file("a", randomBytes(5)), join(base, "link"));
    await expect(sources.open(join(base, "none"))).rejects.toEqual(problem("local_missing"));
    await expect(sources.open(join(base, "folder"))).rejects.toEqual(problem("local_is_folder"));
    if (process.platform !== "win32")
      await expect(sources.open(join(base, "link"))).rejects.toEqual(problem("local_link"));
  });

  it("are read all the same when the thread has ended", async () => {
    const content = randomBytes(100);
    const path = await file("a", content);
    const waiting = Array.from({ length: 5 }, () => sources.open(path));
    await sources.close();
    for (const source of await Promise.all([...waiting, sources.open(path)])) {
      expect(Buffer.compare(await contentOf(source), content)).toBe(0);
    }
  });
});

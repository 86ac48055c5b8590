import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalFileError } from "./local-error.ts";
import type { LocalSink } from "./local-sink.ts";
import { PlaceThread } from "./place-thread.ts";
import { TargetFolder } from "./target-folder.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const problem = (code: string) => expect.objectContaining({ code });
/** More than is kept in memory. */
const LARGE = 1024 * 1024 + 1;
const placement = { modifiedMs: 1_234_567_890_123, onConflict: "fail" } as const;

let base: string;
let outside: string;
let target: TargetFolder;
const thread = new PlaceThread();

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-target-"));
  outside = join(base, "outside");
  await mkdir(outside);
  await mkdir(join(base, "target"));
  target = await TargetFolder.open(join(base, "target"), thread);
});

afterEach(() => rm(base, { recursive: true, force: true }));
afterAll(() => thread.close());

async function put(name: string, content: string, options: Partial<Parameters<TargetFolder["openSink"]>[1]> = {}) {
  const sink = await target.openSink(name, { ...placement, ...options });
  await sink.write(text(content));
  await sink.finish();
  return sink.name;
}

async function writeAndFinish(sink: LocalSink, sizeBytes: number): Promise<void> {
  await sink.write(new Uint8Array(sizeBytes));
  await sink.finish();
}

/** Another number when anything was made or removed in the folder, however short it stood there. */
const touched = async (folder: string): Promise<bigint> => (await stat(folder, { bigint: true })).mtimeNs;

const read = (name: string) => readFile(join(target.path, name), "utf8");

describe("a file on its way in", () => {
  it("is in memory until it is finished when it is small, then it has its name, its bytes and its time", async () => {
    const sink = await target.openSink("a.txt", placement);
    const memory = text("hel");
    await sink.write(memory);
    memory.fill(0);
    await sink.write(text("lo"));
    expect(await readdir(target.path)).toEqual([]);
    await sink.finish();
    expect(await readdir(target.path)).toEqual(["a.txt"]);
    expect(await read("a.txt")).toBe("hello");
  });

  it("has another name until it is finished when it is large, whatever pieces it came in", async () => {
    const sink = await target.openSink("a.bin", placement);
    const pieces = [1, 2, 3, 4, 5].map((value) => new Uint8Array(300_000).fill(value));
    for (const piece of pieces) await sink.write(piece);
    const [temporary, ...others] = await readdir(target.path);
    expect(temporary).toMatch(/^\.excalibur-[0-9a-f-]+\.part$/);
    expect(others).toEqual([]);
    await sink.finish();
    expect(await readdir(target.path)).toEqual(["a.bin"]);
    expect(Buffer.concat(pieces).equals(await readFile(join(target.path, "a.bin")))).toBe(true);
    expect(Math.floor((await stat(join(target.path, "a.bin"))).mtimeMs)).toBe(placement.modifiedMs);
  });

  it.each([
    ["the caller's own", new ArrayBuffer(20)],
    ["shared with threads", new SharedArrayBuffer(20)],
  ])("is written at once from memory that is %s, and leaves that where it is", async (_, memory) => {
    const bytes = new Uint8Array(memory, 5, 5);
    bytes.set(text("hello"));
    const sink = await target.openSink("a.txt", placement);
    await sink.finishWith(bytes);
    expect(await read("a.txt")).toBe("hello");
    expect(Buffer.from(bytes).toString()).toBe("hello");
    await sink.abort();
    expect(await readdir(target.path)).toEqual(["a.txt"]);
  });

  it("takes its turn with hundreds of others, and the failure of one is its own", async () => {
    const names = Array.from({ length: 300 }, (_, index) => String(index));
    const sub = await target.enter("sub");
    await writeFile(join(sub.path, "7"), "theirs");
    const fates = await Promise.allSettled(
      names.map(async (name) => {
        const sink = await sub.openSink(name, placement);
        await sink.write(text(`content of ${name}`));
        await sink.finish();
      }),
    );
    const failed = names.filter((_, index) => fates[index]?.status === "rejected");
    expect(failed).toEqual(["7"]);
    expect(fates[7]).toMatchObject({ reason: { code: "local_exists" } });
    expect((await readdir(sub.path)).sort()).toEqual([...names].sort());
    for (const name of names)
      expect(await readFile(join(sub.path, name), "utf8")).toBe(name === "7" ? "theirs" : `content of ${name}`);
  });

  it.each([0, -1, -86_400_000_123, 1_234_567_890_123, 1_700_000_000_001])(
    "keeps the time %i to the millisecond",
    async (modifiedMs) => {
      await put("a.txt", "x", { modifiedMs });
      const { mtimeNs } = await stat(join(target.path, "a.txt"), { bigint: true });
      expect(Number((mtimeNs - (((mtimeNs % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n)).toBe(modifiedMs);
    },
  );

  it.each([1, LARGE])(
    "leaves nothing behind when it is aborted, at any time and twice (%i bytes)",
    async (sizeBytes) => {
      const sink = await target.openSink("a.txt", placement);
      await sink.write(new Uint8Array(sizeBytes));
      await sink.abort();
      await sink.abort();
      expect(await readdir(target.path)).toEqual([]);
    },
  );

  it("is kept when it was finished before it is aborted", async () => {
    const sink = await target.openSink("a.txt", placement);
    await sink.finish();
    await sink.abort();
    expect(await readdir(target.path)).toEqual(["a.txt"]);
  });
});

describe("a name that is taken", () => {
  it("fails before anything is fetched", async () => {
    await put("a.txt", "old");
    await expect(target.openSink("a.txt", placement)).rejects.toEqual(problem("local_exists"));
    expect(await readdir(target.path)).toEqual(["a.txt"]);
  });

  it.each([1, LARGE])(
    "fails at the end when somebody was quicker, and takes nothing from them (%i bytes)",
    async (sizeBytes) => {
      const sink = await target.openSink("a.txt", placement);
      await sink.write(new Uint8Array(sizeBytes));
      await writeFile(join(target.path, "a.txt"), "theirs");
      await expect(sink.finish()).rejects.toEqual(problem("local_exists"));
      await sink.abort();
      expect(await read("a.txt")).toBe("theirs");
      expect(await readdir(target.path)).toEqual(["a.txt"]);
    },
  );

  it("is replaced or given a number when asked for", async () => {
    await put("a.txt", "old");
    expect(await put("a.txt", "second", { onConflict: "keep-both" })).toBe("a (2).txt");
    expect(await put("a.txt", "third", { onConflict: "keep-both" })).toBe("a (3).txt");
    expect(await put("a.txt", "new", { onConflict: "replace" })).toBe("a.txt");
    expect([await read("a.txt"), await read("a (2).txt")]).toEqual(["new", "second"]);
  });

  it("is never taken from a folder", async () => {
    await mkdir(join(target.path, "a"));
    await expect(target.openSink("a", { ...placement, onConflict: "replace" })).rejects.toEqual(
      problem("local_is_folder"),
    );
  });
});

describe("nothing leaves the target", () => {
  it.each(["..", ".", "", "../x", "a/b", "/etc/x", "a\0b"])("by the name %j", async (name) => {
    await expect(target.openSink(name, placement)).rejects.toEqual(problem("local_name"));
    await expect(target.enter(name)).rejects.toEqual(problem("local_name"));
  });

  it("through a link to a folder", async () => {
    await symlink(outside, join(target.path, "sub"));
    await expect(target.enter("sub")).rejects.toEqual(problem("local_not_folder"));
  });

  it("through a link at the file's name: replacing replaces the link itself", async () => {
    await writeFile(join(outside, "secret"), "untouched");
    await symlink(join(outside, "secret"), join(target.path, "a"));
    await expect(target.openSink("a", placement)).rejects.toEqual(problem("local_exists"));
    await put("a", "mine", { onConflict: "replace" });
    expect((await lstat(join(target.path, "a"))).isSymbolicLink()).toBe(false);
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("untouched");
  });

  it("through a dangling link", async () => {
    await symlink(join(outside, "new"), join(target.path, "a"));
    await expect(target.openSink("a", placement)).rejects.toEqual(problem("local_exists"));
    expect(await put("a", "mine", { onConflict: "keep-both" })).toBe("a (2)");
    expect(await readdir(outside)).toEqual([]);
  });

  it.each([1, LARGE])(
    "through a folder that is exchanged for a link while it is filled (%i bytes)",
    async (sizeBytes) => {
      const sub = await target.enter("sub");
      const sinks = [await sub.openSink("a", placement), await sub.openSink("b", placement)] as const;
      await sinks[0].write(new Uint8Array(sizeBytes));
      await rename(sub.path, join(target.path, "moved"));
      await symlink(outside, sub.path);
      const before = await touched(outside);
      await expect(sub.enter("c")).rejects.toEqual(problem("local_moved"));
      await expect(sinks[0].finish()).rejects.toEqual(problem("local_moved"));
      await expect(writeAndFinish(sinks[1], sizeBytes)).rejects.toEqual(problem("local_moved"));
      expect(await touched(outside)).toBe(before);
    },
  );

  it.each([1, LARGE])("through a folder above that is exchanged (%i bytes)", async (sizeBytes) => {
    const deep = await (await target.enter("a")).enter("b");
    await rename(join(target.path, "a"), join(target.path, "x"));
    await mkdir(join(outside, "b"));
    await symlink(outside, join(target.path, "a"));
    const before = await touched(join(outside, "b"));
    await expect(writeAndFinish(await deep.openSink("f", placement), sizeBytes)).rejects.toEqual(
      problem("local_moved"),
    );
    expect(await touched(join(outside, "b"))).toBe(before);
  });

  it("through a folder that was there before and is exchanged: nothing is even fetched", async () => {
    await mkdir(join(target.path, "sub"));
    const sub = await target.enter("sub");
    await rename(sub.path, join(target.path, "moved"));
    await symlink(outside, sub.path);
    await expect(sub.openSink("b", placement)).rejects.toEqual(problem("local_moved"));
  });
});

describe("folders", () => {
  it("that exist are merged into, files in their place are not", async () => {
    await mkdir(join(target.path, "a"));
    await writeFile(join(target.path, "f"), "");
    expect((await target.enter("a")).path).toBe(join(target.path, "a"));
    await expect(target.enter("f")).rejects.toEqual(problem("local_not_folder"));
  });

  it("that the person names may be links, but must be folders that are there", async () => {
    await symlink(target.path, join(base, "link"));
    expect((await TargetFolder.open(join(base, "link"), thread)).path).toBe(target.path);
    await writeFile(join(base, "file"), "");
    await expect(TargetFolder.open(join(base, "file"), thread)).rejects.toEqual(problem("local_not_folder"));
    await expect(TargetFolder.open(join(base, "none"), thread)).rejects.toThrow(LocalFileError);
  });

  it("are probed without a trace", async () => {
    expect(await readdir(target.path)).toEqual([]);
    expect(target.system.family).toBe(process.platform === "win32" ? "windows" : "unix");
  });
});

describe("the thread that names files", () => {
  it("refuses work after it was closed, and tells those who wait", async () => {
    const own = new PlaceThread();
    const folder = await TargetFolder.open(target.path, own);
    const waiting = (await folder.openSink("a", placement)).finish();
    const closing = own.close();
    await expect(waiting).rejects.toThrow(/ended unexpectedly/);
    await closing;
    const late = await folder.openSink("b", placement);
    await expect(late.finish()).rejects.toThrow(/ended unexpectedly/);
  });
});

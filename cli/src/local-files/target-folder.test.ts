import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalFileError } from "./local-error.ts";
import { TargetFolder } from "./target-folder.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const problem = (code: string) => expect.objectContaining({ code });
const placement = { modifiedMs: 1_234_567_890_123, onConflict: "fail" } as const;

let base: string;
let outside: string;
let target: TargetFolder;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-target-"));
  outside = join(base, "outside");
  await mkdir(outside);
  await mkdir(join(base, "target"));
  target = await TargetFolder.open(join(base, "target"));
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function put(name: string, content: string, options: Partial<Parameters<TargetFolder["openSink"]>[1]> = {}) {
  const sink = await target.openSink(name, { ...placement, ...options });
  await sink.write(text(content));
  await sink.finish();
  return sink.name;
}

const read = (name: string) => readFile(join(target.path, name), "utf8");

describe("a file on its way in", () => {
  it("has another name until it is finished, then its own, its bytes and its time", async () => {
    const sink = await target.openSink("a.txt", placement);
    await sink.write(text("hel"));
    await sink.write(text("lo"));
    const [temporary, ...others] = await readdir(target.path);
    expect(temporary).toMatch(/^\.excalibur-[0-9a-f-]+\.part$/);
    expect(others).toEqual([]);
    await sink.finish();
    expect(await readdir(target.path)).toEqual(["a.txt"]);
    expect(await read("a.txt")).toBe("hello");
  });

  it.each([0, -1, -86_400_000_123, 1_234_567_890_123, 1_700_000_000_001])(
    "keeps the time %i to the millisecond",
    async (modifiedMs) => {
      await put("a.txt", "x", { modifiedMs });
      const { mtimeNs } = await stat(join(target.path, "a.txt"), { bigint: true });
      expect(Number((mtimeNs - (((mtimeNs % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n)).toBe(modifiedMs);
    },
  );

  it("leaves nothing behind when it is aborted, at any time and twice", async () => {
    const sink = await target.openSink("a.txt", placement);
    await sink.write(text("x"));
    await sink.abort();
    await sink.abort();
    expect(await readdir(target.path)).toEqual([]);
  });

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

  it("fails at the end when somebody was quicker, and takes nothing from them", async () => {
    const sink = await target.openSink("a.txt", placement);
    await writeFile(join(target.path, "a.txt"), "theirs");
    await expect(sink.finish()).rejects.toEqual(problem("local_exists"));
    await sink.abort();
    expect(await read("a.txt")).toBe("theirs");
    expect(await readdir(target.path)).toEqual(["a.txt"]);
  });

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

  it("through a folder that is exchanged for a link while it is filled", async () => {
    const sub = await target.enter("sub");
    const sink = await sub.openSink("a", placement);
    await rename(sub.path, join(target.path, "moved"));
    await symlink(outside, sub.path);
    await expect(sub.openSink("b", placement)).rejects.toEqual(problem("local_moved"));
    await expect(sub.enter("c")).rejects.toEqual(problem("local_moved"));
    await expect(sink.finish()).rejects.toEqual(problem("local_moved"));
    expect(await readdir(outside)).toEqual([]);
  });

  it("through a folder above that is exchanged", async () => {
    const deep = await (await target.enter("a")).enter("b");
    await rename(join(target.path, "a"), join(target.path, "x"));
    await mkdir(join(outside, "b"));
    await symlink(outside, join(target.path, "a"));
    await expect(deep.openSink("f", placement)).rejects.toEqual(problem("local_moved"));
    expect(await readdir(join(outside, "b"))).toEqual([]);
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
    expect((await TargetFolder.open(join(base, "link"))).path).toBe(target.path);
    await writeFile(join(base, "file"), "");
    await expect(TargetFolder.open(join(base, "file"))).rejects.toEqual(problem("local_not_folder"));
    await expect(TargetFolder.open(join(base, "none"))).rejects.toThrow(LocalFileError);
  });

  it("are probed without a trace", async () => {
    expect(await readdir(target.path)).toEqual([]);
    expect(target.system.family).toBe(process.platform === "win32" ? "windows" : "unix");
  });
});

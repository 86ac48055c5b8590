import { execFileSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLocalSource } from "./local-source.ts";

const problem = (code: string) => expect.objectContaining({ code });

let base: string;
let path: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-source-"));
  path = join(base, "a.txt");
  await writeFile(path, "0123456789");
});

afterEach(() => rm(base, { recursive: true, force: true }));

describe("a local file", () => {
  it("tells its facts and its bytes from anywhere", async () => {
    await utimes(path, "1.5", "-1.25");
    const source = await openLocalSource(path);
    expect(source).toMatchObject({ name: "a.txt", sizeBytes: 10, modifiedMs: -1250 });
    const into = new Uint8Array(4);
    expect(await source.read(3, into)).toBe(4);
    expect(new TextDecoder().decode(into)).toBe("3456");
    expect(await source.read(8, into)).toBe(2);
    expect(await source.read(10, into)).toBe(0);
    await source.close();
  });

  it("stops reading when nobody wants it any more", async () => {
    const source = await openLocalSource(path);
    await expect(source.read(0, new Uint8Array(1), AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    await source.close();
  });
});

describe("a change is noticed", () => {
  it.each<[string, () => Promise<void>]>([
    ["when it grows", () => appendFile(path, "x")],
    ["when it is written again", () => writeFile(path, "9876543210")],
    ["when its time is set", () => utimes(path, 1, 1)],
  ])("%s", async (_, change) => {
    await utimes(path, 5, 5);
    const source = await openLocalSource(path);
    const before = await source.fingerprint();
    expect(await source.fingerprint()).toBe(before);
    await change();
    expect(await source.fingerprint()).not.toBe(before);
    await source.close();
  });

  it("when it vanishes or another takes its name", async () => {
    const source = await openLocalSource(path);
    await writeFile(join(base, "new"), "0123456789");
    await rename(join(base, "new"), path);
    await expect(source.fingerprint()).rejects.toEqual(problem("local_missing"));
    await source.close();
  });
});

describe("what is no file", () => {
  it("is refused with its reason", async () => {
    await symlink(path, join(base, "link"));
    await mkdir(join(base, "folder"));
    await expect(openLocalSource(join(base, "none"))).rejects.toEqual(problem("local_missing"));
    await expect(openLocalSource(join(base, "folder"))).rejects.toEqual(problem("local_is_folder"));
    if (process.platform === "win32") return;
    await expect(openLocalSource(join(base, "link"))).rejects.toEqual(problem("local_link"));
    execFileSync("mkfifo", [join(base, "pipe")]);
    // Nobody writes to it: opening it must not wait.
    await expect(openLocalSource(join(base, "pipe"))).rejects.toEqual(problem("local_special"));
  });
});

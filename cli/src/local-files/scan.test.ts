import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countLocalTree, isProblem, listLocalFolder, localKind } from "./scan.ts";

const isWindows = process.platform === "win32";

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-scan-"));
  await mkdir(join(base, "folder", "inner"), { recursive: true });
  await writeFile(join(base, "file"), "12345");
  await writeFile(join(base, "folder", "inner", "x"), "1");
  if (!isWindows) await symlink("/", join(base, "link"));
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function kinds(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of listLocalFolder(path)) {
    if (isProblem(entry)) found[entry.path] = (entry.error as { code: string }).code;
    else found[entry.name] = entry.kind;
  }
  return found;
}

describe.skipIf(isWindows)("a local folder", () => {
  it("tells what it holds and follows no link", async () => {
    execFileSync("mkfifo", [join(base, "pipe")]);
    expect(await kinds(base)).toEqual({ file: "file", folder: "folder", link: "link", pipe: "special" });
  });

  it("that is a link or a file is not listed", async () => {
    await expect(kinds(join(base, "link"))).rejects.toMatchObject({ code: "local_link" });
    await expect(kinds(join(base, "file"))).rejects.toMatchObject({ code: "local_not_folder" });
    await expect(kinds(join(base, "none"))).rejects.toMatchObject({ code: "local_missing" });
    expect(await localKind(join(base, "link"))).toBe("link");
  });

  it.runIf(process.platform === "linux")(
    "tells names that are no text, and an honest U+FFFD is none of them",
    async () => {
      await writeFile(Buffer.concat([Buffer.from(`${base}/bad`), Buffer.of(0xff)]), "");
      await writeFile(join(base, "good\uFFFD"), "");
      const found = await kinds(base);
      expect(found["good\uFFFD"]).toBe("file");
      expect(Object.values(found)).toContain("local_name");
    },
  );

  it("is counted with all below it", async () => {
    let files = 0;
    let sizeBytes = 0;
    const found = (count: number, size: number) => {
      files += count;
      sizeBytes += size;
    };
    await countLocalTree(base, { signal: new AbortController().signal, found });
    expect({ files, sizeBytes }).toEqual({ files: 2, sizeBytes: 6 });
  });
});

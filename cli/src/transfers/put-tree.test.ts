import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Files, type Item, NotAFolderError } from "@excalibur/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLocalSource } from "../local-files/local-source.ts";
import { type PutOptions, PutTree } from "./put-tree.ts";
import { Report } from "./report.ts";

const ROOT = Uint8Array.of(0);

/** A drive that only remembers: folders that are asked for, and files that stand where a folder is wanted. */
class FakeFiles {
  readonly made = new Map<string, Uint8Array>();
  commits = 0;
  readonly filesAt: ReadonlySet<string>;
  readonly listings: ReadonlyMap<string, readonly Item[]>;

  constructor(options: { filesAt?: string[]; listings?: Record<string, Item[]> } = {}) {
    this.filesAt = new Set(options.filesAt);
    this.listings = new Map(Object.entries(options.listings ?? {}));
  }

  async makeTree(_: Uint8Array, paths: readonly (readonly string[])[]): Promise<Uint8Array[]> {
    const blocked = paths.some((path) => path.some((_, depth) => this.filesAt.has(path.slice(0, depth + 1).join("/"))));
    if (blocked) throw new NotAFolderError();
    this.commits += 1;
    return paths.map((path) => {
      const key = path.join("/");
      const id = this.made.get(key) ?? Uint8Array.of(1, this.made.size);
      this.made.set(key, id);
      return id;
    });
  }

  async list(folderId: Uint8Array): Promise<{ items: readonly Item[]; damage: [] }> {
    const path = [...this.made].find(([, id]) => Buffer.compare(id, folderId) === 0)?.[0] ?? "";
    return { items: this.listings.get(path) ?? [], damage: [] };
  }
}

let base: string;
let report: Report;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-put-"));
  report = new Report();
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function tree(files: Record<string, string | null>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(base, "top", path);
    await mkdir(content === null ? full : join(full, ".."), { recursive: true });
    if (content !== null) await writeFile(full, content);
  }
  return join(base, "top");
}

async function putAll(top: string, files: FakeFiles, options: Partial<PutOptions> = {}) {
  const put = new PutTree({
    files: files as unknown as Files,
    sources: { open: openLocalSource },
    report,
    onConflict: "fail",
    skipSame: false,
    signal: new AbortController().signal,
    ...options,
  });
  const found: string[] = [];
  for await (const { folderId, name } of put.folder(top, ROOT)) {
    const folder = [...files.made].find(([, id]) => id === folderId)?.[0];
    found.push(`${folder}/${name}`);
  }
  return { found: found.sort(), put };
}

const failures = () => report.document()["failures"] as { path: string; code: string }[];

function file(name: string, facts: { sizeBytes: number; modifiedMs: number }): Item {
  return { name, type: "file", modifiedMs: facts.modifiedMs, entry: { file: facts } } as unknown as Item;
}

describe("a local tree on its way to the drive", () => {
  it("brings its empty folders and all its files, in one commit of folders", async () => {
    const top = await tree({ "a.txt": "1", "sub/b.txt": "2", "empty/inner": null });
    const files = new FakeFiles();
    const { found, put } = await putAll(top, files);
    expect(found).toEqual(["top/a.txt", "top/sub/b.txt"]);
    expect([...files.made.keys()].sort()).toEqual(["top", "top/empty", "top/empty/inner", "top/sub"]);
    expect({ commits: files.commits, folders: put.folders }).toEqual({ commits: 1, folders: 4 });
    expect(report.failed).toBe(0);
  });

  it.skipIf(process.platform === "win32")("leaves out links and tells them", async () => {
    const top = await tree({ "a.txt": "1" });
    await symlink("/etc", join(top, "out"));
    await symlink("a.txt", join(top, "in"));
    const { found } = await putAll(top, new FakeFiles());
    expect(found).toEqual(["top/a.txt"]);
    expect(report.failed).toBe(0);
    expect(report.document()["ignored"]).toHaveLength(2);
  });

  it("goes on beside a folder whose name a file has, and tells that one only", async () => {
    const top = await tree({ "x/deep/a": "1", "y/b": "2", "z/c": "3" });
    const { found } = await putAll(top, new FakeFiles({ filesAt: ["top/x"] }));
    expect(found).toEqual(["top/y/b", "top/z/c"]);
    expect(failures().map(({ path, code }) => [path, code])).toEqual([[join(top, "x"), "not_a_folder"]]);
  });

  it.skipIf(process.platform === "win32")(
    "refuses names that the drive cannot have, and what is below them",
    async () => {
      const top = await tree({ "new\nline": "1", "bad\nfolder/a": "2", c: "3" });
      const { found } = await putAll(top, new FakeFiles());
      expect(found).toEqual(["top/c"]);
      expect(failures().map(({ code }) => code)).toEqual(["bad_name", "bad_name"]);
    },
  );

  it.runIf(process.platform === "linux")("stores one of two names that differ in their Unicode form only", async () => {
    const top = await tree({ "\u00E9": "1", "e\u0301": "2", "\u00E0/x": "3", "a\u0300/y": "4" });
    const { found } = await putAll(top, new FakeFiles());
    expect(found).toEqual(["top/\u00E0/x", "top/\u00E9"]);
    expect(failures().map(({ code }) => code)).toEqual(["name_taken", "name_taken"]);
    report = new Report();
    const both = await putAll(top, new FakeFiles(), { onConflict: "keep-both" });
    expect(both.found).toEqual(["top/\u00E0/x", "top/\u00E9", "top/\u00E9"]);
  });

  it("finds out about names that are taken before a byte travels", async () => {
    const top = await tree({ same: "12345", other: "1" });
    await utimes(join(top, "same"), 5, 5);
    const listings = {
      top: [file("same", { sizeBytes: 5, modifiedMs: 5000 }), file("other", { sizeBytes: 5, modifiedMs: 5000 })],
    };
    expect((await putAll(top, new FakeFiles({ listings }))).found).toEqual([]);
    expect(failures().map(({ code }) => code)).toEqual(["name_taken", "name_taken"]);
    const replaced = await putAll(top, new FakeFiles({ listings }), { onConflict: "replace", skipSame: true });
    expect(replaced.found).toEqual(["top/other"]);
    expect(replaced.put.skipped).toBe(1);
  });
});

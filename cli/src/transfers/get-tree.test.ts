import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IntegrityError } from "@excalibur/core/bytes";
import type { Files, Item, WalkedDamage, WalkedItem } from "@excalibur/sdk";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { PlaceThread } from "../local-files/place-thread.ts";
import { TargetFolder } from "../local-files/target-folder.ts";
import { EXIT } from "../terminal/failure.ts";
import { type GetOptions, GetTree } from "./get-tree.ts";
import { Report } from "./report.ts";

const ROOT = Uint8Array.of(0);

let nextId = 1;

function item(parent: Uint8Array, name: string, type: Item["type"]): Item {
  const childId = Uint8Array.of(nextId++);
  const file = type === "file" ? { sizeBytes: 1, mediaType: "", versions: [] } : undefined;
  return { parentId: parent, childId, type, name, createdMs: 0, modifiedMs: 1000, entry: { file } } as unknown as Item;
}

function filesOf(walked: readonly (WalkedItem | WalkedDamage)[]): Files {
  return {
    async *walk() {
      yield* walked;
    },
  } as unknown as Files;
}

let base: string;
let target: TargetFolder;
const thread = new PlaceThread();
let report: Report;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-get-"));
  await mkdir(join(base, "target"));
  await mkdir(join(base, "outside"));
  target = await TargetFolder.open(join(base, "target"), thread);
  report = new Report();
});

afterEach(() => rm(base, { recursive: true, force: true }));
afterAll(() => thread.close());

async function getAll(walked: readonly (WalkedItem | WalkedDamage)[], options: Partial<GetOptions> = {}) {
  const tree = new GetTree({
    files: filesOf(walked),
    report,
    onConflict: "fail",
    skipSame: false,
    signal: new AbortController().signal,
    ...options,
  });
  for await (const request of tree.below(ROOT, "/", target)) {
    const sink = await request.openSink();
    await sink.write(new TextEncoder().encode(request.path));
    await sink.finish();
  }
  return tree;
}

const everything = async (): Promise<string[]> => (await readdir(target.path, { recursive: true })).sort();

describe("a tree of the drive on its way in", () => {
  it("is made folder by folder, empty ones too", async () => {
    const a = item(ROOT, "a", "folder");
    const walked = [
      { path: "a", item: a },
      { path: "empty", item: item(ROOT, "empty", "folder") },
      { path: "x", item: item(ROOT, "x", "file") },
      { path: "a/y", item: item(a.childId, "y", "file") },
    ];
    await getAll(walked);
    expect(await everything()).toEqual(["a", "a/y", "empty", "x"]);
    expect(await readFile(join(target.path, "a", "y"), "utf8")).toBe("/a/y");
    expect(report.document()).toMatchObject({ failed: 0, renamed: [] });
  });

  it("stays inside the target whatever its names say", async () => {
    const up = item(ROOT, "..", "folder");
    const walked = [
      { path: "..", item: up },
      { path: "../../outside/x", item: item(ROOT, "../../outside/x", "file") },
      { path: "/etc/y", item: item(ROOT, "/etc/y", "file") },
      { path: "../z", item: item(up.childId, "z", "file") },
    ];
    await getAll(walked);
    expect(await everything()).toEqual([".._.._outside_x", "__", "__/z", "_etc_y"]);
    expect(await readdir(base)).toEqual(["outside", "target"]);
    expect(report.document()["renamed"]).toHaveLength(3);
  });

  it.skipIf(process.platform === "win32")("never goes through a link that stands in the target", async () => {
    await symlink(join(base, "outside"), join(target.path, "a"));
    const a = item(ROOT, "a", "folder");
    await getAll([
      { path: "a", item: a },
      { path: "b", item: item(ROOT, "b", "file") },
      { path: "a/y", item: item(a.childId, "y", "file") },
    ]);
    expect(await readdir(join(base, "outside"))).toEqual([]);
    expect(report.document()["failures"]).toMatchObject([{ path: "/a", code: "local_not_folder" }]);
    expect(await everything()).toContain("b");
  });

  it("tells damage where it lies, and brings the rest", async () => {
    await getAll([
      { path: "", cause: new IntegrityError("x") },
      { path: "b", item: item(ROOT, "b", "file") },
      { path: "new", item: item(ROOT, "new", "unknown") },
    ]);
    expect(await everything()).toEqual(["b"]);
    expect(report.exitCode).toBe(EXIT.integrity);
    expect(report.document()["failures"]).toMatchObject([
      { path: "/", code: "integrity" },
      { path: "/new", code: "needs_newer_version" },
    ]);
  });

  it("leaves local files as they are, or counts them as done, or replaces them", async () => {
    await writeFile(join(target.path, "b"), "mine");
    const walked = [{ path: "b", item: item(ROOT, "b", "file") }];
    await getAll(walked);
    expect(report.document()["failures"]).toMatchObject([{ path: "/b", code: "local_exists" }]);
    expect(await readFile(join(target.path, "b"), "utf8")).toBe("mine");
    await getAll(walked, { onConflict: "replace" });
    expect(await readFile(join(target.path, "b"), "utf8")).toBe("/b");
    await writeFile(join(target.path, "b"), "m");
    const same = [{ path: "b", item: { ...item(ROOT, "b", "file"), modifiedMs: await modifiedMs("b") } }];
    expect((await getAll(same, { skipSame: true })).skipped).toBe(1);
  });
});

async function modifiedMs(name: string): Promise<number> {
  const { stat } = await import("node:fs/promises");
  return Math.floor((await stat(join(target.path, name))).mtimeMs);
}

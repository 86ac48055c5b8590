import { toHex } from "@excalibur/core/bytes";
import { type Drive, NameTakenError, NotAFolderError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { NewsLine } from "./news-line.ts";
import type { TransferNews, UploadEntry } from "./transfer-types.ts";
import { UploadJob } from "./upload-job.ts";

const ROOT = new Uint8Array(16);

interface Request {
  readonly folderId: Uint8Array;
  readonly name: string;
  readonly onConflict: string;
  readonly signal?: AbortSignal;
}

/** A drive of names only: what a job asks of it, and what becomes of that. */
class FakeDrive {
  readonly folders = new Map<string, { readonly id: Uint8Array; readonly names: Map<string, "file" | "folder"> }>();
  readonly put: string[] = [];
  commits = 0;
  runs = 0;
  /** Called before a file is listed. */
  onFile: (name: string) => void | Promise<void> = () => undefined;

  constructor() {
    this.folders.set("", { id: ROOT, names: new Map() });
  }

  add(path: string, type: "file" | "folder"): void {
    const [parent, name] = [path.split("/").slice(0, -1).join("/"), path.split("/").at(-1) as string];
    this.folders.get(parent)?.names.set(name, type);
    if (type !== "folder" || this.folders.has(path)) return;
    this.folders.set(path, { id: new Uint8Array(16).fill(this.folders.size), names: new Map() });
  }

  #folder(id: Uint8Array) {
    const [path, folder] = [...this.folders].find(([, each]) => toHex(each.id) === toHex(id)) ?? [];
    if (path === undefined || folder === undefined) throw new Error("no such folder");
    return { path, folder };
  }

  readonly files = {
    list: async (id: Uint8Array) => {
      const items = [...this.#folder(id).folder.names].map(([name, type]) => ({
        type,
        modifiedMs: 5,
        entry: { name },
      }));
      return { items, damage: [] };
    },
    makeTree: async (_: Uint8Array, paths: readonly (readonly string[])[]) => {
      for (const path of paths) {
        for (const [depth] of path.entries()) {
          const at = path.slice(0, depth).join("/");
          if (this.folders.get(at)?.names.get(path[depth] as string) === "file") throw new NotAFolderError();
        }
      }
      this.commits += 1;
      return paths.map((path) => {
        for (const [depth] of path.entries()) this.add(path.slice(0, depth + 1).join("/"), "folder");
        return this.folders.get(path.join("/"))?.id as Uint8Array;
      });
    },
  };

  readonly uploads = {
    upload: async (
      requests: AsyncIterable<Request>,
      { signal, onResult }: { readonly signal: AbortSignal; readonly onResult: (result: object) => void },
    ) => {
      this.runs += 1;
      for await (const request of requests) {
        const { path, folder } = this.#folder(request.folderId);
        await this.onFile(request.name);
        const isTaken = folder.names.has(request.name) && request.onConflict === "fail";
        const error = signal.aborted
          ? signal.reason
          : request.signal?.aborted
            ? request.signal.reason
            : isTaken
              ? new NameTakenError()
              : undefined;
        if (error === undefined) {
          this.add(`${path}/${request.name}`.replace(/^\//, ""), "file");
          this.put.push(`${path}/${request.name} ${request.onConflict}`);
        }
        onResult({ request, ...(error !== undefined && { error }) });
      }
    },
  };

  get drive(): Pick<Drive, "uploads" | "files"> {
    return this as unknown as Drive;
  }
}

let lastKey = 0;
function entry(path: string, isFolder = false): UploadEntry {
  const parts = path.split("/");
  lastKey += 1;
  const name = parts.at(-1) as string;
  return { key: lastKey, path: parts.slice(0, -1), name, ...(!isFolder && { file: new File(["x"], name) }) };
}

function start(fake: FakeDrive) {
  const news: TransferNews[] = [];
  const unfinished = { remember: async () => "", forget: async () => undefined };
  const line = new NewsLine((some) => void news.push(...some));
  const job = new UploadJob({ drive: fake.drive, folderId: ROOT, news: line, unfinished });
  const told = async (type: string): Promise<number[]> => {
    await line.flush();
    return news.filter((each) => each.type === type).map(({ key }) => key);
  };
  return { job, told, news };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("an upload", () => {
  it("makes folders first, empty ones too, and many of them in one commit", async () => {
    const fake = new FakeDrive();
    const { job, told } = start(fake);
    const many = Array.from({ length: 100 }, (_, index) => entry(`Photos/Day ${index}`, true));
    const entries = [entry("Photos", true), ...many, entry("Photos/Day 7/a.jpg"), entry("notes.txt")];
    job.add(entries);
    job.end();
    await job.finish();
    expect(fake.put).toEqual(["Photos/Day 7/a.jpg fail", "/notes.txt fail"]);
    expect(fake.folders.has("Photos/Day 99")).toBe(true);
    expect(fake.commits).toBe(1);
    expect((await told("done")).length).toBe(entries.length);
  });

  it("asks about a name that is taken while the others go on, and does what was decided", async () => {
    const fake = new FakeDrive();
    for (const name of ["a", "b", "c"]) fake.add(name, "file");
    const { job, told, news } = start(fake);
    const [a, b, c, d] = [entry("a"), entry("b"), entry("c"), entry("d")] as const;
    job.add([a, b, c, d]);
    job.end();
    const finished = job.finish();
    await settle();
    expect(fake.put).toEqual(["/d fail"]);
    expect(await told("conflict")).toEqual([a.key, b.key, c.key]);
    expect(news.find(({ type }) => type === "conflict")).toMatchObject({ conflict: { kind: "file" } });
    job.answer({ key: a.key, decision: "replace", forAll: false });
    await settle();
    expect(fake.put).toEqual(["/d fail", "/a replace"]);
    job.answer({ key: b.key, decision: "keep-both", forAll: true });
    await finished;
    expect(fake.put.slice(2)).toEqual(["/b keep-both", "/c keep-both"]);
  });

  it("remembers what was decided for all, for those that come later", async () => {
    const fake = new FakeDrive();
    fake.add("a", "file");
    fake.add("b", "file");
    const { job, told } = start(fake);
    const [a, b] = [entry("a"), entry("b")] as const;
    job.add([a]);
    const finished = job.finish();
    await settle();
    job.answer({ key: a.key, decision: "skip", forAll: true });
    job.add([b]);
    job.end();
    await finished;
    expect(fake.put).toEqual([]);
    expect(await told("skipped")).toEqual([a.key, b.key]);
  });

  it.each([
    ["merge", ["Photos/new.jpg fail"]],
    ["keep-both", ["Photos (2)/old.jpg fail", "Photos (2)/new.jpg fail"]],
    ["skip", []],
  ] as const)("%ss a folder that is there already", async (decision, expected) => {
    const fake = new FakeDrive();
    fake.add("Photos", "folder");
    fake.add("Photos/old.jpg", "file");
    const { job, told } = start(fake);
    const [top, old, fresh] = [entry("Photos", true), entry("Photos/old.jpg"), entry("Photos/new.jpg")] as const;
    job.add([top, old, fresh]);
    job.end();
    const finished = job.finish();
    await settle();
    expect(await told("conflict")).toEqual([top.key]);
    job.answer({ key: top.key, decision, forAll: false });
    await settle();
    // In the folder that was there the file of that name is a question of its own.
    if (decision === "merge") job.answer({ key: old.key, decision: "skip", forAll: false });
    await finished;
    expect(fake.put).toEqual(expected);
  });

  it("asks as well when the name was taken only after it had looked", async () => {
    const fake = new FakeDrive();
    fake.onFile = (name) => fake.add(name, "file");
    const { job, told } = start(fake);
    const a = entry("a");
    job.add([a]);
    job.end();
    const finished = job.finish();
    await settle();
    expect(await told("conflict")).toEqual([a.key]);
    job.answer({ key: a.key, decision: "keep-both", forAll: false });
    await finished;
    expect(fake.put).toEqual(["/a keep-both"]);
  });

  it("keeps hostile names out, and the others go on", async () => {
    const fake = new FakeDrive();
    const { job, told, news } = start(fake);
    const bad = ["..", "a\u202egpj.exe", "nul\u0000", " "].map((name) => ({ ...entry("x"), name }));
    const below = { ...entry("x"), path: [".."], name: "passwd" };
    const good = entry("con");
    job.add([...bad, below, good]);
    job.end();
    await job.finish();
    expect(await told("failed")).toEqual([...bad, below].map(({ key }) => key));
    expect(news.filter((each) => each.type === "failed").every(({ failure }) => failure.code === "bad_name")).toBe(
      true,
    );
    expect(fake.put).toEqual(["/con fail"]);
  });

  it("lists a folder in whose way a file stands as failed, with what is in it, and makes the others", async () => {
    const fake = new FakeDrive();
    fake.add("Photos", "folder");
    fake.add("Photos/Raw", "file");
    const { job, told } = start(fake);
    const entries = [
      ...[entry("Photos", true), entry("Photos/Raw", true), entry("Photos/Raw/1.dng"), entry("Photos/Best", true)],
      entry("Photos/Best/2.jpg"),
    ];
    job.add(entries);
    job.end();
    const finished = job.finish();
    await settle();
    job.answer({ key: entries[0]?.key as number, decision: "merge", forAll: false });
    await finished;
    expect(await told("failed")).toEqual([entries[1]?.key, entries[2]?.key]);
    expect(fake.put).toEqual(["Photos/Best/2.jpg fail"]);
  });

  it("stands still while it is paused, and goes on where it was", async () => {
    const fake = new FakeDrive();
    const { job, told } = start(fake);
    const [a, b, c] = [entry("a"), entry("b"), entry("c")] as const;
    fake.onFile = (name) => {
      if (name === "b" && fake.runs === 1) job.pause();
    };
    job.add([a, b, c]);
    job.end();
    const finished = job.finish();
    await settle();
    expect(fake.put).toEqual(["/a fail"]);
    expect(await told("waiting")).toEqual([b.key]);
    job.resume();
    await finished;
    expect(fake.put.toSorted()).toEqual(["/a fail", "/b fail", "/c fail"]);
    expect(fake.runs).toBe(2);
  });

  it("gives up one file, whether it has begun or not, and no other", async () => {
    const fake = new FakeDrive();
    const { job, news } = start(fake);
    const [a, b, c] = [entry("a"), entry("b"), entry("c")] as const;
    fake.onFile = (name) => {
      if (name === "a") job.cancel([a.key, c.key]);
    };
    job.add([a, b, c]);
    job.end();
    await job.finish();
    expect(fake.put).toEqual(["/b fail"]);
    const failed = news.filter((each) => each.type === "failed");
    expect(failed.map(({ failure }) => failure.code)).toEqual(failed.map(() => "cancelled"));
  });

  it("stops for good when nobody wants it any more, whatever waits", async () => {
    const fake = new FakeDrive();
    fake.add("a", "file");
    const { job } = start(fake);
    fake.onFile = (name) => {
      if (name === "b") job.stop();
    };
    job.add([entry("a"), entry("b"), entry("c")]);
    await job.finish();
    expect(fake.put).toEqual([]);
  });

  it("sends again what failed, after it was over", async () => {
    const fake = new FakeDrive();
    const { job, told } = start(fake);
    const a = entry("a");
    fake.onFile = () => (fake.runs === 1 ? job.cancel([a.key]) : undefined);
    job.add([a]);
    job.end();
    await job.finish();
    expect(await told("done")).toEqual([]);
    job.add([a]);
    await job.finish();
    expect(await told("done")).toEqual([a.key]);
  });
});

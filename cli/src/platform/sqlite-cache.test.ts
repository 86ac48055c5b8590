import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { LocalStateError } from "@excalibur/sdk/ports";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteCache } from "./sqlite-cache.ts";

let folder: string;
let path: string;
let cache: SqliteCache;
const bytes = (...values: number[]) => Uint8Array.from(values);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-cache-"));
  path = join(folder, "home", "state.db");
  cache = await SqliteCache.open(path);
});

afterEach(async () => {
  await cache.close();
  await rm(folder, { recursive: true });
});

describe("the cache", () => {
  it("keeps rows for the next process, by table and key", async () => {
    await cache.write({
      puts: [
        { table: "a", key: "k", value: bytes(1, 2) },
        { table: "b", key: "k", value: bytes() },
      ],
    });
    await cache.close();
    cache = await SqliteCache.open(path);
    await expect(cache.get("a", "k")).resolves.toEqual(bytes(1, 2));
    await expect(cache.getMany("b", ["x", "k"])).resolves.toEqual([undefined, bytes()]);
    await cache.write({
      deletes: [
        { table: "a", key: "k" },
        { table: "a", key: "never there" },
      ],
    });
    await expect(cache.get("a", "k")).resolves.toBeUndefined();
  });

  it("lists by prefix, in order, however many, while others write", async () => {
    const keys = Array.from({ length: 501 }, (_, index) => `p/${String(index).padStart(4, "0")}`);
    await cache.write({ puts: [...keys, "o", "q", "p", "p0"].map((key) => ({ table: "t", key, value: bytes(7) })) });
    const seen: string[] = [];
    for await (const [key, value] of cache.list("t", { prefix: "p/" })) {
      seen.push(key);
      expect(value).toEqual(bytes(7));
      if (seen.length === 3) await cache.write({ deletes: [{ table: "t", key: "p/0500" }] });
    }
    expect(seen).toEqual(keys.slice(0, 500));
    const all: string[] = [];
    for await (const [key] of cache.list("t")) all.push(key);
    expect(all).toHaveLength(504);
  });

  it("writes all or nothing, as expected or not at all", async () => {
    const put = { table: "t", key: "k", value: bytes(1) };
    await expect(cache.write({ expect: [{ table: "t", key: "k", value: undefined }], puts: [put] })).resolves.toBe(
      true,
    );
    await expect(cache.write({ expect: [{ table: "t", key: "k", value: undefined }], puts: [put] })).resolves.toBe(
      false,
    );
    const next = { ...put, value: bytes(2) };
    const failing = { expect: [{ ...put, value: bytes(9) }], puts: [next], deletes: [{ table: "t", key: "k" }] };
    await expect(cache.write(failing)).resolves.toBe(false);
    await expect(cache.get("t", "k")).resolves.toEqual(bytes(1));
    await expect(cache.write({ expect: [put], puts: [next] })).resolves.toBe(true);
  });

  it("is a file of its owner alone", async () => {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "home"))).mode & 0o777).toBe(0o700);
    await cache.write({ puts: [{ table: "t", key: "k", value: bytes(1) }] });
    expect((await stat(`${path}-wal`)).mode & 0o077).toBe(0);
  });

  it("lets several processes count without losing one", async () => {
    const source = `
      import { workerData } from "node:worker_threads";
      const { SqliteCache } = await import(workerData.module);
      const cache = await SqliteCache.open(workerData.path);
      for (let done = 0; done < workerData.rounds; ) {
        const before = await cache.get("t", "counter");
        const value = Uint8Array.of((before?.[0] ?? 0) + 1);
        if (await cache.write({ expect: [{ table: "t", key: "counter", value: before }], puts: [{ table: "t", key: "counter", value }] })) done++;
      }
      await cache.close();`;
    const workerData = { module: new URL("./sqlite-cache.ts", import.meta.url).href, path, rounds: 40 };
    const workers = [1, 2, 3].map(
      () => new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData }),
    );
    await Promise.all(
      workers.map((worker) => new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject))),
    );
    await expect(cache.get("t", "counter")).resolves.toEqual(bytes(120));
  });

  it("refuses the state of a newer program, and what is no state at all", async () => {
    const newer = join(folder, "newer.db");
    const database = new DatabaseSync(newer);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(SqliteCache.open(newer)).rejects.toThrow(/newer version/);
    const broken = join(folder, "broken.db");
    await writeFile(broken, new Uint8Array(5_000).fill(7));
    await expect(SqliteCache.open(broken)).rejects.toThrow(LocalStateError);
  });

  it("says so when there is no place for it", async () => {
    await expect(SqliteCache.open(join(path, "below a file", "state.db"))).rejects.toThrow(LocalStateError);
  });
});

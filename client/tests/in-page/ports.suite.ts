import { LocalStateError } from "@excalibur/sdk/ports";
import { describe, expect, it } from "vitest";
import { DeviceSecretStore } from "../../src/lib/encryption/index.ts";
import { IndexedDbCache, openLocalDatabase } from "../../src/lib/storage/index.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** What the sdk demands of a browser's memory, in the browser itself. */
export function portsSuite(): void {
  describe("the cache", cache);
  describe("the device's secret", secret);
}

/** Two of them, as two windows have. */
async function windows(): Promise<[IndexedDbCache, IndexedDbCache]> {
  return [new IndexedDbCache(await openLocalDatabase()), new IndexedDbCache(await openLocalDatabase())];
}

async function all(rows: AsyncIterable<readonly [string, Uint8Array]>): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of rows) keys.push(key);
  return keys;
}

function cache(): void {
  it("keeps rows for every window, by table and key", async () => {
    const [one, other] = await windows();
    const puts = [
      { table: "a", key: "k", value: bytes(1, 2) },
      { table: "b", key: "k", value: bytes() },
    ];
    expect(await one.write({ puts })).toBe(true);
    expect(await other.get("a", "k")).toEqual(bytes(1, 2));
    expect(await other.getMany("b", ["x", "k"])).toEqual([undefined, bytes()]);
    await other.write({ deletes: [...puts, { table: "a", key: "never there" }] });
    expect(await one.get("a", "k")).toBe(undefined);
  });

  it("lists by prefix, in order, however many, while others write", async () => {
    const [one, other] = await windows();
    const keys = Array.from({ length: 501 }, (_, index) => `p/${String(index).padStart(4, "0")}`);
    await one.write({ puts: [...keys, "o", "q", "p", "p0"].map((key) => ({ table: "t", key, value: bytes(7) })) });
    const seen: string[] = [];
    for await (const [key, value] of one.list("t", { prefix: "p/" })) {
      seen.push(key);
      expect(value).toEqual(bytes(7));
      if (seen.length === 3) await other.write({ deletes: [{ table: "t", key: "p/0500" }] });
    }
    expect(seen).toEqual(keys.slice(0, 500));
    expect(await all(one.list("t"))).toHaveLength(504);
    expect(await all(one.list("nothing"))).toEqual([]);
  });

  it("writes all of it or nothing, and only when things are as expected", async () => {
    const [one, other] = await windows();
    const row = { table: "w", key: "k" };
    expect(await one.write({ expect: [{ ...row, value: undefined }], puts: [{ ...row, value: bytes(1) }] })).toBe(true);
    const wrong = [
      { ...row, value: undefined },
      { ...row, value: bytes(2) },
      { table: "w", key: "another", value: bytes(1) },
    ];
    for (const expectation of wrong) {
      const puts = [{ ...row, value: bytes(9) }];
      expect(await other.write({ expect: [{ ...row, value: bytes(1) }, expectation], puts })).toBe(false);
    }
    expect(await one.get("w", "k")).toEqual(bytes(1));
    expect(await other.write({ expect: [{ ...row, value: bytes(1) }], deletes: [row] })).toBe(true);
    expect(await one.get("w", "k")).toBe(undefined);
  });

  it("lets one of two windows win that change the same row at once", async () => {
    const both = await windows();
    const row = { table: "race", key: "k" };
    await both[0].write({ puts: [{ ...row, value: bytes(0) }] });
    const won = await Promise.all(
      both.map((each, index) =>
        each.write({ expect: [{ ...row, value: bytes(0) }], puts: [{ ...row, value: bytes(index + 1) }] }),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await both[0].get("race", "k")).toEqual(bytes(won.indexOf(true) + 1));
  });

  it("says that its state cannot be used once it is closed", async () => {
    const [one] = await windows();
    await one.close();
    await expect(one.get("a", "k")).rejects.toThrow(LocalStateError);
    await expect(one.write({ deletes: [{ table: "a", key: "k" }] })).rejects.toThrow(LocalStateError);
  });
}

function secret(): void {
  it("is there for the next window only when somebody wants to stay signed in", async () => {
    const store = new DeviceSecretStore(await openLocalDatabase());
    const next = async () => new DeviceSecretStore(await openLocalDatabase());
    expect(await store.load()).toBe(undefined);
    store.isLasting = false;
    await store.save(bytes(1, 2, 3));
    expect(await store.load()).toEqual(bytes(1, 2, 3));
    expect(await (await next()).load()).toBe(undefined);
    await store.clear();
    store.isLasting = true;
    await store.save(bytes(4, 5, 6));
    expect(await (await next()).load()).toEqual(bytes(4, 5, 6));
    await (await next()).clear();
    expect(await store.load()).toBe(undefined);
  });

  it("can be made to end with its window, which goes on with it", async () => {
    const store = new DeviceSecretStore(await openLocalDatabase());
    const next = async () => new DeviceSecretStore(await openLocalDatabase());
    await store.save(bytes(7, 8, 9));
    await store.endWithWindow();
    expect(await store.load()).toEqual(bytes(7, 8, 9));
    expect(await (await next()).load()).toBe(undefined);
    await store.save(bytes(1, 2));
    expect(await (await next()).load()).toBe(undefined);
    await store.clear();
    expect(await store.load()).toBe(undefined);
  });

  it("lies nowhere readable, and its key shows itself to nobody", async () => {
    const database = await openLocalDatabase();
    const store = new DeviceSecretStore(database);
    await store.save(bytes(...Array.from({ length: 32 }, (_, index) => index)));
    const kept = await new Promise<{ key: CryptoKey; sealed: ArrayBuffer }>((resolve) => {
      const request = database.transaction("keys").objectStore("keys").get("device-secret");
      request.onsuccess = () => resolve(request.result);
    });
    expect(kept.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", kept.key)).rejects.toThrow();
    expect(new Uint8Array(kept.sealed).join().includes("1,2,3,4,5,6,7,8")).toBe(false);
    await store.clear();
  });

  it("that was damaged is as good as none: the password is asked for", async () => {
    const database = await openLocalDatabase();
    const store = new DeviceSecretStore(database);
    await store.save(bytes(1, 2, 3));
    const keys = database.transaction("keys", "readwrite").objectStore("keys");
    await new Promise<void>((resolve) => {
      const request = keys.get("device-secret");
      request.onsuccess = () => {
        new Uint8Array(request.result.sealed)[0]! ^= 1;
        keys.put(request.result, "device-secret").onsuccess = () => resolve();
      };
    });
    expect(await store.load()).toBe(undefined);
  });
}

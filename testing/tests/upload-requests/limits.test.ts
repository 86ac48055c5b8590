import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { sampleBytes, World } from "../../src/index.ts";
import { byPath, fileToSend, sendAll } from "../../src/requests/index.ts";

const ITEMS = amount({ everyday: 300, long: 2_000 });

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world[Symbol.asyncDispose]());

async function newRequest(draft: Parameters<Awaited<ReturnType<typeof requestsOfAlice>>["create"]>[0]) {
  return await (await requestsOfAlice()).create(draft);
}

async function requestsOfAlice() {
  const { alice } = await world.people("alice");
  return (await alice.laptop.drive).requests;
}

const someone = async (name: string, url: string) => (await world.newDevice(name)).excalibur.openRequest(url);

describe("the caps of a request", () => {
  it("hold for many files at once, count a rejected item no more, and are told before anything is sent", async () => {
    const requests = await requestsOfAlice();
    const { id, url } = await newRequest({ title: "Three", maxItems: 3, maxBytes: 100_000, maxFileBytes: 5_000 });
    const sending = await someone("one-with-many", url);
    const roomy = await newRequest({ title: "Films", maxBytes: 2 ** 40 });
    const film = { path: ["film.mov"], sizeBytes: 50 * 2 ** 30 };
    expect((await someone("one-with-a-film", roomy.url)).preflight([film])).toEqual({ problems: [], isTooMuch: false });
    const files = ["a", "b", "c", "d", "e"].map((name) => fileToSend(name, name));
    expect(sending.preflight([{ path: ["big"], sizeBytes: 50_000 }])).toEqual({
      problems: [{ path: ["big"], problem: "size" }],
      isTooMuch: false,
    });
    expect(sending.preflight(files.map(({ path }) => ({ path, sizeBytes: 1 }))).isTooMuch).toBe(true);
    const fates = Object.values(await sendAll(sending, files)).sort();
    expect(fates).toEqual(["request_full", "request_full", "sent", "sent", "sent"]);
    const [first] = await requests.inbox(id);
    await requests.reject(id, [first!.id]);
    expect(await requests.get(id)).toMatchObject({ usedItems: 2, waiting: 2 });
    const late = await sendAll(sending, [fileToSend("f", "f"), fileToSend("huge", sampleBytes(9_000, 1))]);
    expect(late).toEqual({ f: "sent", huge: "not_sendable" });
    // A large one that begins is counted when it begins.
    const { url: byBytes } = await newRequest({ title: "Few bytes", maxBytes: 3_000_000 });
    const large = sampleBytes(2_000_000, 2);
    const other = await someone("one-with-much", byBytes);
    expect(await sendAll(other, [fileToSend("one", large)])).toEqual({ one: "sent" });
    expect(await sendAll(other, [fileToSend("two", large)])).toEqual({ two: "request_full" });
  });

  it("refuse from the moment it expires, in the middle of sending", async () => {
    const requests = await requestsOfAlice();
    const { id, url } = await newRequest({ title: "Short" });
    const sending = await someone("too-late", url);
    expect(await sendAll(sending, [fileToSend("in-time", "x")])).toEqual({ "in-time": "sent" });
    await requests.change(id, { expiresMs: 1 });
    expect((await requests.get(id)).status).toBe("expired");
    expect(await sendAll(sending, [fileToSend("late", "x")])).toEqual({ late: "request_closed" });
    expect((await requests.inbox(id)).map(({ path }) => path)).toEqual([["in-time"]]);
  });

  it("are over, or were closed before their time, by the server's clock, whatever the sender's shows", async () => {
    const { alice } = await world.people("alice");
    const requests = await requestsOfAlice();
    const { id, url } = await newRequest({ title: "Until then" });
    const HOUR_MS = 3_600_000;
    const expiresMs = Date.now() + HOUR_MS;
    await requests.change(id, { expiresMs, closed: true });
    const ahead = await alice.newDevice("clock-ahead", { clockOffsetMs: 2 * HOUR_MS });
    const early = await ahead.excalibur.openRequest(url);
    expect(early.view).toMatchObject({ isOpen: false, isExpired: false, expiresMs });
    await requests.change(id, { expiresMs: expiresMs - 2 * HOUR_MS, closed: false });
    const behind = await alice.newDevice("clock-behind", { clockOffsetMs: -4 * HOUR_MS });
    expect((await behind.excalibur.openRequest(url)).view).toMatchObject({ isOpen: false, isExpired: true });
    expect(await early.refresh()).toMatchObject({ isOpen: false, isExpired: true });
  });

  it("the owner's quota pays", async () => {
    const { bob } = await world.people("bob");
    const { requests } = await bob.laptop.drive;
    const { url } = await requests.create({ title: "Little room" });
    const { database } = world.server.context;
    await database.write((tx) =>
      tx.updateTable("accounts").set({ quota_bytes: 1 }).where("name", "=", "bob").execute(),
    );
    const sending = await someone("generous", url);
    expect(await sendAll(sending, [fileToSend("x", "x"), fileToSend("y", sampleBytes(2_000_000, 3))])).toEqual({
      ...{ x: "quota_exceeded", y: "quota_exceeded" },
    });
    expect((await requests.list()).map(({ usedItems }) => usedItems)).toEqual([0]);
  });
});

describe("senders", () => {
  it("see nothing of each other, of the owner or of what they sent, whatever ids they know", async () => {
    const requests = await requestsOfAlice();
    const { id, url } = await newRequest({ title: "Blind" });
    const [one, two] = [await someone("first", url), await someone("second", url)];
    await sendAll(one, [fileToSend("secret.txt", "of the first")]);
    await sendAll(two, [fileToSend("secret.txt", "of the second")]);
    const shown = byPath(await requests.inbox(id));
    expect(shown.size).toBe(1);
    const items = await requests.inbox(id);
    expect(new Set(items.map(({ receipt }) => receipt)).size).toBe(2);
    expect((await one.receipt()).items).toHaveLength(1);
    expect((await two.receipt()).items).toHaveLength(1);
    // Both are kept, and what is at the place of neither is touched.
    const { alice } = await world.people("alice");
    const { files } = await alice.laptop.drive;
    const folderId = await files.makeFolders("/blind");
    await requests.accept(id, { folderId });
    expect(await alice.laptop.names("/blind")).toEqual(["secret (2).txt", "secret.txt"]);
  });

  it("go on after a restart of their program, and are told of what was filed", async () => {
    const requests = await requestsOfAlice();
    const { alice } = await world.people("alice");
    const { id, url } = await newRequest({ title: "Again" });
    const device = await world.newDevice("forgetful");
    await sendAll(await device.excalibur.openRequest(url), [fileToSend("a.txt", "a")]);
    const restarted = await world.restartDevice(device);
    const sending = await restarted.excalibur.openRequest(url);
    expect(await sendAll(sending, [fileToSend("a.txt", "a"), fileToSend("b.txt", "b")])).toEqual({
      ...{ "a.txt": "before", "b.txt": "sent" },
    });
    const [first, second] = await requests.inbox(id);
    expect(first!.receipt).toBe(second!.receipt);
    const { files } = await alice.laptop.drive;
    await requests.accept(id, { folderId: files.rootId, itemIds: [first!.id] });
    await requests.reject(id, [second!.id]);
    const { items } = await sending.receipt();
    expect(items.map(({ path, filed }) => [path.join("/"), filed])).toEqual([
      ["a.txt", true],
      ["b.txt", false],
    ]);
    // Nothing on the device says what was sent, or where.
    const stored = (await restarted.ports.cache.list("sealed-notes")) as AsyncIterable<readonly [string, Uint8Array]>;
    for await (const [key, value] of stored)
      expect(`${key}${Buffer.from(value).toString("latin1")}`).not.toContain("a.txt");
  });

  it("meet nothing without the address: an id alone is nobody's", async () => {
    const { url } = await newRequest({ title: "Hidden" });
    const [address, secret] = url.split("#") as [string, string];
    const wrong = toBase64Url(randomBytes(64));
    const device = await world.newDevice("guesser");
    await expect(device.excalibur.openRequest(`${address}#${wrong}`)).rejects.toMatchObject({ code: "no_request" });
    const elsewhere = address.replace(/.{22}$/, toBase64Url(randomBytes(16)));
    await expect(device.excalibur.openRequest(`${elsewhere}#${secret}`)).rejects.toMatchObject({ code: "no_request" });
  });
});

it("an inbox of many items is opened once and filed in few steps", async () => {
  const requests = await requestsOfAlice();
  const { alice } = await world.people("alice");
  const { files } = await alice.laptop.drive;
  const { id, url } = await newRequest({ title: "Many", maxItems: ITEMS });
  const sending = await someone("photographer", url);
  const many = Array.from({ length: ITEMS }, (_, at) => fileToSend(`day ${at % 7}/${at}.jpg`, `picture ${at}`));
  expect(new Set(Object.values(await sendAll(sending, many)))).toEqual(new Set(["sent"]));
  const before = alice.laptop.network.asked.length;
  expect(await requests.inbox(id)).toHaveLength(ITEMS);
  const folderId = await files.makeFolders("/many");
  const settled = await requests.accept(id, { folderId });
  expect(settled.filter((item) => "error" in item)).toEqual([]);
  expect(await requests.inbox(id)).toEqual([]);
  expect(await alice.laptop.names("/many")).toHaveLength(7);
  expect(alice.laptop.network.asked.length - before).toBeLessThan(40 + ITEMS / 40);
});

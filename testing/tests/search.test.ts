import type { Found, Question } from "@excalibur/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CanarySearch, type Device, everythingOn, fillFolder, type Person, World } from "../src/index.ts";

const MANY = process.env["EXCALIBUR_LONG"] === "1" ? 100_000 : 10_000;
const ASKED: Question = { order: { by: "name", isDescending: false }, limit: 1_000 };

let world: World;
let alice: Person;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  const { laptop } = alice;
  for (const path of ["/Iceland/Öræfi hike.md", "/Iceland/map.pdf", "/old/map of the moon.txt", "/old/deep/er/map.txt"])
    await laptop.write(path, "x".repeat(path.length));
  await fillFolder(laptop, { path: "/many", count: MANY });
  await laptop.trash("/old");
}, 300_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Finds, and tells how many parts of listings had to be opened for it. */
async function find(device: Device, question: Partial<Question>): Promise<Found & { opened: number }> {
  const { search } = await device.drive;
  let opened = 0;
  const onProgress = ({ total }: { total: number }) => {
    opened = total;
  };
  return { ...(await search.find({ ...ASKED, ...question }, { onProgress })), opened };
}

const pathsOf = ({ items }: Found) => items.map(({ path, name }) => [...path.map((step) => step.name), name].join("/"));

describe("a search over the whole drive", () => {
  it("finds parts of names in any folder, without case and accents, and nothing in the trash", async () => {
    expect(pathsOf(await find(alice.laptop, { text: "MAP" }))).toEqual(["Iceland/map.pdf"]);
    expect(pathsOf(await find(alice.laptop, { text: "hike ice" }))).toEqual([]);
    expect(pathsOf(await find(alice.laptop, { text: "Hike OR" }))).toEqual(["Iceland/Öræfi hike.md"]);
    expect(pathsOf(await find(alice.laptop, { text: "ice" }))).toEqual(["Iceland"]);
    expect(await find(alice.laptop, { text: "nothing like it" })).toMatchObject({ items: [], total: 0, unread: 0 });
  });

  it("gives the first of many in natural order, the same on every device, and says how many there are", async () => {
    const here = await find(alice.laptop, { text: "photo", limit: 12 });
    const there = await find(alice.phone, { text: "photo", limit: 12 });
    expect(here.total).toBe(MANY);
    expect(pathsOf(here)).toEqual(Array.from({ length: 12 }, (_, index) => `many/photo ${index + 1}.jpg`));
    expect(there.items).toEqual(here.items);
  });

  it("is narrowed by kind, time and size", async () => {
    const narrowed = async (question: Partial<Question>) => pathsOf(await find(alice.laptop, question));
    expect(await narrowed({ accepts: (type) => type === "folder" })).toEqual(["Iceland", "many"]);
    const minutes = { modifiedFromMs: 100 * 60_000, modifiedUntilMs: 102 * 60_000 };
    expect(await narrowed({ text: "photo", ...minutes })).toEqual(["many/photo 100.jpg", "many/photo 101.jpg"]);
    expect(await narrowed({ minBytes: 10, maxBytes: 16 })).toEqual(["Iceland/map.pdf"]);
    const { childId } = await alice.laptop.find("/Iceland/map.pdf");
    expect(await narrowed({ ids: new Set([Buffer.from(childId).toString("base64url")]) })).toEqual(["Iceland/map.pdf"]);
  });

  it("follows changes of other devices by opening only what changed", async () => {
    await alice.phone.rename("/many/photo 77.jpg", "elephant.jpg");
    await alice.laptop.catchUp();
    const found = await find(alice.laptop, { text: "elephant" });
    expect(pathsOf(found)).toEqual(["many/elephant.jpg"]);
    expect(found.opened).toBe(1);
    expect((await find(alice.laptop, { accepts: (_, name) => name === "photo 77.jpg" })).items).toEqual([]);
    await alice.phone.move("/Iceland", { folder: "/many" });
    await alice.laptop.catchUp();
    expect(pathsOf(await find(alice.laptop, { text: "hike" }))).toEqual(["many/Iceland/Öræfi hike.md"]);
    await alice.phone.move("/many/Iceland", { folder: "/" });
    await alice.laptop.catchUp();
  });

  it("is kept on the device, sealed, so that the next start opens nothing", async () => {
    const laptop = await world.restartDevice(alice.laptop);
    const again = await find(laptop, { text: "photo", limit: 3 });
    expect(again.opened).toBeLessThan(10);
    expect(again.total).toBe(MANY - 1);
    const kept = await everythingOn(laptop.home);
    expect(new CanarySearch(["elephant.jpg", "photo 1234"]).findAll(kept)).toEqual([]);
  });

  it("can be stopped while it reads, and goes on from there", async () => {
    const device = await alice.device("tablet");
    const { search } = await device.drive;
    const stop = new AbortController();
    let total = 0;
    const onProgress = (progress: { done: number; total: number }) => {
      ({ total } = progress);
      if (progress.done > 0) stop.abort();
    };
    await expect(search.find(ASKED, { signal: stop.signal, onProgress })).rejects.toThrow();
    const known = await search.findKnown({ ...ASKED, text: "photo" });
    expect(known.unread).toBeGreaterThan(0);
    const after = await find(device, { text: "photo" });
    expect(after).toMatchObject({ total: MANY - 1, unread: 0 });
    expect(after.opened).toBeLessThan(total);
  });
});

describe("excalibur find", () => {
  it("prints paths, or everything as one document", async () => {
    const home = alice.phone.home;
    expect(await world.runCli(home, ["find", "MAP", "pdf"])).toMatchObject({
      exitCode: 0,
      stdout: "/Iceland/map.pdf\n",
    });
    const some = await world.runCli(home, ["find", "photo", "--limit", "2", "--json"]);
    const { entries, total } = JSON.parse(some.stdout) as { entries: { path: string; size: number }[]; total: number };
    expect(entries.map(({ path }) => path)).toEqual(["/many/photo 1.jpg", "/many/photo 2.jpg"]);
    expect(entries[0]?.size).toBe(7);
    expect(total).toBe(MANY - 1);
    expect(await world.runCli(home, ["find", "x", "--type", "cat"])).toMatchObject({ exitCode: 2 });
  });
});

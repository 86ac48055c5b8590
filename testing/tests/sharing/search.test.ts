import { toBase64Url } from "@excalibur/core/bytes";
import type { Found, FoundItem, Question } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, type Person, World } from "../../src/index.ts";
import { accept, refusedAs, share, unshare } from "./acts.ts";

const ASKED: Question = { order: { by: "name", isDescending: false }, limit: 100 };
/** So many that names of the volume are kept on the device. */
const FOLDERS = 40;

async function find(device: Device, question: Partial<Question>): Promise<Found & { opened: number }> {
  const { search } = await device.drive;
  let opened = 0;
  const onProgress = ({ total }: { total: number }) => {
    opened = total;
  };
  return { ...(await search.find({ ...ASKED, ...question }, { onProgress })), opened };
}

const pathOf = ({ path, name }: FoundItem) => ["", ...path.map((step) => step.name), name].join("/");
const pathsOf = ({ items }: Found) => items.map(pathOf);

async function one(device: Device, text: string): Promise<FoundItem> {
  const { items } = await find(device, { text });
  expect(items).toHaveLength(1);
  return items[0] as FoundItem;
}

/** A reference as whoever found it has it: nothing was listed before. */
const refOf = ({ parentId, childId, name }: FoundItem) => ({ parentId, childId, entry: { name } });

/** Parts of an index that this device keeps of a volume. */
async function keptOf(device: Device, volumeId: Uint8Array): Promise<number> {
  const { notes } = await device.drive;
  const parts = Array.from({ length: 32 }, (_, part) => notes.get(`search/${toBase64Url(volumeId)}/${part}`));
  return (await Promise.all(parts)).filter((note) => note !== undefined).length;
}

/** Alice shares /Trip; Bob has it at "/mine/Alice's trip". */
async function together(world: World): Promise<{ alice: Person; bob: Person; volumeId: Uint8Array }> {
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/Trip/Days/map of lakes.txt", "lakes");
  await alice.laptop.write("/Trip/old map.txt", "gone");
  const { files } = await alice.laptop.drive;
  const many = Array.from({ length: FOLDERS }, (_, index) => ["Trip", "many", `f${index}`]);
  await files.makeTree(files.rootId, many);
  await share(alice.laptop, "/Trip", bob);
  await alice.laptop.trash("/Trip/old map.txt");
  await bob.laptop.write("/mine/map of home.txt", "home");
  const { volumeId } = await accept(bob.laptop);
  await bob.laptop.move("/Trip", { folder: "/mine", name: "Alice's trip" });
  return { alice, bob, volumeId };
}

describe("a search over the whole drive", () => {
  it("looks into shared folders, says the way through them, and everything can be done with what it finds", async () => {
    await using world = await World.start();
    const { alice, bob, volumeId } = await together(world);
    // A program that has listed nothing yet.
    const device = await world.restartDevice(bob.laptop);
    const maps = await find(device, { text: "map" });
    expect(pathsOf(maps)).toEqual(["/mine/map of home.txt", "/mine/Alice's trip/Days/map of lakes.txt"]);
    expect(maps).toMatchObject({ total: 2, unread: 0 });
    expect(maps.items.map(({ role }) => role)).toEqual([undefined, "editor"]);
    expect(pathsOf(await find(device, { ...ASKED, accepts: (type) => type === "file", limit: 1 }))).toEqual([
      "/mine/map of home.txt",
    ]);
    expect(await one(device, "alice trip")).toMatchObject({ isMount: true, role: undefined });
    const changed = { by: "changed", isDescending: true } as const;
    await alice.laptop.write("/Trip/newest map.txt", "new");
    await device.catchUp();
    const newest = await find(device, { text: "map", order: changed });
    expect([pathsOf(newest)[0], newest.opened]).toEqual(["/mine/Alice's trip/newest map.txt", 1]);

    const { files, stars } = await device.drive;
    const lakes = await one(device, "lakes");
    expect(await files.pathOf(lakes.parentId)).toBe("/mine/Alice's trip/Days");
    await files.rename(refOf(lakes), "chart.txt");
    await files.move(refOf(await one(device, "chart")), { folderId: (await one(device, "f7")).childId });
    expect(pathOf(await one(device, "chart"))).toBe("/mine/Alice's trip/many/f7/chart.txt");
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/Trip/many/f7/chart.txt")).toBe("lakes");

    const chart = await one(device, "chart");
    await stars.add([toBase64Url(chart.childId)], { volumeId });
    await stars.add([toBase64Url((await one(device, "alice trip")).childId)]);
    await alice.laptop.rename("/Trip/many/f7/chart.txt", "atlas.txt");
    await device.catchUp();
    const starred = await find(device, { ids: new Set(stars.ids()) });
    expect(pathsOf(starred)).toEqual(["/mine/Alice's trip", "/mine/Alice's trip/many/f7/atlas.txt"]);
    await device.rename("/mine/Alice's trip", "Trip");
    expect(pathOf(await one(device, "atlas"))).toBe("/mine/Trip/many/f7/atlas.txt");
    expect(await world.runCli(device.home, ["find", "atlas"])).toMatchObject({
      exitCode: 0,
      stdout: "/mine/Trip/many/f7/atlas.txt\n",
    });

    // A deep link into it, in a program that knows nothing yet.
    const again = await world.restartDevice(device);
    expect(await (await again.drive).files.pathOf(chart.parentId)).toBe("/mine/Trip/many/f7");
  });

  it("knows nothing of a folder any more, on the disk either, once it is closed or was left", async () => {
    await using world = await World.start();
    const { alice, bob, volumeId } = await together(world);
    const [laptop, phone] = [bob.laptop, await world.restartDevice(bob.phone)];
    for (const device of [laptop, phone]) {
      expect((await find(device, { text: "lakes" })).total).toBe(1);
      expect(await keptOf(device, volumeId)).toBeGreaterThan(0);
    }
    const { stars } = await laptop.drive;
    await stars.add([toBase64Url((await one(laptop, "lakes")).childId)], { volumeId });
    await unshare(alice.laptop, "/Trip", bob);
    await laptop.catchUp();
    expect(await keptOf(laptop, volumeId)).toBe(0);
    expect(await find(laptop, { text: "lakes" })).toMatchObject({ total: 0, unread: 0 });

    const { sharing, search } = await laptop.drive;
    await sharing.leave(await laptop.find("/mine/Alice's trip"));
    const [star] = stars.ids().map((id) => ({ volumeId: toBase64Url(volumeId), id }));
    expect(await search.gone([star!])).toEqual([star]);
    // Another device, which was off meanwhile, and finds no mount any more.
    const started = await world.restartDevice(phone);
    expect(await keptOf(started, volumeId)).toBeGreaterThan(0);
    expect(await find(started, { text: "lakes" })).toMatchObject({ total: 0, unread: 0 });
    expect(await keptOf(started, volumeId)).toBe(0);
    await expect(started.names("/mine/Alice's trip")).rejects.toEqual(refusedAs("not_found"));
  });
});

import { toHex } from "@excalibur/core/bytes";
import type { Item } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { amount } from "../../scripts/test/long-mode.ts";
import { type Device, fillFolder, World } from "../src/index.ts";
import { accept, share } from "./sharing/acts.ts";

/** More than one commit moves. */
const COUNT = amount({ everyday: 10_100, long: 100_000 });
const MEANT = { massDeletion: "meant" } as const;

async function listed(device: Device, path: string): Promise<readonly Item[]> {
  const { files } = await device.drive;
  return (await files.list(await files.resolveFolder(path))).items;
}

async function sequenceOf(device: Device): Promise<number> {
  const { volume } = await device.drive;
  return volume.head.sequence;
}

/** More than one commit moves in /from, and where they go. */
async function fillFrom(world: World) {
  const { alice } = await world.people("alice");
  const { laptop } = alice;
  await fillFolder(laptop, { path: "/from", count: COUNT });
  const { files } = await laptop.drive;
  return { alice, laptop, files, folderId: await files.makeFolders("/to"), items: await listed(laptop, "/from") };
}

const idsOf = (items: readonly Item[]) => items.map(({ childId }) => toHex(childId)).sort();

describe("many items", () => {
  it("are moved, thrown away and brought back in few commits, each told of as it is done", async () => {
    await using world = await World.start();
    const { alice, laptop, files, folderId, items } = await fillFrom(world);
    const ids = idsOf(items);
    const steps = Math.ceil(COUNT / 10_000);

    let handled = 0;
    const onItems = (count: number) => {
      handled += count;
    };
    let before = await sequenceOf(laptop);
    const moved = await files.moveAll(
      items.map((ref) => ({ ref, to: { folderId } })),
      { onItems },
    );
    expect([moved.failures, handled, (await sequenceOf(laptop)) - before]).toEqual([[], COUNT, steps]);
    expect(moved.done.map((each) => each && [toHex(each.childId), each.name])).toEqual(
      items.map(({ childId, name }) => [toHex(childId), name]),
    );
    expect(await laptop.names("/from")).toEqual([]);

    handled = 0;
    before = await sequenceOf(laptop);
    const trashed = await files.trash(await listed(laptop, "/to"), { ...MEANT, onItems });
    expect([trashed.length, handled, (await sequenceOf(laptop)) - before]).toEqual([COUNT, COUNT, steps]);

    handled = 0;
    before = await sequenceOf(laptop);
    const restored = await files.restoreAll(trashed, { onItems });
    expect([restored.failures, handled, (await sequenceOf(laptop)) - before]).toEqual([[], COUNT, steps]);
    await alice.phone.catchUp();
    const there = await listed(alice.phone, "/to");
    expect(idsOf(there)).toEqual(ids);
    expect(there.every(({ entry }) => entry.trashed === undefined)).toBe(true);
  }, 240_000);

  it("are stopped between two commits: what was done stays done, and what was not is where it was", async () => {
    await using world = await World.start();
    const { laptop, files, folderId, items } = await fillFrom(world);
    const stopping = () => {
      const stop = new AbortController();
      return { signal: stop.signal, onItems: () => stop.abort() };
    };
    const { done, failures } = await files.moveAll(
      items.map((ref) => ({ ref, to: { folderId } })),
      stopping(),
    );
    const came = items.filter((_, index) => done[index] !== undefined);
    expect([came.length, failures]).toEqual([10_000, []]);
    expect(idsOf(await listed(laptop, "/to"))).toEqual(idsOf(came));
    expect((await listed(laptop, "/from")).length).toBe(COUNT - 10_000);

    const trashed = await files.trash([...(await listed(laptop, "/to")), ...(await listed(laptop, "/from"))], {
      ...MEANT,
      ...stopping(),
    });
    expect([trashed.length, (await laptop.trashed()).size]).toEqual([10_000, 10_000]);
    // Who stops before anything was done is told so.
    const reason = new Error("not now");
    const signal = AbortSignal.abort(reason);
    await expect(files.trash(trashed, { ...MEANT, signal })).rejects.toBe(reason);
    const nothing = await files.restoreAll(trashed, { signal });
    expect([nothing.done.every((each) => each === undefined), nothing.failures]).toEqual([true, []]);
    expect((await laptop.trashed()).size).toBe(10_000);
  }, 240_000);
});

describe("several items", () => {
  it("that fail keep none of the others, and say why", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    for (const path of ["/a/one.txt", "/b/one.txt", "/c/one.txt", "/b/two.txt", "/gone.txt", "/top/inner/deep.txt"]) {
      await laptop.write(path, path);
    }
    const { files } = await laptop.drive;
    const find = (path: string) => laptop.find(path);
    const gone = await find("/gone.txt");
    // Another device is quicker.
    await alice.phone.trash("/gone.txt");
    const into = await files.makeFolders("/into");
    const inner = (await find("/top/inner")).childId;
    const moves = [
      { ref: await find("/a/one.txt"), to: { folderId: into } },
      { ref: await find("/b/one.txt"), to: { folderId: into } },
      { ref: await find("/c/one.txt"), to: { folderId: into, onConflict: "keep-both" } },
      { ref: await find("/b/two.txt"), to: { folderId: into, name: "three.txt" } },
      { ref: await find("/b/two.txt"), to: { folderId: into, name: "four.txt" } },
      { ref: gone, to: { folderId: into } },
      { ref: await find("/top"), to: { folderId: inner } },
      { ref: await find("/a"), to: { folderId: files.rootId, name: "b" } },
    ] as const;
    const { done, failures } = await files.moveAll(moves);
    expect(done.map((each) => each?.name)).toEqual([
      ...["one.txt", undefined, "one (2).txt", "three.txt", undefined, undefined, undefined, undefined],
    ]);
    expect(failures.map((error) => (error as { code: string }).code).sort()).toEqual([
      "into_itself",
      "name_taken",
      "name_taken",
      "not_found",
      "not_found",
    ]);
    expect((await laptop.names("/into")).sort()).toEqual(["one (2).txt", "one.txt", "three.txt"]);
    expect(await laptop.readText("/into/one (2).txt")).toBe("/c/one.txt");
    expect(await laptop.readText("/top/inner/deep.txt")).toBe("/top/inner/deep.txt");
  });

  it("that would go into each other do not: the second stays where it is", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    for (const path of ["/a/inner/one.txt", "/b/two.txt"]) await laptop.write(path, path);
    const { files } = await laptop.drive;
    const [a, b] = [await laptop.find("/a"), await laptop.find("/b")];
    const { childId: inner } = await laptop.find("/a/inner");
    const { done, failures } = await files.moveAll([
      { ref: a, to: { folderId: b.childId } },
      { ref: b, to: { folderId: inner } },
    ]);
    expect(done.map((each) => each?.name)).toEqual(["a", undefined]);
    expect(failures).toEqual([expect.objectContaining({ code: "into_itself" })]);
    expect(await laptop.readText("/b/a/inner/one.txt")).toBe("/a/inner/one.txt");
  });

  it("are moved although a page among those that list them is damaged, but for what that page lists", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await fillFolder(alice.laptop, { path: "/from", count: 600 });
    const { files } = await alice.phone.drive;
    const folderId = await files.makeFolders("/to");
    const items = await listed(alice.laptop, "/from");
    alice.phone.network.alter("fetchPages", (body) => {
      const altered = body.slice();
      altered[body.length - 20]! ^= 1;
      return altered;
    });
    const { done, failures } = await files.moveAll(items.map((ref) => ({ ref, to: { folderId } })));
    alice.phone.network.behave();
    const came = items.filter((_, index) => done[index] !== undefined);
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures.map((error) => (error as { code: string }).code))).toEqual(new Set(["folder_damaged"]));
    expect(came.length + failures.length).toBe(600);
    expect(came.length).toBeGreaterThan(failures.length);
    await alice.laptop.catchUp();
    expect(idsOf(await listed(alice.laptop, "/to"))).toEqual(idsOf(came));
    expect(await listed(alice.laptop, "/from")).toHaveLength(failures.length);
  });

  it("of the trash find the folder they lay in when it comes back with them, and the root when it does not", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    for (const path of ["/album/2026/beach.txt", "/album/cover.txt", "/other/left.txt"]) await laptop.write(path, path);
    await laptop.trash("/album/2026/beach.txt");
    await laptop.trash("/album/2026");
    await laptop.trash("/album");
    await laptop.trash("/other/left.txt");
    await laptop.trash("/other");
    const { files } = await laptop.drive;
    const trashed = await laptop.trashed();
    const names = ["beach.txt", "2026", "album", "left.txt"];
    const { done, failures } = await files.restoreAll(names.map((name) => trashed.get(name)!));
    expect(failures).toEqual([]);
    expect(done.map((each) => each?.toRoot)).toEqual([false, false, false, true]);
    expect(await laptop.readText("/album/2026/beach.txt")).toBe("/album/2026/beach.txt");
    expect((await laptop.names("/")).sort()).toEqual(["album", "left.txt"]);
    expect([...(await laptop.trashed()).keys()]).toEqual(["other"]);
  });

  it("go into a shared folder and out of it again, each as a copy whose original is in the trash", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    for (const path of ["/mine/one.txt", "/mine/two.txt", "/plain/three.txt"]) await laptop.write(path, path);
    const { files } = await laptop.drive;
    await files.makeFolders("/shared");
    await share(laptop, "/shared", bob);
    await accept(bob.laptop);
    const { childId: folderId } = await laptop.find("/shared");
    const plain = (await laptop.find("/plain")).childId;
    const [one, two] = [await laptop.find("/mine/one.txt"), await laptop.find("/mine/two.txt")];
    const { done, failures } = await files.moveAll([
      { ref: one, to: { folderId } },
      { ref: two, to: { folderId: plain } },
    ]);
    expect([failures, done.map((each) => each?.left !== undefined)]).toEqual([[], [true, false]]);
    await bob.laptop.catchUp();
    expect(await bob.laptop.readText("/shared/one.txt")).toBe("/mine/one.txt");
    expect((await laptop.names("/plain")).sort()).toEqual(["three.txt", "two.txt"]);
    expect([...(await laptop.trashed()).keys()]).toEqual(["one.txt"]);
  });
});

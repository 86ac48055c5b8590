import { describe, expect, it } from "vitest";
import { type Device, World } from "../src/index.ts";

async function starred(device: Device): Promise<string[]> {
  const { search, stars } = await device.drive;
  const order = { by: "name", isDescending: false } as const;
  const { items } = await search.find({ ids: new Set(stars.ids()), order, limit: 100 });
  return items.map(({ path, name }) => [...path.map((step) => step.name), name].join("/"));
}

async function idOf(device: Device, path: string): Promise<string> {
  return Buffer.from((await device.find(path)).childId).toString("base64url");
}

const refresh = async (device: Device) => (await device.account).refresh();

describe("stars", () => {
  it("are on every device of their owner, through renaming, moving and the trash", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/Iceland/map.pdf", "a map");
    await laptop.write("/notes.txt", "notes");
    await phone.catchUp();
    await (await laptop.drive).stars.add([await idOf(laptop, "/Iceland/map.pdf")]);
    // Neither knows of the other's star when it writes: both stay.
    await (await phone.drive).stars.add([await idOf(phone, "/Iceland")]);
    await refresh(laptop);
    expect(await starred(laptop)).toEqual(["Iceland", "Iceland/map.pdf"]);
    expect(await starred(phone)).toEqual(["Iceland", "Iceland/map.pdf"]);

    await laptop.rename("/Iceland/map.pdf", "lakes.pdf");
    await laptop.move("/Iceland/lakes.pdf", { folder: "/" });
    expect(await starred(laptop)).toEqual(["Iceland", "lakes.pdf"]);
    await laptop.trash("/lakes.pdf");
    expect(await starred(laptop)).toEqual(["Iceland"]);
    const { files } = await laptop.drive;
    await files.restore((await laptop.trashed()).get("lakes.pdf")!);
    expect(await starred(laptop)).toEqual(["Iceland", "lakes.pdf"]);

    await (await laptop.drive).stars.remove([await idOf(laptop, "/Iceland")]);
    await refresh(phone);
    await phone.catchUp();
    expect(await starred(phone)).toEqual(["lakes.pdf"]);
  });

  it("go along when a folder or a file is shared, and when that ends", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Iceland/map.pdf", "a map");
    await laptop.write("/notes.txt", "notes");
    await laptop.write("/other.txt", "without one");
    const { sharing, stars } = await laptop.drive;
    await stars.add([await idOf(laptop, "/Iceland"), await idOf(laptop, "/notes.txt")]);
    const paths = ["/Iceland", "/notes.txt", "/other.txt"];
    for (const path of paths) await sharing.share(await laptop.find(path), { person: bob.name, role: "viewer" });
    expect(stars.ids().sort()).toEqual([await idOf(laptop, "/Iceland"), await idOf(laptop, "/notes.txt")].sort());
    expect(await starred(laptop)).toEqual(["Iceland", "notes.txt"]);
    expect((await bob.laptop.drive).stars.ids()).toEqual([]);
    for (const path of paths) await sharing.stop(await laptop.find(path));
    expect(await starred(laptop)).toEqual(["Iceland", "notes.txt"]);
    expect(stars.ids()).toHaveLength(2);
  });

  it("go along inside, too: when a folder is shared and when that ends, and when something goes into a shared folder", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    for (const path of ["/Iceland/maps/north.pdf", "/Iceland/plan.txt", "/Trips/2026/list.txt", "/Trips/one.txt"])
      await laptop.write(path, path);
    const { files, sharing, stars } = await laptop.drive;
    const paths = ["/Iceland/maps", "/Iceland/maps/north.pdf", "/Trips/2026", "/Trips/2026/list.txt", "/Trips/one.txt"];
    await stars.add(await Promise.all(paths.map((path) => idOf(laptop, path))));
    await sharing.share(await laptop.find("/Iceland"), { person: bob.name, role: "editor" });
    const all = ["Iceland/maps", "Iceland/maps/north.pdf", "Trips/2026", "Trips/2026/list.txt", "Trips/one.txt"];
    expect(await starred(laptop)).toEqual(expect.arrayContaining(all));
    expect(stars.ids()).toHaveLength(all.length);

    const iceland = (await laptop.find("/Iceland")).childId;
    await files.move(await laptop.find("/Trips/2026"), { folderId: iceland });
    await files.moveAll([{ ref: await laptop.find("/Trips/one.txt"), to: { folderId: iceland } }]);
    const inside = ["2026", "2026/list.txt", "maps", "maps/north.pdf", "one.txt"].map((path) => `Iceland/${path}`);
    expect((await starred(laptop)).sort()).toEqual(inside);
    // On every device of hers, and on none of anybody else's.
    await refresh(alice.phone);
    await alice.phone.catchUp();
    expect((await starred(alice.phone)).sort()).toEqual(inside);
    expect((await bob.laptop.drive).stars.ids()).toEqual([]);

    await sharing.stop(await laptop.find("/Iceland"));
    expect((await starred(laptop)).sort()).toEqual(inside);
    expect(stars.ids()).toHaveLength(inside.length);
  });

  it("are told to other devices as soon as they are there, and not to the server", async () => {
    await using world = await World.start();
    world.wire.record();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/notes.txt", "notes");
    await alice.phone.catchUp();
    const told = Promise.withResolvers<void>();
    const connected = Promise.withResolvers<void>();
    const account = await alice.phone.account;
    const stop = await account.follow({ onKeyring: () => told.resolve() });
    const stopHearing = account.events.subscribe(({ type }) => type === "resync" && connected.resolve());
    await connected.promise;
    const id = await idOf(alice.laptop, "/notes.txt");
    await (await alice.laptop.drive).stars.add([id]);
    await told.promise;
    expect((await alice.phone.drive).stars.ids()).toEqual([id]);
    stop();
    stopHearing();
    const seen = world.wire.recorded().map((bytes) => Buffer.from(bytes).toString("latin1"));
    expect(seen.some((text) => text.includes("starred/"))).toBe(false);
  });
});

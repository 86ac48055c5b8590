import { NetworkError } from "@excalibur/sdk/ports";
import { describe, expect, it } from "vitest";
import { type Device, fillFolder, World } from "../src/index.ts";

const encoder = new TextEncoder();

function source(name: string) {
  const bytes = encoder.encode(name);
  return {
    name,
    sizeBytes: bytes.length,
    modifiedMs: 0,
    read: async (offset: number, into: Uint8Array) => {
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
    fingerprint: async () => name,
    close: async () => undefined,
  };
}

async function addFiles(device: Device, folder: string, names: readonly string[]): Promise<void> {
  const { files, uploads } = await device.drive;
  const folderId = await files.resolveFolder(folder);
  const requests = names.map((name) => ({
    open: async () => source(name),
    folderId,
    name,
    onConflict: "fail" as const,
  }));
  expect(await uploads.upload(requests)).toEqual({ uploaded: names.length, failed: 0 });
}

/** Bytes of every page ever written of a folder, and of those that stand now. */
async function pageBytes(
  world: World,
  nodeId: Uint8Array,
): Promise<{ written: number; standing: number; pages: number }> {
  const { read } = world.server.context.database;
  const rows = await read
    .selectFrom("pages")
    .select(["size_bytes", "replaced_ms"])
    .where("node_id", "=", nodeId)
    .execute();
  const sum = (some: typeof rows) => some.reduce((total, { size_bytes }) => total + size_bytes, 0);
  const standing = rows.filter(({ replaced_ms }) => replaced_ms === null);
  return { written: sum(rows), standing: sum(standing), pages: standing.length };
}

describe("a folder's listing", () => {
  it("costs at most three times its final size to write, however many batches fill it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.makeFolder("/many");
    const folderId = await (await alice.laptop.drive).files.resolveFolder("/many");
    for (let batch = 0; batch < 12; batch++) {
      await addFiles(
        alice.laptop,
        "/many",
        Array.from({ length: 100 }, (_, i) => `file ${batch}-${i}`),
      );
    }
    const { written, standing, pages } = await pageBytes(world, folderId);
    expect(pages).toBeGreaterThan(4);
    // The empty folder and its first fillings are small change beside what 1 200 entries take.
    expect(written).toBeLessThan(3 * standing);
    expect((await alice.phone.names("/many")).length).toBe(1_200);
  });

  it("is written once when a whole tree comes in one commit", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { files } = await alice.laptop.drive;
    await files.makeTree(
      files.rootId,
      Array.from({ length: 600 }, (_, i) => [`folder ${i}`]),
    );
    const { read } = world.server.context.database;
    const commits = await read.selectFrom("commits").select("sequence").execute();
    const { pages } = await pageBytes(world, files.rootId);
    expect(pages).toBeGreaterThan(2);
    expect(commits.filter(({ sequence }) => sequence > 0)).toHaveLength(1);
    expect((await alice.phone.names("/")).length).toBe(600);
  });

  it("that is damaged in one page shows the rest, refuses to be written over, and leaves other folders alone", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.makeFolder("/album");
    await alice.laptop.write("/elsewhere/letter.txt", "safe");
    await addFiles(
      alice.laptop,
      "/album",
      Array.from({ length: 400 }, (_, i) => `picture ${i}`),
    );
    const { files } = await alice.laptop.drive;
    const albumId = await files.resolveFolder("/album");

    // A disk, or somebody with access to it, flips one bit of one page.
    const { database } = world.server.context;
    const pages = await database.read
      .selectFrom("pages")
      .select(["bits", "bits_length", "record"])
      .where("node_id", "=", albumId)
      .where("replaced_ms", "is", null)
      .orderBy("bits")
      .execute();
    expect(pages.length).toBeGreaterThan(1);
    const victim = pages.at(-1)!;
    const record = new Uint8Array(victim.record as Uint8Array);
    record[record.length - 20]! ^= 1;
    await database.write((tx) =>
      tx
        .updateTable("pages")
        .set({ record })
        .where("node_id", "=", albumId)
        .where("bits", "=", victim.bits)
        .where("replaced_ms", "is", null)
        .execute(),
    );

    const fresh = await alice.device("new computer");
    const there = (await fresh.drive).files;
    const { items, damage } = await there.list(albumId);
    expect(damage).toHaveLength(1);
    expect(items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThan(400);
    expect(await fresh.readText("/elsewhere/letter.txt")).toBe("safe");
    // Whether a name is hidden on the damaged page cannot be known: that is not the same as "not there".
    await expect(there.resolve("/album/no such picture")).rejects.toMatchObject({ code: "page_damaged" });
    await expect(there.rename(items[0]!, "renamed")).resolves.toBeUndefined();
    // What the damaged page holds is still readable where it had been read before.
    expect((await files.list(albumId)).items).toHaveLength(400);
  });

  it("takes one content 65 535 times in a step; more is refused with a sentence, and what was asked with it is done", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/one.txt", "one");
    const { volume } = await laptop.drive;
    const { childId: _, ...entry } = (await laptop.find("/one.txt")).entry;
    const { sequence } = volume.head;
    const add = (count: number, prefix: string) =>
      volume.change(async (editor) => {
        const copies = Array.from({ length: count }, (_, index) => ({ ...entry, name: `${prefix} ${index}` }));
        await editor.addEntries(volume.volumeId, copies);
      });
    const [many, one] = await Promise.allSettled([add(65_536, "copy"), add(1, "other")]);
    expect(many).toMatchObject({ status: "rejected", reason: { code: "change_too_large" } });
    expect(one).toMatchObject({ status: "fulfilled" });
    expect(volume.head.sequence).toBe(sequence + 1);
    expect(await laptop.names()).toEqual(["one.txt", "other 0"]);
  });
});

describe("a large folder that a device does not know yet", () => {
  /** More pages than are opened before the first of their entries are handed on. */
  const COUNT = 2_400;

  async function fill(world: World) {
    const { alice } = await world.people("alice");
    await fillFolder(alice.laptop, { path: "/Many", count: COUNT });
    const { files } = await alice.phone.drive;
    return { phone: alice.phone, files, folderId: await files.resolveFolder("/Many") };
  }

  it("is handed on part by part, each as soon as its pages are opened, and then as a whole", async () => {
    await using world = await World.start();
    const { phone, files, folderId } = await fill(world);
    const rest = Promise.withResolvers<void>();
    let requests = 0;
    phone.network.interfere("fetchPages", async (_, ask) => {
      requests += 1;
      if (requests > 1) await rest.promise;
      return await ask();
    });
    const parts = files.listParts(folderId);
    const first = await parts.next();
    if (first.done) throw new Error("It came as a whole.");
    expect(first.value.length).toBeGreaterThan(1_000);
    expect(first.value.length).toBeLessThan(COUNT);
    const next = parts.next();
    rest.resolve();
    const whole = await next;
    if (!whole.done) throw new Error("There are more parts than expected.");
    expect(whole.value.damage).toEqual([]);
    expect(new Set(whole.value.items.map(({ name }) => name)).size).toBe(COUNT);
    // What came first is the beginning of the whole.
    const idsOf = (items: readonly { readonly childId: Uint8Array }[]) => items.map(({ childId }) => childId.join());
    expect(idsOf(whole.value.items.slice(0, first.value.length))).toEqual(idsOf(first.value));
    // In memory it is no matter of parts any more.
    expect(await files.listParts(folderId).next()).toMatchObject({ done: true });
  });

  it("shows nothing of a page that was altered, in no part, and says so in the end", async () => {
    await using world = await World.start();
    const { phone, files, folderId } = await fill(world);
    phone.network.alter("fetchPages", (body) => {
      const altered = body.slice();
      altered[body.length - 20]! ^= 1;
      return altered;
    });
    const parts = files.listParts(folderId);
    const first = await parts.next();
    phone.network.behave();
    const whole = await parts.next();
    if (first.done || !whole.done) throw new Error("It came in other parts.");
    expect(whole.value.damage).toMatchObject([{ code: "page_damaged" }, { code: "page_damaged" }]);
    expect(whole.value.items.length).toBeLessThan(COUNT);
    expect(whole.value.items.slice(0, first.value.length).map(({ name }) => name)).toEqual(
      first.value.map(({ name }) => name),
    );
    // What was altered on its way is asked for again.
    expect((await files.list(folderId)).items).toHaveLength(COUNT);
  });

  it("fails where the server is gone in between, and goes on from what had come", async () => {
    await using world = await World.start();
    const { phone, files, folderId } = await fill(world);
    const parts = files.listParts(folderId);
    phone.network.interfere("fetchPages", async (_, ask) => {
      phone.network.interfere("fetchPages", async () => {
        throw new NetworkError("The server is gone.", { temporary: false });
      });
      return await ask();
    });
    expect(await parts.next()).toMatchObject({ done: false });
    await expect(parts.next()).rejects.toMatchObject({ code: "network" });
    phone.network.behave();
    const again = await files.listParts(folderId).next();
    expect(again.done && again.value.items.length).toBe(COUNT);
  });
});

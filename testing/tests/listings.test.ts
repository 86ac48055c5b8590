import { describe, expect, it } from "vitest";
import { type Device, World } from "../src/index.ts";

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

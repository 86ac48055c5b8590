import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { World } from "../../src/index.ts";
import { accept, share, stop, unshare } from "./acts.ts";

const FOLDERS = 1_000;
const FILES_EACH = 100;
/** Client and server together: the goal is ten seconds on two quiet cores. */
const MOST_CPU_SECONDS = 20;

it("sharing a thousand folders with a hundred thousand files costs the folders, not the bytes", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/Archive/photo.jpg", "a photo");
  const { files, volume } = await alice.laptop.drive;
  const { entry, parentId } = await alice.laptop.find("/Archive/photo.jpg");
  const paths = Array.from({ length: FOLDERS }, (_, index) => [`folder ${index}`]);
  const folderIds = await files.makeTree(parentId, paths);
  const { childId: _, file, ...content } = entry;
  for (let from = 0; from < FOLDERS; from += 50) {
    const some = folderIds.slice(from, from + 50);
    const objectIds = await makeObjects(world, file!.objectId, some.length * FILES_EACH);
    await volume.change(async (editor) => {
      for (const [at, folderId] of some.entries()) {
        const ids = objectIds.slice(at * FILES_EACH, (at + 1) * FILES_EACH);
        await editor.addEntries(
          folderId,
          ids.map((objectId, index) => ({ ...content, name: `photo ${index}.jpg`, file: { ...file!, objectId } })),
        );
      }
    });
  }

  let sentObjects = 0;
  alice.laptop.network.interfere("postBatch", async (_exchange, ask) => {
    sentObjects += 1;
    return await ask();
  });
  const seconds = await measured("Sharing", () => share(alice.laptop, "/Archive", bob));
  expect(sentObjects).toBe(0);
  expect(seconds).toBeLessThan(MOST_CPU_SECONDS);
  await accept(bob.laptop);
  expect((await bob.laptop.names("/Archive")).length).toBe(FOLDERS + 1);
  expect((await bob.laptop.names("/Archive/folder 77")).length).toBe(FILES_EACH);
  expect(await bob.laptop.readText("/Archive/photo.jpg")).toBe("a photo");

  // The way back, with a new key for everything in between.
  const { sharing } = await alice.laptop.drive;
  await unshare(alice.laptop, "/Archive", bob);
  const shared = await alice.laptop.find("/Archive");
  expect(await measured("Re-encrypting", () => sharing.reencrypt(shared))).toBeLessThan(MOST_CPU_SECONDS);
  expect((await sharing.outdated(shared)).pages).toBe(0);
  expect(await measured("Ending the sharing of", () => stop(alice.laptop, "/Archive"))).toBeLessThan(MOST_CPU_SECONDS);
  expect(sentObjects).toBe(0);
  expect((await alice.laptop.names("/Archive")).length).toBe(FOLDERS + 1);
  expect((await alice.laptop.names("/Archive/folder 77")).length).toBe(FILES_EACH);
  expect(await alice.laptop.readText("/Archive/photo.jpg")).toBe("a photo");
}, 600_000);

/** Says what it took, and gives the seconds of CPU. */
async function measured(what: string, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  const beganMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  process.stderr.write(
    `${what} ${FOLDERS} folders with ${FOLDERS * FILES_EACH} files: ${seconds.toFixed(1)} s of CPU, ` +
      `${((performance.now() - beganMs) / 1000).toFixed(1)} s.\n`,
  );
  return seconds;
}

/** Rows of objects that nobody reads here, like the one that was stored: what is tried out are listings and references. */
async function makeObjects(world: World, likeId: Uint8Array, count: number): Promise<Uint8Array[]> {
  const { database } = world.server.context;
  const like = await database.read
    .selectFrom("objects")
    .selectAll()
    .where("object_id", "=", likeId)
    .executeTakeFirstOrThrow();
  const rows = Array.from({ length: count }, () => ({ ...like, object_id: new Uint8Array(randomBytes(16)) }));
  for (let from = 0; from < count; from += 500) {
    await database.write((tx) =>
      tx
        .insertInto("objects")
        .values(rows.slice(from, from + 500))
        .execute(),
    );
  }
  return rows.map(({ object_id }) => object_id);
}

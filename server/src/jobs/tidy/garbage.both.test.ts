import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64Url, toBase64Url, toHex } from "@excalibur/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount } from "../../../../scripts/test/long-mode.ts";
import { deleteUnneeded, findUnneeded, noId } from "../../db/stores/object-garbage.ts";
import { nodeDisk } from "../../storage/disk/node-disk.ts";
import { openDiskBlobStore } from "../../storage/index.ts";
import { collect, inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";
import type { VolumeWriter } from "../../testing/volume-writer.ts";

const DAY = 86_400_000;
const never = new AbortController().signal;

/** Whatever was written, however young its bytes are. */
function oldFiles(directory: string) {
  const disk = nodeDisk();
  const fileStatus: typeof disk.fileStatus = async (path) => {
    const status = await disk.fileStatus(path);
    return status && { ...status, modifiedAtMs: 0 };
  };
  return openDiskBlobStore({ directory, disk: { ...disk, fileStatus } });
}

function roomOfOldFiles() {
  return openServiceRoom({ openBlobs: oldFiles });
}

async function store(room: ServiceRoom, { userId }: TestPerson, objects: readonly OpaqueObject[]) {
  const { body, signedLeaves } = opaqueBatch(objects);
  return room.objects.storeBatch({ userId, signedLeaves, body: inChunks(body) });
}

async function uploadParts(room: ServiceRoom, { userId }: TestPerson, { objectId, bytes, parts }: OpaqueObject) {
  await room.uploads.createUpload({ userId, objectId, ciphertextLength: bytes.length }, room.transact);
  for (const { part, signedLeaves, bytes: body } of parts) {
    const contentLength = body.length;
    await room.uploads.putPart({ userId, objectId, part, signedLeaves, contentLength, body: inChunks(body) });
  }
}

function complete(room: ServiceRoom, { userId }: TestPerson, { objectId, bytes, treeHash }: OpaqueObject) {
  return room.uploads.completeUpload({ userId, objectId, ciphertextLength: bytes.length, treeHash }, room.transact);
}

const named = ({ objectId }: OpaqueObject, count = 1) => ({ objectId, count });

/** A commit that adds and drops. */
async function commit(
  room: ServiceRoom,
  writer: VolumeWriter,
  wish: { readonly added?: readonly OpaqueObject[]; readonly dropped?: readonly OpaqueObject[] },
) {
  const sorted = (objects: readonly OpaqueObject[] = []) =>
    objects.map((object) => named(object)).toSorted((a, b) => Buffer.compare(a.objectId, b.objectId));
  const time = { timeMs: Math.max(room.nowMs, writer.head.timeMs + 1) };
  const written = writer.write({ added: sorted(wish.added), dropped: sorted(wish.dropped), fields: time });
  const { volumeId, owner } = writer;
  await room.volumes.postCommit({ userId: owner.userId, volumeId, commit: written.bytes }, room.transact);
  writer.accept(written);
}

async function isThere(room: ServiceRoom, { userId }: TestPerson, { objectId, bytes }: OpaqueObject): Promise<boolean> {
  try {
    const { chunks } = await room.objects.getObject({ userId, objectId, rangeHeader: undefined, signal: never });
    return Buffer.compare(await collect(chunks), bytes) === 0;
  } catch {
    return false;
  }
}

async function stored(room: ServiceRoom): Promise<string[]> {
  return (await collectAll(room.blobs.list())).map(({ id }) => id);
}

async function collectAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function rowCount(room: ServiceRoom, table: "objects" | "object_leaves" | "object_references" | "uploads") {
  return (await room.database.read.selectFrom(table).selectAll().execute()).length;
}

function result(report: Awaited<ReturnType<ServiceRoom["perform"]>>, job: string) {
  return report.jobs[job]?.result;
}

describe("uploads that nobody completed", () => {
  it("go after a month, with their parts, their bytes and their claim on the quota; a dry run only says so", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const [abandoned, fresh] = [opaqueObject(5_000_000), opaqueObject(5_000_000)] as const;
    await uploadParts(room, alice, abandoned);
    room.nowMs += 30 * DAY + 1;
    await uploadParts(room, alice, fresh);
    const expected = { uploads: 1, reservedBytes: abandoned.bytes.length };
    expect(result(await room.perform("gc", { dryRun: true }), "expired-uploads")).toEqual(expected);
    expect(await stored(room)).toHaveLength(2);
    expect(result(await room.perform("gc"), "expired-uploads")).toEqual(expected);
    expect(await stored(room)).toEqual([fresh.id]);
    expect(await room.usedBytes(alice)).toBe(fresh.bytes.length);
    await complete(room, alice, fresh);
    expect(await isThere(room, alice, fresh)).toBe(true);
    await expect(complete(room, alice, abandoned)).rejects.toMatchObject({ code: "upload_not_found" });
  });
});

describe("objects that nobody needs", () => {
  it("go: the never named a week after they came, the dropped a month after; large and small, with leaves and quota", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const volume = await room.volumeOf(alice);
    const [kept, dropped, unnamed] = [opaqueObject(600_000), opaqueObject(700_000), opaqueObject(800_000)] as const;
    const large = opaqueObject(3_000_000);
    await store(room, alice, [kept, dropped, unnamed]);
    await uploadParts(room, alice, large);
    await complete(room, alice, large);
    await commit(room, volume, { added: [kept, dropped, large] });
    room.nowMs += 7 * DAY - 1;
    await commit(room, volume, { dropped: [dropped, large] });
    await room.perform("gc");
    expect(await rowCount(room, "objects")).toBe(4);
    room.nowMs += 2;
    const foretold = result(await room.perform("gc", { dryRun: true }), "unreferenced-objects");
    expect(foretold).toEqual({ objects: 1, bytes: unnamed.bytes.length });
    expect(await rowCount(room, "objects")).toBe(4);
    expect(result(await room.perform("gc"), "unreferenced-objects")).toEqual(foretold);
    expect(await isThere(room, alice, unnamed)).toBe(false);
    expect(await isThere(room, alice, dropped)).toBe(true);
    room.nowMs += 30 * DAY;
    expect(result(await room.perform("gc"), "unreferenced-objects")).toMatchObject({ objects: 2 });
    expect([await rowCount(room, "objects"), await rowCount(room, "object_references")]).toEqual([1, 1]);
    expect(await stored(room)).toEqual([kept.id]);
    expect(await rowCount(room, "object_leaves")).toBe(1);
    expect(await room.usedBytes(alice)).toBe(kept.bytes.length);
    expect(await isThere(room, alice, kept)).toBe(true);
  });

  it("are needed as long as one volume lists them, or dropped them less than the retention period ago", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const [one, two] = [await room.volumeOf(alice), await room.volumeOf(alice)];
    const object = opaqueObject(1000);
    await store(room, alice, [object]);
    await commit(room, one, { added: [object] });
    await commit(room, two, { added: [object] });
    await commit(room, one, { dropped: [object] });
    room.nowMs += 40 * DAY;
    await room.perform("gc");
    expect(await rowCount(room, "object_references")).toBe(1);
    await commit(room, two, { dropped: [object] });
    room.nowMs += 29 * DAY;
    await room.perform("gc");
    expect(await isThere(room, alice, object)).toBe(true);
    await commit(room, two, { added: [object] });
    room.nowMs += 60 * DAY;
    await room.perform("gc");
    expect(await isThere(room, alice, object)).toBe(true);
  });

  it("are kept for another week whenever the server says again that it has them", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const [small, large] = [opaqueObject(1000), opaqueObject(3_000_000)] as const;
    await store(room, alice, [small]);
    await uploadParts(room, alice, large);
    await complete(room, alice, large);
    room.nowMs += 7 * DAY - 1;
    expect(await store(room, alice, [small])).toEqual([{ objectId: small.id, status: "exists" }]);
    await complete(room, alice, large);
    room.nowMs += 7 * DAY - 1;
    await room.perform("gc");
    expect([await isThere(room, alice, small), await isThere(room, alice, large)]).toEqual([true, true]);
    room.nowMs += 2;
    await room.perform("gc");
    expect([await isThere(room, alice, small), await isThere(room, alice, large)]).toEqual([false, false]);
  });

  it("and a commit that names one at the same moment: either it is there and stays, or the commit says that it is missing", async () => {
    await using room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const volume = await room.volumeOf(alice);
    let [named, missing] = [0, 0];
    for (let round = 0; round < 12; round++) {
      const object = opaqueObject(1000);
      await store(room, alice, [object]);
      room.nowMs += 8 * DAY;
      const work = room.perform("gc");
      const waits = round % 6;
      for (let n = 0; n < waits; n++) await room.database.read.selectFrom("settings").selectAll().execute();
      const outcome = await commit(room, volume, { added: [object] }).then(
        () => "named",
        (error: { code: string; members: object }) => error,
      );
      await work;
      if (outcome === "named") {
        named += 1;
        expect(await isThere(room, alice, object)).toBe(true);
      } else {
        missing += 1;
        expect(outcome).toMatchObject({ code: "object_missing", members: { ids: [object.id] } });
        expect(await isThere(room, alice, object)).toBe(false);
        expect(await store(room, alice, [object])).toMatchObject([{ status: "stored" }]);
        await commit(room, volume, { added: [object] });
      }
    }
    expect(named + missing).toBe(12);
  });

  it("and are named, or promised again, after they were found stay: the transaction that removes them looks again", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const volume = await room.volumeOf(alice);
    const [listed, promised, unneeded] = [opaqueObject(1000), opaqueObject(1000), opaqueObject(1000)] as const;
    await store(room, alice, [listed, promised, unneeded]);
    room.nowMs += 8 * DAY;
    const neediness = { createdBeforeMs: room.nowMs - 7 * DAY, droppedBeforeMs: room.nowMs - 30 * DAY };
    const found = await findUnneeded(room.database.read, neediness, { after: noId, upTo: undefined });
    expect(found).toHaveLength(3);
    await commit(room, volume, { added: [listed] });
    await store(room, alice, [promised]);
    const ids = found.map((row) => row.object_id);
    const gone = await room.database.write((tx) => deleteUnneeded(tx, ids, neediness));
    expect(gone.map((row) => toBase64Url(row.object_id))).toEqual([unneeded.id]);
    for (const object of [listed, promised]) expect(await isThere(room, alice, object)).toBe(true);
  });

  it("and was swept after a commit had looked for it: the commit says that it is missing, and changes nothing", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const volume = await room.volumeOf(alice);
    const object = opaqueObject(1000);
    await store(room, alice, [object]);
    room.nowMs += 8 * DAY;
    const { transact } = room;
    Object.assign(room, {
      transact: async (work: Parameters<typeof transact>[0]) => {
        await room.perform("gc");
        return transact(work);
      },
    });
    await expect(commit(room, volume, { added: [object] })).rejects.toMatchObject({ code: "object_missing" });
    expect(await rowCount(room, "object_references")).toBe(0);
  });
});

describe("bytes without a row", () => {
  async function roomWithOrphans() {
    const room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const kept = [opaqueObject(1000), opaqueObject(200_000)];
    await store(room, alice, kept);
    const small = opaqueObject(2000);
    await room.blobs.putSmall([small]);
    const large = opaqueObject(100_000);
    const staged = await room.blobs.openStaged(large.id, large.bytes.length);
    await staged.writeAt(0, [large.bytes]);
    await staged.seal();
    const begun = opaqueObject(100_000);
    await (await room.blobs.openStaged(begun.id, begun.bytes.length)).writeAt(0, [begun.bytes.subarray(0, 1000)]);
    await room.restart();
    return { room, alice, kept, small, large, begun };
  }

  it("are removed, wherever they lie, and nothing else is; a dry run only counts them", async () => {
    const { room: opened, alice, kept } = await roomWithOrphans();
    await using room = opened;
    expect(result(await room.perform("gc", { dryRun: true }), "orphan-bytes")).toMatchObject({ files: 3 });
    expect(await stored(room)).toHaveLength(5);
    expect(result(await room.perform("gc"), "orphan-bytes")).toMatchObject({ files: 3 });
    expect(new Set(await stored(room))).toEqual(new Set(kept.map(({ id }) => id)));
    for (const object of kept) expect(await isThere(room, alice, object)).toBe(true);
  });

  it("that are a second copy of an object go, and the one that its row means stays", async () => {
    await using room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const object = opaqueObject(3000);
    await room.blobs.putSmall([object]);
    await store(room, alice, [object]);
    await room.blobs.putSmall([object]);
    expect(result(await room.perform("gc"), "orphan-bytes")).toMatchObject({ files: 2 });
    expect(await stored(room)).toEqual([object.id]);
    expect(await isThere(room, alice, object)).toBe(true);
  });

  it("are left alone while they are young", async () => {
    await using room = await openServiceRoom();
    await store(room, await room.person("alice"), [opaqueObject(1000)]);
    await room.blobs.putSmall([opaqueObject(1000)]);
    room.nowMs = Date.now();
    expect(result(await room.perform("gc"), "orphan-bytes")).toEqual({ files: 0, bytes: 0 });
    room.nowMs += 2 * DAY;
    expect(result(await room.perform("gc"), "orphan-bytes")).toMatchObject({ files: 1 });
  });

  it("of uploads on their way never go: not while parts come, not when sealed and cut off, not while a batch is stored", async () => {
    await using room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const [coming, sealed, batched] = [opaqueObject(3_000_000), opaqueObject(3_000_000), opaqueObject(1000)] as const;
    await store(room, alice, [opaqueObject(10)]);
    await uploadParts(room, alice, coming);
    await uploadParts(room, alice, sealed);
    const cutOff = { ...room, transact: () => Promise.reject(new Error("The power went.")) } as ServiceRoom;
    await expect(complete(cutOff, alice, sealed)).rejects.toThrow("The power went.");
    const put = room.blobs.putSmall.bind(room.blobs);
    let swept: object | undefined;
    room.blobs.putSmall = async (objects, signal) => {
      const locations = await put(objects, signal);
      // Stored and synced, and its row not yet written.
      swept = result(await room.perform("gc"), "orphan-bytes");
      return locations;
    };
    await store(room, alice, [batched]);
    expect(swept).toEqual({ files: 0, bytes: 0 });
    expect(await isThere(room, alice, batched)).toBe(true);
    await complete(room, alice, coming);
    await room.restart();
    await complete(room, alice, sealed);
    for (const object of [coming, sealed]) expect(await isThere(room, alice, object)).toBe(true);
  });

  it("are looked up once more before they go: an upload of the same object may have begun, or a row may mean them", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const [small, begun, sealed] = [opaqueObject(1000), opaqueObject(200_000), opaqueObject(200_000)] as const;
    await store(room, alice, [small]);
    for (const object of [begun, sealed]) await uploadParts(room, alice, object);
    await complete(room, alice, sealed);
    const listed = await collectAll(room.blobs.list());
    expect(listed).toHaveLength(3);
    const removed: string[] = [];
    for (const blob of listed) {
      const isRemoved = await room.uploads.removeUnnamed(blob, async ({ id }) => void removed.push(id));
      expect(isRemoved).toBe(false);
    }
    await room.uploads.cancelUpload({ userId: alice.userId, objectId: begun.objectId }, room.transact);
    for (const blob of listed) await room.uploads.removeUnnamed(blob, async ({ id }) => void removed.push(id));
    expect(removed).toEqual([begun.id]);
  });

  it("never take the large object with them when a power cut has kept both of its names", async () => {
    await using room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const object = opaqueObject(3_000_000);
    await uploadParts(room, alice, object);
    await complete(room, alice, object);
    const left = join(room.directory, "staging", toHex(fromBase64Url(object.id)));
    await (await open(left, "w")).close();
    expect(result(await room.perform("gc"), "orphan-bytes")).toMatchObject({ files: 1 });
    expect(await readdir(join(room.directory, "staging"))).toEqual([]);
    expect(await isThere(room, alice, object)).toBe(true);
  });

  it("that are more than crashes explain are not touched: the database is the wrong one", async () => {
    await using room = await roomOfOldFiles();
    const alice = await room.person("alice");
    const objects = Array.from({ length: 20 }, () => opaqueObject(1_000_000));
    for (const object of objects) await store(room, alice, [object]);
    const large = opaqueObject(3_000_000);
    await store(room, alice, [opaqueObject(10)]);
    await uploadParts(room, alice, large);
    await complete(room, alice, large);
    const ids = objects.map(({ objectId }) => objectId);
    await room.database.write((tx) => tx.deleteFrom("object_leaves").where("object_id", "in", ids).execute());
    await room.database.write((tx) => tx.deleteFrom("objects").where("object_id", "in", ids).execute());
    const report = await room.perform("gc");
    expect(report.jobs["orphan-bytes"]).toMatchObject({ outcome: "failed", result: { code: "much_unnamed" } });
    expect(report.outcome).toBe("failed");
    expect(await stored(room)).toHaveLength(22);
    // Nothing known at all: however little there is.
    await room.database.write((tx) => tx.deleteFrom("objects").execute());
    expect((await room.perform("gc")).jobs["orphan-bytes"]).toMatchObject({ result: { code: "much_unnamed" } });
    expect(await stored(room)).toHaveLength(22);
  });
});

it("what an account has used is the sum of its objects and uploads, whatever happens", async () => {
  await using room = await roomOfOldFiles();
  const people = [await room.person("alice"), await room.person("bob")];
  const volumes = new Map<TestPerson, VolumeWriter>();
  for (const person of people) volumes.set(person, await room.volumeOf(person));
  const listed = new Map<TestPerson, OpaqueObject[]>();
  const loose = new Map<TestPerson, OpaqueObject[]>();
  const take = (from: Map<TestPerson, OpaqueObject[]>, who: TestPerson) => from.get(who)?.splice(0, 1) ?? [];
  const give = (to: Map<TestPerson, OpaqueObject[]>, who: TestPerson, objects: readonly OpaqueObject[]) =>
    to.set(who, [...(to.get(who) ?? []), ...objects]);

  const steps = {
    store: async (who: TestPerson) => {
      const objects = [opaqueObject(100), opaqueObject(2000)];
      await store(room, who, objects);
      give(loose, who, objects);
    },
    begin: async (who: TestPerson) => {
      const object = opaqueObject(50_000);
      await room.uploads.createUpload(
        { userId: who.userId, objectId: object.objectId, ciphertextLength: object.bytes.length },
        room.transact,
      );
    },
    large: async (who: TestPerson) => {
      const object = opaqueObject(300_000);
      await uploadParts(room, who, object);
      await complete(room, who, object);
      give(loose, who, [object]);
    },
    list: async (who: TestPerson) => {
      const objects = take(loose, who);
      if (objects.length === 0) return;
      try {
        await commit(room, volumes.get(who)!, { added: objects });
        give(listed, who, objects);
      } catch (error) {
        expect(error).toMatchObject({ code: "object_missing" });
      }
    },
    drop: async (who: TestPerson) => {
      const objects = take(listed, who);
      if (objects.length > 0) await commit(room, volumes.get(who)!, { dropped: objects });
    },
    orphan: () => room.blobs.putSmall([opaqueObject(100)]),
    sweep: () => room.perform("gc"),
    wait: async () => {
      room.nowMs += 5 * DAY;
    },
  };
  const step = fc.tuple(
    fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])),
    fc.integer({ min: 0, max: 1 }),
  );
  const runs = amount({ everyday: 5, long: 100 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (chosen) => {
      for (const [name, who] of chosen) await steps[name](people[who]!);
      await room.perform("gc");
      for (const person of people) {
        const sizes = async (table: "objects" | "uploads", column: "uploader_user_id" | "user_id") => {
          const rows = await room.database.read
            .selectFrom(table as "objects")
            .select("ciphertext_length")
            .where(column as "uploader_user_id", "=", person.userId)
            .execute();
          return rows.reduce((sum, row) => sum + row.ciphertext_length, 0);
        };
        const sum = (await sizes("objects", "uploader_user_id")) + (await sizes("uploads", "user_id"));
        expect(await room.usedBytes(person)).toBe(sum);
        for (const object of listed.get(person) ?? []) expect(await isThere(room, person, object)).toBe(true);
      }
    }),
    { numRuns: runs },
  );
}, 120_000);

import { open, readdir, rm, stat, truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64Url, toBase64Url, toHex } from "@excalibur/core/bytes";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { DEFAULTS } from "../../config/config.ts";
import { findJob } from "../../db/stores/jobs.ts";
import { inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";
import { createJobs } from "../index.ts";

const MIB = 1024 * 1024;
const DAY = 86_400_000;

async function storeSmall(room: ServiceRoom, { userId }: TestPerson, objects: readonly OpaqueObject[]) {
  const { body, signedLeaves } = opaqueBatch(objects);
  await room.objects.storeBatch({ userId, signedLeaves, body: inChunks(body) });
}

async function storeLarge(
  room: ServiceRoom,
  { userId }: TestPerson,
  { objectId, bytes, parts, treeHash }: OpaqueObject,
) {
  await room.uploads.createUpload({ userId, objectId, ciphertextLength: bytes.length }, room.transact);
  for (const { part, signedLeaves, bytes: body } of parts) {
    const contentLength = body.length;
    await room.uploads.putPart({ userId, objectId, part, signedLeaves, contentLength, body: inChunks(body) });
  }
  await room.uploads.completeUpload({ userId, objectId, ciphertextLength: bytes.length, treeHash }, room.transact);
}

function largePath(room: ServiceRoom, { objectId }: OpaqueObject): string {
  const name = toHex(objectId);
  return join(room.directory, "large", name.slice(0, 2), name);
}

async function flipByte(path: string, position: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.of(byte[0]! ^ 1), 0, 1, position);
  await file.close();
}

/** Where the object's record begins in the only pack. */
async function flipInPack(room: ServiceRoom, { objectId }: OpaqueObject, position: number): Promise<void> {
  const row = await room.database.read
    .selectFrom("objects")
    .select("location")
    .where("object_id", "=", objectId)
    .executeTakeFirstOrThrow();
  const [, pack, offset] = row.location.split(":");
  await flipByte(join(room.directory, "packs", `${pack}.pack`), Number(offset) + 64 + position);
}

/** Two small and two large objects of alice. */
async function filledRoom() {
  const room = await openServiceRoom();
  const alice = await room.person("alice");
  const small = [opaqueObject(1000), opaqueObject(600_000)] as const;
  const large = [opaqueObject(5 * MIB), opaqueObject(3 * MIB)] as const;
  await storeSmall(room, alice, small);
  for (const object of large) await storeLarge(room, alice, object);
  const bytes = [...small, ...large].reduce((sum, object) => sum + object.bytes.length, 0);
  return { room, alice, small, large, bytes };
}

describe.each(["scrub", "check"])("%s", (task) => {
  const run = async (room: ServiceRoom) => {
    const report = await room.perform(task);
    return report.jobs[task]!;
  };

  it("finds nothing wrong with what is whole, and has read all of it", async () => {
    const { room: opened, bytes } = await filledRoom();
    await using room = opened;
    expect(await run(room)).toMatchObject({
      outcome: "done",
      result: { objects: 4, bytes, damagedObjects: 0, damaged: [] },
    });
  });

  it("names what is altered, cut off or gone, and nothing else", async () => {
    const { room: opened, small, large } = await filledRoom();
    await using room = opened;
    await flipInPack(room, small[1], 300_000);
    await flipByte(largePath(room, large[0]), 4 * MIB + 5);
    await rm(largePath(room, large[1]));
    const { outcome, result } = await run(room);
    expect(outcome).toBe("damage");
    const found = (result["damaged"] as { objectId: string; problem: string }[]).map((one) => [
      one.objectId,
      one.problem,
    ]);
    expect(new Map(found as [string, string][])).toEqual(
      new Map([
        [small[1].id, "altered"],
        [large[0].id, "altered"],
        [large[1].id, "missing"],
      ]),
    );
    expect(result["damagedObjects"]).toBe(3);
  });

  it("finds every kind of flipped byte: first, last, in the header, in a single segment, at a cut", async () => {
    const { room: opened, small, large } = await filledRoom();
    await using room = opened;
    const { length } = large[0].bytes;
    for (const position of [0, 50, 105, 106, 262_250, length - 1]) {
      await flipByte(largePath(room, large[0]), position);
      expect((await run(room)).result["damaged"]).toMatchObject([{ objectId: large[0].id, problem: "altered" }]);
      await flipByte(largePath(room, large[0]), position);
    }
    for (const position of [0, 105, 106, small[0].bytes.length - 1]) {
      await flipInPack(room, small[0], position);
      expect((await run(room)).result["damaged"]).toMatchObject([{ objectId: small[0].id, problem: "altered" }]);
      await flipInPack(room, small[0], position);
    }
    await truncate(largePath(room, large[0]), length - 1);
    expect((await run(room)).result["damaged"]).toMatchObject([{ objectId: large[0].id, problem: "unreadable" }]);
  });

  it("tells a record that contradicts itself from bytes that do", async () => {
    const { room: opened, large } = await filledRoom();
    await using room = opened;
    const { objectId } = large[0];
    const runs = room.database.read.selectFrom("object_leaves").select("leaves").where("object_id", "=", objectId);
    const { leaves } = await runs.executeTakeFirstOrThrow();
    const wrong = leaves.with(40, leaves[40]! ^ 1);
    await room.database.write((tx) =>
      tx.updateTable("object_leaves").set({ leaves: wrong }).where("object_id", "=", objectId).execute(),
    );
    expect((await run(room)).result["damaged"]).toMatchObject([{ objectId: large[0].id, problem: "record" }]);
  });
});

describe("scrub", () => {
  it("goes on where it was cut off, with what it had found, and begins anew when it was through", async () => {
    const { room: opened, bytes } = await filledRoom();
    await using room = opened;
    const order = (
      await room.database.read.selectFrom("objects").select("object_id").orderBy("object_id").execute()
    ).map((row) => toBase64Url(row.object_id));
    const locate = room.blobs.read.bind(room.blobs);
    const read: string[] = [];
    let stop: (() => Promise<void>) | undefined;
    let stopping: Promise<void> | undefined;
    room.blobs.read = (range) => {
      read.push(range.id);
      // The second object is being read when the server stops.
      if (range.id === order[1] && stop) stopping ??= stop();
      // The first one is damaged.
      return locate(range.id === order[0] ? { ...range, length: range.length + 1e9 } : range);
    };
    const ports = { ...room, clock: () => room.nowMs, log: pino({ enabled: false }), settings: DEFAULTS.jobs };
    const jobs = createJobs({ ...ports, sleep: async (_ms, signal) => signal.throwIfAborted() });
    stop = () => jobs.stop();
    await jobs.look();
    room.nowMs += DAY;
    await jobs.look();
    await jobs.idle();
    await stopping;
    const row = await findJob(room.database.read, "scrub");
    expect(row).toMatchObject({ outcome: "interrupted", next_run_ms: room.nowMs });
    expect(JSON.parse(row?.place ?? "")).toMatchObject({ after: order[0], objects: 1, damagedObjects: 1 });
    read.length = 0;
    stop = undefined;
    const next = createJobs({ ...ports, sleep: async (_ms, signal) => signal.throwIfAborted() });
    while ((await findJob(room.database.read, "scrub"))?.outcome === "interrupted") {
      await next.look();
      await next.idle();
    }
    expect(new Set(read)).toEqual(new Set(order.slice(1)));
    const done = await findJob(room.database.read, "scrub");
    expect(done).toMatchObject({ outcome: "damage", place: null });
    expect(JSON.parse(done?.result ?? "")).toMatchObject({ objects: 4, damaged: [{ objectId: order[0] }] });
    expect(bytes).toBeGreaterThan(0);
    await next.stop();
  });

  it("by schedule reads no more in a second than is set; asked for, it does not wait", async () => {
    const { room: opened, bytes } = await filledRoom();
    await using room = opened;
    let sleptMs = 0;
    const ports = { ...room, clock: () => room.nowMs, log: pino({ enabled: false }) };
    const settings = { ...DEFAULTS.jobs, readBytesPerSecond: MIB };
    const sleep = async (ms: number) => {
      sleptMs += ms;
    };
    const jobs = createJobs({ ...ports, settings, sleep });
    await jobs.look();
    room.nowMs += DAY;
    while ((await findJob(room.database.read, "scrub"))?.outcome == null) {
      await jobs.look();
      await jobs.idle();
    }
    expect(sleptMs).toBeGreaterThan((bytes / MIB) * 1000 - 100);
    sleptMs = 0;
    const signal = new AbortController().signal;
    await jobs.runTask("scrub", { signal, dryRun: false, repair: false, tell: () => undefined });
    expect(sleptMs).toBe(0);
    await jobs.stop();
  });

  it("does not call damaged what is removed while it is read", async () => {
    const { room: opened, large } = await filledRoom();
    await using room = opened;
    const { read } = room.blobs;
    let removed = false;
    room.blobs.read = (range) => {
      const isIt = range.id === large[0].id && !removed;
      if (!isIt) return read.call(room.blobs, range);
      removed = true;
      return (async function* () {
        const ids = [large[0].objectId];
        await room.database.write((tx) => tx.deleteFrom("objects").where("object_id", "in", ids).execute());
        await rm(largePath(room, large[0]));
        yield* read.call(room.blobs, range);
      })();
    };
    expect((await room.perform("scrub")).jobs["scrub"]).toMatchObject({ outcome: "done" });
    expect(removed).toBe(true);
  });
});

describe("check", () => {
  async function makeOld(path: string): Promise<void> {
    if ((await stat(path)).isDirectory()) {
      for (const name of await readdir(path)) await makeOld(join(path, name));
    } else await utimes(path, 1, 1);
  }

  it("names the volumes and accounts that damage concerns", async () => {
    const { room: opened, alice, small } = await filledRoom();
    await using room = opened;
    const bob = await room.person("bob");
    const volumes = [await room.volumeOf(alice), await room.volumeOf(bob)];
    await room.database.write(async (tx) => {
      for (const { volumeId } of volumes) {
        const row = { volume_id: volumeId, object_id: small[0].objectId, count: 1, added_ms: 1, dropped_ms: null };
        await tx.insertInto("object_references").values(row).execute();
      }
    });
    await flipInPack(room, small[0], 200);
    const { result } = (await room.perform("check")).jobs["check"]!;
    const [damaged] = result["damaged"] as { volumes: string[]; accounts: string[] }[];
    expect(new Set(damaged?.volumes)).toEqual(new Set(volumes.map(({ id }) => id)));
    expect(damaged?.accounts).toEqual(["alice", "bob"]);
  });

  it("finds bytes beyond the end of an object", async () => {
    const { room: opened, large } = await filledRoom();
    await using room = opened;
    const file = await open(largePath(room, large[1]), "a");
    await file.write(Buffer.of(1));
    await file.close();
    expect((await room.perform("check")).jobs["check"]?.result["damaged"]).toMatchObject([
      { objectId: large[1].id, problem: "size" },
    ]);
  });

  it("counts bytes without a row; asked to repair it moves them to quarantine, and everything else stays as it is", async () => {
    const { room: opened, alice, small, large } = await filledRoom();
    await using room = opened;
    const lost = opaqueObject(2000);
    await room.blobs.putSmall([lost]);
    const left = opaqueObject(100_000);
    await (await room.blobs.openStaged(left.id, left.bytes.length)).writeAt(0, [left.bytes]);
    await flipByte(largePath(room, large[0]), MIB);
    await room.restart();
    await makeOld(room.directory);
    const looked = (await room.perform("check")).jobs["check"]!;
    const unnamed = { files: 2, bytes: lost.bytes.length + left.bytes.length };
    expect(looked).toMatchObject({ outcome: "damage", result: { unnamed: { ...unnamed, movedFiles: 0 } } });
    expect(await readdir(room.directory)).not.toContain("quarantine");
    const repaired = (await room.perform("check", { repair: true })).jobs["check"]!;
    expect(repaired).toMatchObject({ outcome: "damage", result: { unnamed: { ...unnamed, movedFiles: 2 } } });
    const { shelf } = repaired.result["unnamed"] as { shelf: string };
    const shelved = async (kind: string) => readdir(join(room.directory, "quarantine", shelf, kind));
    expect(await shelved("staging")).toEqual([toHex(fromBase64Url(left.id))]);
    expect((await shelved("packs"))[0]).toContain(toHex(fromBase64Url(lost.id)));
    // Damaged, and most of it good: it stays where its row says.
    expect((await stat(largePath(room, large[0]))).size).toBe(large[0].bytes.length);
    const again = (await room.perform("check")).jobs["check"]!;
    expect(again.result["unnamed"]).toEqual({ files: 0, bytes: 0, movedFiles: 0 });
    expect(again.result["damaged"]).toMatchObject([{ objectId: large[0].id, problem: "altered" }]);
    expect(await room.usedBytes(alice)).toBe([...small, ...large].reduce((sum, { bytes }) => sum + bytes.length, 0));
  });
});

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IS_LONG, LONGEST_MS } from "../../../../scripts/test/long-mode.ts";
import type { Disk } from "../../storage/disk/disk-port.ts";
import { nodeDisk } from "../../storage/disk/node-disk.ts";
import { openDiskBlobStore } from "../../storage/index.ts";
import { faultyDisk } from "../../storage/testing/faulty-disk.ts";
import { collect, inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";

const DAY = 86_400_000;
const never = new AbortController().signal;

/** Packs of a few objects each, on a disk that says that everything is old. */
function smallPacks(disk: Disk = nodeDisk()) {
  const fileStatus: Disk["fileStatus"] = async (path) => {
    const status = await disk.fileStatus(path);
    return status && { ...status, modifiedAtMs: 0 };
  };
  return (directory: string) => openDiskBlobStore({ directory, packBytes: 8192, disk: { ...disk, fileStatus } });
}

async function store(room: ServiceRoom, { userId }: TestPerson, objects: readonly OpaqueObject[]) {
  const { body, signedLeaves } = opaqueBatch(objects);
  await room.objects.storeBatch({ userId, signedLeaves, body: inChunks(body) });
}

async function get(room: ServiceRoom, { userId }: TestPerson, { objectId }: OpaqueObject) {
  const { chunks } = await room.objects.getObject({ userId, objectId, rangeHeader: undefined, signal: never });
  return collect(chunks);
}

async function expectAll(room: ServiceRoom, alice: TestPerson, objects: readonly OpaqueObject[]) {
  for (const object of objects) expect(Buffer.compare(await get(room, alice, object), object.bytes)).toBe(0);
}

function packs(room: ServiceRoom) {
  return readdir(join(room.directory, "packs"));
}

/** Thirty objects in packs; of every three, two are of no use after a week. */
async function halfDeadRoom(openBlobs = smallPacks()) {
  const room = await openServiceRoom({ openBlobs });
  const alice = await room.person("alice");
  const kept: OpaqueObject[] = [];
  for (let n = 0; n < 10; n++) {
    const [one, two, three] = [opaqueObject(800), opaqueObject(900), opaqueObject(1000)] as const;
    await store(room, alice, [one, two, three]);
    kept.push(two);
  }
  room.nowMs += 8 * DAY;
  await store(room, alice, kept);
  return { room, alice, kept };
}

describe("packs that are half dead", () => {
  it("are rewritten: what is needed moves, the rest of the space comes back", async () => {
    const { room: opened, alice, kept } = await halfDeadRoom();
    await using room = opened;
    const before = await packs(room);
    expect(before.length).toBeGreaterThan(4);
    const report = await room.perform("gc");
    expect(report.jobs["unreferenced-objects"]?.result).toMatchObject({ objects: 20 });
    expect(report.jobs["packs"]).toMatchObject({ outcome: "done", result: { damaged: [] } });
    expect((report.jobs["packs"]?.result["objects"] as number) > 5).toBe(true);
    expect((report.jobs["packs"]?.result["freedBytes"] as number) > 5000).toBe(true);
    const after = await packs(room);
    expect(after.length).toBeLessThan(before.length);
    await expectAll(room, alice, kept);
    await room.restart();
    await expectAll(room, alice, kept);
    // The pack that was growing is closed by now; after that there is nothing left to do.
    await room.perform("gc");
    expect((await room.perform("gc")).jobs["packs"]?.result).toMatchObject({ packs: 0, objects: 0 });
    await expectAll(room, alice, kept);
  });

  it("are only counted by a dry run", async () => {
    const { room: opened, alice, kept } = await halfDeadRoom();
    await using room = opened;
    const before = await packs(room);
    const report = await room.perform("gc", { dryRun: true });
    expect(report.jobs["unreferenced-objects"]?.result).toMatchObject({ objects: 20 });
    expect(await packs(room)).toEqual(before);
    await expectAll(room, alice, kept);
  });

  it("move under a download that has begun, and one that is about to begin, without it noticing", async () => {
    const { room: opened, alice, kept } = await halfDeadRoom();
    await using room = opened;
    const [first, second] = kept as [OpaqueObject, OpaqueObject];
    const { userId } = alice;
    const begun = await room.objects.getObject({
      userId,
      objectId: first.objectId,
      rangeHeader: undefined,
      signal: never,
    });
    const asked = [first, second].map(({ objectId }) => objectId);
    const fetched = await room.objects.fetchObjects({ userId, objectIds: asked, signal: never });
    await room.perform("gc");
    expect(Buffer.compare(await collect(begun.chunks), first.bytes)).toBe(0);
    const answer = await collect(fetched.chunks);
    expect(Buffer.compare(answer.subarray(40), Buffer.concat([first.bytes, second.bytes]))).toBe(0);
  });
});

it("being killed at any step of a gc loses nothing, and the next gc finishes what it began", {
  timeout: IS_LONG ? LONGEST_MS : 240_000,
}, async () => {
  const everyNth = IS_LONG ? 1 : 17;
  let wasWhole = false;
  for (let dies = 1 + (everyNth >> 1); !wasWhole; dies += everyNth) {
    let calls = Number.NEGATIVE_INFINITY;
    // Killed: from one call on, nothing reaches the disk any more.
    const dying = faultyDisk(nodeDisk(), { decide: () => (++calls >= dies ? "EIO" : undefined) });
    const { room: opened, alice, kept } = await halfDeadRoom(smallPacks(dying));
    await using room = opened;
    calls = 0;
    await room.perform("gc");
    wasWhole = calls < dies;
    calls = Number.NEGATIVE_INFINITY;
    await room.restart();
    await expectAll(room, alice, kept);
    const again = await room.perform("gc");
    expect(again.outcome).toBe("done");
    await expectAll(room, alice, kept);
    const sum = kept.reduce((bytes, object) => bytes + object.bytes.length, 0);
    expect(await room.usedBytes(alice)).toBe(sum);
    const listed: string[] = [];
    for await (const { id } of room.blobs.list()) listed.push(id);
    expect(listed.toSorted()).toEqual(kept.map(({ id }) => id).toSorted());
  }
});

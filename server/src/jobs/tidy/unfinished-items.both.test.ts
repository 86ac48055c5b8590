import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import type { ObjectId } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, ROOM_ORIGIN, type ServiceRoom } from "../../testing/service-room.ts";
import { newRequest, senderBinding, type TestRequest } from "../../testing/upload-request.ts";

const DAY = 86_400_000;

async function requestOf(room: ServiceRoom, { userId }: TestPerson): Promise<TestRequest> {
  const request = await newRequest();
  const { requestId: _, publicKey, knockHash, ...change } = request.body;
  const keys = { publicKey: fromBase64Url(publicKey), knockHash: fromBase64Url(knockHash) };
  await room.requests.create({ userId, requestId: request.requestId, ...keys, change }, room.transact);
  return request;
}

async function senderOf(room: ServiceRoom, request: TestRequest) {
  const { knock, requestId } = request;
  const { origin, publicKey, proof } = senderBinding(ROOM_ORIGIN, request, randomBytes(32));
  const bytes = { publicKey: fromBase64Url(publicKey), proof: fromBase64Url(proof) };
  const senderId = await room.requests.beginSending({ requestId, knock, origin, ...bytes });
  const session = await room.requests.findSender(senderId);
  const sender = session!.sender!;
  return { senderId, sender, door: room.requests.uploadsOf(sender) };
}

type Sender = Awaited<ReturnType<typeof senderOf>>;

async function store({ door, senderId }: Sender, objects: readonly OpaqueObject[]): Promise<void> {
  const { body, signedLeaves } = opaqueBatch(objects);
  const fates = await door.storeBatch({ userId: senderId, signedLeaves, body: inChunks(body) });
  expect(new Set(fates.map(({ status }) => status))).toEqual(new Set(["stored"]));
}

const post = (room: ServiceRoom, { sender }: Sender, objects: readonly OpaqueObject[]) =>
  room.requests.post(
    {
      sender,
      items: objects.map(({ id }) => ({ objectId: id as ObjectId, description: toBase64Url(randomBytes(9)) })),
    },
    room.transact,
  );

const begin = (room: ServiceRoom, { door, senderId }: Sender, { objectId, bytes }: OpaqueObject) =>
  door.createUpload({ userId: senderId, objectId, ciphertextLength: bytes.length }, room.transact);

async function objectIds({ database }: ServiceRoom): Promise<string[]> {
  const rows = await database.read.selectFrom("objects").select("object_id").execute();
  return rows.map((row) => toBase64Url(row.object_id)).sort();
}

async function rows({ database }: ServiceRoom, table: "uploads" | "request_items" | "request_senders" | "requests") {
  return (await database.read.selectFrom(table).selectAll().execute()).length;
}

describe("what was sent into an upload request", () => {
  it("is kept while it waits, however long, and goes a week after it was rejected", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const request = await requestOf(room, alice);
    const sender = await senderOf(room, request);
    const [waiting, rejected] = [opaqueObject(100), opaqueObject(200)];
    await store(sender, [waiting, rejected]);
    await post(room, sender, [waiting, rejected]);
    room.nowMs += 400 * DAY;
    await room.perform("gc");
    expect(await objectIds(room)).toEqual([waiting.id, rejected.id].sort());
    const own = { userId: alice.userId, requestId: request.requestId };
    await room.requests.settle({ ...own, filed: [], rejected: [rejected.id as ObjectId] }, room.transact);
    await room.perform("gc");
    expect(await objectIds(room)).toEqual([waiting.id]);
    expect(await room.usedBytes(alice)).toBe(waiting.bytes.length);
  });

  it("and was not finished goes after a week, with its claim on caps and quota; a dry run only says so", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const request = await requestOf(room, alice);
    const sender = await senderOf(room, request);
    const [begun, unposted, fresh] = [opaqueObject(600_000), opaqueObject(100), opaqueObject(300)];
    await begin(room, sender, begun);
    await store(sender, [unposted]);
    room.nowMs += 7 * DAY + 1;
    await store(sender, [fresh]);
    const expected = { items: 2, reservedBytes: begun.bytes.length + unposted.bytes.length, senders: 0 };
    const dry = await room.perform("gc", { dryRun: true });
    expect(dry.jobs["unfinished-items"]?.result).toEqual(expected);
    expect([await rows(room, "request_items"), await rows(room, "uploads")]).toEqual([3, 1]);
    const done = await room.perform("gc");
    expect(done.jobs["unfinished-items"]?.result).toEqual(expected);
    expect([await rows(room, "request_items"), await rows(room, "uploads")]).toEqual([1, 0]);
    expect(await objectIds(room)).toEqual([fresh.id]);
    expect(await room.requests.list(alice.userId)).toMatchObject([{ usedItems: 1, usedBytes: fresh.bytes.length }]);
    expect(await room.usedBytes(alice)).toBe(fresh.bytes.length);
    // And what came in the last moment is not taken from the inbox.
    await post(room, sender, [fresh]);
    room.nowMs += 8 * DAY;
    await room.perform("gc");
    expect(await rows(room, "request_items")).toBe(1);
  });

  it("outlives its sender, who is forgotten after a month without use", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const request = await requestOf(room, alice);
    const [gone, here] = [await senderOf(room, request), await senderOf(room, request)];
    const object = opaqueObject(1);
    await store(gone, [object]);
    await post(room, gone, [object]);
    room.nowMs += 29 * DAY;
    await store(here, [opaqueObject(2)]);
    room.nowMs += 2 * DAY;
    expect(await room.requests.findSender(gone.senderId)).toBeUndefined();
    expect(await room.requests.findSender(here.senderId)).toBeDefined();
    const { jobs } = await room.perform("gc");
    expect(jobs["unfinished-items"]?.result).toMatchObject({ senders: 1 });
    expect([await rows(room, "request_senders"), await objectIds(room)]).toEqual([
      1,
      expect.arrayContaining([object.id]),
    ]);
  });

  it("goes with its request and with its owner's account", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const [first, second] = [await requestOf(room, alice), await requestOf(room, alice)];
    for (const request of [first, second]) {
      const sender = await senderOf(room, request);
      const object = opaqueObject(50);
      await store(sender, [object]);
      await post(room, sender, [object]);
      await begin(room, sender, opaqueObject(600_000));
    }
    await room.requests.delete({ userId: alice.userId, requestId: first.requestId }, room.transact);
    expect([await rows(room, "requests"), await rows(room, "request_items"), await rows(room, "uploads")]).toEqual([
      1, 2, 1,
    ]);
    const { deleteSomeOfAccount } = await import("../../db/stores/removal.ts");
    while (await room.database.write((tx) => deleteSomeOfAccount(tx, alice.userId)));
    for (const table of ["requests", "request_items", "request_senders", "uploads"] as const)
      expect([table, await rows(room, table)]).toEqual([table, 0]);
    room.nowMs += 8 * DAY;
    await room.perform("gc");
    expect(await objectIds(room)).toEqual([]);
  });
});

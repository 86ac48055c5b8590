import { open } from "node:fs/promises";
import { join } from "node:path";
import { toHex } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeDisk } from "../../storage/disk/node-disk.ts";
import { openDiskBlobStore } from "../../storage/index.ts";
import { faultyDisk } from "../../storage/testing/faulty-disk.ts";
import {
  collect,
  describeObject,
  inChunks,
  type OpaqueObject,
  type OpaquePart,
  opaqueObject,
} from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";

const MiB = 1024 * 1024;
const never = new AbortController().signal;

function code(expected: string) {
  return expect.objectContaining({ code: expected });
}

function begin(room: ServiceRoom, { userId }: TestPerson, { objectId, bytes }: OpaqueObject) {
  return room.uploads.createUpload({ userId, objectId, ciphertextLength: bytes.length }, room.transact);
}

function send(
  room: ServiceRoom,
  { userId }: TestPerson,
  { objectId, ...change }: Pick<OpaqueObject, "objectId"> & OpaquePart & { readonly body?: AsyncIterable<Uint8Array> },
) {
  const { part, signedLeaves, bytes, body } = change;
  const contentLength = bytes.length;
  return room.uploads.putPart({ userId, objectId, part, signedLeaves, contentLength, body: body ?? inChunks(bytes) });
}

async function sendAll(room: ServiceRoom, person: TestPerson, object: OpaqueObject): Promise<void> {
  await Promise.all(object.parts.map((part) => send(room, person, { objectId: object.objectId, ...part })));
}

function complete(room: ServiceRoom, { userId }: TestPerson, { objectId, bytes, treeHash }: OpaqueObject) {
  return room.uploads.completeUpload({ userId, objectId, ciphertextLength: bytes.length, treeHash }, room.transact);
}

/** Without a diff: of megabytes it would take minutes. */
async function expectDownload(
  room: ServiceRoom,
  person: TestPerson,
  { objectId, bytes }: Pick<OpaqueObject, "objectId" | "bytes">,
): Promise<void> {
  expect(Buffer.compare(await download(room, person, objectId), bytes)).toBe(0);
}

async function download(room: ServiceRoom, { userId }: TestPerson, objectId: Uint8Array) {
  const { chunks } = await room.objects.getObject({ userId, objectId, rangeHeader: undefined, signal: never });
  return collect(chunks);
}

describe("an upload", () => {
  let room: ServiceRoom;
  beforeAll(async () => {
    room = await openServiceRoom();
  });
  afterAll(() => room[Symbol.asyncDispose]());

  it("arrives in parts, in any order, and is the object when completed", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(9 * MiB);
    expect(await begin(room, alice, object)).toEqual({
      objectId: object.id,
      ciphertextLength: object.bytes.length,
      received: [],
    });
    const [first, second, third] = object.parts as [OpaquePart, OpaquePart, OpaquePart];
    await send(room, alice, { objectId: object.objectId, ...third });
    await send(room, alice, { objectId: object.objectId, ...first });
    const { userId } = alice;
    expect((await room.uploads.getUpload({ userId, objectId: object.objectId })).received).toEqual([
      [0, 0],
      [2, 2],
    ]);
    await expect(complete(room, alice, object)).rejects.toEqual(code("upload_incomplete"));
    await send(room, alice, { objectId: object.objectId, ...second });
    const completed = await complete(room, alice, object);
    expect(completed.root).toBe(Buffer.from(object.root).toString("base64url"));
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
    expect(await complete(room, alice, object)).toEqual(completed);
    await expect(room.uploads.getUpload({ userId, objectId: object.objectId })).rejects.toEqual(
      code("upload_not_found"),
    );
    await expect(send(room, alice, { objectId: object.objectId, ...first })).rejects.toEqual(code("upload_not_found"));
    await expect(begin(room, alice, object)).rejects.toEqual(code("object_exists"));
  });

  it.each([0, 1, 4 * MiB - 200, 4 * MiB])("of %i bytes is whole", async (realLength) => {
    const alice = await room.person("alice");
    const object = opaqueObject(realLength);
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });

  it("begun again answers what is there, and refuses another length", async () => {
    const alice = await room.person("anna");
    const object = opaqueObject(5 * MiB);
    await begin(room, alice, object);
    await send(room, alice, { objectId: object.objectId, ...(object.parts[1] as OpaquePart) });
    expect((await begin(room, alice, object)).received).toEqual([[1, 1]]);
    const longer = { userId: alice.userId, objectId: object.objectId, ciphertextLength: 658 };
    await expect(room.uploads.createUpload(longer, room.transact)).rejects.toEqual(code("upload_mismatch"));
    expect(await room.usedBytes(alice)).toBe(object.bytes.length);
  });

  it("of an impossible length is refused", async () => {
    const { userId } = await room.person("alice");
    for (const ciphertextLength of [0, 657, 659, 2 ** 44 + 106]) {
      const upload = { userId, objectId: randomBytes(16), ciphertextLength };
      await expect((async () => room.uploads.createUpload(upload, room.transact))()).rejects.toEqual(
        code("bad_request"),
      );
    }
  });

  it("is nobody else's to see, fill, complete, cancel or begin", async () => {
    const [alice, mallory] = [await room.person("alice"), await room.person("mallory")];
    const object = opaqueObject(100);
    await begin(room, alice, object);
    const key = { userId: mallory.userId, objectId: object.objectId };
    await expect(room.uploads.getUpload(key)).rejects.toEqual(code("upload_not_found"));
    const stolen = { objectId: object.objectId, ...(object.parts[0] as OpaquePart) };
    await expect(send(room, mallory, stolen)).rejects.toEqual(code("upload_not_found"));
    await expect(begin(room, mallory, object)).rejects.toEqual(code("object_exists"));
    await room.uploads.cancelUpload(key, room.transact);
    await sendAll(room, alice, object);
    await expect(complete(room, mallory, object)).rejects.toEqual(code("upload_not_found"));
    await complete(room, alice, object);
    await expect(complete(room, mallory, object)).rejects.toEqual(code("upload_not_found"));
    await expect(download(room, mallory, object.objectId)).rejects.toEqual(code("not_found"));
  });

  it("gives its reserved quota back when cancelled, and can begin anew", async () => {
    const alice = await room.person("beth");
    const object = opaqueObject(5 * MiB);
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const key = { userId: alice.userId, objectId: object.objectId };
    await room.uploads.cancelUpload(key, room.transact);
    await room.uploads.cancelUpload(key, room.transact);
    expect(await room.usedBytes(alice)).toBe(0);
    await expect(complete(room, alice, object)).rejects.toEqual(code("upload_not_found"));
    expect((await begin(room, alice, object)).received).toEqual([]);
    const held = [];
    for await (const blob of room.blobs.list()) if (blob.id === object.id) held.push(blob);
    expect(held).toEqual([]);
  });
});

describe("a part", () => {
  let room: ServiceRoom;
  beforeAll(async () => {
    room = await openServiceRoom();
  });
  afterAll(() => room[Symbol.asyncDispose]());

  it("that does not match its leaves counts as not received", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    const part = object.parts[0] as OpaquePart;
    for (const at of [0, 40, 105, 106, 300_000, part.bytes.length - 1]) {
      const bytes = part.bytes.slice();
      bytes[at] = (bytes[at] as number) ^ 1;
      await expect(send(room, alice, { ...key, ...part, bytes })).rejects.toEqual(code("leaves_mismatch"));
    }
    expect((await room.uploads.getUpload(key)).received).toEqual([]);
  });

  it("received before is not received any more when another one in its place fails", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const other = opaqueObject(5 * MiB, 1, object.objectId);
    const wrong = { ...(other.parts[1] as OpaquePart), bytes: (object.parts[1] as OpaquePart).bytes };
    await expect(send(room, alice, { ...key, ...wrong })).rejects.toEqual(code("leaves_mismatch"));
    expect((await room.uploads.getUpload(key)).received).toEqual([[0, 0]]);
    await expect(complete(room, alice, object)).rejects.toEqual(code("upload_incomplete"));
  });

  it("sent again is checked and changes nothing", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    await sendAll(room, alice, object);
    const part = object.parts[1] as OpaquePart;
    const bytes = new Uint8Array(part.bytes.length);
    await expect(send(room, alice, { ...key, ...part, bytes })).rejects.toEqual(code("leaves_mismatch"));
    expect((await room.uploads.getUpload(key)).received).toEqual([[0, 1]]);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });

  it("of another upload of the same id: the last write wins, and complete tells a mixture", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const other = opaqueObject(5 * MiB, 1, object.objectId);
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    await send(room, alice, { objectId: object.objectId, ...(other.parts[1] as OpaquePart) });
    await expect(complete(room, alice, object)).rejects.toEqual(code("leaves_mismatch"));
    await expect(complete(room, alice, other)).rejects.toEqual(code("leaves_mismatch"));
    await send(room, alice, { objectId: object.objectId, ...(other.parts[0] as OpaquePart) });
    await complete(room, alice, other);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: other.bytes });
  });

  it("too short, too long, with too few leaves or beyond the end is refused", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const { objectId } = object;
    await begin(room, alice, object);
    const part = object.parts[1] as OpaquePart;
    const attempts: [OpaquePart, string][] = [
      [{ ...part, bytes: part.bytes.subarray(1) }, "leaves_mismatch"],
      [{ ...part, bytes: new Uint8Array(part.bytes.length + 1) }, "leaves_mismatch"],
      [{ ...part, signedLeaves: part.signedLeaves.slice(32) }, "leaves_mismatch"],
      [{ ...part, part: 0 }, "leaves_mismatch"],
      [{ ...part, part: 2 }, "bad_request"],
    ];
    for (const [attempt, expected] of attempts) {
      await expect(send(room, alice, { objectId, ...attempt })).rejects.toEqual(code(expected));
    }
    // The announced length is right, but the connection brings less, or more.
    const short = { objectId, ...part, body: inChunks(part.bytes.subarray(0, -1)) };
    await expect(send(room, alice, short)).rejects.toEqual(code("leaves_mismatch"));
    const long = { objectId, ...part, body: inChunks(new Uint8Array([...part.bytes, 0])) };
    await expect(send(room, alice, long)).rejects.toEqual(code("leaves_mismatch"));
  });

  it("with a header of another object, version or of a kind that never leaves a device is refused", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(1000);
    await begin(room, alice, object);
    const version2 = object.bytes.slice();
    version2[5] = 2;
    const wrong = [
      describeObject(version2, object.objectId),
      describeObject(opaqueObject(1000).bytes, object.objectId),
      opaqueObject(1000, 9, object.objectId),
    ];
    for (const each of wrong) {
      const part = each.parts[0] as OpaquePart;
      await expect(send(room, alice, { objectId: object.objectId, ...part })).rejects.toEqual(code("record_invalid"));
    }
  });

  it("whose connection breaks is not received; the client that sends it again cuts the old one off", async () => {
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    const part = object.parts[1] as OpaquePart;
    async function* broken() {
      yield part.bytes.slice(0, 1000);
      throw new Error("the connection broke");
    }
    await expect(send(room, alice, { ...key, ...part, body: broken() })).rejects.toThrow("broke");
    const { promise: never } = Promise.withResolvers<void>();
    async function* stalled() {
      yield part.bytes.slice(0, 1000);
      await never;
    }
    const hanging = send(room, alice, { ...key, ...part, body: stalled() });
    const outcome = expect(hanging).rejects.toEqual(code("unavailable"));
    const again = send(room, alice, { ...key, ...part });
    await outcome;
    await again;
    expect((await room.uploads.getUpload(key)).received).toEqual([[1, 1]]);
  });
});

describe("after a restart", () => {
  it("what was received is hashed again before it counts, and a torn part is not received", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(13 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const staged = await open(join(room.directory, "staging", toHex(object.objectId)), "r+");
    await staged.write(new Uint8Array(4096), 0, 4096, 5 * MiB);
    await staged.close();
    await room.restart();
    expect((await room.uploads.getUpload(key)).received).toEqual([
      [0, 0],
      [2, 3],
    ]);
    await expect(complete(room, alice, object)).rejects.toEqual(code("upload_incomplete"));
    await send(room, alice, { ...key, ...(object.parts[1] as OpaquePart) });
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });

  it("an upload whose bytes are gone begins with nothing received", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const staged = await open(join(room.directory, "staging", toHex(object.objectId)), "w");
    await staged.close();
    await room.restart();
    expect((await room.uploads.getUpload(key)).received).toEqual([]);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });

  it("a crash between the durable bytes and the row loses nothing: complete works again", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const { objectId, bytes, treeHash } = object;
    const completion = { userId: alice.userId, objectId, ciphertextLength: bytes.length, treeHash };
    const crash = () => Promise.reject(new Error("power cut"));
    await expect(room.uploads.completeUpload(completion, crash)).rejects.toThrow("power cut");
    await room.restart();
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId, bytes });
  });

  it("bytes that were sealed and are damaged are given up, and the parts are asked for again", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const { objectId, bytes, treeHash } = object;
    const completion = { ...key, ciphertextLength: bytes.length, treeHash };
    const crash = () => Promise.reject(new Error("power cut"));
    await expect(room.uploads.completeUpload(completion, crash)).rejects.toThrow("power cut");
    const name = toHex(objectId);
    const sealed = await open(join(room.directory, "large", name.slice(0, 2), name), "r+");
    await sealed.write(new Uint8Array(4096), 0, 4096, 3 * MiB);
    await sealed.close();
    await room.restart();
    await expect(room.uploads.getUpload(key)).rejects.toEqual(code("unavailable"));
    expect((await room.uploads.getUpload(key)).received).toEqual([]);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, object);
  });

  it("an upload begun anew under the id of a sealed one that was cancelled begins with nothing", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    const completion = { ...key, ciphertextLength: object.bytes.length, treeHash: object.treeHash };
    const crash = () => Promise.reject(new Error("power cut"));
    await expect(room.uploads.completeUpload(completion, crash)).rejects.toThrow("power cut");
    await room.database.write(async (tx) => {
      await tx.deleteFrom("upload_parts").execute();
      await tx.deleteFrom("uploads").execute();
    });
    await room.restart();
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, object);
  });
});

describe("quota and space", () => {
  it("cannot be exceeded by uploads begun at once", async () => {
    await using room = await openServiceRoom();
    const object = opaqueObject(MiB);
    const alice = await room.person("alice", { quotaBytes: 3 * object.bytes.length + 10 });
    const ids = Array.from({ length: 8 }, () => randomBytes(16));
    const outcomes = await Promise.allSettled(ids.map((objectId) => begin(room, alice, { ...object, objectId })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toEqual(code("quota_exceeded"));
    expect(await room.usedBytes(alice)).toBe(3 * object.bytes.length);
  });

  it("an account has no more unfinished uploads than the limit", async () => {
    await using room = await openServiceRoom();
    const { userId } = await room.person("alice");
    await room.database.write(async (tx) => {
      const rows = Array.from({ length: 256 }, () => ({
        object_id: randomBytes(16),
        user_id: userId,
        ciphertext_length: 658,
        created_ms: room.nowMs,
        header: null,
      }));
      await tx.insertInto("uploads").values(rows).execute();
    });
    const upload = { userId, objectId: randomBytes(16), ciphertextLength: 658 };
    await expect(room.uploads.createUpload(upload, room.transact)).rejects.toEqual(code("too_many"));
    // Those that nobody completed in a month make room.
    room.nowMs += 31 * 86_400_000;
    await room.perform("gc");
    await room.uploads.createUpload(upload, room.transact);
  });

  it("a disk without room is said before a byte is taken, and while bytes come", async () => {
    let full = false;
    const openBlobs = (directory: string) => {
      const decide = ({ operation }: { operation: string }) => (full && operation === "write" ? "ENOSPC" : undefined);
      return openDiskBlobStore({ directory, disk: faultyDisk(nodeDisk(), { decide }) });
    };
    await using room = await openServiceRoom({ openBlobs });
    const alice = await room.person("alice");
    const huge = { userId: alice.userId, objectId: randomBytes(16), ciphertextLength: hugeLength };
    await expect(room.uploads.createUpload(huge, room.transact)).rejects.toEqual(code("storage_full"));
    expect(await room.usedBytes(alice)).toBe(0);

    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    full = true;
    await expect(sendAll(room, alice, object)).rejects.toEqual(code("storage_full"));
    full = false;
    expect((await room.uploads.getUpload(key)).received).toEqual([]);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });

  it("a sync that fails acknowledges nothing, and the parts are asked for again", async () => {
    let failing = false;
    const openBlobs = (directory: string) => {
      const decide = ({ operation }: { operation: string }) =>
        failing && operation === "datasync" ? "EIO" : undefined;
      return openDiskBlobStore({ directory, disk: faultyDisk(nodeDisk(), { decide }) });
    };
    await using room = await openServiceRoom({ openBlobs });
    const alice = await room.person("alice");
    const object = opaqueObject(5 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    await sendAll(room, alice, object);
    failing = true;
    await expect(complete(room, alice, object)).rejects.toEqual(code("unavailable"));
    failing = false;
    expect((await room.uploads.getUpload(key)).received).toEqual([]);
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });
});

describe("a large object on a disk that syncs while it is written", () => {
  it("is asked for again, part by part, when such a sync fails", async () => {
    let failing = false;
    const openBlobs = (directory: string) => {
      const decide = ({ operation }: { operation: string }) =>
        failing && operation === "datasync" ? "EIO" : undefined;
      return openDiskBlobStore({ directory, disk: faultyDisk(nodeDisk(), { decide }), syncEveryBytes: MiB });
    };
    await using room = await openServiceRoom({ openBlobs });
    const alice = await room.person("alice");
    const object = opaqueObject(9 * MiB);
    const key = { userId: alice.userId, objectId: object.objectId };
    await begin(room, alice, object);
    failing = true;
    // The sync runs beside the writing: the part it belongs to may still be received, but none after it.
    const outcomes: unknown[] = [];
    for (const part of object.parts) {
      outcomes.push(await send(room, alice, { ...key, ...part }).catch((error: unknown) => error));
    }
    expect(outcomes).toContainEqual(code("unavailable"));
    failing = false;
    await expect(complete(room, alice, object)).rejects.toEqual(code("upload_incomplete"));
    await sendAll(room, alice, object);
    await complete(room, alice, object);
    await expectDownload(room, alice, { objectId: object.objectId, bytes: object.bytes });
  });
});

/** 2^40 bytes of data. */
const hugeLength = 106 + 8 + 2 ** 40 + 32 * Math.ceil((8 + 2 ** 40) / 262_112);

import { concatBytes, toBase64Url, toHex, uint32 } from "@excalibur/core/bytes";
import { ciphertextLength, EXEF_HEADER_SIZE, segmentCount, verifyRange } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../storage/disk/node-disk.ts";
import { openDiskBlobStore } from "../../storage/index.ts";
import { faultyDisk } from "../../storage/testing/faulty-disk.ts";
import {
  collect,
  describeObject,
  inChunks,
  type OpaqueObject,
  opaqueBatch,
  opaqueObject,
} from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";

const MiB = 1024 * 1024;
const never = new AbortController().signal;

function refusal(code: string) {
  return expect.objectContaining({ code });
}

function batch(room: ServiceRoom, { userId }: TestPerson, sent: ReturnType<typeof opaqueBatch>) {
  const { signedLeaves, body } = sent;
  return room.objects.storeBatch({ userId, signedLeaves, body: inChunks(body, 7000) });
}

async function get(room: ServiceRoom, { userId }: TestPerson, objectId: Uint8Array, rangeHeader?: string) {
  const object = await room.objects.getObject({ userId, objectId, rangeHeader, signal: never });
  return { ...object, bytes: await collect(object.chunks) };
}

describe("a batch", () => {
  it("of a thousand objects with a bad one stores all others", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const objects = Array.from({ length: 1000 }, (_, i) => opaqueObject(i % 700));
    const bad = objects[500] as OpaqueObject;
    bad.bytes[200] = (bad.bytes[200] as number) ^ 1;
    const fates = await batch(room, alice, opaqueBatch(objects));
    expect(fates.map(({ objectId }) => objectId)).toEqual(objects.map(({ id }) => id));
    expect(fates[500]).toEqual({ objectId: bad.id, status: "refused", code: "leaves_mismatch" });
    expect(fates.filter(({ status }) => status === "stored")).toHaveLength(999);
    for (const index of [0, 499, 501, 999]) {
      const { objectId, bytes } = objects[index] as OpaqueObject;
      expect(toHex((await get(room, alice, objectId)).bytes)).toBe(toHex(bytes));
    }
    await expect(get(room, alice, bad.objectId)).rejects.toEqual(refusal("not_found"));
    const stored = objects.filter((object) => object !== bad).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(await room.usedBytes(alice)).toBe(stored);
  });

  it("sent again says that its objects exist, and stores nothing twice", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const objects = [opaqueObject(10), opaqueObject(900_000)];
    const sent = opaqueBatch(objects);
    await batch(room, alice, sent);
    const used = await room.usedBytes(alice);
    expect((await batch(room, alice, sent)).map(({ status }) => status)).toEqual(["exists", "exists"]);
    expect(await room.usedBytes(alice)).toBe(used);
  });

  it("sent twice at once stores each object once", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const objects = Array.from({ length: 20 }, () => opaqueObject(100));
    const sent = opaqueBatch(objects);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => batch(room, alice, sent)));
    for (const [index, { objectId, bytes }] of objects.entries()) {
      const statuses = outcomes.map((fates) => fates[index]?.status).toSorted();
      expect(statuses).toEqual(["exists", "exists", "exists", "stored"]);
      expect(toHex((await get(room, alice, objectId)).bytes)).toBe(toHex(bytes));
    }
    expect(await room.usedBytes(alice)).toBe(objects.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  it("G3 cannot take an id that exists, is being uploaded, or belongs to somebody", async () => {
    await using room = await openServiceRoom();
    const [alice, mallory] = [await room.person("alice"), await room.person("mallory")];
    const object = opaqueObject(100);
    await batch(room, alice, opaqueBatch([object]));
    const uploading = opaqueObject(100);
    const { userId } = alice;
    const upload = { userId, objectId: uploading.objectId, ciphertextLength: uploading.bytes.length };
    await room.uploads.createUpload(upload, room.transact);
    const other = opaqueObject(100, 1, object.objectId);
    const taken = { status: "refused", code: "object_exists" };
    expect(await batch(room, alice, opaqueBatch([other, uploading]))).toMatchObject([taken, taken]);
    // Also with the very same bytes: whether an object exists is not a stranger's to know by more than its id.
    expect(await batch(room, mallory, opaqueBatch([object]))).toMatchObject([taken]);
    expect(toHex((await get(room, alice, object.objectId)).bytes)).toBe(toHex(object.bytes));
  });

  it("takes what fits the quota and refuses the rest, object by object", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice", { quotaBytes: 3 * 658 + 1 });
    const objects = Array.from({ length: 5 }, () => opaqueObject(1));
    const fates = await batch(room, alice, opaqueBatch(objects));
    expect(fates.map(({ status }) => status)).toEqual(["stored", "stored", "stored", "refused", "refused"]);
    expect(fates[4]?.code).toBe("quota_exceeded");
    expect(await room.usedBytes(alice)).toBe(3 * 658);
  });

  it("sent at once with others cannot exceed the quota together", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice", { quotaBytes: 10 * 658 });
    const batches = Array.from({ length: 4 }, () => opaqueBatch(Array.from({ length: 6 }, () => opaqueObject(1))));
    const fates = (await Promise.all(batches.map((sent) => batch(room, alice, sent)))).flat();
    expect(fates.filter(({ status }) => status === "stored")).toHaveLength(10);
    expect(await room.usedBytes(alice)).toBe(10 * 658);
  });

  it("whose table, form or lengths are wrong is refused whole", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const sent = opaqueBatch([opaqueObject(10), opaqueObject(10)]);
    const wrong: [Parameters<typeof batch>[2], string][] = [
      [{ ...sent, signedLeaves: randomBytes(32) }, "leaves_mismatch"],
      [{ ...sent, body: sent.body.slice(0, -1) }, "record_invalid"],
      [{ ...sent, body: concatBytes(sent.body, new Uint8Array(1)) }, "record_invalid"],
      [{ ...sent, body: sent.body.slice(1) }, "record_invalid"],
      [{ ...sent, body: new Uint8Array(0) }, "record_invalid"],
      [opaqueBatch([opaqueObject(2 * MiB)]), "record_invalid"],
    ];
    for (const [attempt, code] of wrong) await expect(batch(room, alice, attempt)).rejects.toEqual(refusal(code));
    expect(await room.usedBytes(alice)).toBe(0);
  });

  it("that announces more than a request may hold is refused before its objects are read", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const rows = Array.from({ length: 9 }, () => ({
      objectId: randomBytes(16),
      length: 1_016_050,
      root: randomBytes(32),
    }));
    const { body, signedLeaves } = opaqueBatch([], rows);
    async function* endless() {
      yield body;
      throw new Error("the objects were asked for");
    }
    const storing = room.objects.storeBatch({ userId: alice.userId, signedLeaves, body: endless() });
    await expect(storing).rejects.toEqual(refusal("body_too_large"));
  });

  it("with headers of another object or of a kind that never leaves a device refuses those", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const swapped = { ...opaqueObject(10), objectId: randomBytes(16) };
    const cache = opaqueObject(10, 9);
    const version2 = opaqueObject(10).bytes;
    version2[5] = 2;
    const old = { ...describeObject(opaqueObject(10).bytes, randomBytes(16)), bytes: version2 };
    const fates = await batch(room, alice, opaqueBatch([swapped, cache, old, opaqueObject(10, 2)]));
    expect(fates.map(({ code, status }) => code ?? status)).toEqual([
      "record_invalid",
      "record_invalid",
      "record_invalid",
      "stored",
    ]);
  });

  it("leaves a reserve on the disk, for the database and for deleting", async () => {
    let freeBytes = 64 * 2 ** 20;
    const openBlobs = (directory: string) =>
      openDiskBlobStore({ directory, disk: { ...nodeDisk(), freeBytes: async () => freeBytes } });
    await using room = await openServiceRoom({ openBlobs });
    const alice = await room.person("alice");
    const sent = opaqueBatch([opaqueObject(10)]);
    await expect(batch(room, alice, sent)).rejects.toEqual(refusal("storage_full"));
    freeBytes += 2000;
    expect(await batch(room, alice, sent)).toMatchObject([{ status: "stored" }]);
  });

  it("on a full disk stores nothing and says so", async () => {
    let full = false;
    const openBlobs = (directory: string) => {
      const decide = ({ operation }: { operation: string }) => (full && operation === "write" ? "ENOSPC" : undefined);
      return openDiskBlobStore({ directory, disk: faultyDisk(nodeDisk(), { decide }) });
    };
    await using room = await openServiceRoom({ openBlobs });
    const alice = await room.person("alice");
    const sent = opaqueBatch([opaqueObject(10)]);
    full = true;
    await expect(batch(room, alice, sent)).rejects.toEqual(refusal("storage_full"));
    expect(await room.usedBytes(alice)).toBe(0);
    full = false;
    expect(await batch(room, alice, sent)).toMatchObject([{ status: "stored" }]);
  });
});

describe("reading objects", () => {
  it("any single range of one is exactly those bytes", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(700_000);
    await batch(room, alice, opaqueBatch([object]));
    const length = object.bytes.length;
    const ranges: [string, number, number][] = [
      ["bytes=0-0", 0, 1],
      ["bytes=106-262249", 106, 262_250],
      [`bytes=${length - 1}-`, length - 1, length],
      ["bytes=-500", length - 500, length],
      [`bytes=5-${length + 500}`, 5, length],
    ];
    for (const [header, start, end] of ranges) {
      const { bytes, range, totalBytes } = await get(room, alice, object.objectId, header);
      expect(range).toEqual({ offset: start, length: end - start });
      expect(totalBytes).toBe(length);
      expect(Buffer.compare(bytes, object.bytes.subarray(start, end))).toBe(0);
    }
    await expect(get(room, alice, object.objectId, `bytes=${length}-`)).rejects.toEqual(
      refusal("range_not_satisfiable"),
    );
  });

  it("several at once come in the order asked, with nothing for what is not there or not one's own", async () => {
    await using room = await openServiceRoom();
    const [alice, mallory] = [await room.person("alice"), await room.person("mallory")];
    const [first, second, third] = [opaqueObject(10), opaqueObject(50_000), opaqueObject(3)];
    await batch(room, alice, opaqueBatch([first, second]));
    await batch(room, mallory, opaqueBatch([third]));
    const missing = randomBytes(16);
    const objectIds = [second.objectId, missing, third.objectId, first.objectId, second.objectId];
    const { sizeBytes, chunks } = await room.objects.fetchObjects({ userId: alice.userId, objectIds, signal: never });
    const lengths = [second.bytes.length, 0, 0, first.bytes.length, second.bytes.length];
    const table = concatBytes(...objectIds.flatMap((id, i) => [id, uint32(lengths[i] as number)]));
    const expected = concatBytes(table, second.bytes, first.bytes, second.bytes);
    const bytes = await collect(chunks);
    expect(bytes.length).toBe(sizeBytes);
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  it("more at once than an answer may hold is refused", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(900_000);
    await batch(room, alice, opaqueBatch([object]));
    const objectIds = Array.from({ length: 20 }, () => object.objectId);
    const fetching = room.objects.fetchObjects({ userId: alice.userId, objectIds, signal: never });
    await expect(fetching).rejects.toEqual(refusal("body_too_large"));
  });

  it("whose bytes are gone from the disk is an error before the answer begins", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(900_000);
    await batch(room, alice, opaqueBatch([object]));
    const { rm } = await import("node:fs/promises");
    const { join } = await import("node:path");
    await rm(join(room.directory, "packs"), { recursive: true });
    await room.restart();
    const { userId } = alice;
    const reading = room.objects.getObject({
      userId,
      objectId: object.objectId,
      rangeHeader: undefined,
      signal: never,
    });
    await expect(reading).rejects.toEqual(refusal("object_lost"));
  });

  it("a reader that goes away ends the read", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const object = opaqueObject(900_000);
    await batch(room, alice, opaqueBatch([object]));
    const gone = new AbortController();
    const { userId } = alice;
    const reading = await room.objects.getObject({
      userId,
      objectId: object.objectId,
      rangeHeader: undefined,
      signal: gone.signal,
    });
    gone.abort(new Error("hung up"));
    await expect(collect(reading.chunks)).rejects.toThrow("hung up");
  });
});

describe("a range proof", () => {
  it("leads to the root, for objects of one segment and of several", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const objects = [opaqueObject(10), opaqueObject(900_000)];
    await batch(room, alice, opaqueBatch(objects));
    for (const { objectId, bytes, root, leaves } of objects) {
      for (let from = 0; from < leaves.length; from++) {
        for (let to = from + 1; to <= leaves.length; to++) {
          const proof = await room.objects.getProof({ userId: alice.userId, objectId, from, to });
          const header = bytes.subarray(0, EXEF_HEADER_SIZE);
          const proven = verifyRange({ proof, from, to, header, ciphertextLength: bytes.length, root });
          expect(proven.map(toHex)).toEqual(leaves.slice(from, to).map(toHex));
        }
      }
      for (const [from, to] of [
        [1, 1],
        [2, 1],
        [0, leaves.length + 1],
      ] as const) {
        const asking = room.objects.getProof({ userId: alice.userId, objectId, from, to });
        await expect(asking).rejects.toEqual(refusal("range_not_satisfiable"));
      }
    }
  });

  it("of an object with many runs of leaves reads only those it needs", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const { objectId, header, root, length, leaves } = await insertHugeObject(room, alice);
    const ranges = [
      [0, 1],
      [1023, 1025],
      [2000, 2100],
      [leaves.length - 1, leaves.length],
      [1024, 2048],
    ] as const;
    for (const [from, to] of ranges) {
      const proof = await room.objects.getProof({ userId: alice.userId, objectId, from, to });
      const proven = verifyRange({ proof, from, to, header, ciphertextLength: length, root });
      expect(proven.map(toHex)).toEqual(leaves.slice(from, to).map(toHex));
    }
  });
});

/** Rows of an object of some 600 MiB: its bytes are not needed for a proof. */
async function insertHugeObject(room: ServiceRoom, { userId }: TestPerson) {
  const { MerkleTree, merkleTreeHash, objectRoot } = await import("@excalibur/core/exef/public");
  const length = ciphertextLength(600 * MiB);
  const leaves = Array.from({ length: segmentCount(length) }, () => randomBytes(32));
  const { bytes, objectId } = opaqueObject(1);
  const header = bytes.slice(0, EXEF_HEADER_SIZE);
  const treeHash = merkleTreeHash(leaves);
  const root = objectRoot({ header, ciphertextLength: length, treeHash });
  const runs = Array.from({ length: Math.ceil(leaves.length / 1024) }, (_, chunk) => {
    const own = leaves.slice(chunk * 1024, (chunk + 1) * 1024);
    const tree = new MerkleTree();
    for (const leaf of own) tree.append(leaf);
    return { object_id: objectId, chunk, leaves: concatBytes(...own), tree_hash: tree.hash() };
  });
  await room.database.write(async (tx) => {
    await tx
      .insertInto("objects")
      .values({
        object_id: objectId,
        ciphertext_length: length,
        header,
        root,
        tree_hash: treeHash,
        location: "nowhere",
        uploader_user_id: userId,
        created_ms: 1,
      })
      .execute();
    await tx.insertInto("object_leaves").values(runs).execute();
  });
  return { objectId, header, root, length, leaves, id: toBase64Url(objectId) };
}

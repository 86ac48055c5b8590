import { ExcaliburError, equalBytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  type BatchRow,
  EXEF_HEADER_SIZE,
  type IncomingBatch,
  leafHash,
  merkleTreeHash,
  objectRoot,
  readBatch,
  segmentCount,
  segmentRange,
} from "@excalibur/core/exef/public";
import { sha256 } from "@excalibur/core/primitives";
import { type ErrorCode, LIMITS } from "@excalibur/core/protocol";
import { DatabaseError, type WriteHandle } from "../../db/index.ts";
import {
  findObjects,
  insertLeafRuns,
  insertObjects,
  type LeafRun,
  type NewObjectRow,
  type ObjectRow,
  promiseAgain,
  uploaderOf,
} from "../../db/stores/objects.ts";
import { freeQuotaBytes, giveBackQuota, takeQuota } from "../../db/stores/quota.ts";
import { findUploadIds } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import type { BlobLocation } from "../../storage/blob-store.ts";
import { requireUploadableHeader } from "../uploads/part-check.ts";
import { asRefusal } from "../uploads/storage-failure.ts";
import { requireDiskSpace } from "./disk-reserve.ts";
import type { ObjectsRoom } from "./objects-room.ts";

export interface BatchRequest {
  readonly userId: Uint8Array;
  /** The account whose quota it counts for, when it comes through a link. */
  readonly payerId?: Uint8Array | undefined;
  /** What the request's signature covers: SHA-256 of the table. */
  readonly signedLeaves: Uint8Array;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Asked, in the transaction, what else speaks against storing objects: by id the codes of those that are refused. */
  readonly claim?: (
    tx: WriteHandle,
    candidates: readonly { readonly objectId: Uint8Array; readonly length: number }[],
  ) => Promise<ReadonlyMap<string, ErrorCode>>;
}

export interface BatchFate {
  readonly objectId: string;
  readonly status: "stored" | "exists" | "refused";
  readonly code?: ErrorCode;
}

interface Checked {
  readonly objectId: string;
  readonly bytes: Uint8Array;
  readonly header: Uint8Array;
  readonly root: Uint8Array;
  readonly treeHash: Uint8Array;
  readonly leaves: Uint8Array;
}

/**
 * Stores small objects and answers each one's fate, in order: one that is wrong concerns itself alone. "stored" means
 * durable, bytes before rows. @throws Refusal `record_invalid` and `leaves_mismatch` for the whole, `storage_full`
 */
export async function storeBatch(room: ObjectsRoom, request: BatchRequest): Promise<BatchFate[]> {
  const batch = await openBatch(room, request);
  const fates = new Map<string, BatchFate>();
  const good: Checked[] = [];
  for await (const { row, bytes } of readObjects(batch)) {
    const checked = check(row, bytes);
    if (typeof checked === "string") fates.set(toBase64Url(row.objectId), refused(row, checked));
    else good.push(checked);
  }
  const fresh = await withoutKnown(room, { request, good, fates });
  const ids = fresh.map(({ objectId }) => objectId);
  await room.storing.during(ids, async () => {
    const placed = await store(room, fresh, request.signal);
    const written = await twice(() =>
      room.database.write(async (tx) => {
        const rows = await writeRows(tx, placed, { room, request });
        await promiseExisting(tx, [...fates.values(), ...rows.values()], room.clock());
        return rows;
      }),
    );
    for (const [id, fate] of written) fates.set(id, fate);
    await forgetUnused(room, placed, fates);
  });
  return batch.rows.map((row) => fates.get(toBase64Url(row.objectId)) ?? refused(row, "internal"));
}

async function openBatch({ blobs }: ObjectsRoom, { body, signedLeaves }: BatchRequest): Promise<IncomingBatch> {
  const limits = { maxObjects: LIMITS.batchObjects, maxObjectBytes: LIMITS.batchObjectBytes };
  const batch = await malformed(() => readBatch(body, limits));
  if (!equalBytes(sha256(batch.table), signedLeaves)) throw new Refusal("leaves_mismatch", { reason: "table" });
  // The objects are held until they are stored: what the table announces must fit before any is read.
  const announced = batch.rows.reduce((sum, row) => sum + row.length, batch.table.length);
  if (announced > LIMITS.batchBodyBytes) throw new Refusal("body_too_large");
  await requireDiskSpace(blobs, announced);
  return batch;
}

async function* readObjects(batch: IncomingBatch) {
  const objects = batch.objects();
  for (;;) {
    const next = await malformed(() => objects.next());
    if (next.done) return;
    yield next.value;
  }
}

/** A batch whose form is wrong has no objects to speak of. */
async function malformed<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof ExcaliburError)) throw error;
    throw new Refusal("record_invalid", { reason: "batch" }, error);
  }
}

function refused({ objectId }: BatchRow, code: ErrorCode): BatchFate {
  return { objectId: toBase64Url(objectId), status: "refused", code };
}

function check(row: BatchRow, bytes: Uint8Array): Checked | ErrorCode {
  try {
    requireUploadableHeader(bytes, row.objectId);
    const leaves = new Uint8Array(segmentCount(bytes.length) * 32);
    for (let at = 0; at < leaves.length / 32; at++) {
      const { start, end } = segmentRange(bytes.length, at);
      leaves.set(leafHash(bytes.subarray(start, end)), at * 32);
    }
    const header = bytes.slice(0, EXEF_HEADER_SIZE);
    const treeHash = merkleTreeHash(leaves);
    const root = objectRoot({ header, ciphertextLength: bytes.length, treeHash });
    if (!equalBytes(root, row.root)) return "leaves_mismatch";
    return { objectId: toBase64Url(row.objectId), bytes, header, root, treeHash, leaves };
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    if (error instanceof ExcaliburError) return "record_invalid";
    throw error;
  }
}

interface Sorting {
  readonly request: BatchRequest;
  readonly good: readonly Checked[];
  readonly fates: Map<string, BatchFate>;
}

/** Leaves out what need not, or cannot, be stored, before bytes are written for nothing. */
async function withoutKnown({ database }: ObjectsRoom, { request, good, fates }: Sorting): Promise<Checked[]> {
  const ids = good.map(({ header }) => header.subarray(8, 24));
  const known = new Map(
    (await findObjects(database.read, ids)).map((object) => [toBase64Url(object.object_id), object]),
  );
  let free = await freeQuotaBytes(database.read, request.payerId ?? request.userId);
  return good.filter((object) => {
    const existing = known.get(object.objectId);
    if (existing !== undefined) {
      fates.set(object.objectId, fateOfExisting(existing, object, request.userId));
      return false;
    }
    if (object.bytes.length > free) {
      fates.set(object.objectId, { objectId: object.objectId, status: "refused", code: "quota_exceeded" });
      return false;
    }
    free -= object.bytes.length;
    return true;
  });
}

function fateOfExisting(existing: ObjectRow, { objectId, root }: Checked, userId: Uint8Array): BatchFate {
  // Somebody else's object stays invisible, even to who has its bytes: only the id is taken.
  const isSame = equalBytes(uploaderOf(existing), userId) && equalBytes(existing.root, root);
  return isSame ? { objectId, status: "exists" } : { objectId, status: "refused", code: "object_exists" };
}

interface Placed extends Checked {
  readonly location: BlobLocation;
}

async function store({ blobs }: ObjectsRoom, objects: readonly Checked[], signal?: AbortSignal): Promise<Placed[]> {
  if (objects.length === 0) return [];
  try {
    const locations = await blobs.putSmall(
      objects.map(({ objectId, bytes }) => ({ id: objectId, bytes })),
      signal,
    );
    return objects.map((object, index) => ({ ...object, location: locations[index] as BlobLocation }));
  } catch (error) {
    throw asRefusal(error);
  }
}

/** One transaction for the batch. Quota is asked for each object: what still fits is taken. */
async function writeRows(
  tx: WriteHandle,
  placed: readonly Placed[],
  { room, request }: { readonly room: ObjectsRoom; readonly request: BatchRequest },
): Promise<Map<string, BatchFate>> {
  const fates = new Map<string, BatchFate>();
  if (placed.length === 0) return fates;
  const ids = placed.map(({ header }) => header.subarray(8, 24));
  const known = new Map((await findObjects(tx, ids)).map((object) => [toBase64Url(object.object_id), object]));
  const uploading = new Set((await findUploadIds(tx, ids)).map(toBase64Url));
  const candidates = placed.filter((object) => {
    const existing = known.get(object.objectId);
    if (existing !== undefined) fates.set(object.objectId, fateOfExisting(existing, object, request.userId));
    else if (uploading.has(object.objectId)) {
      fates.set(object.objectId, { objectId: object.objectId, status: "refused", code: "object_exists" });
    }
    return !fates.has(object.objectId);
  });
  const fitting = await takeQuotaForEach(tx, request.payerId ?? request.userId, candidates);
  const refusals = await claimEach(tx, [...fitting], request);
  const taken: Placed[] = [];
  for (const object of candidates) {
    const { objectId } = object;
    const code = fitting.has(object) ? refusals.get(objectId) : "quota_exceeded";
    fates.set(objectId, code === undefined ? { objectId, status: "stored" } : { objectId, status: "refused", code });
    if (code === undefined) taken.push(object);
  }
  await insertRows(tx, taken, { ...request, nowMs: room.clock() });
  return fates;
}

/** What is refused after its quota was taken has it back. */
async function claimEach(
  tx: WriteHandle,
  fitting: readonly Placed[],
  { claim, userId }: BatchRequest,
): Promise<ReadonlyMap<string, ErrorCode>> {
  if (claim === undefined || fitting.length === 0) return new Map();
  const wanted = fitting.map(({ header, bytes }) => ({ objectId: header.subarray(8, 24), length: bytes.length }));
  const refusals = await claim(tx, wanted);
  const refused = fitting.filter(({ objectId }) => refusals.has(objectId));
  const refusedBytes = refused.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (refusedBytes > 0) await giveBackQuota(tx, userId, refusedBytes);
  return refusals;
}

async function takeQuotaForEach(
  tx: WriteHandle,
  userId: Uint8Array,
  candidates: readonly Placed[],
): Promise<ReadonlySet<Placed>> {
  const total = candidates.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // Nearly always everything fits, and one statement says so.
  if (total === 0 || (await takeQuota(tx, userId, total))) return new Set(candidates);
  const fitting = new Set<Placed>();
  for (const object of candidates) {
    if (await takeQuota(tx, userId, object.bytes.length)) fitting.add(object);
  }
  return fitting;
}

const rowsAtOnce = 256;

async function insertRows(
  tx: WriteHandle,
  objects: readonly Placed[],
  { userId, payerId, nowMs }: Pick<BatchRequest, "userId" | "payerId"> & { readonly nowMs: number },
): Promise<void> {
  for (let at = 0; at < objects.length; at += rowsAtOnce) {
    const some = objects.slice(at, at + rowsAtOnce);
    const rows = some.map(
      ({ bytes, header, root, treeHash, location }): NewObjectRow => ({
        object_id: header.subarray(8, 24),
        ciphertext_length: bytes.length,
        header,
        root,
        tree_hash: treeHash,
        location,
        uploader_user_id: payerId ?? userId,
        link_id: payerId === undefined ? null : userId,
        created_ms: nowMs,
      }),
    );
    await insertObjects(tx, rows);
    const runs = some.flatMap(({ header, leaves, treeHash }): (LeafRun & { object_id: Uint8Array })[] =>
      leaves.length > 32 ? [{ object_id: header.subarray(8, 24), chunk: 0, leaves, tree_hash: treeHash }] : [],
    );
    await insertLeafRuns(tx, runs);
  }
}

/** "exists" is a promise as good as "stored": what no commit names yet is kept from now on as if it had just come. */
async function promiseExisting(tx: WriteHandle, fates: readonly BatchFate[], nowMs: number): Promise<void> {
  const existing = fates.filter(({ status }) => status === "exists").map(({ objectId }) => fromBase64Url(objectId));
  const kept = await promiseAgain(tx, existing, nowMs);
  // Swept in this very moment: sent again, it is stored again.
  if (kept.length < existing.length) throw new Refusal("unavailable", { reason: "swept" });
}

/** Another request may store the same object between look and insert: at the second look its row is there. */
async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.failure !== "unique") throw error;
    return work();
  }
}

/** Bytes that got no row: a batch sent twice at once, or a quota that was used up meanwhile. */
async function forgetUnused(
  { blobs }: ObjectsRoom,
  placed: readonly Placed[],
  fates: ReadonlyMap<string, BatchFate>,
): Promise<void> {
  for (const { objectId, location } of placed) {
    if (fates.get(objectId)?.status !== "stored") await blobs.delete({ id: objectId, location });
  }
}

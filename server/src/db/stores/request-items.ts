import type { ReadHandle, WriteHandle } from "../database.ts";
import type { RequestItems } from "../schema.ts";

export type RequestItemRow = Readonly<RequestItems>;

const idsAtOnce = 256;

export function findItem(read: ReadHandle, objectId: Uint8Array): Promise<RequestItemRow | undefined> {
  return read.selectFrom("request_items").selectAll().where("object_id", "=", objectId).executeTakeFirst();
}

/** Those of them that exist, in no order. */
export async function findItems(read: ReadHandle, objectIds: readonly Uint8Array[]): Promise<RequestItemRow[]> {
  const found: RequestItemRow[] = [];
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    const some = objectIds.slice(at, at + idsAtOnce);
    found.push(...(await read.selectFrom("request_items").selectAll().where("object_id", "in", some).execute()));
  }
  return found;
}

export type BegunItem = Pick<
  RequestItemRow,
  "object_id" | "request_id" | "sender_id" | "ciphertext_length" | "begun_ms"
>;

export async function insertItems(tx: WriteHandle, items: readonly BegunItem[]): Promise<void> {
  for (let at = 0; at < items.length; at += idsAtOnce) {
    const rows = items
      .slice(at, at + idsAtOnce)
      .map((item) => ({ ...item, place: null, arrived_ms: null, description: null, filed_proof: null }));
    await tx.insertInto("request_items").values(rows).execute();
  }
}

export async function deleteItem(tx: WriteHandle, objectId: Uint8Array): Promise<void> {
  await tx.deleteFrom("request_items").where("object_id", "=", objectId).execute();
}

/** Unfinished uploads into a request, all of them and this sender's. */
export async function countSendersUploads(
  read: ReadHandle,
  { requestId, senderId }: { readonly requestId: Uint8Array; readonly senderId: Uint8Array },
): Promise<{ readonly all: number; readonly own: number }> {
  const count = async (column: "request_id" | "sender_id", id: Uint8Array) => {
    const row = await read
      .selectFrom("request_items")
      .innerJoin("uploads", "uploads.object_id", "request_items.object_id")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where(column, "=", id)
      .where("arrived_ms", "is", null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  return { all: await count("request_id", requestId), own: await count("sender_id", senderId) };
}

export interface Arrival {
  readonly objectId: Uint8Array;
  readonly description: Uint8Array;
  readonly place: number;
  readonly nowMs: number;
}

export async function markArrived(tx: WriteHandle, { objectId, description, place, nowMs }: Arrival): Promise<void> {
  await tx
    .updateTable("request_items")
    .set({ description, place, arrived_ms: nowMs })
    .where("object_id", "=", objectId)
    .execute();
}

/** Out of the inbox, for good: with the owner's proof, or (rejected) without. */
export async function markSettled(tx: WriteHandle, objectId: Uint8Array, proof: Uint8Array | null): Promise<void> {
  await tx
    .updateTable("request_items")
    .set({ description: null, filed_proof: proof })
    .where("object_id", "=", objectId)
    .execute();
}

export interface Slice {
  readonly after: number;
  readonly limit: number;
}

/** What waits in the inbox, in the order of arrival. */
export function listWaiting(read: ReadHandle, requestId: Uint8Array, { after, limit }: Slice) {
  return read
    .selectFrom("request_items as i")
    .innerJoin("objects as o", "o.object_id", "i.object_id")
    .select(["i.object_id", "i.place", "i.arrived_ms", "i.description", "o.ciphertext_length", "o.root"])
    .where("i.request_id", "=", requestId)
    .where("i.place", ">", after)
    .where("i.description", "is not", null)
    .orderBy("i.place")
    .limit(limit)
    .execute();
}

/** What a sender has sent, in the order of arrival. */
export function listSentBy(read: ReadHandle, senderId: Uint8Array, { after, limit }: Slice) {
  return read
    .selectFrom("request_items")
    .select(["object_id", "place", "arrived_ms", "filed_proof"])
    .where("sender_id", "=", senderId)
    .where("place", ">", after)
    .orderBy("place")
    .limit(limit)
    .execute();
}

/** Of these objects, those that a volume lists now. */
export async function listedObjects(read: ReadHandle, objectIds: readonly Uint8Array[]): Promise<Uint8Array[]> {
  if (objectIds.length === 0) return [];
  const rows = await read
    .selectFrom("object_references")
    .select("object_id")
    .distinct()
    .where("object_id", "in", objectIds)
    .where("dropped_ms", "is", null)
    .execute();
  return rows.map((row) => row.object_id);
}

/** Objects of a request whose upload was begun and is not complete. */
export async function unfinishedUploadsInto(read: ReadHandle, requestId: Uint8Array): Promise<Uint8Array[]> {
  const rows = await read
    .selectFrom("request_items")
    .innerJoin("uploads", "uploads.object_id", "request_items.object_id")
    .select("request_items.object_id")
    .where("request_id", "=", requestId)
    .where("arrived_ms", "is", null)
    .execute();
  return rows.map((row) => row.object_id);
}

/** Begun before that and never arrived, the oldest first, with whom they count for. */
export function listUnfinishedBefore(
  read: ReadHandle,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
) {
  return read
    .selectFrom("request_items")
    .innerJoin("requests", "requests.request_id", "request_items.request_id")
    .selectAll("request_items")
    .select("requests.owner_user_id")
    .where("arrived_ms", "is", null)
    .where("begun_ms", "<", beforeMs)
    .orderBy("begun_ms")
    .orderBy("object_id")
    .limit(limit)
    .execute();
}

/** Senders who were last seen before that; what they sent stays. How many. */
export async function deleteIdleSenders(tx: WriteHandle, lastUsedBeforeMs: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("request_senders")
    .where("last_used_ms", "<", lastUsedBeforeMs)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

import { type Insertable, sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { RequestSenders, Requests } from "../schema.ts";

export type RequestRow = Readonly<Requests>;

export function findRequest(read: ReadHandle, requestId: Uint8Array): Promise<RequestRow | undefined> {
  return read.selectFrom("requests").selectAll().where("request_id", "=", requestId).executeTakeFirst();
}

/** Whether the row was new. */
export async function insertRequest(tx: WriteHandle, row: Insertable<Requests>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("requests")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export type OwnedRequest = RequestRow & { readonly waiting: number };

/** The account's own, the oldest first, with how many items wait in each; or the one of them. */
export async function listRequestsOf(
  read: ReadHandle,
  ownerId: Uint8Array,
  only?: Uint8Array,
): Promise<OwnedRequest[]> {
  let query = read
    .selectFrom("requests")
    .selectAll("requests")
    .select((eb) =>
      eb
        .selectFrom("request_items")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .whereRef("request_items.request_id", "=", "requests.request_id")
        .where("description", "is not", null)
        .as("waiting"),
    )
    .where("owner_user_id", "=", ownerId);
  if (only !== undefined) query = query.where("request_id", "=", only);
  const rows = await query.orderBy("created_ms").orderBy("request_id").execute();
  return rows.map((row) => ({ ...row, waiting: Number(row.waiting ?? 0) }));
}

export async function countRequestsOf(read: ReadHandle, ownerId: Uint8Array): Promise<number> {
  const { count } = await read
    .selectFrom("requests")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_user_id", "=", ownerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export type RequestChange = Pick<
  Requests,
  "sealed_text" | "max_bytes" | "max_items" | "max_item_bytes" | "expires_ms" | "closed_ms"
>;

export async function updateRequest(tx: WriteHandle, requestId: Uint8Array, change: RequestChange): Promise<void> {
  await tx.updateTable("requests").set(change).where("request_id", "=", requestId).execute();
}

/** The request with its senders and items. What was filed is in a volume, and the rest is swept like all that nobody lists. */
export async function deleteRequestRows(tx: WriteHandle, requestId: Uint8Array): Promise<void> {
  for (const table of ["request_items", "request_senders", "requests"] as const)
    await tx
      .deleteFrom(table as "requests")
      .where("request_id", "=", requestId)
      .execute();
}

export interface Room {
  readonly requestId: Uint8Array;
  readonly bytes: number;
  readonly items: number;
}

/**
 * Counts what is about to be sent against the request's caps, if it has room for it. Whether it had: check and change are
 * one statement, so that senders at once cannot exceed a cap together.
 */
export async function takeRoom(tx: WriteHandle, { requestId, bytes, items }: Room): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("requests")
    .set({ used_bytes: sql`used_bytes + ${bytes}`, used_items: sql`used_items + ${items}` })
    .where("request_id", "=", requestId)
    .where((eb) => eb("max_bytes", ">=", eb("used_bytes", "+", sql<number>`${bytes}`)))
    .where((eb) => eb("max_items", ">=", eb("used_items", "+", sql<number>`${items}`)))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function giveBackRoom(tx: WriteHandle, { requestId, bytes, items }: Room): Promise<void> {
  await tx
    .updateTable("requests")
    .set({ used_bytes: sql`used_bytes - ${bytes}`, used_items: sql`used_items - ${items}` })
    .where("request_id", "=", requestId)
    .execute();
}

/** Places of the next so many items to arrive; the first of them. */
export async function takePlaces(tx: WriteHandle, requestId: Uint8Array, count: number): Promise<number> {
  const { last_place: last } = await tx
    .updateTable("requests")
    .set({ last_place: sql`last_place + ${count}` })
    .where("request_id", "=", requestId)
    .returning("last_place")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}

/** A sender with what policies and uploads ask about the request. */
export function findSenderRow(read: ReadHandle, senderId: Uint8Array) {
  return read
    .selectFrom("request_senders")
    .innerJoin("requests", "requests.request_id", "request_senders.request_id")
    .selectAll("request_senders")
    .select("requests.owner_user_id")
    .where("sender_id", "=", senderId)
    .executeTakeFirst();
}

export function findSenderByKey(
  read: ReadHandle,
  { requestId, publicKey }: { readonly requestId: Uint8Array; readonly publicKey: Uint8Array },
): Promise<RequestSenders | undefined> {
  return read
    .selectFrom("request_senders")
    .selectAll()
    .where("request_id", "=", requestId)
    .where("public_key", "=", publicKey)
    .executeTakeFirst();
}

export async function insertSender(tx: WriteHandle, row: RequestSenders): Promise<void> {
  await tx.insertInto("request_senders").values(row).execute();
}

export async function touchSender(tx: WriteHandle, senderId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("request_senders")
    .set({ last_used_ms: nowMs })
    .where("sender_id", "=", senderId)
    .where("last_used_ms", "<", nowMs)
    .execute();
}

/** The one that has sent nothing for the longest, of those who never sent an item; undefined: all have, or there is room. */
export async function makeRoomForSender(tx: WriteHandle, requestId: Uint8Array, limit: number): Promise<boolean> {
  const { count } = await tx
    .selectFrom("request_senders")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("request_id", "=", requestId)
    .executeTakeFirstOrThrow();
  if (Number(count) < limit) return true;
  const idle = await tx
    .selectFrom("request_senders as s")
    .select("s.sender_id")
    .where("s.request_id", "=", requestId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom("request_items as i").select("i.object_id").whereRef("i.sender_id", "=", "s.sender_id"),
        ),
      ),
    )
    .orderBy("s.last_used_ms")
    .limit(1)
    .executeTakeFirst();
  if (idle === undefined) return false;
  await tx.deleteFrom("request_senders").where("sender_id", "=", idle.sender_id).execute();
  return true;
}

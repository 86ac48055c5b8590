import { equalBytes } from "@excalibur/core/bytes";
import type { ReadHandle, WriteHandle } from "../database.ts";

export interface UploadRow {
  readonly object_id: Uint8Array;
  readonly user_id: Uint8Array;
  readonly ciphertext_length: number;
  readonly created_ms: number;
  readonly header: Uint8Array | null;
  /** Through which it comes. */
  readonly link_id: Uint8Array | null;
}

export interface UploadPartRow {
  readonly part: number;
  readonly leaves: Uint8Array;
}

/** Whose upload it is: an account's, or that of a link on behalf of the account that pays. */
export function senderOf({ link_id, user_id }: Pick<UploadRow, "link_id" | "user_id">): Uint8Array {
  return link_id ?? user_id;
}

export function findUpload(read: ReadHandle, objectId: Uint8Array): Promise<UploadRow | undefined> {
  return read.selectFrom("uploads").selectAll().where("object_id", "=", objectId).executeTakeFirst();
}

/** Whether the row was new. */
export async function insertUpload(
  tx: WriteHandle,
  row: Omit<UploadRow, "header" | "link_id"> & Partial<Pick<UploadRow, "link_id">>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("uploads")
    .values({ ...row, header: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The account's own, or a link's: what others send into the account's upload requests has limits of its own. */
export async function countUploads(read: ReadHandle, senderId: Uint8Array): Promise<number> {
  const { count } = await read
    .selectFrom("uploads")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where((eb) =>
      eb.or([eb.and([eb("user_id", "=", senderId), eb("link_id", "is", null)]), eb("link_id", "=", senderId)]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom("request_items as i").select("i.object_id").whereRef("i.object_id", "=", "uploads.object_id"),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return count;
}

/** Ciphertext that unfinished uploads may still bring, all accounts together; parts are counted as full ones. */
export async function outstandingUploadBytes(read: ReadHandle, partBytes: number): Promise<number> {
  const announced = await read
    .selectFrom("uploads")
    .select((eb) => eb.fn.sum<number | null>("ciphertext_length").as("bytes"))
    .executeTakeFirstOrThrow();
  const received = await read
    .selectFrom("upload_parts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Math.max(0, Number(announced.bytes ?? 0) - received.count * partBytes);
}

/** Forgets the upload and its parts; undefined when it was not there (any more). */
export async function deleteUpload(
  tx: WriteHandle,
  key: { readonly objectId: Uint8Array; readonly userId: Uint8Array },
): Promise<UploadRow | undefined> {
  const row = await tx.selectFrom("uploads").selectAll().where("object_id", "=", key.objectId).executeTakeFirst();
  if (row === undefined || !equalBytes(senderOf(row), key.userId)) return undefined;
  await tx.deleteFrom("upload_parts").where("object_id", "=", key.objectId).execute();
  await tx.deleteFrom("uploads").where("object_id", "=", key.objectId).execute();
  return row;
}

export interface ReceivedPart {
  readonly objectId: Uint8Array;
  readonly part: number;
  readonly leaves: Uint8Array;
  /** With part 0. */
  readonly header: Uint8Array | undefined;
}

/** False when the upload is gone meanwhile. */
export async function savePart(tx: WriteHandle, received: ReceivedPart): Promise<boolean> {
  const { objectId, part, leaves, header } = received;
  const upload = await findUpload(tx, objectId);
  if (upload === undefined) return false;
  if (header !== undefined) await tx.updateTable("uploads").set({ header }).where("object_id", "=", objectId).execute();
  await tx
    .insertInto("upload_parts")
    .values({ object_id: objectId, part, leaves })
    .onConflict((conflict) => conflict.columns(["object_id", "part"]).doUpdateSet({ leaves }))
    .execute();
  return true;
}

export async function deleteParts(tx: WriteHandle, objectId: Uint8Array, parts: readonly number[]): Promise<void> {
  await tx.deleteFrom("upload_parts").where("object_id", "=", objectId).where("part", "in", parts).execute();
}

export async function deleteAllParts(tx: WriteHandle, objectId: Uint8Array): Promise<void> {
  await tx.deleteFrom("upload_parts").where("object_id", "=", objectId).execute();
}

export function findPart(read: ReadHandle, objectId: Uint8Array, part: number): Promise<UploadPartRow | undefined> {
  return read
    .selectFrom("upload_parts")
    .select(["part", "leaves"])
    .where("object_id", "=", objectId)
    .where("part", "=", part)
    .executeTakeFirst();
}

/** Parts from `from` on, in order, at most `limit`. */
export function listParts(
  read: ReadHandle,
  objectId: Uint8Array,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<UploadPartRow[]> {
  return read
    .selectFrom("upload_parts")
    .select(["part", "leaves"])
    .where("object_id", "=", objectId)
    .where("part", ">=", from)
    .orderBy("part")
    .limit(limit)
    .execute();
}

/** Numbers of the recorded parts from `from` on, in order, at most `limit`. */
export async function listPartNumbers(
  read: ReadHandle,
  objectId: Uint8Array,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<number[]> {
  const rows = await read
    .selectFrom("upload_parts")
    .select("part")
    .where("object_id", "=", objectId)
    .where("part", ">=", from)
    .orderBy("part")
    .limit(limit)
    .execute();
  return rows.map((row) => row.part);
}

/** Which of these objects have an unfinished upload. */
export async function findUploadIds(read: ReadHandle, objectIds: readonly Uint8Array[]): Promise<Uint8Array[]> {
  if (objectIds.length === 0) return [];
  const rows = await read.selectFrom("uploads").select("object_id").where("object_id", "in", objectIds).execute();
  return rows.map((row) => row.object_id);
}

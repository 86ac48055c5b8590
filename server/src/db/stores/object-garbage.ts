import type { ExpressionBuilder } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Objects, Schema } from "../schema.ts";
import { giveBackQuota } from "./quota.ts";

const idsAtOnce = 500;

/** Before the first id. */
export const noId: Uint8Array = new Uint8Array(0);

export type UnreferencedObject = Pick<Objects, "object_id" | "ciphertext_length" | "location">;

/**
 * Which objects nobody needs: no volume lists them, or has dropped them after `droppedBeforeMs`, they are not new, and they
 * wait in nobody's inbox.
 */
export interface Neediness {
  readonly createdBeforeMs: number;
  readonly droppedBeforeMs: number;
}

/** The id that is `count` rows after this one, or undefined when there are fewer: to walk over all objects in slices. */
export async function objectIdAfter(
  read: ReadHandle,
  after: Uint8Array,
  count: number,
): Promise<Uint8Array | undefined> {
  const row = await read
    .selectFrom("objects")
    .select("object_id")
    .where("object_id", ">", after)
    .orderBy("object_id")
    .limit(1)
    .offset(count - 1)
    .executeTakeFirst();
  return row?.object_id;
}

function isNeeded(eb: ExpressionBuilder<Schema, "objects">, { droppedBeforeMs }: Neediness) {
  const isListed = eb.exists(
    eb
      .selectFrom("object_references as r")
      .select("r.object_id")
      .whereRef("r.object_id", "=", "objects.object_id")
      .where((inner) => inner.or([inner("r.dropped_ms", "is", null), inner("r.dropped_ms", ">=", droppedBeforeMs)])),
  );
  const waits = eb.exists(
    eb
      .selectFrom("request_items as i")
      .select("i.object_id")
      .whereRef("i.object_id", "=", "objects.object_id")
      .where("i.description", "is not", null),
  );
  return eb.or([isListed, waits]);
}

/** Those that nobody needs, of the objects after `after` up to and with `upTo` (undefined: all others). */
export function findUnneeded(
  read: ReadHandle,
  neediness: Neediness,
  { after, upTo }: { readonly after: Uint8Array; readonly upTo: Uint8Array | undefined },
): Promise<UnreferencedObject[]> {
  let query = read
    .selectFrom("objects")
    .select(["object_id", "ciphertext_length", "location"])
    .where("object_id", ">", after)
    .where("created_ms", "<", neediness.createdBeforeMs)
    .where((eb) => eb.not(isNeeded(eb, neediness)));
  if (upTo !== undefined) query = query.where("object_id", "<=", upTo);
  return query.orderBy("object_id").execute();
}

/**
 * Removes the rows of those that still nobody needs, and gives their space back to who uploaded them. What a commit has
 * named, or the server has promised again, since they were found stays. Answers what is gone; its bytes come next.
 */
export async function deleteUnneeded(
  tx: WriteHandle,
  objectIds: readonly Uint8Array[],
  neediness: Neediness,
): Promise<UnreferencedObject[]> {
  const rows = await tx
    .selectFrom("objects")
    .select(["object_id", "ciphertext_length", "location", "uploader_user_id"])
    .where("object_id", "in", objectIds)
    .where("created_ms", "<", neediness.createdBeforeMs)
    .where((eb) => eb.not(isNeeded(eb, neediness)))
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.object_id);
  await tx.deleteFrom("object_references").where("object_id", "in", ids).execute();
  await tx.deleteFrom("objects").where("object_id", "in", ids).execute();
  const freed = new Map<string, { readonly userId: Uint8Array; sizeBytes: number }>();
  for (const row of rows) {
    const key = Buffer.from(row.uploader_user_id).toString("hex");
    const one = freed.get(key) ?? { userId: row.uploader_user_id, sizeBytes: 0 };
    one.sizeBytes += row.ciphertext_length;
    freed.set(key, one);
  }
  for (const { userId, sizeBytes } of freed.values()) await giveBackQuota(tx, userId, sizeBytes);
  return rows;
}

/** Forgets that volumes once listed objects which others still list; some of them, and how many: 0 when none is left. */
export async function deleteDroppedReferences(
  tx: WriteHandle,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
): Promise<number> {
  const rows = await tx
    .selectFrom("object_references")
    .select(["volume_id", "object_id"])
    .where("dropped_ms", "<", beforeMs)
    .limit(limit)
    .execute();
  for (const { volume_id: volumeId, object_id: objectId } of rows) {
    await tx
      .deleteFrom("object_references")
      .where("volume_id", "=", volumeId)
      .where("object_id", "=", objectId)
      .execute();
  }
  return rows.length;
}

/** Objects of which leaves are kept, after `after`, that are neither stored nor on their way. */
export async function findForgottenLeaves(
  read: ReadHandle,
  after: Uint8Array,
  limit: number,
): Promise<{ readonly last: Uint8Array | undefined; readonly forgotten: Uint8Array[] }> {
  const rows = await read
    .selectFrom("object_leaves")
    .leftJoin("objects", "objects.object_id", "object_leaves.object_id")
    .leftJoin("uploads", "uploads.object_id", "object_leaves.object_id")
    .select(["object_leaves.object_id as id", "objects.object_id as stored", "uploads.object_id as uploading"])
    .where("object_leaves.object_id", ">", after)
    // Runs are written from the first on and removed from the last on: whoever has any has this one.
    .where("object_leaves.chunk", "=", 0)
    .orderBy("object_leaves.object_id")
    .limit(limit)
    .execute();
  const forgotten = rows.filter((row) => row.stored === null && row.uploading === null);
  return { last: rows.at(-1)?.id, forgotten: forgotten.map((row) => row.id) };
}

/** Some of the leaves of an object that is gone, the last first. False when none is left, or it is there after all. */
export async function deleteForgottenLeaves(tx: WriteHandle, objectId: Uint8Array, runs: number): Promise<boolean> {
  for (const table of ["objects", "uploads"] as const) {
    const there = await tx.selectFrom(table).select("object_id").where("object_id", "=", objectId).executeTakeFirst();
    if (there !== undefined) return false;
  }
  const rows = await tx
    .selectFrom("object_leaves")
    .select("chunk")
    .where("object_id", "=", objectId)
    .orderBy("chunk", "desc")
    .limit(runs)
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return false;
  await tx.deleteFrom("object_leaves").where("object_id", "=", objectId).where("chunk", ">=", last.chunk).execute();
  return last.chunk > 0;
}

/** Where rows say that the bytes of these objects are; and which of them are on their way. */
export async function placesOf(
  read: ReadHandle,
  objectIds: readonly Uint8Array[],
): Promise<{
  readonly location: (id: Uint8Array) => string | undefined;
  readonly isUploading: (id: Uint8Array) => boolean;
}> {
  const locations = new Map<string, string>();
  const uploading = new Set<string>();
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    const ids = objectIds.slice(at, at + idsAtOnce);
    // Uploads first: one that is completed in between then shows up as an object.
    const begun = await read.selectFrom("uploads").select("object_id").where("object_id", "in", ids).execute();
    for (const row of begun) uploading.add(keyOf(row.object_id));
    const stored = await read
      .selectFrom("objects")
      .select(["object_id", "location"])
      .where("object_id", "in", ids)
      .execute();
    for (const row of stored) locations.set(keyOf(row.object_id), row.location);
  }
  return { location: (id) => locations.get(keyOf(id)), isUploading: (id) => uploading.has(keyOf(id)) };
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("latin1");
}

/** Uploads that were begun before that, some of them, the oldest first. */
export function uploadsBefore(
  read: ReadHandle,
  { beforeMs, after, limit }: { readonly beforeMs: number; readonly after: number; readonly limit: number },
) {
  return read
    .selectFrom("uploads")
    .select(["object_id", "user_id", "link_id", "ciphertext_length", "created_ms"])
    .where("created_ms", "<", beforeMs)
    .where("created_ms", ">=", after)
    .orderBy("created_ms")
    .limit(limit)
    .execute();
}

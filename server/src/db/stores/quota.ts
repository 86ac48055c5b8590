import { sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";

/**
 * Counts ciphertext (stored, or reserved for an upload) against an account, if its quota has room for it.
 * Whether it had: the check and the change are one statement, so that uploads at once cannot exceed it together.
 */
export async function takeQuota(tx: WriteHandle, userId: Uint8Array, sizeBytes: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("accounts")
    .set({ used_bytes: sql`used_bytes + ${sizeBytes}` })
    .where("user_id", "=", userId)
    .where((eb) =>
      eb.or([eb("quota_bytes", "is", null), eb("quota_bytes", ">=", eb("used_bytes", "+", sql<number>`${sizeBytes}`))]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function giveBackQuota(tx: WriteHandle, userId: Uint8Array, sizeBytes: number): Promise<void> {
  await tx
    .updateTable("accounts")
    .set({ used_bytes: sql`used_bytes - ${sizeBytes}` })
    .where("user_id", "=", userId)
    .execute();
}

/**
 * Moves what counts for these objects from whoever uploaded them to another account, which is their uploader from then on.
 * False when its quota has no room for all of them.
 */
export async function takeOver(
  tx: WriteHandle,
  objectIds: readonly Uint8Array[],
  { from, to }: { readonly from: Uint8Array; readonly to: Uint8Array },
): Promise<boolean> {
  let sizeBytes = 0;
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    const rows = await tx
      .updateTable("objects")
      .set({ uploader_user_id: to })
      .where("object_id", "in", objectIds.slice(at, at + idsAtOnce))
      .where("uploader_user_id", "=", from)
      .returning("ciphertext_length")
      .execute();
    sizeBytes += rows.reduce((sum, row) => sum + row.ciphertext_length, 0);
  }
  if (sizeBytes === 0) return true;
  await giveBackQuota(tx, from, sizeBytes);
  return takeQuota(tx, to, sizeBytes);
}

/** As `takeOver`, of everything that the volume lists and the account counts for. */
export async function takeOverVolume(
  tx: WriteHandle,
  volumeId: Uint8Array,
  { from, to }: { readonly from: Uint8Array; readonly to: Uint8Array },
): Promise<boolean> {
  const rows = await tx
    .selectFrom("object_references as r")
    .innerJoin("objects as o", "o.object_id", "r.object_id")
    .select("r.object_id")
    .where("r.volume_id", "=", volumeId)
    .where("r.dropped_ms", "is", null)
    .where("o.uploader_user_id", "=", from)
    .execute();
  return takeOver(
    tx,
    rows.map(({ object_id }) => object_id),
    { from, to },
  );
}

const idsAtOnce = 500;

/** What still fits; Infinity without a limit. */
export async function freeQuotaBytes(read: ReadHandle, userId: Uint8Array): Promise<number> {
  const row = await read
    .selectFrom("accounts")
    .select(["quota_bytes", "used_bytes"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (row === undefined) return 0;
  return row.quota_bytes === null ? Number.POSITIVE_INFINITY : Math.max(0, row.quota_bytes - row.used_bytes);
}

/**
 * What the account uploaded, that volumes have dropped and none lists any more: it counts until the retention period is
 * over. `firstDroppedMs`: of the object that goes first.
 */
export async function deletedObjectsOf(
  read: ReadHandle,
  userId: Uint8Array,
): Promise<{ readonly sizeBytes: number; readonly firstDroppedMs: number | undefined }> {
  const dropped = read
    .selectFrom("objects as o")
    .innerJoin("object_references as r", "r.object_id", "o.object_id")
    .select((eb) => ["o.object_id", "o.ciphertext_length", eb.fn.max("r.dropped_ms").as("last_ms")])
    .where("o.uploader_user_id", "=", userId)
    .where("r.dropped_ms", "is not", null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("object_references as live")
            .select("live.object_id")
            .whereRef("live.object_id", "=", "o.object_id")
            .where("live.dropped_ms", "is", null),
        ),
      ),
    )
    .groupBy(["o.object_id", "o.ciphertext_length"]);
  const row = await read
    .selectFrom(dropped.as("dropped"))
    .select((eb) => [
      eb.fn.sum<number | null>("dropped.ciphertext_length").as("bytes"),
      eb.fn.min<number | null>("dropped.last_ms").as("first_ms"),
    ])
    .executeTakeFirstOrThrow();
  return {
    sizeBytes: Number(row.bytes ?? 0),
    firstDroppedMs: row.first_ms === null ? undefined : Number(row.first_ms),
  };
}

/** What is reserved for uploads that are not complete. */
export async function unfinishedBytesOf(read: ReadHandle, userId: Uint8Array): Promise<number> {
  const { bytes } = await read
    .selectFrom("uploads")
    .select((eb) => eb.fn.sum<number | null>("ciphertext_length").as("bytes"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

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

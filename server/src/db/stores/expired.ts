import type { ReadHandle, WriteHandle } from "../database.ts";

/** Tables whose rows are over at a time that one of their columns tells. */
export type Expiring =
  | readonly ["nonces" | "idempotency" | "logins", "expires_ms"]
  | readonly ["audit", "at_ms"]
  | readonly ["ended_links", "ended_ms"]
  | readonly ["login_attempts", "last_ms"]
  | readonly ["pending_pages", "received_ms"]
  | readonly ["sessions", "ended_ms"];

// The tables differ, the statements do not: one of them stands for all, and the names are ours.
type One = readonly ["nonces", "expires_ms"];

export async function countBefore(read: ReadHandle, expiring: Expiring, beforeMs: number): Promise<number> {
  const [table, column] = expiring as One;
  const { count } = await read
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(column, "<", beforeMs)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Removes about `limit` of the rows that are older, the oldest first, and says how many; 0 when none is left. Rows of the
 * same millisecond go together.
 */
export async function deleteSomeBefore(
  tx: WriteHandle,
  expiring: Expiring,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
): Promise<number> {
  const [table, column] = expiring as One;
  const last = await tx
    .selectFrom(table)
    .select(column)
    .where(column, "<", beforeMs)
    .orderBy(column)
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst();
  const { numDeletedRows } = await tx
    .deleteFrom(table)
    .where(column, "<", Math.min(beforeMs, (last?.[column] ?? beforeMs) + 1))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

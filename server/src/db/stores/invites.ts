import type { Insertable } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Invites } from "../schema.ts";

export async function insertInvite(tx: WriteHandle, invite: Insertable<Invites>): Promise<void> {
  await tx.insertInto("invites").values(invite).execute();
}

/** Of a start without accounts; used ones stay as they are. */
export async function revokeFirstRunInvites(tx: WriteHandle, nowMs: number): Promise<void> {
  await tx
    .updateTable("invites")
    .set({ revoked_ms: nowMs })
    .where("first_run", "=", 1)
    .where("used_ms", "is", null)
    .where("revoked_ms", "is", null)
    .execute();
}

/** Unless it was used, was revoked, has expired or never existed. */
export function findGoodInvite(read: ReadHandle, codeHash: Uint8Array, nowMs: number): Promise<Invites | undefined> {
  return read
    .selectFrom("invites")
    .selectAll()
    .where("code_hash", "=", codeHash)
    .where("used_ms", "is", null)
    .where("revoked_ms", "is", null)
    .where("expires_ms", ">", nowMs)
    .executeTakeFirst();
}

/** Whether it was still there to be used. */
export async function useInvite(
  tx: WriteHandle,
  codeHash: Uint8Array,
  use: { userId: Uint8Array; nowMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("invites")
    .set({ used_by: use.userId, used_ms: use.nowMs })
    .where("code_hash", "=", codeHash)
    .where("used_ms", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Used, revoked or expired before that: nobody can use them any more. */
export async function countDeadInvites(read: ReadHandle, beforeMs: number): Promise<number> {
  const { count } = await read
    .selectFrom("invites")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where((eb) =>
      eb.or([eb("used_ms", "<", beforeMs), eb("revoked_ms", "<", beforeMs), eb("expires_ms", "<", beforeMs)]),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function deleteDeadInvites(tx: WriteHandle, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("invites")
    .where((eb) =>
      eb.or([eb("used_ms", "<", beforeMs), eb("revoked_ms", "<", beforeMs), eb("expires_ms", "<", beforeMs)]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Oldest first, with the name of the account that each became. */
export function listInvites(read: ReadHandle): Promise<(Invites & { readonly usedByName: string | null })[]> {
  return read
    .selectFrom("invites")
    .leftJoin("accounts", "accounts.user_id", "invites.used_by")
    .selectAll("invites")
    .select("accounts.name as usedByName")
    .orderBy("invites.created_ms")
    .orderBy("invites.code_hash")
    .execute();
}

/** Those that were still open of what is named. */
export function revokeInvites(
  tx: WriteHandle,
  which: { readonly name?: string; readonly codeHash?: Uint8Array; readonly nowMs: number },
): Promise<Pick<Invites, "code_hash">[]> {
  let query = tx
    .updateTable("invites")
    .set({ revoked_ms: which.nowMs })
    .where("used_ms", "is", null)
    .where("revoked_ms", "is", null)
    .where("expires_ms", ">", which.nowMs);
  query = which.codeHash ? query.where("code_hash", "=", which.codeHash) : query.where("name", "=", which.name ?? "");
  return query.returning("code_hash").execute();
}

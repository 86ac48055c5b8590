import type { ReadHandle, WriteHandle } from "../database.ts";
import type { LinkClaims } from "../schema.ts";

export type ClaimRow = Readonly<LinkClaims>;

export function findClaim(read: ReadHandle, linkId: Uint8Array): Promise<ClaimRow | undefined> {
  return read.selectFrom("link_claims").selectAll().where("link_id", "=", linkId).executeTakeFirst();
}

/** Whether nobody was quicker. */
export async function insertClaim(tx: WriteHandle, row: ClaimRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("link_claims")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export function listClaimsOf(read: ReadHandle, linkIds: readonly Uint8Array[]): Promise<ClaimRow[]> {
  if (linkIds.length === 0) return Promise.resolve([]);
  return read
    .selectFrom("link_claims")
    .selectAll()
    .where("link_id", "in", [...linkIds])
    .execute();
}

/** What an account waits for, with the name of who made each invitation. */
export function listClaimsBy(
  read: ReadHandle,
  userId: Uint8Array,
): Promise<(Pick<ClaimRow, "link_id" | "volume_id" | "claimed_ms"> & { readonly invited_by: string | null })[]> {
  return read
    .selectFrom("link_claims")
    .innerJoin("links", "links.link_id", "link_claims.link_id")
    .leftJoin("accounts", "accounts.user_id", "links.created_by")
    .select(["link_claims.link_id", "link_claims.volume_id", "link_claims.claimed_ms", "accounts.name as invited_by"])
    .where("link_claims.user_id", "=", userId)
    .orderBy("link_claims.claimed_ms")
    .orderBy("link_claims.link_id")
    .execute();
}

/** Their links left the member list: the accounts are on it now, or were not wanted. */
export async function deleteClaims(tx: WriteHandle, linkIds: readonly Uint8Array[]): Promise<void> {
  if (linkIds.length === 0) return;
  await tx
    .deleteFrom("link_claims")
    .where("link_id", "in", [...linkIds])
    .execute();
}

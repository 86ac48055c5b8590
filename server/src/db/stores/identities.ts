import type { ReadHandle, WriteHandle } from "../database.ts";

export interface IdentityRow {
  readonly user_id: Uint8Array;
  readonly sequence: number;
  readonly record: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/** Also of an account that is gone. */
export async function findIdentity(read: ReadHandle, fingerprint: Uint8Array): Promise<IdentityRow | undefined> {
  for (const table of TABLES) {
    const rows = read.selectFrom(table).selectAll().where("fingerprint", "=", fingerprint);
    const row = await rows.executeTakeFirst();
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Every identity record of these accounts, by account, first to newest. */
export function listIdentities(read: ReadHandle, userIds: readonly Uint8Array[]): Promise<IdentityRow[]> {
  return listOf(read, "identities", userIds);
}

/** Also of accounts that are gone: who has signed something that is still there. */
export async function listEveryIdentity(read: ReadHandle, userIds: readonly Uint8Array[]): Promise<IdentityRow[]> {
  return [...(await listOf(read, "identities", userIds)), ...(await listOf(read, "past_identities", userIds))];
}

const TABLES = ["identities", "past_identities"] as const;

async function listOf(
  read: ReadHandle,
  table: (typeof TABLES)[number],
  userIds: readonly Uint8Array[],
): Promise<IdentityRow[]> {
  const rows: IdentityRow[] = [];
  for (let at = 0; at < userIds.length; at += idsAtOnce) {
    const some = await read
      .selectFrom(table)
      .selectAll()
      .where("user_id", "in", userIds.slice(at, at + idsAtOnce))
      .orderBy("user_id")
      .orderBy("sequence")
      .execute();
    rows.push(...some);
  }
  return rows;
}

const idsAtOnce = 500;

export async function insertIdentity(tx: WriteHandle, identity: IdentityRow): Promise<void> {
  await tx.insertInto("identities").values(identity).execute();
}

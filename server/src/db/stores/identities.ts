import type { ReadHandle, WriteHandle } from "../database.ts";

export interface IdentityRow {
  readonly user_id: Uint8Array;
  readonly sequence: number;
  readonly record: Uint8Array;
  readonly fingerprint: Uint8Array;
}

export function findIdentity(read: ReadHandle, fingerprint: Uint8Array): Promise<IdentityRow | undefined> {
  return read.selectFrom("identities").selectAll().where("fingerprint", "=", fingerprint).executeTakeFirst();
}

/** Every identity record of these accounts, by account, first to newest. */
export async function listIdentities(read: ReadHandle, userIds: readonly Uint8Array[]): Promise<IdentityRow[]> {
  const rows: IdentityRow[] = [];
  for (let at = 0; at < userIds.length; at += idsAtOnce) {
    const some = await read
      .selectFrom("identities")
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

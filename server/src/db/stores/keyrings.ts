import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Keyrings } from "../schema.ts";

export function findKeyring(read: ReadHandle, userId: Uint8Array): Promise<Keyrings | undefined> {
  return read.selectFrom("keyrings").selectAll().where("user_id", "=", userId).executeTakeFirst();
}

/** The hash of every version stays, for clients to recompute the chain with. */
async function insertHash(tx: WriteHandle, { user_id, version }: Keyrings, hash: Uint8Array): Promise<void> {
  await tx.insertInto("keyring_hashes").values({ user_id, version, hash }).execute();
}

export async function insertKeyring(tx: WriteHandle, keyring: Keyrings, hash: Uint8Array): Promise<void> {
  await tx.insertInto("keyrings").values(keyring).execute();
  await insertHash(tx, keyring, hash);
}

export async function replaceKeyring(tx: WriteHandle, keyring: Keyrings, hash: Uint8Array): Promise<void> {
  const { user_id, ...newest } = keyring;
  await tx.updateTable("keyrings").set(newest).where("user_id", "=", user_id).execute();
  await insertHash(tx, keyring, hash);
}

export async function listKeyringHashes(
  read: ReadHandle,
  userId: Uint8Array,
  range: { readonly after: number; readonly limit: number },
): Promise<Uint8Array[]> {
  const rows = await read
    .selectFrom("keyring_hashes")
    .select("hash")
    .where("user_id", "=", userId)
    .where("version", ">", range.after)
    .orderBy("version")
    .limit(range.limit)
    .execute();
  return rows.map(({ hash }) => hash);
}

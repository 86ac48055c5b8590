import type { Insertable } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Accounts, Slots } from "../schema.ts";

export async function anyAccount(read: ReadHandle): Promise<boolean> {
  return (await read.selectFrom("accounts").select("user_id").limit(1).executeTakeFirst()) !== undefined;
}

export function findAccountByName(read: ReadHandle, name: string): Promise<Accounts | undefined> {
  return read.selectFrom("accounts").selectAll().where("name", "=", name).executeTakeFirst();
}

export function findAccount(read: ReadHandle, userId: Uint8Array): Promise<Accounts | undefined> {
  return read.selectFrom("accounts").selectAll().where("user_id", "=", userId).executeTakeFirst();
}

/** Whether name and id were both free. */
export async function insertAccount(tx: WriteHandle, account: Insertable<Accounts>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("accounts")
    .values(account)
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function replaceOpaqueRecord(tx: WriteHandle, userId: Uint8Array, record: Uint8Array): Promise<void> {
  await tx.updateTable("accounts").set({ opaque_record: record }).where("user_id", "=", userId).execute();
}

export async function replaceRecoveryKey(tx: WriteHandle, userId: Uint8Array, publicKey: Uint8Array): Promise<void> {
  await tx.updateTable("accounts").set({ recovery_public_key: publicKey }).where("user_id", "=", userId).execute();
}

export async function setDisabled(tx: WriteHandle, userId: Uint8Array, disabled: boolean): Promise<void> {
  await tx
    .updateTable("accounts")
    .set({ disabled: disabled ? 1 : 0 })
    .where("user_id", "=", userId)
    .execute();
}

export async function setQuota(tx: WriteHandle, userId: Uint8Array, quotaBytes: number | null): Promise<void> {
  await tx.updateTable("accounts").set({ quota_bytes: quotaBytes }).where("user_id", "=", userId).execute();
}

export async function insertSlots(tx: WriteHandle, slots: readonly Insertable<Slots>[]): Promise<void> {
  await tx
    .insertInto("slots")
    .values([...slots])
    .execute();
}

export function listSlots(read: ReadHandle, userId: Uint8Array): Promise<Slots[]> {
  return read
    .selectFrom("slots")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_ms")
    .orderBy("slot_id")
    .execute();
}

export function findSlotOfType(read: ReadHandle, userId: Uint8Array, type: number): Promise<Slots | undefined> {
  return read.selectFrom("slots").selectAll().where("user_id", "=", userId).where("type", "=", type).executeTakeFirst();
}

export async function deleteSlots(tx: WriteHandle, userId: Uint8Array): Promise<void> {
  await tx.deleteFrom("slots").where("user_id", "=", userId).execute();
}

/** Accounts that nobody can open any more: no password record and no slot of any kind. */
export function listUnopenable(read: ReadHandle, noPassword: Uint8Array): Promise<Accounts[]> {
  return read
    .selectFrom("accounts")
    .selectAll()
    .where("opaque_record", "=", noPassword)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("slots").select("slot_id").whereRef("slots.user_id", "=", "accounts.user_id"))),
    )
    .execute();
}

export async function deleteSlotsOfType(tx: WriteHandle, userId: Uint8Array, type: number): Promise<void> {
  await tx.deleteFrom("slots").where("user_id", "=", userId).where("type", "=", type).execute();
}

/** For whoever runs the server; nothing of it is secret from them. */
export function listAccounts(read: ReadHandle) {
  return read
    .selectFrom("accounts")
    .select(["user_id", "name", "admin", "disabled", "created_ms", "quota_bytes", "used_bytes"])
    .orderBy("created_ms")
    .orderBy("name")
    .execute();
}

/** Whether the volume is the drive of somebody. */
export async function isHomeVolume(read: ReadHandle, volumeId: Uint8Array): Promise<boolean> {
  const row = await read
    .selectFrom("accounts")
    .select("user_id")
    .where("home_volume_id", "=", volumeId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

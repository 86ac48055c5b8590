import type { ReadHandle, WriteHandle } from "../database.ts";

export interface Lease {
  readonly name: string;
  /** Random, new for every process. */
  readonly holder: Uint8Array;
  readonly expiresMs: number;
}

/** Takes or renews it; false when somebody else has it and it is not over. `force` when nobody else can be alive. */
export async function takeLease(
  tx: WriteHandle,
  { name, holder, expiresMs }: Lease,
  { nowMs, force }: { readonly nowMs: number; readonly force: boolean },
): Promise<boolean> {
  const held = await tx.selectFrom("leases").selectAll().where("name", "=", name).executeTakeFirst();
  const isOthers = held !== undefined && !Buffer.from(held.holder).equals(holder);
  if (isOthers && held.expires_ms > nowMs && !force) return false;
  await tx
    .insertInto("leases")
    .values({ name, holder, expires_ms: expiresMs })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ holder, expires_ms: expiresMs }))
    .execute();
  return true;
}

export async function holdsLease(read: ReadHandle, name: string, holder: Uint8Array): Promise<boolean> {
  const held = await read
    .selectFrom("leases")
    .select("name")
    .where("name", "=", name)
    .where("holder", "=", holder)
    .executeTakeFirst();
  return held !== undefined;
}

export async function releaseLease(tx: WriteHandle, name: string, holder: Uint8Array): Promise<void> {
  await tx.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder).execute();
}

/** When it is over unless it is renewed; undefined when nobody has it. */
export async function leaseExpiresMs(read: ReadHandle, name: string): Promise<number | undefined> {
  const held = await read.selectFrom("leases").select("expires_ms").where("name", "=", name).executeTakeFirst();
  return held?.expires_ms;
}

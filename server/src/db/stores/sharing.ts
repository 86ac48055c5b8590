/** Volumes that wait for their mount, invitations that were answered, members who have left. */

import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Departures } from "../schema.ts";

export type DepartureRow = Readonly<Departures>;

export async function countPendingVolumes(read: ReadHandle, ownerUserId: Uint8Array): Promise<number> {
  const { count } = await read
    .selectFrom("volumes")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_user_id", "=", ownerUserId)
    // 0: being removed.
    .where("pending_ms", ">", 0)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface Mounting {
  readonly volumeId: Uint8Array;
  readonly ownerUserId: Uint8Array;
  readonly mountedFrom: Uint8Array;
}

/** Makes a pending volume of this owner permanent. Whether there was one. */
export async function mountPending(
  tx: WriteHandle,
  { volumeId, ownerUserId, mountedFrom }: Mounting,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("volumes")
    .set({ pending_ms: null, mounted_from: mountedFrom })
    .where("volume_id", "=", volumeId)
    .where("owner_user_id", "=", ownerUserId)
    // 0: being removed.
    .where("pending_ms", ">", 0)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** A commit came: the pending volume's time begins anew. Nothing for another volume. */
export async function renewPending(tx: WriteHandle, volumeId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("volumes")
    .set({ pending_ms: nowMs })
    .where("volume_id", "=", volumeId)
    .where("pending_ms", ">", 0)
    .execute();
}

/** Volumes that nothing mounted in time, some at once. */
export async function listPendingBefore(
  read: ReadHandle,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
): Promise<Uint8Array[]> {
  const rows = await read
    .selectFrom("volumes")
    .select("volume_id")
    .where("pending_ms", "<", beforeMs)
    .orderBy("pending_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => row.volume_id);
}

/** Shuts a volume that is about to be removed, unless something mounted or changed it meanwhile. Whether it was shut. */
export async function shutPending(
  tx: WriteHandle,
  { volumeId, beforeMs }: { readonly volumeId: Uint8Array; readonly beforeMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("volumes")
    // Nobody's from now on: no commit of its owner mounts it while its rows go.
    .set({ head_hash: new Uint8Array(32), pending_ms: 0 })
    .where("volume_id", "=", volumeId)
    .where("pending_ms", "<", beforeMs)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await tx.deleteFrom("members").where("volume_id", "=", volumeId).execute();
  return true;
}

export interface MountedAt {
  readonly volumeId: Uint8Array;
  readonly ownerUserId: Uint8Array;
  readonly headHash: Uint8Array;
}

/** Shuts a mounted volume of this owner that stands at this head, for whoever sweeps what is shut. Whether there was one. */
export async function shutMounted(tx: WriteHandle, { volumeId, ownerUserId, headHash }: MountedAt): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("volumes")
    .set({ head_hash: new Uint8Array(32), pending_ms: 0 })
    .where("volume_id", "=", volumeId)
    .where("owner_user_id", "=", ownerUserId)
    .where("head_hash", "=", headHash)
    .where("pending_ms", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await tx.deleteFrom("members").where("volume_id", "=", volumeId).execute();
  return true;
}

export async function acceptMembership(
  tx: WriteHandle,
  { volumeId, subjectId, nowMs }: { readonly volumeId: Uint8Array; readonly subjectId: Uint8Array; nowMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("members")
    .set((eb) => ({ accepted_ms: eb.fn.coalesce("accepted_ms", eb.val(nowMs)) }))
    .where("volume_id", "=", volumeId)
    .where("subject_id", "=", subjectId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Takes the row away that gives access, and remembers that it was its person who went. Whether there was one. */
export async function depart(tx: WriteHandle, row: DepartureRow): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("members")
    .where("volume_id", "=", row.volume_id)
    .where("subject_id", "=", row.subject_id)
    .executeTakeFirst();
  if (numDeletedRows !== 1n) return false;
  await tx.insertInto("departures").values(row).execute();
  return true;
}

export function listDepartures(read: ReadHandle, volumeId: Uint8Array): Promise<DepartureRow[]> {
  return read.selectFrom("departures").selectAll().where("volume_id", "=", volumeId).orderBy("subject_id").execute();
}

export async function forgetDepartures(
  tx: WriteHandle,
  volumeId: Uint8Array,
  subjectIds: readonly Uint8Array[],
): Promise<void> {
  if (subjectIds.length === 0) return;
  await tx
    .deleteFrom("departures")
    .where("volume_id", "=", volumeId)
    .where("subject_id", "in", [...subjectIds])
    .execute();
}

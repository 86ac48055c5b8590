import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Members, Volumes } from "../schema.ts";

export type VolumeRow = Readonly<Volumes>;
export type MemberRow = Readonly<Members>;

export function findVolume(read: ReadHandle, volumeId: Uint8Array): Promise<VolumeRow | undefined> {
  return read.selectFrom("volumes").selectAll().where("volume_id", "=", volumeId).executeTakeFirst();
}

/** The volume and the subject's row in its newest manifest, if the subject is a member. */
export async function findMembership(
  read: ReadHandle,
  { volumeId, subjectId }: { readonly volumeId: Uint8Array; readonly subjectId: Uint8Array },
): Promise<(VolumeRow & { readonly role: number; readonly fingerprint: Uint8Array }) | undefined> {
  return read
    .selectFrom("volumes")
    .innerJoin("members", "members.volume_id", "volumes.volume_id")
    .selectAll("volumes")
    .select(["members.role", "members.fingerprint"])
    .where("volumes.volume_id", "=", volumeId)
    .where("members.subject_id", "=", subjectId)
    .executeTakeFirst();
}

export function listVolumesOf(
  read: ReadHandle,
  subjectId: Uint8Array,
): Promise<
  (Pick<VolumeRow, "volume_id" | "head_sequence" | "head_hash" | "pending_ms"> &
    Pick<MemberRow, "role" | "accepted_ms">)[]
> {
  return read
    .selectFrom("members")
    .innerJoin("volumes", "volumes.volume_id", "members.volume_id")
    .select(["volumes.volume_id", "volumes.head_sequence", "volumes.head_hash", "volumes.pending_ms"])
    .select(["members.role", "members.accepted_ms"])
    .where("members.subject_id", "=", subjectId)
    .orderBy("volumes.created_ms")
    .orderBy("volumes.volume_id")
    .execute();
}

export async function memberSubjects(read: ReadHandle, volumeId: Uint8Array): Promise<Uint8Array[]> {
  const rows = await read.selectFrom("members").select("subject_id").where("volume_id", "=", volumeId).execute();
  return rows.map((row) => row.subject_id);
}

/** Whether the row was new. */
export async function insertVolume(tx: WriteHandle, row: VolumeRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("volumes")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export interface HeadMove {
  readonly volumeId: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly head: Pick<VolumeRow, "head_sequence" | "head_hash" | "state_root" | "manifest_version" | "g">;
}

/** Compare-and-swap: moves the head only from where it was seen. */
export async function moveHead(tx: WriteHandle, { volumeId, previousHash, head }: HeadMove): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("volumes")
    .set(head)
    .where("volume_id", "=", volumeId)
    .where("head_hash", "=", previousHash)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function setOwner(tx: WriteHandle, volumeId: Uint8Array, ownerUserId: Uint8Array): Promise<void> {
  await tx.updateTable("volumes").set({ owner_user_id: ownerUserId }).where("volume_id", "=", volumeId).execute();
}

export interface ManifestRow {
  readonly volume_id: Uint8Array;
  readonly version: number;
  readonly record: Uint8Array;
  readonly hash: Uint8Array;
}

export async function insertManifest(tx: WriteHandle, row: ManifestRow): Promise<void> {
  await tx.insertInto("manifests").values(row).execute();
}

/** From version 0 to the newest. */
export async function listManifests(read: ReadHandle, volumeId: Uint8Array): Promise<Uint8Array[]> {
  const rows = await read
    .selectFrom("manifests")
    .select("record")
    .where("volume_id", "=", volumeId)
    .orderBy("version")
    .execute();
  return rows.map((row) => row.record);
}

export function listMembers(read: ReadHandle, volumeId: Uint8Array): Promise<MemberRow[]> {
  return read.selectFrom("members").selectAll().where("volume_id", "=", volumeId).orderBy("subject_id").execute();
}

export async function findManifest(
  read: ReadHandle,
  volumeId: Uint8Array,
  version: number,
): Promise<Uint8Array | undefined> {
  const row = await read
    .selectFrom("manifests")
    .select("record")
    .where("volume_id", "=", volumeId)
    .where("version", "=", version)
    .executeTakeFirst();
  return row?.record;
}

/** Makes the projection of the newest manifest this list. */
export async function replaceMembers(
  tx: WriteHandle,
  volumeId: Uint8Array,
  members: readonly Omit<MemberRow, "volume_id">[],
): Promise<void> {
  await tx.deleteFrom("members").where("volume_id", "=", volumeId).execute();
  for (let at = 0; at < members.length; at += rowsAtOnce) {
    const rows = members.slice(at, at + rowsAtOnce).map((member) => ({ volume_id: volumeId, ...member }));
    await tx.insertInto("members").values(rows).execute();
  }
}

const rowsAtOnce = 500;

export interface EnvelopeRow {
  readonly volume_id: Uint8Array;
  readonly g: number;
  readonly recipient_fingerprint: Uint8Array;
  readonly record: Uint8Array;
}

/** A later envelope for the same recipient and generation takes the place of the earlier. */
export async function saveEnvelopes(tx: WriteHandle, rows: readonly EnvelopeRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await tx
      .insertInto("envelopes")
      .values(rows.slice(at, at + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["volume_id", "g", "recipient_fingerprint"])
          .doUpdateSet((eb) => ({ record: eb.ref("excluded.record") })),
      )
      .execute();
  }
}

export async function listEnvelopes(
  read: ReadHandle,
  volumeId: Uint8Array,
  recipients: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  if (recipients.length === 0) return [];
  const rows = await read
    .selectFrom("envelopes")
    .select("record")
    .where("volume_id", "=", volumeId)
    .where("recipient_fingerprint", "in", recipients)
    .orderBy("g")
    .execute();
  return rows.map((row) => row.record);
}

export async function insertPreviousKeys(
  tx: WriteHandle,
  row: { readonly volume_id: Uint8Array; readonly g: number; readonly sealed: Uint8Array },
): Promise<void> {
  await tx.insertInto("previous_keys").values(row).execute();
}

export function listPreviousKeys(
  read: ReadHandle,
  volumeId: Uint8Array,
): Promise<{ readonly g: number; readonly sealed: Uint8Array }[]> {
  return read
    .selectFrom("previous_keys")
    .select(["g", "sealed"])
    .where("volume_id", "=", volumeId)
    .orderBy("g")
    .execute();
}

/** What an account that goes leaves to others, and takes from them. */

import { sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import { revokeLinksOf } from "./links.ts";
import { depart } from "./sharing.ts";

/** Members of one volume who are out of it. */
export interface Parted {
  readonly volumeId: Uint8Array;
  readonly gone: readonly Uint8Array[];
}

/**
 * Shuts every volume that this account owns: nobody reads it from now on, links into it are taken back, and no commit lands
 * in it while its rows go.
 */
export async function shutOwnVolumes(tx: WriteHandle, userId: Uint8Array, nowMs: number): Promise<Parted[]> {
  const rows = await tx
    .selectFrom("members")
    .innerJoin("volumes", "volumes.volume_id", "members.volume_id")
    .select(["members.volume_id", "members.subject_id"])
    .where("volumes.owner_user_id", "=", userId)
    .orderBy("members.volume_id")
    .execute();
  await tx
    .updateTable("volumes")
    .set({ head_hash: new Uint8Array(32) })
    .where("owner_user_id", "=", userId)
    .execute();
  const own = tx.selectFrom("volumes").select("volume_id").where("owner_user_id", "=", userId);
  await revokeLinksOf(tx, userId, nowMs);
  await tx.deleteFrom("members").where("volume_id", "in", own).execute();
  const parted = new Map<string, { volumeId: Uint8Array; gone: Uint8Array[] }>();
  for (const { volume_id: volumeId, subject_id } of rows) {
    const key = Buffer.from(volumeId).toString("hex");
    const one = parted.get(key) ?? { volumeId, gone: [] };
    one.gone.push(subject_id);
    parted.set(key, one);
  }
  return [...parted.values()];
}

/** Leaves every volume of others; whoever changes a member list next takes the account off it. */
export async function leaveVolumesOfOthers(tx: WriteHandle, userId: Uint8Array, nowMs: number): Promise<Parted[]> {
  const rows = await tx
    .selectFrom("members")
    .innerJoin("volumes", "volumes.volume_id", "members.volume_id")
    .select("members.volume_id")
    .where("members.subject_id", "=", userId)
    .where("volumes.owner_user_id", "!=", userId)
    .execute();
  for (const { volume_id } of rows) await depart(tx, { volume_id, subject_id: userId, left_ms: nowMs });
  return rows.map(({ volume_id }) => ({ volumeId: volume_id, gone: [userId] }));
}

/**
 * Keeps the account's public identities if volumes of others have ever named it: their members check with them what it has
 * signed. Whoever was in a volume got its key in an envelope.
 */
export async function keepNeededIdentities(tx: WriteHandle, userId: Uint8Array): Promise<void> {
  const records = await tx.selectFrom("identities").selectAll().where("user_id", "=", userId).execute();
  const fingerprints = records.map((row) => row.fingerprint);
  if (fingerprints.length === 0) return;
  const envelope = await tx
    .selectFrom("envelopes")
    .innerJoin("volumes", "volumes.volume_id", "envelopes.volume_id")
    .select("envelopes.volume_id")
    .where("recipient_fingerprint", "in", fingerprints)
    .where("volumes.owner_user_id", "!=", userId)
    .limit(1)
    .executeTakeFirst();
  if (envelope !== undefined) await tx.insertInto("past_identities").values(records).execute();
}

/** Past identities that no volume needs any more. */
export async function forgetPastIdentities(tx: WriteHandle): Promise<void> {
  await tx
    .deleteFrom("past_identities")
    .where("user_id", "not in", (eb) =>
      eb
        .selectFrom("past_identities as past")
        .innerJoin("envelopes", "envelopes.recipient_fingerprint", "past.fingerprint")
        .select("past.user_id"),
    )
    .execute();
}

export async function isPast(read: ReadHandle, userId: Uint8Array): Promise<boolean> {
  const rows = read.selectFrom("past_identities").select("sequence").where("user_id", "=", userId).limit(1);
  return (await rows.executeTakeFirst()) !== undefined;
}

/**
 * Objects that the account uploaded and volumes of others list count for an owner of those from now on, whatever their quota
 * says: they have them already. The rest stay with nobody, for whoever sweeps what nobody lists.
 */
export async function bequeathObjects(
  tx: WriteHandle,
  objectIds: readonly Uint8Array[],
  userId: Uint8Array,
): Promise<void> {
  const heirs = await tx
    .selectFrom("object_references as r")
    .innerJoin("volumes as v", "v.volume_id", "r.volume_id")
    .innerJoin("objects as o", "o.object_id", "r.object_id")
    .select(["r.object_id", "o.ciphertext_length", (eb) => eb.fn.min("v.owner_user_id").as("owner")])
    .where("r.object_id", "in", [...objectIds])
    .where("r.dropped_ms", "is", null)
    .where("v.owner_user_id", "!=", userId)
    .groupBy(["r.object_id", "o.ciphertext_length"])
    .execute();
  for (const { object_id, ciphertext_length, owner } of heirs) {
    await tx.updateTable("objects").set({ uploader_user_id: owner }).where("object_id", "=", object_id).execute();
    await tx
      .updateTable("accounts")
      .set({ used_bytes: sql`used_bytes + ${ciphertext_length}` })
      .where("user_id", "=", owner)
      .execute();
  }
}

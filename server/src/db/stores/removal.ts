import type { ReadHandle, WriteHandle } from "../database.ts";
import { rememberEndedLinks } from "./links.ts";
import { bequeathObjects } from "./parting.ts";
import { deleteRequestRows } from "./requests.ts";

/** Rows a transaction deletes at most: a running server waits no longer than that for the writer. */
const ROWS_AT_ONCE = 500;

/** What hangs on a volume, with the column that tells its rows apart. */
const VOLUME_TABLES = [
  ["link_log", "entry_id"],
  ["link_claims", "link_id"],
  ["link_sessions", "session_id"],
  ["links", "link_id"],
  ["object_references", "object_id"],
  ["pending_pages", "record_hash"],
  ["pages", "record_hash"],
  ["commits", "sequence"],
  ["previous_keys", "g"],
  ["envelopes", "recipient_fingerprint"],
  ["departures", "subject_id"],
  ["members", "subject_id"],
  ["manifests", "version"],
] as const;

export async function listVolumesOwnedBy(read: ReadHandle, userId: Uint8Array): Promise<Uint8Array[]> {
  const rows = await read.selectFrom("volumes").select("volume_id").where("owner_user_id", "=", userId).execute();
  return rows.map((row) => row.volume_id);
}

/** Some rows of the volume; false when none was left and the volume itself went. */
export async function deleteSomeOfVolume(tx: WriteHandle, volumeId: Uint8Array): Promise<boolean> {
  for (const [table, column] of VOLUME_TABLES) {
    const rows = await tx
      .selectFrom(table as "pages")
      .select(column as "record_hash")
      .where("volume_id", "=", volumeId)
      .limit(ROWS_AT_ONCE)
      .execute();
    if (rows.length === 0) continue;
    const keys = rows.map((row) => row[column as "record_hash"]);
    if (table === "links") await rememberEndedLinks(tx, keys);
    await tx
      .deleteFrom(table as "pages")
      .where("volume_id", "=", volumeId)
      .where(column as "record_hash", "in", keys)
      .execute();
    return true;
  }
  await tx.deleteFrom("volumes").where("volume_id", "=", volumeId).execute();
  return false;
}

/**
 * Some of what an account has outside its volumes: unfinished uploads, upload requests, pages ahead of a commit, and its
 * name on objects. An object keeps its row, for others who list it or for whoever sweeps what nobody lists; its uploader
 * becomes one of them or nobody, so that no later account with the same id could ask for it. False when nothing was left.
 */
export async function deleteSomeOfAccount(tx: WriteHandle, userId: Uint8Array): Promise<boolean> {
  const uploads = await tx.selectFrom("uploads").select("object_id").where("user_id", "=", userId).limit(1).execute();
  for (const { object_id } of uploads) {
    await tx.deleteFrom("upload_parts").where("object_id", "=", object_id).execute();
    await tx.deleteFrom("uploads").where("object_id", "=", object_id).execute();
  }
  const requests = await tx
    .selectFrom("requests")
    .select("request_id")
    .where("owner_user_id", "=", userId)
    .limit(1)
    .execute();
  for (const { request_id } of requests) await deleteRequestRows(tx, request_id);
  const pages = await tx
    .selectFrom("pending_pages")
    .select("record_hash")
    .where("user_id", "=", userId)
    .limit(ROWS_AT_ONCE)
    .execute();
  if (pages.length > 0) {
    const hashes = pages.map((row) => row.record_hash);
    await tx.deleteFrom("pending_pages").where("user_id", "=", userId).where("record_hash", "in", hashes).execute();
  }
  const objects = await tx
    .selectFrom("objects")
    .select("object_id")
    .where("uploader_user_id", "=", userId)
    .limit(ROWS_AT_ONCE)
    .execute();
  if (objects.length > 0) {
    const ids = objects.map((row) => row.object_id);
    await tx.updateTable("objects").set({ uploader_user_id: new Uint8Array() }).where("object_id", "in", ids).execute();
    await bequeathObjects(tx, ids, userId);
  }
  return uploads.length + requests.length + pages.length + objects.length > 0;
}

/** The account itself, once nothing hangs on it any more. False if it was gone before. */
export async function deleteAccountRows(tx: WriteHandle, userId: Uint8Array): Promise<boolean> {
  const sessions = await tx.selectFrom("sessions").select("session_id").where("user_id", "=", userId).execute();
  const ids = sessions.map((row) => row.session_id);
  for (let at = 0; at < ids.length; at += ROWS_AT_ONCE) {
    const some = ids.slice(at, at + ROWS_AT_ONCE);
    for (const table of ["nonces", "idempotency"] as const)
      await tx.deleteFrom(table).where("session_id", "in", some).execute();
  }
  for (const table of [
    "sessions",
    "logins",
    "login_attempts",
    "slots",
    "keyrings",
    "keyring_hashes",
    "identities",
    "link_claims",
  ] as const)
    await tx
      .deleteFrom(table as "sessions")
      .where("user_id", "=", userId)
      .execute();
  const { numDeletedRows } = await tx.deleteFrom("accounts").where("user_id", "=", userId).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

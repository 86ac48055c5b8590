/** Removing an account with everything that belongs to it alone. */

import { toBase64Url } from "@excalibur/core/bytes";
import type { Accounts, Database, ReadHandle, WriteHandle } from "../../db/index.ts";
import {
  deleteSlots,
  listUnopenable,
  replaceOpaqueRecord,
  replaceRecoveryKey,
  setDisabled,
} from "../../db/stores/accounts.ts";
import { type AuditEntry, insertAudit } from "../../db/stores/audit.ts";
import { updateJob } from "../../db/stores/jobs.ts";
import { deleteLoginsOf } from "../../db/stores/logins.ts";
import { insertNotices } from "../../db/stores/notices.ts";
import {
  forgetPastIdentities,
  keepNeededIdentities,
  leaveVolumesOfOthers,
  type Parted,
  shutOwnVolumes,
} from "../../db/stores/parting.ts";
import {
  deleteAccountRows,
  deleteSomeOfAccount,
  deleteSomeOfVolume,
  listVolumesOwnedBy,
} from "../../db/stores/removal.ts";
import { NO_PASSWORD } from "../accounts/slots.ts";
import { endEverySession, type PersonChange, requireAccount } from "./person.ts";

/** A point that no signature is accepted under: from outside like a name that nobody has. */
const NOBODYS_KEY = new Uint8Array(32);

/** The job that ends what a removal began. */
export const REMOVED_ACCOUNTS_JOB = "removed-accounts";

export interface Removal {
  readonly sessionsEnded: number;
  readonly volumes: number;
  /** Ciphertext that nobody lists any more; the storage jobs give its space back. */
  readonly bytesReleased: number;
}

/**
 * The first step of every removal, and all of it that cannot be taken back: no slot is left to open the account key with,
 * no password to sign in by, nobody reads what it owned, it is out of what others own, and the job is told to take what is
 * left. Sessions are the caller's to end, and members to be told.
 */
export async function shutForGood(
  tx: WriteHandle,
  { user_id: userId }: Pick<Accounts, "user_id">,
  nowMs: number,
): Promise<Parted[]> {
  const parted = [...(await shutOwnVolumes(tx, userId, nowMs)), ...(await leaveVolumesOfOthers(tx, userId, nowMs))];
  await setDisabled(tx, userId, true);
  await deleteSlots(tx, userId);
  await replaceOpaqueRecord(tx, userId, NO_PASSWORD);
  await replaceRecoveryKey(tx, userId, NOBODYS_KEY);
  await deleteLoginsOf(tx, userId);
  await updateJob(tx, REMOVED_ACCOUNTS_JOB, { next_run_ms: nowMs });
  return parted;
}

/** Accounts whose removal began and did not end. */
export function listShutForGood(read: ReadHandle): Promise<Accounts[]> {
  return listUnopenable(read, NO_PASSWORD);
}

export interface Eraser {
  readonly read: ReadHandle;
  readonly write: Database["write"];
  /** Between two transactions. */
  readonly rest?: () => Promise<void>;
}

/**
 * What is left of an account that was shut for good, in small transactions; the account itself goes last, so whatever
 * interrupts this, it can be done again. Bytes of objects stay until storage sweeps what has no reference.
 */
export async function eraseAccount(
  eraser: Eraser,
  { user_id: userId, name }: Pick<Accounts, "user_id" | "name">,
  { nowMs, actor }: { readonly nowMs: number; readonly actor: AuditEntry["actor"] },
): Promise<{ readonly volumes: number }> {
  const volumes = await listVolumesOwnedBy(eraser.read, userId);
  const untilNoneIsLeft = async (deleteSome: (tx: WriteHandle) => Promise<boolean>): Promise<void> => {
    while (await eraser.write(deleteSome)) await eraser.rest?.();
  };
  for (const volumeId of volumes) await untilNoneIsLeft((tx) => deleteSomeOfVolume(tx, volumeId));
  await untilNoneIsLeft((tx) => deleteSomeOfAccount(tx, userId));
  await eraser.write(async (tx) => {
    await keepNeededIdentities(tx, userId);
    // A running server's job may have ended first what its operator began: it has been told of, then.
    if (!(await deleteAccountRows(tx, userId))) return;
    await forgetPastIdentities(tx);
    await insertNotices(tx, [{ kind: "account-removed", subject: toBase64Url(userId) }], nowMs);
    await insertAudit(tx, { atMs: nowMs, actor, action: "account-removed", subject: name });
  });
  return { volumes: volumes.length };
}

/**
 * First the account is shut, then its rows go, then the account: whatever interrupts this leaves an account that nobody can
 * use, and removing it again, or the job of a running server, goes on.
 * @throws PersonError no_such_account
 */
export async function removeAccount(database: Database, { name, nowMs }: PersonChange): Promise<Removal> {
  const { account, sessionsEnded } = await database.write(async (tx) => {
    const found = await requireAccount(tx, name);
    await shutForGood(tx, found, nowMs);
    return { account: found, sessionsEnded: await endEverySession(tx, found.user_id, nowMs) };
  });
  const { volumes } = await eraseAccount(database, account, { nowMs, actor: "operator" });
  return { sessionsEnded, volumes, bytesReleased: account.used_bytes };
}

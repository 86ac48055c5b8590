/** What whoever runs the server may do to an account. Each is one transaction with its audit entry; a running server follows within a second. */

import type { Database } from "../../db/index.ts";
import { deleteSlotsOfType, replaceOpaqueRecord, setDisabled, setQuota } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { deleteLoginsOf, forgetAttemptsOf } from "../../db/stores/logins.ts";
import { NO_PASSWORD, SLOT_TYPE } from "../accounts/slots.ts";
import { endEverySession, type PersonChange, requireAccount } from "./person.ts";

/** Nobody gets in any more, sessions end at once; everything stays stored. */
export function disableAccount(
  database: Database,
  { name, nowMs }: PersonChange,
): Promise<{ readonly sessionsEnded: number }> {
  return database.write(async (tx) => {
    const { user_id } = await requireAccount(tx, name);
    await setDisabled(tx, user_id, true);
    const sessionsEnded = await endEverySession(tx, user_id, nowMs);
    await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "account-disabled", subject: name });
    return { sessionsEnded };
  });
}

/** Signing in works again; sessions that were ended stay so. */
export function enableAccount(database: Database, { name, nowMs }: PersonChange): Promise<void> {
  return database.write(async (tx) => {
    const { user_id } = await requireAccount(tx, name);
    await setDisabled(tx, user_id, false);
    await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "account-enabled", subject: name });
  });
}

/** Counts from the next upload on; what is stored stays, also above it. null: no limit. */
export function changeQuota(
  database: Database,
  { name, nowMs, quotaBytes }: PersonChange & { readonly quotaBytes: number | null },
): Promise<{ readonly usedBytes: number }> {
  return database.write(async (tx) => {
    const { user_id, used_bytes } = await requireAccount(tx, name);
    await setQuota(tx, user_id, quotaBytes);
    await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "quota-changed", subject: name });
    return { usedBytes: used_bytes };
  });
}

export interface Reset {
  readonly sessionsEnded: number;
  /** Networks from which attempts at this name were counted. */
  readonly lockoutsCleared: number;
}

/**
 * Ends every session and forgets counted attempts. With `forgetPassword` also what the password is checked with and the
 * slot that it opens: from then on only the recovery words lead in, and who has them sets a new password. Nobody can
 * give a password, or the account key, back: the server never had either.
 */
export function resetAccount(
  database: Database,
  { name, nowMs, forgetPassword }: PersonChange & { readonly forgetPassword: boolean },
): Promise<Reset> {
  return database.write(async (tx) => {
    const { user_id } = await requireAccount(tx, name);
    // What was begun with the old password must not be finished.
    await deleteLoginsOf(tx, user_id);
    const lockoutsCleared = await forgetAttemptsOf(tx, user_id);
    const sessionsEnded = await endEverySession(tx, user_id, nowMs);
    await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "account-reset", subject: name });
    if (forgetPassword) {
      await replaceOpaqueRecord(tx, user_id, NO_PASSWORD);
      await deleteSlotsOfType(tx, user_id, SLOT_TYPE.password);
      await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "password-forgotten", subject: name });
    }
    return { sessionsEnded, lockoutsCleared };
  });
}

/** Removing an account with everything that belongs to it alone. */

import { toBase64Url } from "@excalibur/core/bytes";
import type { Database } from "../../db/index.ts";
import { setDisabled } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { insertNotices } from "../../db/stores/notices.ts";
import {
  countSharedVolumes,
  deleteAccountRows,
  deleteSomeOfAccount,
  deleteSomeOfVolume,
  listVolumesOwnedBy,
} from "../../db/stores/removal.ts";
import { endEverySession, type PersonChange, PersonError, requireAccount } from "./person.ts";

export interface Removal {
  readonly sessionsEnded: number;
  readonly volumes: number;
  /** Ciphertext that nobody lists any more; the storage jobs give its space back. */
  readonly bytesReleased: number;
}

function sharesVolumes(name: string, count: number): PersonError {
  return new PersonError(
    "shares_volumes",
    `The account «${name}» shares ${count === 1 ? "a volume" : `${count} volumes`} with others, or once did: without its public keys they could not check ` +
      "what it wrote. Nothing was changed. Disable it instead: «excalibur-server user disable» ends its access and keeps everything.",
  );
}

/**
 * First the account is shut, then its rows go in small transactions, then the account: whatever interrupts this leaves an
 * account that nobody can use, and removing it again goes on. Bytes of objects stay until storage sweeps what has no reference.
 * @throws PersonError no_such_account, shares_volumes
 */
export async function removeAccount(database: Database, { name, nowMs }: PersonChange): Promise<Removal> {
  const shut = await database.write(async (tx) => {
    const account = await requireAccount(tx, name);
    const shared = await countSharedVolumes(tx, account.user_id);
    if (shared > 0) throw sharesVolumes(name, shared);
    await setDisabled(tx, account.user_id, true);
    const sessionsEnded = await endEverySession(tx, account.user_id, nowMs);
    return { account, sessionsEnded };
  });
  const { user_id: userId, used_bytes: bytesReleased } = shut.account;
  const volumes = await listVolumesOwnedBy(database.read, userId);
  for (const volumeId of volumes) while (await database.write((tx) => deleteSomeOfVolume(tx, volumeId)));
  while (await database.write((tx) => deleteSomeOfAccount(tx, userId)));
  await database.write(async (tx) => {
    await deleteAccountRows(tx, userId);
    await insertNotices(tx, [{ kind: "account-removed", subject: toBase64Url(userId) }], nowMs);
    await insertAudit(tx, { atMs: nowMs, actor: "operator", action: "account-removed", subject: name });
  });
  return { sessionsEnded: shut.sessionsEnded, volumes: volumes.length, bytesReleased };
}

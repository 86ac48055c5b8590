import { toBase64Url } from "@excalibur/core/bytes";
import type { WriteHandle } from "../../../db/index.ts";
import { isHomeVolume } from "../../../db/stores/accounts.ts";
import { insertAudit } from "../../../db/stores/audit.ts";
import { shutMounted } from "../../../db/stores/sharing.ts";
import { memberSubjects } from "../../../db/stores/volumes.ts";
import { Refusal } from "../../../refusal.ts";

export interface Unmount {
  readonly volumeId: Uint8Array;
  /** Of the state that the sender has taken out of it: what was written since would be lost. */
  readonly headHash: Uint8Array;
}

/**
 * Ends volumes of the sender's whose contents the commit takes over, in its transaction: nobody is in them any more, and a job
 * removes their rows. Never one in which somebody else is, a drive, or one that has moved on. @throws Refusal `commit_invalid`
 */
export async function unmountVolumes(
  tx: WriteHandle,
  unmounts: readonly Unmount[],
  { userId, nowMs }: { readonly userId: Uint8Array; readonly nowMs: number },
): Promise<void> {
  for (const { volumeId, headHash } of unmounts) {
    if (await isHomeVolume(tx, volumeId)) throw new Refusal("commit_invalid", { reason: "unmount_unknown" });
    if ((await memberSubjects(tx, volumeId)).length > 1)
      throw new Refusal("commit_invalid", { reason: "unmount_shared" });
    if (!(await shutMounted(tx, { volumeId, ownerUserId: userId, headHash })))
      throw new Refusal("commit_invalid", { reason: "unmount_unknown" });
    await insertAudit(tx, { atMs: nowMs, actor: userId, action: "volume-unshared", subject: toBase64Url(volumeId) });
  }
}

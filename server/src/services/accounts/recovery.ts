import { isStrongSignatureKey } from "@excalibur/core/primitives";
import type { BodyOf, changeRecovery } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import { deleteSlotsOfType, findAccount, insertSlots, replaceRecoveryKey } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { deleteLoginsOf } from "../../db/stores/logins.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { decodeSlot, SLOT_TYPE } from "./slots.ts";

export interface Recovery {
  /** New words in the place of the old ones. The words themselves are never sent. */
  change(session: LiveSession, body: BodyOf<typeof changeRecovery>, transact: Transact): Promise<void>;
}

export function createRecovery({ clock }: { readonly clock: () => number }): Recovery {
  return {
    change: async ({ userId }, body, transact) => {
      const nowMs = clock();
      const publicKey = decodeBytes(body.recoveryPublicKey);
      if (!isStrongSignatureKey(publicKey)) throw new Refusal("record_invalid", { reason: "recoveryPublicKey" });
      const slot = decodeSlot(body.slot, { userId, nowMs });
      if (slot.type !== SLOT_TYPE.recovery) throw new Refusal("record_invalid", { reason: "slot" });
      // Key and slot change together: words that prove the account and open nothing, or the reverse, would be worthless.
      await transact(async (tx) => {
        const account = await findAccount(tx, userId);
        if (!account) throw new Refusal("session_ended");
        if (account.ak_generation !== slot.generation) {
          throw new Refusal("version_conflict", { version: account.ak_generation });
        }
        await replaceRecoveryKey(tx, userId, publicKey);
        await deleteSlotsOfType(tx, userId, SLOT_TYPE.recovery);
        await insertSlots(tx, [slot]);
        // What was begun with the old words must not be finished.
        await deleteLoginsOf(tx, userId);
        await insertAudit(tx, { atMs: nowMs, actor: userId, action: "recovery-words-changed" });
      });
    },
  };
}

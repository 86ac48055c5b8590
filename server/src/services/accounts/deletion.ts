import { toBase64Url } from "@excalibur/core/bytes";
import type { LiveSession } from "../../auth/session.ts";
import { findAccount } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { endSessions } from "../../db/stores/sessions.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import { shutForGood } from "../people/index.ts";
import type { Transact } from "../transact.ts";

export interface Deletion {
  /** By its owner. When this resolves nothing opens the account any more; a job takes what is stored (services/people). */
  deleteAccount(session: LiveSession, transact: Transact): Promise<void>;
}

export interface DeletionOptions {
  readonly clock: () => number;
  readonly announcer: Announcer;
}

export function createDeletion({ clock, announcer }: DeletionOptions): Deletion {
  return {
    deleteAccount: async ({ userId }, transact) => {
      const nowMs = clock();
      const { ended, parted } = await transact(async (tx) => {
        const account = await findAccount(tx, userId);
        if (!account) throw new Refusal("session_ended");
        const parted = await shutForGood(tx, account, nowMs);
        await insertAudit(tx, { atMs: nowMs, actor: userId, action: "account-deleted", subject: account.name });
        const ended = (await endSessions(tx, { userId, nowMs, actor: userId })).map(toBase64Url);
        return { ended, parted };
      });
      for (const sessionId of ended) announcer.announce({ type: "session-ended", sessionId });
      for (const { volumeId, gone } of parted) {
        announcer.announce({ type: "members", volumeId: toBase64Url(volumeId), gone: gone.map(toBase64Url) });
      }
    },
  };
}

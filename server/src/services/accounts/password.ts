import { toBase64Url } from "@excalibur/core/bytes";
import type { BodyOf, changePassword, passwordStart, ReplyOf } from "@excalibur/core/protocol";
import { answerRegistration, isUsableRecord } from "../../auth/opaque.ts";
import type { LiveSession } from "../../auth/session.ts";
import type { Secrets } from "../../config/secrets.ts";
import { deleteSlotsOfType, findAccount, insertSlots, replaceOpaqueRecord } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { deleteLoginsOf } from "../../db/stores/logins.ts";
import { endSessions } from "../../db/stores/sessions.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { decodeSlot, SLOT_TYPE } from "./slots.ts";

export interface Password {
  start(session: LiveSession, body: BodyOf<typeof passwordStart>): Promise<ReplyOf<typeof passwordStart>>;
  change(session: LiveSession, body: BodyOf<typeof changePassword>, transact: Transact): Promise<void>;
}

export interface PasswordOptions {
  readonly clock: () => number;
  readonly secrets: Secrets;
  readonly announcer: Announcer;
}

export function createPassword({ clock, secrets, announcer }: PasswordOptions): Password {
  return {
    start: async ({ userId }, { registrationRequest }) => {
      const response = await answerRegistration(secrets.opaqueServerSetup, userId, decodeBytes(registrationRequest));
      return { registrationResponse: toBase64Url(response) };
    },

    change: async ({ userId, sessionId }, body, transact) => {
      const nowMs = clock();
      const record = decodeBytes(body.registrationRecord);
      const isUsable = await isUsableRecord(secrets.opaqueServerSetup, record);
      if (!isUsable) throw new Refusal("record_invalid", { reason: "registrationRecord" });
      const slot = decodeSlot(body.slot, { userId, nowMs });
      if (slot.type !== SLOT_TYPE.password) throw new Refusal("record_invalid", { reason: "slot" });
      // Record and slot change together: half of it would lock the owner out.
      const ended = await transact(async (tx) => {
        const account = await findAccount(tx, userId);
        if (!account) throw new Refusal("session_ended");
        if (account.ak_generation !== slot.generation) {
          throw new Refusal("version_conflict", { version: account.ak_generation });
        }
        await replaceOpaqueRecord(tx, userId, record);
        await deleteSlotsOfType(tx, userId, SLOT_TYPE.password);
        await insertSlots(tx, [slot]);
        await deleteLoginsOf(tx, userId);
        await insertAudit(tx, { atMs: nowMs, actor: userId, action: "password-changed" });
        const others = body.endOtherSessions
          ? await endSessions(tx, { userId, nowMs, actor: userId, except: sessionId })
          : [];
        return others.map(toBase64Url);
      });
      for (const other of ended) announcer.announce({ type: "session-ended", sessionId: other });
    },
  };
}

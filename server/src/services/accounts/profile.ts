import { toBase64Url } from "@excalibur/core/bytes";
import type { getAccount, getIdentity, listSessions, lookUpPerson, ReplyOf } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import type { SessionRegister } from "../../auth/sessions.ts";
import type { Database } from "../../db/index.ts";
import { findAccount, findAccountByName, listSlots } from "../../db/stores/accounts.ts";
import { listIdentities } from "../../db/stores/identities.ts";
import { findKeyring } from "../../db/stores/keyrings.ts";
import { endSessions } from "../../db/stores/sessions.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { LookUps } from "./look-ups.ts";

/** What an account is told about itself, and about the public keys of others. */
export interface Profile {
  account(session: LiveSession): Promise<ReplyOf<typeof getAccount>>;
  sessions(session: LiveSession): Promise<ReplyOf<typeof listSessions>>;
  /** One of the account's own; ending what is not there succeeds. */
  endSession(session: LiveSession, sessionId: string, transact: Transact): Promise<void>;
  identity(userId: string): Promise<ReplyOf<typeof getIdentity>>;
  /** By user name. @throws Refusal `not_found` also for an account that is disabled, `rate_limited` */
  lookUp(session: LiveSession, name: string): Promise<ReplyOf<typeof lookUpPerson>>;
}

export interface ProfileOptions {
  readonly database: Database;
  readonly clock: () => number;
  readonly sessions: SessionRegister;
  readonly announcer: Announcer;
}

export function createProfile({ database, clock, sessions, announcer }: ProfileOptions): Profile {
  const lookUps = new LookUps(clock);

  async function recordsOf(userId: Uint8Array): Promise<string[]> {
    return (await listIdentities(database.read, [userId])).map(({ record }) => toBase64Url(record));
  }

  return {
    account: ({ userId, userIdText }) =>
      database.snapshot(async (read) => {
        const account = await findAccount(read, userId);
        const keyring = await findKeyring(read, userId);
        if (!account || !keyring) throw new Refusal("not_found");
        const slots = await listSlots(read, userId);
        return {
          userId: userIdText,
          name: account.name,
          admin: account.admin === 1,
          homeVolumeId: toBase64Url(account.home_volume_id),
          createdMs: account.created_ms,
          usedBytes: account.used_bytes,
          quotaBytes: account.quota_bytes,
          slots: slots.map((slot) => ({
            slotId: toBase64Url(slot.slot_id),
            type: slot.type,
            createdMs: slot.created_ms,
          })),
          keyringVersion: keyring.version,
        } as ReplyOf<typeof getAccount>;
      }),

    sessions: async ({ userId, sessionIdText }) => {
      const rows = await sessions.list(userId);
      const listed = rows.map((row) => ({
        sessionId: toBase64Url(row.session_id),
        deviceName: row.device_name,
        client: row.client,
        createdMs: row.created_ms,
        lastUsedMs: row.last_used_ms,
        current: toBase64Url(row.session_id) === sessionIdText,
      }));
      return { sessions: listed } as ReplyOf<typeof listSessions>;
    },

    endSession: async ({ userId }, sessionId, transact) => {
      const ended = await transact(async (tx) => {
        const nowMs = clock();
        const [one] = await endSessions(tx, { userId, nowMs, actor: userId, only: decodeBytes(sessionId) });
        return one !== undefined;
      });
      if (ended) announcer.announce({ type: "session-ended", sessionId });
    },

    identity: async (userId) => {
      const bytes = decodeBytes(userId);
      const account = await findAccount(database.read, bytes);
      if (!account) throw new Refusal("not_found");
      return { userId, name: account.name, records: await recordsOf(bytes) } as ReplyOf<typeof getIdentity>;
    },

    lookUp: async ({ userIdText }, name) => {
      lookUps.count(userIdText);
      const account = await findAccountByName(database.read, name);
      if (!account || account.disabled === 1) throw new Refusal("not_found");
      const { user_id: userId } = account;
      const facts = { userId: toBase64Url(userId), name: account.name, records: await recordsOf(userId) };
      return facts as ReplyOf<typeof lookUpPerson>;
    },
  };
}

import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { LIMITS, type SessionId, type UserId } from "@excalibur/core/protocol";
import type { Logger } from "pino";
import type { Database, Sessions as SessionRow, WriteHandle } from "../db/index.ts";
import {
  endSessions,
  findSessionRow,
  forgetSessionsEndedBefore,
  insertSession,
  listSessionRows,
  touchSession,
} from "../db/stores/sessions.ts";
import type { LiveSession } from "./session.ts";
import type { ProposedSession } from "./session-binding.ts";

/** Uses are written down at most this often: reading must not cost a write. */
const TOUCH_EVERY_MS = 5 * 60_000;
const ENDED_KEPT_MS = 30 * 86_400_000;

export interface SessionRegister {
  /** Live: neither ended nor left unused for too long. Notes that it was used. */
  find(sessionId: Uint8Array): Promise<LiveSession | undefined>;
  /** Newest use first. */
  list(userId: Uint8Array): Promise<SessionRow[]>;
  /** Makes one in the transaction of its proof; the least used beyond the limit end, and their ids are answered. */
  begin(
    tx: WriteHandle,
    userId: Uint8Array,
    proposed: ProposedSession,
  ): Promise<{ sessionId: Uint8Array; ended: Uint8Array[] }>;
}

function isLive(row: SessionRow, nowMs: number): boolean {
  const idleMs = row.client === "web" ? LIMITS.sessionIdleWebMs : LIMITS.sessionIdleDeviceMs;
  return row.ended_ms === null && nowMs - row.last_used_ms < idleMs;
}

export function createSessionRegister({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: () => number;
  log: Logger;
}): SessionRegister {
  const touching = new Set<string>();

  /** Beside the request, which does not wait for it. */
  function touch(sessionId: Uint8Array, text: string, nowMs: number): void {
    if (touching.has(text)) return;
    touching.add(text);
    database
      .write((tx) => touchSession(tx, sessionId, nowMs))
      .catch((error: unknown) => log.warn({ err: error }, "the use of a session was not written down"))
      .finally(() => touching.delete(text));
  }

  return {
    find: async (sessionId) => {
      const row = await findSessionRow(database.read, sessionId);
      const nowMs = clock();
      if (!row || !isLive(row, nowMs)) return undefined;
      const sessionIdText = toBase64Url(sessionId) as SessionId;
      if (nowMs - row.last_used_ms > TOUCH_EVERY_MS) touch(sessionId, sessionIdText, nowMs);
      return {
        sessionId,
        sessionIdText,
        userId: row.user_id,
        userIdText: toBase64Url(row.user_id) as UserId,
        publicKey: row.public_key,
        admin: row.admin === 1,
        disabled: row.disabled === 1,
        signedInMs: row.signed_in_ms,
        lastUsedMs: row.last_used_ms,
      };
    },
    list: async (userId) => {
      const rows = await listSessionRows(database.read, userId);
      return rows.filter((row) => isLive(row, clock()));
    },
    begin: async (tx, userId, { publicKey, deviceName, client }) => {
      const nowMs = clock();
      await forgetSessionsEndedBefore(tx, userId, nowMs - ENDED_KEPT_MS);
      const live = await listSessionRows(tx, userId);
      const ended: Uint8Array[] = [];
      for (const { session_id } of live.slice(LIMITS.sessionsPerUser - 1)) {
        ended.push(...(await endSessions(tx, { userId, nowMs, actor: userId, only: session_id })));
      }
      const sessionId = randomBytes(16);
      const times = { created_ms: nowMs, last_used_ms: nowMs, signed_in_ms: nowMs, ended_ms: null };
      const row = { session_id: sessionId, user_id: userId, public_key: publicKey, device_name: deviceName, client };
      await insertSession(tx, { ...row, ...times });
      return { sessionId, ended };
    },
  };
}

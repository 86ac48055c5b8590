import { toBase64Url } from "@excalibur/core/bytes";
import { LIMITS, type SessionId, type UserId } from "@excalibur/core/protocol";
import { ROLES } from "@excalibur/core/volume/record";
import type { LiveSession } from "../../auth/session.ts";
import { findLinkSession, touchLinkSession } from "../../db/stores/link-sessions.ts";
import { type LinksRoom, turnsAway } from "./links-room.ts";

/** Uses are written down at most this often: reading must not cost a write. */
const TOUCH_EVERY_MS = 5 * 60_000;

/** A visitor's session, as long as its link lets anybody in and its row stands in the member list. */
export async function findSession(room: LinksRoom, sessionId: Uint8Array): Promise<LiveSession | undefined> {
  const { database, clock, report } = room;
  const row = await findLinkSession(database.read, sessionId);
  const nowMs = clock();
  if (row === undefined || row.member_role === null || turnsAway(row, nowMs) !== undefined) return undefined;
  const isIdle = nowMs - row.last_used_ms >= LIMITS.linkSessionIdleMs;
  if (isIdle || nowMs - row.created_ms >= LIMITS.linkSessionMs) return undefined;
  if (nowMs - row.last_used_ms > TOUCH_EVERY_MS) {
    // Beside the request, which does not wait for it.
    database.write((tx) => touchLinkSession(tx, sessionId, nowMs)).catch(report);
  }
  return {
    ...{ sessionId, sessionIdText: toBase64Url(sessionId) as SessionId },
    ...{ userId: row.link_id, userIdText: toBase64Url(row.link_id) as UserId, publicKey: row.public_key },
    ...{ admin: false, disabled: false, signedInMs: row.created_ms, lastUsedMs: row.last_used_ms },
    link: {
      ...{ linkId: row.link_id, volumeId: row.volume_id, createdBy: row.created_by, ownerUserId: row.owner_user_id },
      role: row.member_role === ROLES.linkEditor ? "editor" : "viewer",
      ...{ expiresMs: row.expires_ms, client: row.client },
      ...{ reservedMs: row.reserved_ms, hasSpent: row.spent_ms !== null },
    },
  };
}

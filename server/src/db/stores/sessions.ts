import { toBase64Url } from "@excalibur/core/bytes";
import type { Insertable } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Sessions } from "../schema.ts";
import { type AuditEntry, insertAudit } from "./audit.ts";

export async function insertSession(tx: WriteHandle, session: Insertable<Sessions>): Promise<void> {
  await tx.insertInto("sessions").values(session).execute();
}

/** Not ended; whether it was left unused too long is the caller's to say. With what policies ask about its account. */
export function findSessionRow(read: ReadHandle, sessionId: Uint8Array) {
  return read
    .selectFrom("sessions")
    .innerJoin("accounts", "accounts.user_id", "sessions.user_id")
    .selectAll("sessions")
    .select(["accounts.admin", "accounts.disabled"])
    .where("session_id", "=", sessionId)
    .where("ended_ms", "is", null)
    .executeTakeFirst();
}

/** Newest use first. */
export function listSessionRows(read: ReadHandle, userId: Uint8Array): Promise<Sessions[]> {
  return read
    .selectFrom("sessions")
    .selectAll()
    .where("user_id", "=", userId)
    .where("ended_ms", "is", null)
    .orderBy("last_used_ms", "desc")
    .orderBy("session_id")
    .execute();
}

export async function touchSession(tx: WriteHandle, sessionId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("sessions")
    .set({ last_used_ms: nowMs })
    .where("session_id", "=", sessionId)
    .where("last_used_ms", "<", nowMs)
    .execute();
}

/** Those of the account that were live, each with its entry in the audit log; ending one again changes nothing. */
export async function endSessions(
  tx: WriteHandle,
  which: {
    readonly userId: Uint8Array;
    readonly nowMs: number;
    readonly actor: AuditEntry["actor"];
    readonly only?: Uint8Array;
    readonly except?: Uint8Array;
  },
): Promise<Uint8Array[]> {
  let query = tx
    .updateTable("sessions")
    .set({ ended_ms: which.nowMs })
    .where("user_id", "=", which.userId)
    .where("ended_ms", "is", null);
  if (which.only) query = query.where("session_id", "=", which.only);
  if (which.except) query = query.where("session_id", "!=", which.except);
  const ended = await query.returning("session_id").execute();
  for (const { session_id } of ended) {
    const subject = toBase64Url(session_id);
    await insertAudit(tx, { atMs: which.nowMs, actor: which.actor, action: "session-ended", subject });
  }
  return ended.map(({ session_id }) => session_id);
}

/** Ended ones are kept for a while, for whoever looks into what happened. */
export async function forgetSessionsEndedBefore(tx: WriteHandle, userId: Uint8Array, beforeMs: number): Promise<void> {
  await tx.deleteFrom("sessions").where("user_id", "=", userId).where("ended_ms", "<", beforeMs).execute();
}

/** How long a kind of device may leave its session unused. */
export interface SessionIdleness {
  readonly web: boolean;
  readonly lastUsedBeforeMs: number;
}

/** Sessions that were left unused too long; nobody can use them any more, but nobody has ended them. */
export async function countIdleSessions(read: ReadHandle, idleness: SessionIdleness): Promise<number> {
  const { count } = await read
    .selectFrom("sessions")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("ended_ms", "is", null)
    .where("client", idleness.web ? "=" : "!=", "web")
    .where("last_used_ms", "<=", idleness.lastUsedBeforeMs)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function endIdleSessions(tx: WriteHandle, idleness: SessionIdleness, nowMs: number): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("sessions")
    .set({ ended_ms: nowMs })
    .where("ended_ms", "is", null)
    .where("client", idleness.web ? "=" : "!=", "web")
    .where("last_used_ms", "<=", idleness.lastUsedBeforeMs)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

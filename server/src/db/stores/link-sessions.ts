import type { ReadHandle, WriteHandle } from "../database.ts";
import type { LinkSessions } from "../schema.ts";
import type { StandingLink } from "./links.ts";

export type LinkSessionRow = Readonly<LinkSessions>;

export async function insertLinkSession(tx: WriteHandle, row: LinkSessionRow): Promise<void> {
  await tx.insertInto("link_sessions").values(row).execute();
}

/** The session and how its link stands; whether either still holds is the caller's to say. */
export function findLinkSession(
  read: ReadHandle,
  sessionId: Uint8Array,
): Promise<
  | (LinkSessionRow &
      Pick<
        StandingLink,
        "expires_ms" | "paused" | "revoked_ms" | "created_by" | "owner_user_id" | "owner_disabled" | "member_role"
      >)
  | undefined
> {
  return read
    .selectFrom("link_sessions")
    .innerJoin("links", "links.link_id", "link_sessions.link_id")
    .innerJoin("volumes", "volumes.volume_id", "links.volume_id")
    .innerJoin("accounts", "accounts.user_id", "volumes.owner_user_id")
    .leftJoin("members", (join) =>
      join.onRef("members.volume_id", "=", "links.volume_id").onRef("members.subject_id", "=", "links.link_id"),
    )
    .selectAll("link_sessions")
    .select(["links.expires_ms", "links.paused", "links.revoked_ms", "links.created_by"])
    .select(["volumes.owner_user_id", "accounts.disabled as owner_disabled", "members.role as member_role"])
    .where("session_id", "=", sessionId)
    .executeTakeFirst();
}

export async function touchLinkSession(tx: WriteHandle, sessionId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("link_sessions")
    .set({ last_used_ms: nowMs })
    .where("session_id", "=", sessionId)
    .where("last_used_ms", "<", nowMs)
    .execute();
}

/** Sessions of a link that are over and hold no use that may yet be given back. */
export async function deleteLinkSessions(
  tx: WriteHandle,
  linkId: Uint8Array,
  { usedBeforeMs, begunBeforeMs }: { readonly usedBeforeMs: number; readonly begunBeforeMs: number },
): Promise<void> {
  await tx
    .deleteFrom("link_sessions")
    .where("link_id", "=", linkId)
    .where((eb) => eb.or([eb("last_used_ms", "<=", usedBeforeMs), eb("created_ms", "<=", begunBeforeMs)]))
    .where((eb) => eb.or([eb("reserved_ms", "is", null), eb("spent_ms", "is not", null)]))
    .execute();
}

/** Notes that contents were asked for; true when the session had no use yet, and so needs one. */
export async function beginUse(tx: WriteHandle, sessionId: Uint8Array, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("link_sessions")
    .set({ reserved_ms: nowMs })
    .where("session_id", "=", sessionId)
    .where("reserved_ms", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The use that the session has begun is begun anew. */
export async function renewUse(tx: WriteHandle, sessionId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("link_sessions")
    .set({ reserved_ms: nowMs })
    .where("session_id", "=", sessionId)
    .where("reserved_ms", "<", nowMs)
    .execute();
}

/** True when it was not completed before. */
export async function completeUse(tx: WriteHandle, sessionId: Uint8Array, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("link_sessions")
    .set({ spent_ms: nowMs })
    .where("session_id", "=", sessionId)
    .where("reserved_ms", "is not", null)
    .where("spent_ms", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ends the uses of a link that were begun long ago and not completed. How many there were. */
export async function endOldUses(tx: WriteHandle, linkId: Uint8Array, begunBeforeMs: number): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("link_sessions")
    .set({ reserved_ms: null })
    .where("link_id", "=", linkId)
    .where("reserved_ms", "<=", begunBeforeMs)
    .where("spent_ms", "is", null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

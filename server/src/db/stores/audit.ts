import { randomBytes } from "@excalibur/core/primitives";
import type { WriteHandle } from "../database.ts";

export interface AuditEntry {
  readonly atMs: number;
  /** The account that acted, if there is one yet. */
  readonly actor: Uint8Array | null;
  /** A stable word. */
  readonly action: "sign-up" | "sign-in" | "recovery" | "password-changed" | "session-ended";
}

/** Who did what to an account and when; never a name of a file, never a secret. */
export async function insertAudit(tx: WriteHandle, { atMs, actor, action }: AuditEntry): Promise<void> {
  const row = { audit_id: randomBytes(16), at_ms: atMs, actor, action, subject: null, request_id: null };
  await tx.insertInto("audit").values(row).execute();
}

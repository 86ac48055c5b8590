import { toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import { currentRequestId } from "../../request-scope.ts";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Audit } from "../schema.ts";

/** Stable words, explained in docs/operate/seeing.md. */
export type AuditAction =
  | "sign-up"
  | "sign-in"
  | "sign-in-failed"
  | "sign-in-refused"
  | "recovery"
  | "recovery-failed"
  | "recovery-refused"
  | "password-changed"
  | "recovery-words-changed"
  | "account-deleted"
  | "session-ended"
  | "volume-created"
  | "volume-shared"
  | "volume-unshared"
  | "member-added"
  | "member-changed"
  | "member-removed"
  | "member-left"
  | "link-created"
  | "link-changed"
  | "link-locked"
  | "link-claimed"
  | "request-created"
  | "request-changed"
  | "request-deleted"
  | "request-items"
  | "quota-exceeded"
  | "quota-changed"
  | "account-disabled"
  | "account-enabled"
  | "account-reset"
  | "password-forgotten"
  | "account-removed"
  | "invitation-created"
  | "invitation-revoked"
  | "server-started"
  | "server-stopped";

export interface AuditEntry {
  readonly atMs: number;
  /** The account that acted, whoever runs the server, the server by itself, or somebody who has proved nothing. */
  readonly actor: Uint8Array | "operator" | "server" | "anybody";
  readonly action: AuditAction;
  /** What it was done to: a user name or an opaque id. Never a name of a file, never a secret, never an address. */
  readonly subject?: string;
}

const COUNTED_PER_MS = 3_600_000;

function rowOf({ atMs, actor, action, subject }: AuditEntry): Omit<Audit, "audit_id" | "request_id" | "count"> {
  const isAccount = typeof actor !== "string";
  return {
    at_ms: atMs,
    actor: isAccount ? actor : null,
    actor_kind: isAccount ? "account" : actor,
    action,
    subject: subject ?? null,
  };
}

/** Who did what to whom and when. */
export async function insertAudit(tx: WriteHandle, entry: AuditEntry): Promise<void> {
  const row = { ...rowOf(entry), audit_id: randomBytes(16), request_id: currentRequestId() ?? null, count: 1 };
  await tx.insertInto("audit").values(row).execute();
}

/** One entry an hour for each action, actor and subject: whoever makes it happen a million times writes a number, not a million rows. */
function countedId({ atMs, actor, action, subject }: AuditEntry): Uint8Array {
  const who = typeof actor === "string" ? actor : toBase64Url(actor);
  const hour = Math.floor(atMs / COUNTED_PER_MS);
  return sha256(utf8Encode(JSON.stringify([hour, who, action, subject ?? null]))).subarray(0, 16);
}

export async function countAudit(tx: WriteHandle, entry: AuditEntry): Promise<void> {
  const row = { ...rowOf(entry), audit_id: countedId(entry), request_id: currentRequestId() ?? null, count: 1 };
  await tx
    .insertInto("audit")
    .values(row)
    .onConflict((on) =>
      on.column("audit_id").doUpdateSet((eb) => ({
        count: eb("audit.count", "+", 1),
        at_ms: row.at_ms,
        request_id: row.request_id,
      })),
    )
    .execute();
}

/** Takes back what `countAudit` counted at that time. */
export async function uncountAudit(tx: WriteHandle, entry: AuditEntry): Promise<void> {
  const auditId = countedId(entry);
  await tx
    .updateTable("audit")
    .set((eb) => ({ count: eb("count", "-", 1) }))
    .where("audit_id", "=", auditId)
    .execute();
  await tx.deleteFrom("audit").where("audit_id", "=", auditId).where("count", "<=", 0).execute();
}

/** `actorName` is null when the account is gone, or was none. */
export type AuditRow = Audit & { readonly actorName: string | null };

function selectAudit(read: ReadHandle) {
  return read
    .selectFrom("audit")
    .leftJoin("accounts", "accounts.user_id", "audit.actor")
    .selectAll("audit")
    .select("accounts.name as actorName");
}

/** The newest, in order of time. */
export async function listNewestAudit(read: ReadHandle, limit: number): Promise<AuditRow[]> {
  const rows = await selectAudit(read)
    .orderBy("audit.at_ms", "desc")
    .orderBy("audit.audit_id", "desc")
    .limit(limit)
    .execute();
  return rows.reverse();
}

export interface AuditRange {
  /** Entries of this time and later. */
  readonly fromMs: number;
  /** And after this one. */
  readonly after?: Pick<Audit, "at_ms" | "audit_id"> | undefined;
  readonly limit: number;
}

/** In order of time. */
export function listAudit(read: ReadHandle, { fromMs, after, limit }: AuditRange): Promise<AuditRow[]> {
  let query = selectAudit(read).where("audit.at_ms", ">=", fromMs);
  if (after !== undefined) {
    const { at_ms, audit_id } = after;
    query = query.where((eb) =>
      eb.or([
        eb("audit.at_ms", ">", at_ms),
        eb.and([eb("audit.at_ms", "=", at_ms), eb("audit.audit_id", ">", audit_id)]),
      ]),
    );
  }
  return query.orderBy("audit.at_ms").orderBy("audit.audit_id").limit(limit).execute();
}

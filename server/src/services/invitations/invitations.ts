import { ExcaliburError, equalBytes, fromBase64Url, toBase64Url, toHex } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import type { Database, Invites, WriteHandle } from "../../db/index.ts";
import { findAccountByName } from "../../db/stores/accounts.ts";
import { type AuditEntry, insertAudit } from "../../db/stores/audit.ts";
import { insertInvite, listInvites, revokeFirstRunInvites, revokeInvites } from "../../db/stores/invites.ts";

const CODE_BYTES = 16;
const ID_BYTES = 5;
const DAY_MS = 86_400_000;

export const INVITATION_LIFETIME_MS = 14 * DAY_MS;

export interface Invitation {
  /** 22 characters; the database keeps only its hash. */
  readonly code: string;
  readonly expiresMs: number;
}

export interface InvitationOptions {
  readonly admin: boolean;
  /** The only user name it is good for. */
  readonly name?: string;
  readonly lifetimeMs?: number;
  readonly nowMs: number;
}

/** An invitation cannot be made or revoked as asked; the sentence says why. Nothing was changed. */
export class InvitationError extends ExcaliburError {
  declare readonly code: "name_taken" | "invitation_unknown" | "invitation_spent";
}

async function insert(
  tx: WriteHandle,
  { admin, name, nowMs, lifetimeMs }: InvitationOptions,
  { firstRun, actor }: { readonly firstRun: boolean; readonly actor: AuditEntry["actor"] },
): Promise<Invitation> {
  const code = randomBytes(CODE_BYTES);
  const codeHash = sha256(code);
  const expiresMs = nowMs + (lifetimeMs ?? INVITATION_LIFETIME_MS);
  await insertInvite(tx, {
    code_hash: codeHash,
    admin: admin ? 1 : 0,
    first_run: firstRun ? 1 : 0,
    created_ms: nowMs,
    expires_ms: expiresMs,
    used_by: null,
    used_ms: null,
    revoked_ms: null,
    name: name ?? null,
  });
  await insertAudit(tx, { atMs: nowMs, actor, action: "invitation-created", subject: invitationId(codeHash) });
  return { code: toBase64Url(code), expiresMs };
}

/** How people name an invitation whose code only its receiver has: the beginning of what the database keeps of it. */
export function invitationId(codeHash: Uint8Array): string {
  return toHex(codeHash.subarray(0, ID_BYTES));
}

/**
 * A single-use invitation for one new account. One for a name takes the place of earlier ones for that name.
 * @throws InvitationError name_taken when the name has an account already
 */
export function createInvitation(database: Database, options: InvitationOptions): Promise<Invitation> {
  const { name, nowMs } = options;
  return database.write(async (tx) => {
    if (name !== undefined) {
      if (await findAccountByName(tx, name)) throw nameTaken(name);
      for (const { code_hash } of await revokeInvites(tx, { name, nowMs })) await auditRevoked(tx, code_hash, nowMs);
    }
    return insert(tx, options, { firstRun: false, actor: "operator" });
  });
}

function nameTaken(name: string): InvitationError {
  return new InvitationError(
    "name_taken",
    `There is an account «${name}» already. Nothing was changed; «excalibur-server user list» names everybody.`,
  );
}

/** The administrator's invitation of a server without accounts; the unused one of an earlier start is no good any more. */
export function createFirstInvitation(database: Database, nowMs: number): Promise<Invitation> {
  return database.write(async (tx) => {
    await revokeFirstRunInvites(tx, nowMs);
    return insert(tx, { admin: true, nowMs }, { firstRun: true, actor: "server" });
  });
}

export interface ListedInvitation {
  readonly id: string;
  readonly name: string | null;
  readonly admin: boolean;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly state: "open" | "used" | "revoked" | "expired";
  /** The account that it became, if that is still there. */
  readonly usedBy: string | null;
}

/** Oldest first. */
export async function listInvitations(database: Database, nowMs: number): Promise<ListedInvitation[]> {
  const rows = await listInvites(database.read);
  return rows.map((row) => ({
    id: invitationId(row.code_hash),
    name: row.name,
    admin: row.admin === 1,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    state: stateOf(row, nowMs),
    usedBy: row.usedByName,
  }));
}

function stateOf(row: Invites, nowMs: number): ListedInvitation["state"] {
  if (row.used_ms !== null) return "used";
  if (row.revoked_ms !== null) return "revoked";
  return row.expires_ms > nowMs ? "open" : "expired";
}

/** Which one is meant: its id as listed, its code, or the address that ends in it. */
function isMeant(text: string, codeHash: Uint8Array): boolean {
  if (text === invitationId(codeHash)) return true;
  const code = text.includes("#invite=") ? text.slice(text.indexOf("#invite=") + "#invite=".length) : text;
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(code) && equalBytes(sha256(fromBase64Url(code)), codeHash);
}

/** Nobody can use it any more. @throws InvitationError invitation_unknown, invitation_spent */
export function revokeInvitation(
  database: Database,
  { which, nowMs }: { readonly which: string; readonly nowMs: number },
): Promise<string> {
  return database.write(async (tx) => {
    const found = (await listInvites(tx)).filter(({ code_hash }) => isMeant(which, code_hash));
    const [invite] = found;
    if (invite === undefined || found.length > 1) {
      const message = "There is no such invitation. Nothing was changed; «excalibur-server invite list» names them.";
      throw new InvitationError("invitation_unknown", message);
    }
    const id = invitationId(invite.code_hash);
    const state = stateOf(invite, nowMs);
    if (state !== "open") throw new InvitationError("invitation_spent", `${SPENT[state]} Nothing was changed.`);
    await revokeInvites(tx, { codeHash: invite.code_hash, nowMs });
    await auditRevoked(tx, invite.code_hash, nowMs);
    return id;
  });
}

const SPENT = {
  used: "That invitation was used already: its account exists, and «excalibur-server user disable» shuts it.",
  revoked: "That invitation was revoked already.",
  expired: "That invitation has expired already.",
} as const;

function auditRevoked(tx: WriteHandle, codeHash: Uint8Array, nowMs: number): Promise<void> {
  const subject = invitationId(codeHash);
  return insertAudit(tx, { atMs: nowMs, actor: "operator", action: "invitation-revoked", subject });
}

/** The fragment stays with the browser, so that the code reaches no server, log or proxy. */
export function invitationUrl(origin: string, { code }: Invitation): string {
  return `${origin.replace(/\/+$/, "")}/#invite=${code}`;
}

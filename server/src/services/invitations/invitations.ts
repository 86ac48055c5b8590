import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import type { Database, WriteHandle } from "../../db/index.ts";
import { insertInvite, revokeFirstRunInvites } from "../../db/stores/invites.ts";

const CODE_BYTES = 16;
const DAY_MS = 86_400_000;

export const INVITATION_LIFETIME_MS = 14 * DAY_MS;

export interface Invitation {
  /** 22 characters; the database keeps only its hash. */
  readonly code: string;
  readonly expiresMs: number;
}

export interface InvitationOptions {
  readonly admin: boolean;
  readonly lifetimeMs?: number;
  readonly nowMs: number;
}

async function insert(
  tx: WriteHandle,
  { admin, nowMs, lifetimeMs }: InvitationOptions,
  firstRun: boolean,
): Promise<Invitation> {
  const code = randomBytes(CODE_BYTES);
  const expiresMs = nowMs + (lifetimeMs ?? INVITATION_LIFETIME_MS);
  await insertInvite(tx, {
    code_hash: sha256(code),
    admin: admin ? 1 : 0,
    first_run: firstRun ? 1 : 0,
    created_ms: nowMs,
    expires_ms: expiresMs,
    used_by: null,
    used_ms: null,
    revoked_ms: null,
  });
  return { code: toBase64Url(code), expiresMs };
}

/** A single-use invitation for one new account. */
export function createInvitation(database: Database, options: InvitationOptions): Promise<Invitation> {
  return database.write((tx) => insert(tx, options, false));
}

/** The administrator's invitation of a server without accounts; the unused one of an earlier start is no good any more. */
export function createFirstInvitation(database: Database, nowMs: number): Promise<Invitation> {
  return database.write(async (tx) => {
    await revokeFirstRunInvites(tx, nowMs);
    return insert(tx, { admin: true, nowMs }, true);
  });
}

/** The fragment stays with the browser, so that the code reaches no server, log or proxy. */
export function invitationUrl(origin: string, { code }: Invitation): string {
  return `${origin.replace(/\/+$/, "")}/#invite=${code}`;
}

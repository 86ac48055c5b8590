/** Opening a link: docs/spec/links.md §5. Who does not show the right knock learns nothing, not even whether the link is there. */

import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { decodeLinkIdentity } from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import {
  type knockLink,
  LIMITS,
  type LinkOutcome,
  type openLink,
  type ReplyOf,
  type SessionBinding,
} from "@excalibur/core/protocol";
import { attemptSubject, countAttempt, succeeded } from "../../auth/attempts.ts";
import { bindingMessage, checkBinding, type ProposedSession } from "../../auth/session-binding.ts";
import type { Logins, ReadHandle, WriteHandle } from "../../db/index.ts";
import { countAudit } from "../../db/stores/audit.ts";
import { deleteLinkSessions, insertLinkSession } from "../../db/stores/link-sessions.ts";
import { findEndedLink, findStandingLink, type StandingLink } from "../../db/stores/links.ts";
import { insertLogin, takeLogin } from "../../db/stores/logins.ts";
import { Refusal } from "../../refusal.ts";
import {
  announceUse,
  isUsedUp,
  type LinksRoom,
  noteInLog,
  settleUses,
  TURNED_AWAY,
  type TurnedAway,
  turnsAway,
  writeFor,
} from "./links-room.ts";

const UNKNOWN = "unknown";
const NO_KNOCK = new Uint8Array(32);

/** What somebody shows who has the address of a link. */
export interface ShownKnock {
  readonly linkId: Uint8Array;
  readonly knock: Uint8Array;
}

export interface Knock extends ShownKnock {
  /** The caller's address or prefix: wrong passwords are counted for each apart. */
  readonly network: string;
}

/**
 * @throws Refusal `not_found`, the same for a link that never was, for one that nobody may use yet, and for a wrong knock;
 * `link_revoked` for one that was taken back and whose volume has gone since
 */
export async function requireKnock(read: ReadHandle, { linkId, knock }: ShownKnock): Promise<StandingLink> {
  const link = await findStandingLink(read, linkId);
  const ended = link === undefined ? await findEndedLink(read, linkId) : undefined;
  const isRight = equalBytes(sha256(knock), (link ?? ended)?.knock_hash ?? NO_KNOCK);
  if (ended !== undefined && isRight) throw new Refusal("link_revoked");
  // Neither in the member list nor taken off it: it was begun and not brought to an end.
  const wasUsed = link !== undefined && (link.member_role !== null || link.revoked_ms !== null);
  if (link === undefined || !isRight || !wasUsed) throw new Refusal("not_found");
  return link;
}

/** How the link stands in this transaction: the refusal, or nothing. It is in the log afterwards. */
async function refusedNow(
  tx: WriteHandle,
  linkId: Uint8Array,
  { nowMs, client }: { readonly nowMs: number; readonly client: string },
): Promise<TurnedAway | undefined> {
  await settleUses(tx, linkId, nowMs);
  const link = await findStandingLink(tx, linkId);
  // There when it was knocked at: its volume has gone meanwhile.
  if (link === undefined) return "link_revoked";
  const refused = turnsAway(link, nowMs) ?? (isUsedUp(link) ? "link_used_up" : undefined);
  if (refused !== undefined) await noteInLog(tx, { link, outcome: TURNED_AWAY[refused], client, atMs: nowMs });
  return refused;
}

/** @throws Refusal as `requireKnock`, and `link_expired`, `link_paused`, `link_used_up` */
export async function knock(room: LinksRoom, visitor: Knock): Promise<ReplyOf<typeof knockLink>> {
  const link = await requireKnock(room.database.read, visitor);
  const nowMs = room.clock();
  const linkIdText = toBase64Url(link.link_id);
  const login: Logins = {
    ...{ login_id: randomBytes(16), purpose: "link", name: linkIdText, user_id: null, told_user_id: link.link_id },
    ...{ subject: attemptSubject("link", linkIdText, visitor.network), state: new Uint8Array(0) },
    ...{ server_nonce: randomBytes(32), expires_ms: nowMs + LIMITS.loginMs },
  };
  const refused = await writeFor(room, link.link_id, async (tx) => {
    const reason = await refusedNow(tx, link.link_id, { nowMs, client: UNKNOWN });
    if (reason === undefined) await insertLogin(tx, login, nowMs);
    return reason;
  });
  if (refused !== undefined) throw new Refusal(refused);
  return {
    loginId: toBase64Url(login.login_id),
    serverNonce: toBase64Url(login.server_nonce),
    needsPassword: link.has_password === 1,
  } as ReplyOf<typeof knockLink>;
}

export interface Opening extends Knock {
  readonly loginId: Uint8Array;
  readonly session: SessionBinding;
}

/** @throws Refusal as `knock`, and `link_password_wrong`, `too_many_attempts`, `bad_request` for a login that is used up or too old */
export async function open(room: LinksRoom, opening: Opening): Promise<ReplyOf<typeof openLink>> {
  const { clock, origins } = room;
  const proposed = checkBinding(opening.session, origins());
  const link = await requireKnock(room.database.read, opening);
  // Gone before anything is looked at: every login has one chance.
  const login = await writeFor(room, link.link_id, (tx) => takeLogin(tx, opening.loginId));
  const isGood = login?.purpose === "link" && equalBytes(login.told_user_id, link.link_id);
  if (!login || !isGood || login.expires_ms <= clock()) throw new Refusal("bad_request", { reason: "loginId" });
  if (link.has_password === 1) await countGuess(room, link, { login, client: proposed.client });
  const { signatureKey } = decodeLinkIdentity(link.identity);
  if (!verifyLabelled("session", signatureKey, bindingMessage("link", login, proposed), proposed.proof)) {
    return await refuseProof(room, link, proposed);
  }
  return await begin(room, link, { login, proposed });
}

/** Counted when it begins: many at once are so many guesses. Success takes it back. */
async function countGuess(
  room: LinksRoom,
  link: StandingLink,
  { login, client }: { readonly login: Logins; readonly client: string },
): Promise<void> {
  const nowMs = room.clock();
  try {
    await writeFor(room, link.link_id, (tx) => countAttempt(tx, { subject: login.subject, userId: null, nowMs }));
  } catch (error) {
    if (error instanceof Refusal && error.code === "too_many_attempts") {
      await writeFor(room, link.link_id, async (tx) => {
        await noteInLog(tx, { link, outcome: "locked", client, atMs: nowMs });
        const subject = `${toBase64Url(link.volume_id)} ${toBase64Url(link.link_id)}`;
        await countAudit(tx, { atMs: nowMs, actor: "anybody", action: "link-locked", subject });
      });
    }
    throw error;
  }
}

async function refuseProof(room: LinksRoom, link: StandingLink, { client }: ProposedSession): Promise<never> {
  // Without a password only a program that is wrong gets here.
  if (link.has_password === 0) throw new Refusal("bad_request", { reason: "proof" });
  const outcome: LinkOutcome = "wrong-password";
  await writeFor(room, link.link_id, (tx) => noteInLog(tx, { link, outcome, client, atMs: room.clock() }));
  throw new Refusal("link_password_wrong");
}

async function begin(
  room: LinksRoom,
  link: StandingLink,
  { login, proposed }: { readonly login: Logins; readonly proposed: ProposedSession },
): Promise<ReplyOf<typeof openLink>> {
  const { link_id, volume_id } = link;
  const { publicKey, client } = proposed;
  const nowMs = room.clock();
  const sessionId = randomBytes(16);
  const refused = await writeFor(room, link_id, async (tx) => {
    await succeeded(tx, login.subject);
    const reason = await refusedNow(tx, link_id, { nowMs, client });
    if (reason !== undefined) return reason;
    const over = { usedBeforeMs: nowMs - LIMITS.linkSessionIdleMs, begunBeforeMs: nowMs - LIMITS.linkSessionMs };
    await deleteLinkSessions(tx, link_id, over);
    await insertLinkSession(tx, {
      ...{ session_id: sessionId, link_id, volume_id, public_key: publicKey, client },
      ...{ created_ms: nowMs, last_used_ms: nowMs, reserved_ms: null, spent_ms: null },
    });
    await noteInLog(tx, { link, outcome: "opened", client, atMs: nowMs });
    return undefined;
  });
  if (refused !== undefined) throw new Refusal(refused);
  announceUse(room, link);
  return {
    sessionId: toBase64Url(sessionId),
    record: toBase64Url(link.record),
    viewOnly: link.view_only === 1,
    expiresMs: link.expires_ms,
  } as ReplyOf<typeof openLink>;
}

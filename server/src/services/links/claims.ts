/** Accounts that take up an invitation: docs/spec/links.md §10. */

import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { claimMessage, decodeLinkIdentity, isInvitationId } from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import { sha256 } from "@excalibur/core/primitives";
import type { WriteHandle } from "../../db/index.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { type IdentityRow, listIdentities } from "../../db/stores/identities.ts";
import { type ClaimRow, findClaim, insertClaim, listClaimsBy, listClaimsOf } from "../../db/stores/link-claims.ts";
import { findStandingLink } from "../../db/stores/links.ts";
import { takeLogin } from "../../db/stores/logins.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { announceUse, type LinksRoom, turnsAway } from "./links-room.ts";
import { requireKnock } from "./visit.ts";

export interface Claiming {
  readonly userId: Uint8Array;
  readonly linkId: Uint8Array;
  readonly knock: Uint8Array;
  readonly loginId: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Remembers that an account wants the place of an invitation, for whoever may change the members; the same claim again
 * changes nothing. @throws Refusal `not_found`, `link_expired`, `link_paused`, `link_revoked`, `link_claimed`,
 * `record_invalid`, `bad_request` for a login that is used up or too old
 */
export async function claimLink(room: LinksRoom, claim: Claiming, transact: Transact): Promise<void> {
  const link = await requireKnock(room.database.read, claim);
  const isNew = await room.locks.run(toBase64Url(claim.linkId), () => transact((tx) => store(tx, claim, room.clock())));
  if (isNew) announceUse(room, link);
}

async function store(tx: WriteHandle, claim: Claiming, nowMs: number): Promise<boolean> {
  const { linkId, userId, loginId, signature } = claim;
  const link = await findStandingLink(tx, linkId);
  // There when it was knocked at: its volume has gone meanwhile.
  if (link === undefined) throw new Refusal("link_revoked");
  if (!isInvitationId(linkId)) throw new Refusal("record_invalid", { reason: "invitation" });
  const refused = turnsAway(link, nowMs);
  if (refused !== undefined) throw new Refusal(refused);
  const earlier = await findClaim(tx, linkId);
  if (earlier !== undefined) {
    if (equalBytes(earlier.user_id, userId)) return false;
    throw new Refusal("link_claimed");
  }
  const login = await takeLogin(tx, loginId);
  const isGood = login?.purpose === "link" && equalBytes(login.told_user_id, linkId);
  if (!login || !isGood || login.expires_ms <= nowMs) throw new Refusal("bad_request", { reason: "loginId" });
  const newest = (await listIdentities(tx, [userId])).at(-1);
  if (newest === undefined) throw new Refusal("not_found");
  const { server_nonce: serverNonce } = login;
  const message = claimMessage({ linkId, identityHash: sha256(newest.record), serverNonce });
  if (!verifyLabelled("claim", decodeLinkIdentity(link.identity).signatureKey, message, signature))
    throw new Refusal("record_invalid", { reason: "signature" });
  const { volume_id } = link;
  const row = { link_id: linkId, volume_id, user_id: userId, server_nonce: serverNonce, signature, claimed_ms: nowMs };
  if (!(await insertClaim(tx, row))) throw new Refusal("link_claimed");
  const subject = `${toBase64Url(volume_id)} ${toBase64Url(linkId)}`;
  await insertAudit(tx, { atMs: nowMs, actor: userId, action: "link-claimed", subject });
  return true;
}

/** What an account waits for. */
export function listOwnClaims({ database }: LinksRoom, userId: Uint8Array) {
  return listClaimsBy(database.read, userId);
}

/** A claim with what it is verified by. */
export type StandingClaim = ClaimRow & { readonly records: readonly Uint8Array[] };

/** Those of some links, by their ids as text. */
export async function claimsOf(
  { database }: LinksRoom,
  linkIds: readonly Uint8Array[],
): Promise<ReadonlyMap<string, StandingClaim>> {
  const claims = await listClaimsOf(database.read, linkIds);
  if (claims.length === 0) return new Map();
  const userIds = claims.map(({ user_id }) => user_id);
  const identities: readonly IdentityRow[] = await listIdentities(database.read, userIds);
  return new Map(
    claims.map((claim) => {
      const own = identities.filter(({ user_id }) => equalBytes(user_id, claim.user_id));
      return [toBase64Url(claim.link_id), { ...claim, records: own.map(({ record }) => record) }];
    }),
  );
}

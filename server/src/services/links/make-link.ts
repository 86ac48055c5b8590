import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND, isPossibleCiphertextLength, parseExefHeader } from "@excalibur/core/exef/public";
import { decodeLinkIdentity, isInvitationId } from "@excalibur/core/identity";
import { LIMITS, type LinkId, type LinkRules } from "@excalibur/core/protocol";
import { isRole, mayChangeMembers, ROLES } from "@excalibur/core/volume/record";
import type { ReadHandle } from "../../db/index.ts";
import { findAccount } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { listLinkEvents } from "../../db/stores/link-log.ts";
import {
  changeLinkRules,
  countLinks,
  deleteUnusedLinks,
  findLink,
  insertLink,
  type LinkRow,
  type LinkRulesRow,
  listLinksFor,
} from "../../db/stores/links.ts";
import { findMembership } from "../../db/stores/volumes.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { refuseInvalid } from "../volumes/index.ts";
import { claimsOf } from "./claims.ts";
import type { LinksRoom } from "./links-room.ts";

/** A link that no member list named in this time never will be. */
const UNUSED_FOR_MS = 24 * 3_600_000;

const CHANGE_MEMBERS: readonly number[] = Object.values(ROLES).filter(mayChangeMembers);

export interface NewLink {
  readonly userId: Uint8Array;
  readonly linkId: Uint8Array;
  readonly volumeId: Uint8Array;
  readonly role: "viewer" | "editor";
  readonly identity: Uint8Array;
  readonly knockHash: Uint8Array;
  readonly record: Uint8Array;
  readonly hasPassword: boolean;
  readonly rules: LinkRules;
}

/** @throws Refusal `not_found` for who is not in the volume, `forbidden` for who may not change its members */
async function requireMayLink(
  read: ReadHandle,
  { volumeId, userId }: { readonly volumeId: Uint8Array; readonly userId: Uint8Array },
): Promise<void> {
  const membership = await findMembership(read, { volumeId, subjectId: userId });
  if (membership === undefined) throw new Refusal("not_found");
  if (!isRole(membership.role) || !mayChangeMembers(membership.role)) throw new Refusal("forbidden");
}

/** Keeps what visitors will be shown. It works once a members commit names it. @throws Refusal `not_found`, `forbidden`, `record_invalid`, `too_many` */
export async function createLink(
  { database, clock }: LinksRoom,
  link: NewLink,
  transact: Transact,
): Promise<{ linkId: LinkId }> {
  const { linkId, volumeId, userId } = link;
  await requireMayLink(database.read, link);
  const row = verified(link, clock());
  return transact(async (tx) => {
    await deleteUnusedLinks(tx, volumeId, row.created_ms - UNUSED_FOR_MS);
    if ((await countLinks(tx, volumeId)) >= LIMITS.linksPerVolume) throw new Refusal("too_many");
    // Accounts and links are members alike, so no id may be that of both.
    const isFree = (await findAccount(tx, linkId)) === undefined && (await insertLink(tx, row));
    if (!isFree) throw new Refusal("record_invalid", { reason: "linkId" });
    const subject = `${toBase64Url(volumeId)} ${toBase64Url(linkId)}`;
    await insertAudit(tx, { atMs: row.created_ms, actor: userId, action: "link-created", subject });
    return { linkId: toBase64Url(linkId) as LinkId };
  });
}

function verified(link: NewLink, nowMs: number): LinkRow {
  const { linkId, volumeId, userId, record, knockHash, hasPassword, rules } = link;
  return refuseInvalid("record_invalid", () => {
    const { subjectId, fingerprint, bytes } = decodeLinkIdentity(link.identity);
    if (!equalBytes(subjectId, linkId)) throw new Refusal("record_invalid", { reason: "identity" });
    const isRecord = isPossibleCiphertextLength(record.length) && parseExefHeader(record).kind === EXEF_KIND.slot;
    if (!isRecord) throw new Refusal("record_invalid", { reason: "record" });
    return {
      ...{ link_id: linkId, volume_id: volumeId, created_by: userId, fingerprint, identity: bytes },
      ...{ knock_hash: knockHash, record, role: link.role === "editor" ? ROLES.linkEditor : ROLES.linkViewer },
      ...{ has_password: hasPassword ? 1 : 0, created_ms: nowMs, downloads: 0, revoked_ms: null },
      ...rulesRow(rules),
    };
  });
}

function rulesRow({ expiresMs, maxDownloads, viewOnly, paused }: LinkRules): LinkRulesRow {
  return {
    ...{ expires_ms: expiresMs, max_downloads: maxDownloads },
    ...{ view_only: viewOnly ? 1 : 0, paused: paused ? 1 : 0 },
  };
}

/** Links into volumes whose members the account may change, each with who has claimed its place. */
export async function listLinks(room: LinksRoom, userId: Uint8Array) {
  const links = await listLinksFor(room.database.read, { subjectId: userId, roles: CHANGE_MEMBERS });
  const invitations = links.map(({ link_id }) => link_id).filter(isInvitationId);
  const claims = await claimsOf(room, invitations);
  return links.map((link) => ({ ...link, claim: claims.get(toBase64Url(link.link_id)) }));
}

export interface LinkCaller {
  readonly userId: Uint8Array;
  readonly linkId: Uint8Array;
}

async function requireLink(read: ReadHandle, { userId, linkId }: LinkCaller): Promise<LinkRow> {
  const link = await findLink(read, linkId);
  if (link === undefined) throw new Refusal("not_found");
  await requireMayLink(read, { volumeId: link.volume_id, userId });
  return link;
}

/** @throws Refusal `not_found`, `forbidden`, `link_revoked` */
export async function changeLink(
  { database, clock, announcer }: LinksRoom,
  { rules, ...caller }: LinkCaller & { readonly rules: LinkRules },
  transact: Transact,
): Promise<void> {
  const link = await requireLink(database.read, caller);
  await transact(async (tx) => {
    if (!(await changeLinkRules(tx, caller.linkId, rulesRow(rules)))) throw new Refusal("link_revoked");
    const subject = `${toBase64Url(link.volume_id)} ${toBase64Url(caller.linkId)}`;
    await insertAudit(tx, { atMs: clock(), actor: caller.userId, action: "link-changed", subject });
  });
  // What is under way ends now; what is asked for next is held to the new rules.
  if (rules.paused) announcer.announce({ type: "link-shut", linkId: toBase64Url(caller.linkId) });
}

/** @throws Refusal `not_found`, `forbidden` */
export async function readLinkLog({ database }: LinksRoom, caller: LinkCaller) {
  await requireLink(database.read, caller);
  return listLinkEvents(database.read, caller.linkId);
}

/** The only file of this room that touches keys. What leaves it is sealed, signed or public, or stays in the keyring. */

import { equalBytes, FormatError } from "@excalibur/core/bytes";
import {
  claimMessage,
  decodeIdentity,
  decodeLinkIdentity,
  fingerprintDigits,
  isInvitationId,
  type LinkIdentity,
  originHash,
  sessionBindMessage,
  toInvitationId,
  verifyIdentityChain,
} from "@excalibur/core/identity";
import {
  formatLinkAddress,
  type LinkKeys,
  linkIdentity,
  linkKeys,
  linkKnock,
  linkPasswordKey,
  openLinkRecord,
  parseLinkAddress,
  sealLinkRecord,
} from "@excalibur/core/keys";
import { signLabelled, verifyLabelled } from "@excalibur/core/labels";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import { ROLES, type Role } from "@excalibur/core/volume/record";
import type { LinkRole, Volume, VolumeMember } from "../volumes/index.ts";
import { ClaimIntegrityError, LinkAddressError, LinkIntegrityError, OwnIdentityError } from "./errors.ts";

export { fingerprintDigits, formatLinkAddress, isInvitationId };

/** What stands in the address of a link. Throws LinkAddressError, UnsupportedError for one of a newer version. */
export function readLinkAddress(typed: string): ReturnType<typeof parseLinkAddress> {
  try {
    return parseLinkAddress(typed);
  } catch (error) {
    throw error instanceof FormatError ? new LinkAddressError(error) : error;
  }
}

export const LINK_ROLES: Readonly<Record<LinkRole, Role>> = { viewer: ROLES.linkViewer, editor: ROLES.linkEditor };

/** A secret and what belongs to it. */
export interface LinkMaterial {
  readonly linkId: Uint8Array;
  readonly secret: Uint8Array;
  readonly keys: LinkKeys;
  readonly identity: LinkIdentity;
}

async function material(
  { linkId, secret }: { readonly linkId: Uint8Array; readonly secret: Uint8Array },
  password: string | undefined,
): Promise<LinkMaterial> {
  const passwordKey = password === undefined ? undefined : await linkPasswordKey({ linkId, secret }, password);
  const keys = linkKeys({ linkId, secret, ...(passwordKey && { passwordKey }) });
  return { linkId, secret, keys, identity: decodeLinkIdentity(await linkIdentity(linkId, keys)) };
}

/** A new link's secret, from which its keys come, and from the password if it has one. */
export async function newLinkMaterial(password: string | undefined): Promise<LinkMaterial> {
  return await material({ linkId: randomBytes(16), secret: randomBytes(32) }, password);
}

/** As `newLinkMaterial`, for a link whose place an account may claim. It has no password: its address is for one person. */
export async function newInvitationMaterial(): Promise<LinkMaterial> {
  return await material({ linkId: toInvitationId(randomBytes(16)), secret: randomBytes(32) }, undefined);
}

/** What the server keeps of what visitors show first. */
export function knockHashOf(link: Pick<LinkMaterial, "linkId" | "secret">): Uint8Array {
  return sha256(linkKnock(link));
}

/** Pins the volume as its maker sees it now. */
export async function sealRecordFor(
  { linkId, keys }: LinkMaterial,
  { volumeId, genesisHash, manifestHash, head }: Volume,
  role: LinkRole,
): Promise<Uint8Array> {
  const record = { volumeId, genesisHash, manifestHash, head, role: LINK_ROLES[role] };
  return await sealLinkRecord({ linkId, recordKey: keys.recordKey }, record);
}

/** The keys of a visitor, from what stands in the address and what was typed. */
export async function visitorMaterial(
  link: { readonly linkId: Uint8Array; readonly secret: Uint8Array },
  password: string | undefined,
): Promise<LinkMaterial> {
  return await material(link, password);
}

export { linkKnock };

export interface SessionToProve {
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly deviceName: string;
}

/** The link's own signature binds the session (spec/sign-in.md §3, action 3). */
export function proveSession({ linkId, keys }: LinkMaterial, session: SessionToProve): Uint8Array {
  const { loginId, serverNonce, origin, publicKey, deviceName } = session;
  const message = sessionBindMessage({
    ...{ action: "link", loginId, serverNonce, deviceName },
    ...{ subjectId: linkId, originHash: originHash(origin), sessionKey: publicKey },
  });
  return signLabelled("session", keys.signatureSeed, message);
}

/** What the link's maker pinned. Throws LinkRecordError. */
export type PinnedVolume = Awaited<ReturnType<typeof openRecord>>;

export async function openRecord({ linkId, keys }: LinkMaterial, sealed: Uint8Array) {
  return await openLinkRecord({ linkId, recordKey: keys.recordKey }, sealed);
}

/** The visitor as a member: new to the volume, with the pinned head as a floor, and without a memory. */
export function visitorMember({ linkId, keys, identity }: LinkMaterial, pinned: PinnedVolume): VolumeMember {
  return {
    subjectId: linkId,
    fingerprint: identity.fingerprint,
    signatureSeed: keys.signatureSeed,
    sealingSeed: keys.sealingSeed,
    volumeKeys: () => new Map(),
    acceptedHead: () => pinned.head,
    rememberHead: () => undefined,
  };
}

/**
 * The volume is the one that was pinned, its member list is or extends the pinned one, and has this link on it as its maker
 * meant it (attacks.md E5). Throws LinkIntegrityError.
 */
export function requirePinned(volume: Volume, { identity, linkId }: LinkMaterial, pinned: PinnedVolume): LinkRole {
  const row = volume.members().links.find((each) => equalBytes(each.linkId, linkId));
  const isSame = equalBytes(volume.genesisHash, pinned.genesisHash) && volume.hasManifest(pinned.manifestHash);
  const isOwnRow = row !== undefined && equalBytes(row.fingerprint, identity.fingerprint);
  if (!isSame || !isOwnRow || LINK_ROLES[row.role] !== pinned.role) throw new LinkIntegrityError();
  return row.role;
}

export interface OwnIdentity {
  readonly userId: Uint8Array;
  readonly name: string;
  readonly fingerprint: Uint8Array;
}

/** The newest of one's own identity records, whatever the server says: it has one's own keys and name. Throws OwnIdentityError. */
export function ownRecord(records: readonly Uint8Array[], { userId, name, fingerprint }: OwnIdentity): Uint8Array {
  const newest = verifyIdentityChain(records).at(-1);
  const record = records.at(-1);
  const isOwn =
    newest !== undefined &&
    newest.name === name &&
    equalBytes(newest.userId, userId) &&
    equalBytes(newest.fingerprint, fingerprint);
  if (record === undefined || !isOwn) throw new OwnIdentityError();
  return record;
}

export interface ClaimToSign {
  readonly record: Uint8Array;
  readonly serverNonce: Uint8Array;
}

/** The link's own signature gives its place to the account with this identity record, and to no other (spec/links.md §10). */
export function signClaim({ linkId, keys }: LinkMaterial, { record, serverNonce }: ClaimToSign): Uint8Array {
  return signLabelled("claim", keys.signatureSeed, claimMessage({ linkId, identityHash: sha256(record), serverNonce }));
}

/** What the server says of somebody who claims a place. */
export interface ReceivedClaim {
  readonly linkIdentity: Uint8Array;
  /** First to newest. */
  readonly records: readonly Uint8Array[];
  readonly serverNonce: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Who claims the place of this row: the link's key, which the signed list names, must have signed one of the records
 * (attacks.md E14). That they are a chain is for whoever pins them. Throws ClaimIntegrityError.
 */
export function provenClaimant(
  { linkIdentity, records, serverNonce, signature }: ReceivedClaim,
  { linkId, fingerprint }: { readonly linkId: Uint8Array; readonly fingerprint: Uint8Array },
): { readonly userId: Uint8Array; readonly name: string } {
  const { signatureKey, ...link } = decodeLinkIdentity(linkIdentity);
  const isThisLink = equalBytes(link.subjectId, linkId) && equalBytes(link.fingerprint, fingerprint);
  const isSigned = (record: Uint8Array): boolean =>
    verifyLabelled(
      "claim",
      signatureKey,
      claimMessage({ linkId, identityHash: sha256(record), serverNonce }),
      signature,
    );
  const signed = isThisLink && isInvitationId(linkId) ? records.find(isSigned) : undefined;
  if (signed === undefined) throw new ClaimIntegrityError();
  const { userId, name } = decodeIdentity(signed);
  return { userId, name };
}

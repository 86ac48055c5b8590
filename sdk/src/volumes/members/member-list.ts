import { equalBytes, toHex } from "@excalibur/core/bytes";
import { decodeLinkIdentity, type LinkIdentity, type VerifiedIdentity } from "@excalibur/core/identity";
import { isLinkRole, type Manifest, type Member, ROLES, type Role } from "@excalibur/core/volume/record";
import { verifyPeople } from "../history.ts";
import type { LinkRole, MemberRole, MembersWish, VolumeLinkRow, VolumeMemberRow, VolumeMembers } from "./types.ts";

export const ROLE_NAMES: ReadonlyMap<Role, MemberRole> = new Map([
  [ROLES.viewer, "viewer"],
  [ROLES.editor, "editor"],
  [ROLES.manager, "manager"],
  [ROLES.owner, "owner"],
]);

/** Verified identities by fingerprint as hex. */
export type Identities = ReadonlyMap<string, VerifiedIdentity>;

/** Of the records that came with a head: only what a fingerprint of the signed list stands for is used of them. */
export function identitiesOf(manifest: Manifest, records: readonly Uint8Array[]): Identities {
  const { identityChain } = verifyPeople(records);
  const found = new Map<string, VerifiedIdentity>();
  for (const { subjectId, fingerprint } of manifest.members) {
    const identity = identityChain(subjectId)?.find((each) => equalBytes(each.fingerprint, fingerprint));
    if (identity) found.set(toHex(fingerprint), identity);
  }
  return found;
}

const LINK_NAMES: ReadonlyMap<Role, LinkRole> = new Map([
  [ROLES.linkViewer, "viewer"],
  [ROLES.linkEditor, "editor"],
]);

/** Of the keys of links that came with a head: those that a fingerprint of the signed list stands for, by it as hex. */
export function linkKeysOf(manifest: Manifest, records: readonly Uint8Array[]): ReadonlyMap<string, LinkIdentity> {
  const listed = new Set([...manifest.members].map(({ fingerprint }) => toHex(fingerprint)));
  const links = records.map(decodeLinkIdentity).map((link) => [toHex(link.fingerprint), link] as const);
  return new Map(links.filter(([fingerprint]) => listed.has(fingerprint)));
}

function toLinkRows(manifest: Manifest): VolumeLinkRow[] {
  return [...manifest.members].flatMap(({ subjectId, fingerprint, role, addedMs }) => {
    const name = LINK_NAMES.get(role);
    return name === undefined ? [] : [{ linkId: subjectId, fingerprint, role: name, addedMs }];
  });
}

/** The list as the rooms above see it: people, by the names of their roles. */
export function toMembers(manifest: Manifest, identities: Identities, ownId: Uint8Array): VolumeMembers {
  const rows = [...manifest.members].flatMap(({ subjectId, fingerprint, role, addedMs }): VolumeMemberRow[] => {
    const roleName = ROLE_NAMES.get(role);
    if (roleName === undefined || isLinkRole(role)) return [];
    const name = identities.get(toHex(fingerprint))?.name ?? "";
    return [{ userId: subjectId, fingerprint, role: roleName, addedMs, name }];
  });
  const owner = rows.find(({ role }) => role === "owner") as VolumeMemberRow;
  const own = rows.find(({ userId }) => equalBytes(userId, ownId));
  const role = own?.role ?? "viewer";
  return {
    rows,
    links: toLinkRows(manifest),
    owner,
    identities: [...identities.values()],
    role,
    generation: manifest.g,
  };
}

const BY_NAME = new Map([...ROLE_NAMES].map(([role, name]) => [name, role]));
const LINKS_BY_NAME = new Map([...LINK_NAMES].map(([role, name]) => [name, role]));

/** The rows of the next manifest: those of links stay as they are unless something else is wished. */
export function toRows(manifest: Manifest, wish: MembersWish): Member[] {
  const people = wish.rows.map(({ userId, fingerprint, role, addedMs }) => ({
    ...{ subjectId: userId, fingerprint, addedMs },
    role: BY_NAME.get(role) as Role,
  }));
  const links = (wish.links ?? toLinkRows(manifest)).map(({ linkId, fingerprint, role, addedMs }) => ({
    ...{ subjectId: linkId, fingerprint, addedMs },
    role: LINKS_BY_NAME.get(role) as Role,
  }));
  return [...people, ...links].sort((a, b) => (toHex(a.subjectId) < toHex(b.subjectId) ? -1 : 1));
}

/** Whether somebody of the list is not on the next one under the same key: then the volume's key changes, too. */
export function removesSomebody(manifest: Manifest, rows: readonly Member[]): boolean {
  return [...manifest.members].some(
    ({ subjectId, fingerprint }) =>
      !rows.some((row) => equalBytes(row.subjectId, subjectId) && equalBytes(row.fingerprint, fingerprint)),
  );
}

/** What the chain of member lists tells of who came, who went, and by whose hand. */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { VerifiedIdentity } from "@excalibur/core/identity";
import {
  decodeManifest,
  isLinkRole,
  type Manifest,
  type Member,
  mayWrite,
  memberBySubject,
  type Role,
} from "@excalibur/core/volume/record";
import type { HeadMaterial } from "../api.ts";
import { verifyPeople } from "../history.ts";
import { ROLE_NAMES } from "./member-list.ts";
import type { MemberEvent, Signer } from "./types.ts";

export interface ListHistory {
  /** Whose signature a fingerprint stands for: of everybody whom any list has named. */
  signer(fingerprint: Uint8Array): Signer | undefined;
  person(userId: Uint8Array): Signer | undefined;
  /** What the list of this version changed. */
  eventsOf(version: number): MemberEvent[];
  /** Who put somebody on the list, as they stand on it now; undefined for whoever is on it no more. */
  adder(userId: Uint8Array): Signer | undefined;
}

/** The lists 0 … newest that were verified with a head, and the identities that came with it. */
export function readListHistory(material: HeadMaterial, newest: Manifest): ListHistory {
  const manifests = material.manifests.map(decodeManifest).slice(0, newest.version + 1);
  const people = new Map<string, VerifiedIdentity>();
  const { identityChain } = verifyPeople(material.identities);
  for (const { members } of manifests) {
    for (const { subjectId, role } of members) {
      if (isLinkRole(role)) continue;
      for (const identity of identityChain(subjectId) ?? []) people.set(toHex(identity.fingerprint), identity);
    }
  }
  const signer = (fingerprint: Uint8Array): Signer | undefined => {
    const identity = people.get(toHex(fingerprint));
    return identity && { userId: identity.userId, name: identity.name, fingerprint };
  };
  const eventOf = ({ fingerprint, role }: Member, kind: MemberEvent["kind"]): MemberEvent[] => {
    const member = signer(fingerprint);
    const roleName = ROLE_NAMES.get(role as Role);
    return member === undefined || roleName === undefined ? [] : [{ kind, member, role: roleName }];
  };
  return {
    signer,
    person: (userId) => {
      const found = [...people.values()].findLast((identity) => equalBytes(identity.userId, userId));
      return found && signer(found.fingerprint);
    },
    eventsOf: (version) => {
      const [before, after] = [manifests[version - 1], manifests[version]];
      if (before === undefined || after === undefined) return [];
      return [
        ...[...after.members].flatMap((row) => {
          const old = memberBySubject(before, row.subjectId);
          if (old !== null && isSameRow(old, row)) return old.role === row.role ? [] : eventOf(row, "role");
          return eventOf(row, "added");
        }),
        ...[...before.members].flatMap((row) =>
          memberBySubject(after, row.subjectId) === null ? eventOf(row, "removed") : [],
        ),
      ];
    },
    adder: (userId) => {
      const row = memberBySubject(newest, userId);
      if (row === null) return undefined;
      let first = newest;
      for (const manifest of manifests.toReversed()) {
        const old = memberBySubject(manifest, userId);
        if (old === null || !isSameRow(old, row)) break;
        first = manifest;
      }
      return signer(first.signerFingerprint);
    },
  };
}

/** Of each list from the first to the newest, whom it lets write: subjectIds, by hex. */
export function writersOfLists(material: HeadMaterial, newest: Manifest): ReadonlyMap<string, Uint8Array>[] {
  const manifests = material.manifests.map(decodeManifest).slice(0, newest.version + 1);
  return manifests.map(
    ({ members }) =>
      new Map(
        [...members]
          .filter(({ role }) => mayWrite(role))
          .map(({ subjectId }) => [toHex(subjectId), subjectId] as const),
      ),
  );
}

/** Whoever was taken off and let in again has another time. */
function isSameRow(a: Member, b: Member): boolean {
  return a.addedMs === b.addedMs && equalBytes(a.fingerprint, b.fingerprint);
}

import { equalBytes } from "@excalibur/core/bytes";
import type { MembersChange } from "../volumes/index.ts";
import type { VerifiedIdentity } from "./crypto.ts";
import { hasLeft, type Inviting, requireManager, withMember } from "./member-changes.ts";
import type { SharedRole } from "./types.ts";

/** Somebody who took up an invitation that was made for whoever has its address. */
export interface Guest {
  /** Of the invitation: it goes when they come. */
  readonly linkId: Uint8Array;
  readonly role: SharedRole;
  readonly userId: Uint8Array;
  readonly name: string;
  /** Of their identity, first to newest, as the server gave them. */
  readonly records: readonly Uint8Array[];
}

/** Puts somebody in the place of the invitation that they took up; whoever is on the list already stays as they are, and it goes. */
export function withGuest(
  { linkId, role, identity }: Pick<Guest, "linkId" | "role"> & { readonly identity: VerifiedIdentity },
  inviting: Inviting,
): MembersChange {
  return (members) => {
    requireManager(members);
    const links = members.links.filter((link) => !equalBytes(link.linkId, linkId));
    // Withdrawn meanwhile, or somebody was quicker: nobody comes by it.
    if (links.length === members.links.length) return undefined;
    const isIn = members.rows.some(({ userId }) => equalBytes(userId, identity.userId));
    const isThere = isIn && !hasLeft(inviting.answers, identity.userId);
    const wish = isThere ? undefined : withMember({ identity, role }, inviting)(members);
    return { rows: wish?.rows ?? members.rows, identities: wish?.identities ?? [], links };
  };
}

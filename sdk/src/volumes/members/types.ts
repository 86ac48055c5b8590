import type { LinkIdentity, VerifiedIdentity } from "@excalibur/core/identity";

export type MemberRole = "viewer" | "editor" | "manager" | "owner";

/** A row of the signed member list. */
export interface VolumeMemberRow {
  readonly userId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly role: MemberRole;
  readonly addedMs: number;
  /** The user name, as the person's own identity record says. */
  readonly name: string;
}

export type LinkRole = "viewer" | "editor";

/** A row of the signed list that is no person's. */
export interface VolumeLinkRow {
  readonly linkId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly role: LinkRole;
  readonly addedMs: number;
}

/** Who is in a volume, as its newest manifest says. */
export interface VolumeMembers {
  readonly rows: readonly VolumeMemberRow[];
  readonly links: readonly VolumeLinkRow[];
  readonly owner: VolumeMemberRow;
  /** Of those whom the list names, verified by it: what they are put on another list with. */
  readonly identities: readonly VerifiedIdentity[];
  /** This person's. */
  readonly role: MemberRole;
  readonly generation: number;
}

/** What the list shall be. A row that is missing goes, and with it the key: those who stay get a new one. */
export interface MembersWish {
  readonly rows: readonly Pick<VolumeMemberRow, "userId" | "fingerprint" | "role" | "addedMs">[];
  /** Of those who are new. */
  readonly identities: readonly VerifiedIdentity[];
  /** Left out: links stay as they are. */
  readonly links?: readonly VolumeLinkRow[];
  /** Public keys of links that are new. */
  readonly linkKeys?: readonly LinkIdentity[];
}

/** Runs on the newest list, again when somebody was quicker; undefined leaves the list as it is. */
export type MembersChange = (members: VolumeMembers) => MembersWish | undefined;

/** Whose signature it is, as their own identity record says. */
export interface Signer {
  readonly userId: Uint8Array;
  readonly name: string;
  readonly fingerprint: Uint8Array;
}

/** What a new member list did to somebody. */
export interface MemberEvent {
  readonly kind: "added" | "role" | "removed";
  readonly member: Signer;
  /** The one they have now, or had when they were removed. */
  readonly role: MemberRole;
}

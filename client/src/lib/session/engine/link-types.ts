/** What crosses the wall about links: for their makers, and for who visits one. */

import type { EngineFailure, ItemRef } from "./types.ts";

/** What stands in the address of a link, and what was typed if it wants a password. */
export interface VisitForm {
  readonly address: string;
  readonly password?: string | undefined;
}

/** What a link leads to. */
export interface VisitView {
  readonly role: "viewer" | "editor";
  /** Offer no download. */
  readonly viewOnly: boolean;
  /** A file, and no folder: the only thing in the root, unless somebody did something else to it. */
  readonly isFile: boolean;
  /** What its owner calls it. */
  readonly label: string | undefined;
  readonly expiresMs: number | undefined;
  /** Of an invitation: who made it, as they signed it. */
  readonly invitedBy: string | undefined;
}

/** A link into a folder whose members this person decides on. */
export interface LinkItem {
  readonly id: string;
  readonly volumeId: string;
  /** undefined: somebody else made it, and nobody else has its address and its label. */
  readonly address: string | undefined;
  readonly label: string | undefined;
  readonly role: "viewer" | "editor";
  readonly hasPassword: boolean;
  readonly viewOnly: boolean;
  readonly createdMs: number;
  readonly state: "open" | "paused" | "expired" | "used-up" | "revoked";
  readonly expiresMs: number | undefined;
  readonly maxDownloads: number | undefined;
  readonly downloads: number;
  readonly lastOpenedMs: number | undefined;
  /** Somebody without an account may take its place once they have one. */
  readonly isInvitation: boolean;
  /** Somebody has, and waits to be let in. */
  readonly isClaimed: boolean;
}

/** A link with what it leads to, where that is listed in this drive. */
export interface PlacedLink extends LinkItem {
  readonly place: (ItemRef & { readonly isFile: boolean }) | undefined;
}

export interface LinkForm {
  readonly label: string;
  readonly password: string | undefined;
  readonly role: "viewer" | "editor";
  readonly expiresMs: number | undefined;
  readonly maxDownloads: number | undefined;
  readonly viewOnly: boolean;
  /** Of a folder that is not shared yet. */
  readonly withVersions: boolean;
}

export type InvitationForm = Pick<LinkForm, "label" | "role" | "expiresMs" | "withVersions">;

/** An invitation into a folder, as whoever was given it sees it. */
export interface FoundInvitationItem {
  readonly by: { readonly name: string; readonly fingerprint: string };
  readonly role: "viewer" | "editor";
  readonly label: string | undefined;
  readonly isInside: boolean;
}

/** An invitation that this person took up, and waits to be let in. */
export interface WaitingItem {
  readonly id: string;
  /** undefined: that account is gone. */
  readonly invitedBy: string | undefined;
  readonly claimedMs: number;
}

/** What is changed of a link; null: no end, no limit. */
export interface LinkEdit {
  readonly label?: string;
  readonly expiresMs?: number | null;
  readonly maxDownloads?: number | null;
  readonly paused?: boolean;
}

/** What happened at a link, as the server says. */
export interface LinkEvent {
  readonly atMs: number;
  readonly outcome:
    | ("opened" | "downloaded" | "wrong-password" | "locked")
    | ("expired" | "used-up" | "paused" | "revoked");
  readonly client: string;
  readonly count: number;
}

/** What of a link is saved into a drive, and into which folder of it. */
export interface SaveForm {
  readonly items: readonly ItemRef[];
  readonly folderId: string;
}

export interface SaveProgress {
  /** In all. */
  readonly files: number;
  readonly sizeBytes: number;
  /** Saved or failed. */
  readonly doneFiles: number;
  readonly doneBytes: number;
}

export interface SaveOutcome {
  readonly saved: number;
  readonly failed: number;
  /** The first of them, with their paths. */
  readonly failures: readonly EngineFailure[];
  readonly isStopped: boolean;
}

import type { LinkId, LinkOutcome } from "@excalibur/core/protocol";
import type { Downloader } from "../download/index.ts";
import type { Files } from "../files/index.ts";
import type { InsideChanges } from "../sharing/index.ts";
import type { Uploader } from "../upload/index.ts";
import type { LinkRole } from "../volumes/index.ts";

export type { LinkOutcome, LinkRole };

export interface NewLink {
  /** For the maker's eyes only: it stands in the keyring and nowhere else. */
  readonly label?: string | undefined;
  /** Visitors need it beside the address; without it nobody can open what the server stores. */
  readonly password?: string | undefined;
  /** Viewer unless told; editors may add, change and delete. */
  readonly role?: LinkRole | undefined;
  /** Milliseconds since 1970, by the server's clock; never unless told. */
  readonly expiresMs?: number | undefined;
  /** How many visitors may download; no limit unless told. */
  readonly maxDownloads?: number | undefined;
  /** Programs of visitors offer no download. Whoever wants to keep what they see can. */
  readonly viewOnly?: boolean | undefined;
  /** Earlier versions of files come along: only for a folder that is not shared yet. */
  readonly withVersions?: boolean | undefined;
}

/** For somebody without an account. */
export type NewInvitation = Pick<NewLink, "label" | "role" | "expiresMs" | "withVersions">;

/** What may be changed of a link later; what is left out stays. */
export interface LinkChange {
  readonly label?: string | undefined;
  /** null: never. */
  readonly expiresMs?: number | null | undefined;
  /** null: no limit. */
  readonly maxDownloads?: number | null | undefined;
  readonly paused?: boolean | undefined;
}

export type LinkState = "open" | "paused" | "expired" | "used-up" | "revoked";

/** A link into a volume whose members this person may change. */
export interface LinkInfo {
  /** As it stands in its address. */
  readonly id: LinkId;
  readonly volumeId: Uint8Array;
  /** undefined: another manager made it, and nobody else has its secret. */
  readonly address: string | undefined;
  /** Its maker's word for it; undefined like the address. */
  readonly label: string | undefined;
  readonly role: LinkRole;
  readonly hasPassword: boolean;
  readonly createdMs: number;
  readonly state: LinkState;
  readonly expiresMs: number | undefined;
  readonly maxDownloads: number | undefined;
  /** Visitors who downloaded, or are about to. */
  readonly downloads: number;
  readonly viewOnly: boolean;
  readonly lastOpenedMs: number | undefined;
  /** Whoever has its address may become a member in its place. */
  readonly isInvitation: boolean;
  /** An account has asked for its place, as the server says. */
  readonly isClaimed: boolean;
}

export interface MadeLink extends LinkInfo {
  /** Paths, below what it leads to, of what is shared by itself there: visitors see that it is there, and cannot open it. */
  readonly notReached: readonly string[];
}

/** What happened at a link, as the server says. */
export interface LinkLogEntry {
  readonly atMs: number;
  readonly outcome: LinkOutcome;
  /** web, cli, app or unknown. */
  readonly client: string;
  readonly count: number;
}

export interface VisitOptions {
  /** The whole address of the link. */
  readonly address: string;
  readonly password?: string | undefined;
  /** A coarse word for the program that is used: the link's maker sees it. */
  readonly client: "web" | "cli" | "app";
  readonly signal?: AbortSignal | undefined;
}

/** What the signed history of a folder says of an invitation to it. */
export interface VisitedInvitation {
  /** Who put it on the member list. */
  readonly by: { readonly name: string; readonly fingerprint: string };
  /** Accounts that are in the folder. */
  readonly memberIds: readonly Uint8Array[];
}

/** An invitation as whoever follows it sees it. */
export interface FoundInvitation {
  readonly by: VisitedInvitation["by"];
  readonly role: LinkRole;
  readonly label: string | undefined;
  readonly expiresMs: number | undefined;
  /** This person is in the folder already. */
  readonly isInside: boolean;
}

/** An invitation that this person has taken up, and that waits for a device of somebody who may let them in. As the server says. */
export interface WaitingClaim {
  readonly id: LinkId;
  readonly volumeId: Uint8Array;
  /** Who made it; undefined: that account is gone. */
  readonly invitedBy: string | undefined;
  readonly claimedMs: number;
}

/** Somebody who took up an invitation, and is in the folder now. */
export interface Welcomed {
  readonly volumeId: Uint8Array;
  readonly name: string;
  readonly role: LinkRole;
  /** What it did to the shared folders inside: some may keep them out. */
  readonly inside: InsideChanges;
}

/** What a link leads to, open: nothing of it is kept on this device. */
export interface Visit {
  readonly id: LinkId;
  readonly server: string;
  readonly role: LinkRole;
  /** Offer no download. */
  readonly viewOnly: boolean;
  readonly expiresMs: number | undefined;
  /** What the folder's owner calls it. */
  readonly label: string | undefined;
  /** A file was shared, and no folder: it is the only thing in the root, unless somebody did something else to it. */
  readonly isFile: boolean;
  /** Of a link that is an invitation. */
  readonly invitation: VisitedInvitation | undefined;
  /** The folder is its root. */
  readonly files: Files;
  readonly downloads: Downloader;
  /** undefined for who may only look. */
  readonly uploads: Uploader | undefined;
  /** Follows what is new in the folder. */
  catchUp(options?: { readonly signal?: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

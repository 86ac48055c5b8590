import type { ItemKind } from "../../files/kind-of.ts";
import type { InboxFacts } from "./request-types.ts";

export type * from "./rewind-types.ts";

/** What crosses the wall between the page and the worker: plain values, ids as base64url. Keys never do. */

/** Whose drive this is on this device, and whether it is open. */
export type AccountState =
  | { readonly status: "signed-out" }
  | { readonly status: "locked" }
  | { readonly status: "open"; readonly name: string; readonly server: string };

export interface SignUpForm {
  readonly name: string;
  readonly password: string;
  readonly invite?: string;
  /** The account opens without its password the next time. */
  readonly stay: boolean;
}

export interface SignInForm {
  readonly name: string;
  readonly password: string;
  readonly stay: boolean;
}

export interface RecoverForm {
  readonly name: string;
  readonly words: string;
  readonly newPassword: string;
  readonly stay: boolean;
}

export interface SignedUp {
  readonly recoveryWords: readonly string[];
  readonly outcome: "open" | "unopened" | "unconfirmed";
}

/** An item as its folder lists it; enough to find it again. */
export interface ItemRef {
  readonly parentId: string;
  readonly id: string;
  /** As it is shown. */
  readonly name: string;
  /** As it is stored, where that is another: two of one name are told apart by numbers. */
  readonly storedName?: string;
}

/** An item as it stands after it was moved. */
export interface MovedItem extends ItemRef {
  /** It went into another volume: the trash in which it is as it was. */
  readonly leftIn?: string;
}

export interface FileItem extends ItemRef {
  readonly type: "folder" | "file" | "mount" | "unknown";
  readonly modifiedMs: number;
  /** undefined: not a file. */
  readonly sizeBytes: number | undefined;
  /** A folder that is shared with people. */
  readonly isShared?: boolean;
  /** Names its small picture, if it has one. */
  readonly thumbnailId?: string;
  /** Of what is in the trash. */
  readonly trashed?: Trashed;
  /** Of what was found anywhere. */
  readonly found?: FoundFacts;
  /** Of what waits in the inbox of an upload request. */
  readonly inbox?: InboxFacts;
}

export interface FoundFacts {
  /** The folder it is in, from the root on: "/" is the root itself. */
  readonly place: string;
  /** When what it is now came into the drive. */
  readonly changedMs: number;
  /** What this person may do there; undefined: it lies in no shared folder. */
  readonly role?: Role;
}

export interface Trashed {
  readonly atMs: number;
  /** The earliest moment at which it goes by itself. */
  readonly keptUntilMs: number;
  /** The folder it was in, from the root on; undefined: that folder is gone. */
  readonly from: string | undefined;
}

/** One part of a path. The root has no name. */
export interface PathStep {
  readonly id: string;
  readonly name: string;
}

/** What is known of one item, besides what its list says. */
export interface ItemDetails {
  /** When it came into the drive. */
  readonly createdMs: number;
  /** Of a file: what its content is; names this very content. */
  readonly contentId: string | undefined;
  readonly mediaType: string | undefined;
  /** Newest first. */
  readonly versions: readonly VersionItem[];
}

export interface VersionItem {
  readonly id: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** When the next one took its place. */
  readonly replacedMs: number;
}

export interface ListOrder {
  /** changed: when what it is now came into the drive; of what was found only. */
  readonly by: "name" | "modified" | "size" | "type" | "changed";
  readonly isDescending: boolean;
  /** A BCP 47 tag: names are in the order of the person's language. */
  readonly language: string;
}

/** What is looked for in the whole drive. Everything that is said must hold. */
export interface FindQuery {
  /** Words, each somewhere in the name. */
  readonly text: string;
  readonly kind?: ItemKind | undefined;
  readonly modifiedFromMs?: number | undefined;
  /** Exclusive. */
  readonly modifiedUntilMs?: number | undefined;
  readonly minBytes?: number | undefined;
  /** Inclusive. */
  readonly maxBytes?: number | undefined;
}

/** What is listed: a folder, without an id the root; the trash; what is found in the whole drive, what came into it last, what is starred. */
export type Place = { readonly folderId?: string | undefined } | "trash" | FoundPlace;

export type FoundPlace = { readonly find: FindQuery } | "recent" | "starred";

/** What is known of a listing besides its items. */
export interface ListingFacts {
  /** Names this very list in this order; a newer one has another. */
  readonly version: number;
  readonly folderId: string;
  /** From the root to the folder itself; empty in the trash. */
  readonly path: readonly PathStep[];
  readonly folders: number;
  readonly files: number;
  /** A part of the listing could not be read. */
  readonly isDamaged: boolean;
  /** More of the folder is still being read: what is listed is right, and not all. [Note: Rows before the whole folder] */
  readonly isPartial?: true;
  /** What this person may do in it; undefined: it is not shared, and theirs. */
  readonly role?: Role;
  /** Of what was found: how many there are, those beyond what is listed included. */
  readonly total?: number;
}

/** [Note: Lists cross in slices] in listings.ts. */
export type ListingNews =
  | { readonly type: "whole"; readonly facts: ListingFacts; readonly first: readonly FileItem[] }
  | {
      readonly type: "patch";
      readonly facts: ListingFacts;
      /** Where in the list that the page has; ascending. */
      readonly removed: readonly number[];
      /** Where in the new list; ascending. */
      readonly added: readonly (readonly [index: number, item: FileItem])[];
    };

/** What somebody may do in a shared folder. */
export type Role = "owner" | "manager" | "editor" | "viewer";

/** Somebody whose keys this account has looked at. */
export interface ContactItem {
  readonly name: string;
  /** 60 digits in 12 groups. */
  readonly fingerprint: string;
  readonly isVerified: boolean;
  /** New keys since, and signed: compare again. */
  readonly hasChanged: boolean;
}

export interface MemberItem extends Omit<ContactItem, "hasChanged"> {
  readonly role: Role;
  readonly isSelf: boolean;
  readonly addedMs: number;
  /** `around`: need not answer, being in the folder around it. */
  readonly answer: "accepted" | "around" | "invited" | "left";
  /** Who put them on the list. */
  readonly addedBy: string | undefined;
}

/** Somebody who signed something. */
export interface ActorItem {
  readonly name: string;
  readonly isSelf: boolean;
  readonly isVerified: boolean;
}

/** One thing that a change did. */
export interface ActItem {
  readonly act:
    | ("added" | "changed" | "moved" | "renamed" | "trashed" | "restored" | "removed")
    | ("member-added" | "member-role" | "member-removed");
  readonly name: string;
  /** What was renamed was called so before. */
  readonly from: string | undefined;
  readonly role: Role | undefined;
}

/** A signed change of a shared folder; acts are undefined when what stood there before is not told any more. */
export interface ActivityItem {
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: "created" | "changed" | "members" | "rejoined";
  readonly by: ActorItem | undefined;
  /** The first ones. */
  readonly acts: readonly ActItem[] | undefined;
  /** How many more there are. */
  readonly more: number;
}

/** Who brought something into a shared folder, and who changed it last, as far as the history tells. */
export interface OriginItem {
  readonly addedBy: ActorItem | undefined;
  readonly changedBy: ActorItem | undefined;
  readonly changedMs: number | undefined;
}

/** Who will be able to open things that are put elsewhere, who was not, and who no longer will. */
export interface AccessItem {
  readonly gain: readonly string[];
  readonly lose: readonly string[];
  readonly gainWriting: readonly string[];
  readonly loseWriting: readonly string[];
  readonly gainLinks: number;
  readonly loseLinks: number;
}

/** A folder that somebody offers, and that has no answer yet. */
export interface InvitationItem {
  readonly id: string;
  readonly label: string | undefined;
  readonly isFile: boolean;
  readonly owner: { readonly name: string; readonly fingerprint: string; readonly isVerified: boolean };
  readonly role: Role;
  /** The path at which it stands, inside another shared folder. */
  readonly place: string | undefined;
}

/** What a change of who is in a shared folder does to those inside it. */
export interface InsideItems {
  readonly changed: readonly string[];
  readonly unchanged: readonly { readonly name: string; readonly reason: "role" | "closed" | "damaged" | "others" }[];
}

/** A shared folder inside another, and who is around it and not in it. */
export interface KeptOutItem {
  readonly name: string;
  readonly people: readonly string[];
}

/** A shared folder or file of this drive. */
export interface SharedItem extends ItemRef {
  readonly isFile: boolean;
  readonly view:
    | {
        readonly role: Role;
        readonly owner: { readonly name: string; readonly isVerified: boolean };
        readonly others: readonly string[];
      }
    | undefined;
  /** Why it cannot be opened. */
  readonly failure: EngineFailure | undefined;
}

/** What becomes of shared folders when the account is deleted. */
export interface FarewellItems {
  readonly lost: readonly { readonly name: string; readonly people: readonly string[] }[];
  readonly left: readonly { readonly name: string; readonly owner: string }[];
  /** How many could not be looked at. */
  readonly unknown: number;
}

export interface Usage {
  readonly usedBytes: number;
  readonly quotaBytes: number | null;
}

/** What the space is spent on. Bytes are those of the encrypted files, which is what counts; each under one heading. */
export interface StorageView {
  readonly usedBytes: number;
  readonly quotaBytes: number | null;
  /** Of files as they are, largest first. */
  readonly kinds: readonly { readonly kind: ItemKind; readonly sizeBytes: number; readonly files: number }[];
  readonly versionsBytes: number;
  readonly trashBytes: number;
  /** Deleted for good, and kept for a while. */
  readonly deletedBytes: number;
  /** When the first of it goes. */
  readonly nextFreeMs: number | null;
  /** Of uploads that are not finished. */
  readonly otherBytes: number;
  /** A part of the listings could not be read, and is not counted. */
  readonly isDamaged: boolean;
  /** The largest, with everything in them. */
  readonly folders: readonly { readonly id: string; readonly path: readonly string[]; readonly sizeBytes: number }[];
}

/** Somebody signed in somewhere, as the list of sessions shows it. */
export interface SessionItem {
  readonly id: string;
  readonly deviceName: string;
  readonly client: string;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  /** The one that is looked from. */
  readonly isCurrent: boolean;
}

export interface Person {
  readonly name: string;
  readonly server: string;
  /** 60 digits that others compare. */
  readonly fingerprint: string;
}

/** What happened without being asked for. */
export type EngineEvent =
  | { readonly type: "changed" }
  /** Who is in a shared folder, or what is offered, may be other than before. */
  | { readonly type: "members" }
  /** A link of this person was used, or is another now. */
  | { readonly type: "link"; readonly linkId: string; readonly isUse: boolean }
  /** Something arrived for an upload request of this account, or the request is another now. */
  | { readonly type: "requests" }
  /** seenMs: when this device was last in step with the server, if it knows. */
  | { readonly type: "offline"; readonly seenMs?: number | undefined }
  | { readonly type: "online" }
  | { readonly type: "session-ended" }
  /** Listings are read, so that names can be found; parts of them. */
  | { readonly type: "reading"; readonly done: number; readonly total: number }
  | { readonly type: "problem"; readonly failure: EngineFailure };

/** An error as it crosses the wall: its class stays behind, its code and its sentence do not. */
export interface EngineFailure {
  readonly code: string;
  readonly message: string;
  /** Of many items, the one that it is about. */
  readonly path?: string;
}

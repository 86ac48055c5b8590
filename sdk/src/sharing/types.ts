import type { AccountSession } from "../account/index.ts";
import type { Files, Follower, Item } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import type { Transport } from "../transport/index.ts";
import type { MemberRole, MomentKind } from "../volumes/index.ts";
import type { InsideChanges } from "./inside/types.ts";

export type { InsideChanges, KeptOut, Unchanged, UnchangedReason } from "./inside/types.ts";

export interface SharingOptions {
  readonly account: AccountSession;
  readonly transport: Transport;
  readonly volumes: MountedVolumes;
  readonly files: Files;
  /** Goes along when items get other ids. */
  readonly follower: Follower;
  readonly nowMs: () => number;
}

/** Roles that can be given. */
export type SharedRole = Exclude<MemberRole, "owner">;

/** Somebody whose keys this account has pinned. */
export interface ContactInfo {
  readonly userId: Uint8Array;
  readonly name: string;
  /** 60 digits in 12 groups. */
  readonly fingerprint: string;
  /** Whether the digits were compared with the person's own. */
  readonly verified: boolean;
  /** The person changed their keys since, and signed that: compare again. */
  readonly changed: boolean;
}

/** Somebody in a shared folder. */
export interface MemberInfo {
  readonly userId: Uint8Array;
  readonly name: string;
  readonly role: MemberRole;
  readonly isSelf: boolean;
  readonly addedMs: number;
  readonly fingerprint: string;
  readonly verified: boolean;
  /** As the server says; `around`: need not answer, being in the folder around it, which is the same owner's. */
  readonly answer: "accepted" | "around" | "invited" | "left";
  /** Who put them on the list, as it was signed; undefined for the owner. */
  readonly addedBy: string | undefined;
  /** The newest change that they signed; only when asked for. */
  readonly wrote: { readonly sequence: number; readonly timeMs: number } | undefined;
}

/** A folder that somebody shares with this person, and that has no answer yet. */
export interface InvitationInfo {
  readonly volumeId: Uint8Array;
  /** What its owner called it; information only. */
  readonly label: string | undefined;
  /** One file is shared, and no folder. */
  readonly isFile: boolean;
  readonly owner: { readonly name: string; readonly fingerprint: string; readonly verified: boolean };
  readonly role: MemberRole;
  /** The path at which it is in this person's drive, inside another shared folder; undefined: nowhere yet. */
  readonly place: string | undefined;
}

export interface ShareWish {
  readonly person: string;
  readonly role: SharedRole;
  /** Earlier versions of files are shared, too: only for a folder that is not shared yet. They stay behind unless told. */
  readonly withVersions?: boolean | undefined;
}

export interface Shared {
  readonly person: ContactInfo;
  readonly role: SharedRole;
  /** The folder was not shared before. */
  readonly isNew: boolean;
  /** What became of shared folders inside it. */
  readonly inside: InsideChanges;
}

/** A shared folder of this person's drive. */
export interface SharedFolder {
  readonly item: Item;
  /** undefined: it cannot be opened, for the reason in `problem`. */
  readonly view:
    | {
        readonly role: MemberRole;
        readonly owner: { readonly name: string; readonly verified: boolean };
        /** Everybody else in it, whether they have answered or not. */
        readonly others: readonly string[];
      }
    | undefined;
  readonly problem: unknown;
}

/** What putting things into another folder does to who can open them. */
export interface AccessChange {
  /** User names of who can open them there and could not before. */
  readonly gain: readonly string[];
  /** Who could open them and cannot any more. */
  readonly lose: readonly string[];
  /** Who can open them here and there, and may change them only there. */
  readonly gainWriting: readonly string[];
  /** Who may change them only here. */
  readonly loseWriting: readonly string[];
  /** How many links open them there that did not before. */
  readonly gainLinks: number;
  readonly loseLinks: number;
}

/** What deleting the account means for shared folders. */
export interface Farewell {
  /** This person's own that others are in: they go, for all of them. */
  readonly lost: readonly { readonly name: string; readonly people: readonly string[] }[];
  /** Of others: they stay where they are, without this person. */
  readonly left: readonly { readonly name: string; readonly owner: string }[];
  /** Why some could not be looked at; they are in neither list. */
  readonly problems: readonly unknown[];
}

/** Somebody who signed something. */
export interface Actor {
  readonly userId: Uint8Array;
  readonly name: string;
  readonly isSelf: boolean;
  /** Whether these keys were compared with the person's own. */
  readonly verified: boolean;
}

/** One thing that a change did. */
export type Act =
  | {
      readonly act: "added" | "changed" | "moved" | "trashed" | "restored" | "removed";
      readonly item: "file" | "folder" | "shared";
      readonly name: string;
    }
  | {
      readonly act: "renamed";
      readonly item: "file" | "folder" | "shared";
      readonly name: string;
      readonly from: string;
    }
  | {
      readonly act: "member-added" | "member-role" | "member-removed";
      readonly item: "person";
      readonly name: string;
      readonly role: MemberRole;
    };

/** A signed change of a volume. */
export interface Activity {
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: MomentKind;
  readonly by: Actor | undefined;
  /** undefined: what stood there before is not kept any more, or not for viewers. */
  readonly acts: readonly Act[] | undefined;
}

/** Where an item comes from, as signed. */
export interface ItemOrigin {
  readonly addedBy: Actor | undefined;
  /** undefined: the history that is kept, or that a viewer is given, does not tell. */
  readonly changed: { readonly sequence: number; readonly timeMs: number; readonly by: Actor | undefined } | undefined;
}

/** What of a shared folder is still sealed with a key that somebody who was taken off it holds. */
export interface Outdated {
  /** Parts of listings: about two hundred entries each. */
  readonly pages: number;
  readonly total: number;
  /** Those that cannot be opened, and so neither be sealed anew. */
  readonly unreadable: number;
}

export interface Reencrypted {
  /** Those that were sealed anew. */
  readonly pages: number;
  readonly unreadable: number;
}

export interface ReencryptOptions {
  /** Called now and then; `total` grows when somebody is taken off meanwhile. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

import type { ItemType } from "../files/types.ts";
import type { MemberRole } from "../volumes/index.ts";

/** In which order answers are. Folders always come first; what is equal is in the order of its name, then of its id. */
export interface FoundOrder {
  /** changed: when what it is now came into the drive. */
  readonly by: "name" | "type" | "size" | "modified" | "changed";
  readonly isDescending: boolean;
  /** A BCP 47 tag: names are in the order of this language. */
  readonly language?: string | undefined;
}

/** What is looked for. Everything that is said must hold; nothing said: everything. */
export interface Question {
  /** Words, each somewhere in the name; case and accents do not count. */
  readonly text?: string | undefined;
  /** Whether an entry of this type and name is wanted at all. */
  readonly accepts?: ((type: ItemType, name: string) => boolean) | undefined;
  readonly modifiedFromMs?: number | undefined;
  /** Exclusive. */
  readonly modifiedUntilMs?: number | undefined;
  /** Sizes are of files: with one of these no folder is an answer. */
  readonly minBytes?: number | undefined;
  /** Inclusive. */
  readonly maxBytes?: number | undefined;
  /** childIds, base64url: only these. */
  readonly ids?: ReadonlySet<string> | undefined;
  readonly order: FoundOrder;
  /** So many answers at most, the first in the order. */
  readonly limit: number;
}

/** A folder on the way to an answer. */
export interface FoundStep {
  readonly folderId: Uint8Array;
  readonly name: string;
}

export interface FoundItem {
  readonly parentId: Uint8Array;
  readonly childId: Uint8Array;
  readonly type: ItemType;
  /** A shared folder or file. */
  readonly isMount: boolean;
  readonly name: string;
  readonly modifiedMs: number;
  /** When what it is now came into the drive. */
  readonly changedMs: number;
  /** undefined: not a file. */
  readonly sizeBytes: number | undefined;
  /** The folders from below the root of the drive down to the one that lists it, those that are shared among them. */
  readonly path: readonly FoundStep[];
  /** What this person may do where it lies; undefined: it lies in no shared folder. */
  readonly role: MemberRole | undefined;
}

export interface Found {
  readonly items: readonly FoundItem[];
  /** How many answers there are, those beyond the limit included. */
  readonly total: number;
  /** Parts of listings that could not be read, now or ever: there may be more. */
  readonly unread: number;
}

export interface SearchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told while listings are read for the first time, or again because they changed. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

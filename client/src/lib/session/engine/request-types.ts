/** What crosses the wall about upload requests, the owner's side and the sender's. */

import type { EngineFailure } from "./types.ts";

/** As somebody asks for it; sizes in bytes. */
export interface RequestWish {
  readonly title: string;
  readonly text: string;
  /** As the owner wants to be called. */
  readonly owner: string;
  /** Endings of names; none: every kind. */
  readonly types: readonly string[];
  /** In all, as stored. */
  readonly maxBytes: number;
  readonly maxItems: number;
  /** Of one file; undefined: as large as all of it. */
  readonly maxFileBytes: number | undefined;
  readonly expiresMs: number | null;
}

/** A request of one's own. */
export interface RequestItem extends RequestWish {
  readonly id: string;
  /** For senders. Whoever has it can send. */
  readonly url: string;
  readonly maxFileBytes: number;
  readonly usedBytes: number;
  readonly usedItems: number;
  /** How many are in the inbox. */
  readonly waiting: number;
  readonly createdMs: number;
  readonly status: "open" | "closed" | "expired";
  /** Title and text are not those that were written. */
  readonly failure: EngineFailure | undefined;
}

/** What an inbox says of one item. Sender and note are what somebody wrote: nobody knows who. */
export interface InboxFacts {
  readonly arrivedMs: number;
  /** Folders and the file's name; empty when it is unreadable. */
  readonly path: readonly string[];
  readonly mediaType: string;
  /** Not of the kinds that were asked for. */
  readonly isUnexpected: boolean;
  readonly sender: string | undefined;
  readonly note: string | undefined;
  /** The number on the receipt of whoever sent it. */
  readonly receipt: string | undefined;
  /** Why it cannot be read. */
  readonly failure: EngineFailure | undefined;
}

export interface InboxView {
  readonly request: RequestItem;
  /** In the order of arrival. */
  readonly items: readonly InboxFile[];
}

export interface InboxFile {
  readonly id: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly inbox: InboxFacts;
}

/** What became of items that were to be filed. */
export interface Filed {
  readonly filed: number;
  /** Of those that stayed in the inbox. */
  readonly failures: readonly EngineFailure[];
}

/** What came of checking one item whole; a failure says what is wrong with it. */
export type Checked = { readonly id: string; readonly failure: EngineFailure | undefined };

/** What a sender sees of a request. Title, text and owner are words of a stranger. */
export interface RequestFace {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly owner: string;
  readonly types: readonly string[];
  readonly state: "open" | "closed" | "expired" | "full";
  readonly expiresMs: number | null;
  readonly maxFileBytes: number;
  /** As stored. */
  readonly freeBytes: number;
  readonly freeItems: number;
}

/** A file that somebody chose to send. */
export interface SendEntry {
  readonly key: number;
  /** Folders and the file's name. */
  readonly path: readonly string[];
  readonly file: File;
}

/** What whoever sends says of himself; nobody checks it. */
export interface Said {
  readonly sender: string;
  readonly note: string;
}

/** Known before anything is sent. */
export interface SendLook {
  readonly problems: readonly { readonly key: number; readonly failure: EngineFailure }[];
  /** What is good of it is together more than the request still takes. */
  readonly isTooMuch: boolean;
}

/** Sent earlier from this browser, and not there yet. */
export interface LeftBehind {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface ReceiptView {
  /** The owner sees the same with each of the items. */
  readonly number: string;
  readonly items: readonly {
    readonly path: readonly string[];
    readonly sizeBytes: number;
    readonly arrivedMs: number;
    /** The owner has taken it over, and proved that. */
    readonly isFiled: boolean;
  }[];
}

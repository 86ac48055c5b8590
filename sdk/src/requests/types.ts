/** What the rooms around see of upload requests, and what crosses to a page. */

import type { CborMap } from "@excalibur/core/bytes";
import type { FileSource } from "../ports/index.ts";

/** What is asked for. Sizes in bytes as they are stored: sealed, up to an eighth more than the files. */
export interface RequestDraft {
  readonly title: string;
  /** In the owner's words; nothing unless given. */
  readonly text?: string;
  /** As the owner wants to be called; nothing unless given. */
  readonly owner?: string;
  /** Endings like "jpg"; none, or left out: every kind. No server can look: senders' clients and the inbox hold to it. */
  readonly types?: readonly string[];
  /** In all, until it is raised; DEFAULT_CAPS unless given. */
  readonly maxBytes?: number;
  readonly maxItems?: number;
  /** Of one file, as long as it is before it is sealed. */
  readonly maxFileBytes?: number;
  /** Milliseconds since 1970; null or left out: never. */
  readonly expiresMs?: number | null;
}

export type RequestStatus = "open" | "closed" | "expired";

/** A request of one's own. */
export interface OwnRequest {
  /** base64url */
  readonly id: string;
  /** What senders are given. Whoever has it can send, and read the title and the text. */
  readonly url: string;
  /** As far as they open. */
  readonly title: string;
  readonly text: string;
  readonly owner: string;
  readonly types: readonly string[];
  readonly maxBytes: number;
  readonly maxItems: number;
  /** Of one file, before it is sealed: the longest that fits. */
  readonly maxFileBytes: number;
  readonly usedBytes: number;
  readonly usedItems: number;
  /** In the inbox. */
  readonly waiting: number;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly status: RequestStatus;
  /** Title and text do not open: the server has another text than the one that was written. */
  readonly problem?: Error;
}

/**
 * An item of an inbox. Nobody knows who sent it: the server, too, can put something there. `sender` and `note` are what
 * whoever it was wrote.
 */
export interface InboxItem {
  /** base64url of the object's id. */
  readonly id: string;
  readonly arrivedMs: number;
  /** sealed: it was sealed to this request's key, and the server has what it names. unreadable: `problem` says why. */
  readonly state: "sealed" | "unreadable";
  /** Folders and the file's name; empty when unreadable. */
  readonly path: readonly string[];
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly mediaType: string;
  /** Not of the types that were asked for. */
  readonly isUnexpected: boolean;
  readonly sender: string | undefined;
  readonly note: string | undefined;
  /** The number on the sender's receipt; equal for what came from one device. */
  readonly receipt: string | undefined;
  readonly problem?: Error;
}

/** What became of one item. */
export type SettledItem =
  | { readonly id: string; readonly path: readonly string[]; readonly name: string; readonly folderId: Uint8Array }
  | { readonly id: string; readonly path: readonly string[]; readonly error: unknown };

/** What a sender sees of a request. */
export interface RequestView {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** As the owner calls himself; it proves nothing. */
  readonly owner: string;
  readonly types: readonly string[];
  readonly isOpen: boolean;
  /** It is not, because its time is over, by the server's clock; otherwise its owner has closed it. */
  readonly isExpired: boolean;
  readonly expiresMs: number | null;
  /** The longest file that it takes. */
  readonly maxFileBytes: number;
  /** What is left of what it takes, as stored: sealed, up to an eighth more. */
  readonly freeBytes: number;
  readonly freeItems: number;
}

export interface FileToSend {
  /** Folders and the file's name. */
  readonly path: readonly string[];
  /** Opens the file; called once, a little before its turn comes. */
  readonly open: () => Promise<FileSource>;
  /** Gives up this file alone. */
  readonly signal?: AbortSignal;
}

/** `before`: this device had sent the same file, unchanged, to the same place. */
export type SentFile<File extends FileToSend = FileToSend> =
  | { readonly file: File; readonly sizeBytes: number; readonly before: boolean }
  | { readonly file: File; readonly error: unknown };

export interface SendOptions<File extends FileToSend> {
  /** As the sender wants to be called; nobody checks it. */
  readonly sender?: string;
  readonly note?: string;
  readonly signal?: AbortSignal;
  /** Bytes of file contents that are on the server now and were not before this call. Negative when a part is sent again. */
  readonly onBytes?: (bytes: number, file: File) => void;
  /** Called once for each file: it is in the inbox, or has failed for good. */
  readonly onResult?: (result: SentFile<File>) => void;
}

export interface SendTotals {
  readonly sent: number;
  readonly failed: number;
}

/** Why a file cannot be sent, known before a byte of it is. */
export type SendProblem = "name" | "path" | "type" | "size";

export interface Preflight {
  readonly problems: readonly { readonly path: readonly string[]; readonly problem: SendProblem }[];
  /** What is good of it is together more than the request still takes. */
  readonly isTooMuch: boolean;
}

export interface ReceiptItem {
  readonly path: readonly string[];
  readonly sizeBytes: number;
  /** base64url of the hash that names what was stored. */
  readonly root: string;
  /** By the server's clock. */
  readonly arrivedMs: number;
  /** The owner has filed it, and proved that. Without: it arrived, and nothing else is known. */
  readonly filed: boolean;
}

/** What this device has sent into a request. */
export interface Receipt {
  readonly requestId: string;
  readonly title: string;
  /** The owner sees the same number with each of these items. */
  readonly number: string;
  readonly items: readonly ReceiptItem[];
}

/** What a request needs of the account: its keyring, and where the server is. */
export interface RequestKeeper {
  /** As senders reach it. */
  readonly server: string;
  readonly requests: {
    read(): CborMap;
    update(change: (requests: CborMap) => CborMap, options?: { readonly signal?: AbortSignal }): Promise<void>;
  };
}

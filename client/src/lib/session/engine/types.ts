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
  readonly name: string;
}

export interface FileItem extends ItemRef {
  readonly type: "folder" | "file" | "mount" | "unknown";
  readonly modifiedMs: number;
  /** undefined: not a file. */
  readonly sizeBytes: number | undefined;
}

export interface FolderView {
  readonly folderId: string;
  /** From the root, which has no name, to the folder itself. */
  readonly path: readonly { readonly id: string; readonly name: string }[];
  readonly items: readonly FileItem[];
  /** A part of the listing could not be read. */
  readonly isDamaged: boolean;
}

export interface Usage {
  readonly usedBytes: number;
  readonly quotaBytes: number | null;
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
  | { readonly type: "offline" }
  | { readonly type: "online" }
  | { readonly type: "session-ended" }
  | { readonly type: "problem"; readonly failure: EngineFailure };

/** An error as it crosses the wall: its class stays behind, its code and its sentence do not. */
export interface EngineFailure {
  readonly code: string;
  readonly message: string;
}

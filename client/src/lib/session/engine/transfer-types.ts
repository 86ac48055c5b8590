/** What crosses the wall about files on their way. */

import type { EngineFailure, ItemRef } from "./types.ts";

/** A file or a folder that goes up. */
export interface UploadEntry {
  /** The page's number for it. */
  readonly key: number;
  /** The folders between the place it was dropped on and itself; each of the first ones came as an entry before. */
  readonly path: readonly string[];
  readonly name: string;
  /** Absent: a folder. */
  readonly file?: File;
}

/** mixed: a file where a folder is, or a folder where a file is. */
export type ConflictKind = "file" | "folder" | "mixed";

/** replace: becomes a new version of the file. merge: what is in the folder goes into the one that is there. */
export type Decision = "keep-both" | "replace" | "merge" | "skip";

export interface Conflict {
  readonly kind: ConflictKind;
  /** What has the name already. */
  readonly there: { readonly isFolder: boolean; readonly sizeBytes: number; readonly modifiedMs: number };
}

/** To the conflict of one entry, and to all of its kind that are known or still to come in the same job. */
export interface Answer {
  readonly key: number;
  readonly decision: Decision;
  readonly forAll: boolean;
}

export type TransferNews =
  | { readonly type: "bytes"; readonly key: number; readonly bytes: number }
  | { readonly type: "begun"; readonly key: number }
  /** Of what was made of many: how large their contents are. */
  | { readonly type: "size"; readonly key: number; readonly sizeBytes: number }
  /** Back in line: what was sent of it counts again when its turn comes. */
  | { readonly type: "waiting"; readonly key: number }
  | { readonly type: "conflict"; readonly key: number; readonly conflict: Conflict }
  | { readonly type: "done"; readonly key: number }
  | { readonly type: "skipped"; readonly key: number }
  | { readonly type: "failed"; readonly key: number; readonly failure: EngineFailure };

/** Many at once: a hundred thousand small files are not a hundred thousand messages. */
export type Tell = (news: readonly TransferNews[]) => void | Promise<void>;

/** An upload that its window did not bring to an end. */
export interface Unfinished {
  readonly id: string;
  readonly folderId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

interface Download {
  readonly id: string;
  readonly key: number;
  readonly port: MessagePort;
}

export interface DownloadJob extends Download {
  readonly item: ItemRef;
  /** Of an earlier version. */
  readonly versionId?: string;
}

export interface ArchiveJob extends Download {
  readonly contents: Archived;
}

/** What becomes one ZIP file: items of one folder, or everything, with the trash as a folder of this name if it has one. */
export type Archived = { readonly items: readonly ItemRef[] } | { readonly trashName: string | undefined };

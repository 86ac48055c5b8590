import type { Item } from "../files/index.ts";

/** What an archive is made of. */
export interface ArchiveContents {
  /** Side by side at its top, each with everything in it. */
  readonly items: readonly Item[];
  /** Folders beside them that the drive does not have as such: the trash, say. */
  readonly folders?: readonly MadeFolder[];
}

/** A folder that stands in the archive only. */
export interface MadeFolder {
  readonly name: string;
  readonly modifiedMs: number;
  readonly items: readonly Item[];
}

export interface ArchiveTotals {
  readonly files: number;
  readonly folders: number;
  /** Of contents. */
  readonly sizeBytes: number;
}

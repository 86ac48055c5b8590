/** Folders of the drive as one ZIP file. */

export { type ArchiveOptions, type ArchiveSource, measureArchive, writeArchive } from "./archive.ts";
export { ArchiveBrokenError, PathTooLongError } from "./errors.ts";
export type * from "./types.ts";

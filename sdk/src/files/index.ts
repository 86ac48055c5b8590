/** The tree of files and folders as people know it. */

export { Breakdown, type FolderShare, type KindShare } from "./breakdown.ts";
export type { Transplanted } from "./copying.ts";
export { transplant, transplanted } from "./copying.ts";
export * from "./errors.ts";
export type { Expired } from "./expiry/index.ts";
export type { FileDraft, PutFile } from "./file-changes.ts";
export { Files } from "./files.ts";
export { freeName, numberedName, requireName } from "./names.ts";
export { parsePath } from "./paths.ts";
export { isDamage, listFolder, trashFolderId, walk } from "./reading.ts";
export type { RewindChange, RewindLeft, RewindLoss, RewindPreview, Rewound, Since } from "./rewind/index.ts";
export { findContents, soleFileOf } from "./shared-files.ts";
export type { Restored } from "./trash-changes.ts";
export { type Author, addFolder, type Destination } from "./tree-changes.ts";
export type * from "./types.ts";
export type { Usage, UsageOptions } from "./usage.ts";
export type { EarlierVersion } from "./versions.ts";
export { asVersion, KEPT_MS, MAX_VERSIONS, versionsOf } from "./versions.ts";
export { plantWhole, readWhole, soleFileIn, type WholeVolume } from "./whole-volume.ts";

/** Volumes as this device has verified them: folders to read, one way to change them, the accepted head. */

export { displayNames, ENTRY_TYPE, isKnownType, nameProblem, nameSentence, normalizeName } from "./crypto.ts";
export type { EntryDraft, VolumeEditor } from "./editor.ts";
export type { FolderDamage } from "./errors.ts";
export {
  ChangeTooLargeError,
  FolderDamagedError,
  FolderMissingError,
  PageMissingError,
  ReadOnlyError,
  RejoinImpossibleError,
  VolumeBusyError,
  VolumeKeyError,
  VolumeMissingError,
} from "./errors.ts";
export type { CreatedVolume, VolumeOwner } from "./genesis/crypto.ts";
export { createVolume } from "./genesis/crypto.ts";
export type { EarlierPage, PagePlace, VolumeInspection } from "./inspection.ts";
export type { Lost, LostItem, LostKind } from "./lost.ts";
export type { Rejoined, RejoinQuestion } from "./rejoin.ts";
export { askRejoin } from "./rejoin.ts";
export type * from "./types.ts";
export type { OpenVolumeOptions } from "./volume.ts";
export { openVolume } from "./volume.ts";

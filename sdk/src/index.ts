/** The client library: accounts, the drive, and what they need of a platform. */

export * from "./account/index.ts";
export type {
  DownloadOptions,
  DownloadRequest,
  DownloadResult,
  DownloadTotals,
  OpenedThumbnail,
  Thumbnail,
} from "./download/index.ts";
export { Downloader, ObjectMissingError } from "./download/index.ts";
export type { Drive } from "./drive.ts";
export type { ExcaliburOptions, FollowOptions, NewAccount } from "./excalibur.ts";
export { Account, Excalibur } from "./excalibur.ts";
export * from "./files/index.ts";
export * from "./links/index.ts";
export * from "./mounts/errors.ts";
export * from "./ports/index.ts";
export type { Rejoin, RejoinResult } from "./rejoin.ts";
export type { Finding, FindingKind, Mended, Remedy } from "./repair/index.ts";
export { isMendable } from "./repair/index.ts";
export * from "./requests/index.ts";
export type { Found, FoundItem, FoundOrder, FoundStep, Question, SearchOptions } from "./search/index.ts";
export { DriveSearch } from "./search/index.ts";
export * from "./sharing/index.ts";
export { STARS_AT_MOST, Stars, StarsFullError } from "./stars/index.ts";
export type { StorageUse } from "./storage-use.ts";
export { ApiError, GatewayError, MissingError, SessionEndedError, UpgradeNeededError } from "./transport/index.ts";
export {
  FileChangedError,
  mediaTypeOf,
  ObjectRefusedError,
  ReadBackError,
  UploadMismatchError,
  type UploadOptions,
  type UploadRequest,
  type UploadResult,
  type UploadTotals,
} from "./upload/index.ts";
export { isViolation } from "./violations/index.ts";
export type {
  AcceptedHead,
  Entry,
  FileContent,
  FileVersion,
  Folder,
  Lost,
  LostItem,
  RejoinQuestion,
  Volume,
} from "./volumes/index.ts";
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
} from "./volumes/index.ts";

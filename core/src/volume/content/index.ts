/** What is inside a folder's pages: entries, names, splitting, sealing and opening. The server never reaches this room. */

export type { Entry, FileContent, FileVersion, Mount, ObjectPointer, Trashed } from "./entry.ts";
export {
  compareEntries,
  decodeEntry,
  ENTRY_LIMIT_BYTES,
  ENTRY_TYPE,
  encodeEntry,
  isKnownType,
  listedObjects,
  VERSIONS_LIMIT,
} from "./entry.ts";
export type { NameProblem } from "./names.ts";
export { displayNames, NAME_LIMIT_BYTES, nameProblem, nameSentence, normalizeName } from "./names.ts";
export type { FolderHeader, PageAttributes, PageContent, PagePlace } from "./page-content.ts";
export { decodePageContent, encodePageContent, PAGE_ENTRIES_LIMIT } from "./page-content.ts";
export type { OpenPageOptions, SealedPage, SealPageOptions } from "./page-secret.ts";
export { openPage, sealPage } from "./page-secret.ts";
export type { PreviousKeysPlace } from "./previous-keys.ts";
export { openPreviousKeys, sealPreviousKeys } from "./previous-keys.ts";
export type { CutPage } from "./split.ts";
export { cutPage, drawChildId, PageFullError } from "./split.ts";

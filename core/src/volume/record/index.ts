/**
 * The public records of a volume: manifests, commits, page headers and the state tree. Everything here can be checked
 * without a volume key, so servers and clients share it; what is inside a page is in volume/content.
 */

export type { Commit, CommitFields, CommitKind, ObjectCount } from "./commit.ts";
export { COMMIT_KINDS, changeKey, decodeCommit, signCommit } from "./commit.ts";
export type { CommitProblem, HistoryPosition, IntegrityScope, ManifestProblem, Refusal } from "./errors.ts";
export { CommitError, ForkError, ManifestError, RollbackError, VolumeIntegrityError } from "./errors.ts";
export type { Manifest, ManifestFields, Member, VolumeKeyName } from "./manifest.ts";
export {
  commitToVolumeKey,
  decodeManifest,
  memberByFingerprint,
  memberBySubject,
  signManifest,
  volumeIdOf,
} from "./manifest.ts";
export type { ManifestProofs } from "./manifest-succession.ts";
export { verifyGenesisManifest, verifyManifestSuccession } from "./manifest-succession.ts";
export { decodePageList, encodePageList, PAGE_REF_LENGTH } from "./page-list.ts";
export type { PageRange } from "./page-range.ts";
export {
  endOf,
  halvesOf,
  isComplete,
  MAX_BITS_LENGTH,
  prefixOf,
  rangeCovers,
  rangeHolds,
  requirePageRange,
  WHOLE_FOLDER,
} from "./page-range.ts";
export type { PageHeader, PageOfCommit, PageRecord } from "./page-record.ts";
export {
  encodePageHeader,
  encodePageRecord,
  LAST_PAGE_PLAINTEXT_LIMIT,
  maxPageObjectLength,
  PAGE_HEADER_LENGTH,
  PAGE_PLAINTEXT_LIMIT,
  pageRecordHash,
  parsePageRecord,
  previousRecordHashOf,
  verifyPageAgainstCommit,
} from "./page-record.ts";
export type { PageRef } from "./page-tree.ts";
export type { RecordList } from "./record-list.ts";
export type { Role } from "./roles.ts";
export { isLinkRole, isManagedRole, isRole, mayChangeMembers, mayWrite, ROLES } from "./roles.ts";
export type { StatePathQuestion } from "./state-path.ts";
export { verifyStatePath } from "./state-path.ts";
export { StateTree } from "./state-tree.ts";
export type { AcceptedCommit, CommitProofs, CommitQuestion, GenesisQuestion } from "./verify-commit.ts";
export { verifyCommit, verifyGenesis } from "./verify-commit.ts";
export type { Rejoin, RejoinQuestion, RememberedHead } from "./verify-rejoin.ts";
export { verifyRejoin } from "./verify-rejoin.ts";

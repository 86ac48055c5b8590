/**
 * The public records of a volume: manifests, commits, page headers and the state tree. Everything here can be checked
 * without a volume key, so servers and clients share it; what is inside a page is in volume/content.
 */

export type { CommitProblem, HistoryPosition, IntegrityScope, ManifestProblem, Refusal } from "./errors.ts";
export { CommitError, ForkError, ManifestError, RollbackError, VolumeIntegrityError } from "./errors.ts";
export type { Commit, CommitFields, CommitKind, ObjectCount } from "./history/commit.ts";
export { COMMIT_KINDS, decodeCommit, signCommit } from "./history/commit.ts";
export type { PageHeader, PageOfCommit, PageRecord } from "./history/page-record.ts";
export {
  encodePageHeader,
  encodePageRecord,
  LAST_PAGE_PLAINTEXT_LIMIT,
  maxPageObjectLength,
  PAGE_HEADER_LENGTH,
  PAGE_PLAINTEXT_LIMIT,
  pageRecordHash,
  pageRecordHashBulk,
  parsePageRecord,
  previousRecordHashOf,
  verifyPageAgainstCommit,
} from "./history/page-record.ts";
export type { AcceptedCommit, CommitProofs, CommitQuestion, GenesisQuestion } from "./history/verify-commit.ts";
export { verifyCommit, verifyGenesis } from "./history/verify-commit.ts";
export type { Rejoin, RejoinQuestion, RememberedHead } from "./history/verify-rejoin.ts";
export { verifyRejoin } from "./history/verify-rejoin.ts";
export type { Manifest, ManifestFields, Member, VolumeKeyName } from "./members/manifest.ts";
export {
  commitToVolumeKey,
  decodeManifest,
  memberByFingerprint,
  memberBySubject,
  signManifest,
  volumeIdOf,
} from "./members/manifest.ts";
export type { ManifestProofs } from "./members/manifest-succession.ts";
export { verifyGenesisManifest, verifyManifestSuccession } from "./members/manifest-succession.ts";
export type { Role } from "./members/roles.ts";
export { isLinkRole, isManagedRole, isRole, mayChangeMembers, mayWrite, ROLES } from "./members/roles.ts";
export type { RecordList } from "./record-list.ts";
export { decodePageList, encodePageList, PAGE_REF_LENGTH } from "./state/page-list.ts";
export type { PageRange } from "./state/page-range.ts";
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
} from "./state/page-range.ts";
export type { PageRef } from "./state/page-tree.ts";
export { changeKey } from "./state/page-tree.ts";
export type { StatePathQuestion } from "./state/state-path.ts";
export { verifyStatePath } from "./state/state-path.ts";
export { StateTree } from "./state/state-tree.ts";

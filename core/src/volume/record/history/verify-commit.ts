import { equalBytes, isAllZero, UnsupportedError } from "../../../bytes/index.ts";
import type { SignatureKeys } from "../../../identity/index.ts";
import { verifyLabelled } from "../../../labels/index.ts";
import { LIMITS } from "../../../protocol/index.ts";
import { CommitError } from "../errors.ts";
import { type Manifest, memberByFingerprint } from "../members/manifest.ts";
import {
  type ManifestProofs,
  verifyGenesisManifest,
  verifyManifestSuccession,
} from "../members/manifest-succession.ts";
import { mayWrite, type Role } from "../members/roles.ts";
import { StateTree } from "../state/state-tree.ts";
import { COMMIT_KINDS, type Commit } from "./commit.ts";

/** Keys and, for members commits, identity chains, as `verifyManifestSuccession` needs them. */
export interface CommitProofs extends ManifestProofs {
  /**
   * The server's own clock. Only a server gives it: a commit is at most 10 minutes ahead of it. To a client the time
   * in a commit is what its writer said.
   */
  readonly serverTimeMs?: number | undefined;
}

export interface CommitQuestion extends CommitProofs {
  /** The head, accepted before. */
  readonly previous: Commit;
  readonly commit: Commit;
  /** The manifest the head names. */
  readonly manifest: Manifest;
  /** What a members commit (kind 2) carries; nothing for the other kinds. */
  readonly nextManifest?: Manifest | undefined;
  /** The pages under the head. */
  readonly state: StateTree;
  /**
   * What `state.apply` made of the commit's changes, if the caller has done that already (a server does it in slices,
   * folder by folder, so that a huge commit does not hold up everybody else). Its root is checked like any other.
   */
  readonly applied?: StateTree | undefined;
}

export interface AcceptedCommit {
  /** The pages under the commit. */
  readonly state: StateTree;
  /** The manifest in force after it. */
  readonly manifest: Manifest;
}

/**
 * Everything that must hold before a commit becomes the head, for servers and clients alike (docs/spec/volumes.md §5):
 * ordinary and members commits. Pure: on a refusal nothing has changed. Throws CommitError, ManifestError, or
 * UnsupportedError for a rejoin, which needs `verifyRejoin` and a person who has seen what it leaves behind.
 */
export function verifyCommit(question: CommitQuestion): AcceptedCommit {
  const { previous, commit, manifest, state } = question;
  if (commit.kind === COMMIT_KINDS.rejoin) {
    throw new UnsupportedError(
      "This commit rejoins two histories of the volume. It is not accepted without being asked for.",
    );
  }
  if (commit.kind === COMMIT_KINDS.genesis) throw new CommitError("kind");
  if (!equalBytes(manifest.hash, previous.manifestHash)) throw new CommitError("manifest");
  verifySuccessor(previous, commit, question.serverTimeMs);
  if (commit.sequence !== previous.sequence + 1) throw new CommitError("sequence");

  if (commit.kind === COMMIT_KINDS.members) return verifyMembersCommit(question);
  if (question.nextManifest !== undefined) throw new CommitError("manifest");
  verifyNamedManifest(commit, manifest);
  verifyWriter(commit, { manifest, may: mayWrite, signatureKeys: question.signatureKeys });
  const after = question.applied ?? state.apply([...commit.changes]);
  verifyStateRoot(commit, after);
  return { state: after, manifest };
}

function verifyMembersCommit(question: CommitQuestion): AcceptedCommit {
  const { previous, commit, manifest, nextManifest, state } = question;
  if (nextManifest === undefined) throw new CommitError("manifest");
  verifyNamedManifest(commit, nextManifest);
  if (!equalBytes(commit.writerFingerprint, nextManifest.signerFingerprint)) throw new CommitError("writer_may_not");
  verifyManifestSuccession(manifest, nextManifest, question);
  // The signer's role was just checked under the manifest before, which is the one that authorises.
  verifySignature(commit, question.signatureKeys);
  verifyUnchanged(previous, commit);
  return { state, manifest: nextManifest };
}

export interface GenesisQuestion extends CommitProofs {
  readonly commit: Commit;
  /** Version 0. */
  readonly manifest: Manifest;
}

/** Everything that must hold of the first commit of a volume. Throws CommitError or ManifestError. */
export function verifyGenesis({ commit, manifest, signatureKeys, serverTimeMs }: GenesisQuestion): AcceptedCommit {
  if (commit.kind !== COMMIT_KINDS.genesis) throw new CommitError("kind");
  if (commit.sequence !== 0) throw new CommitError("sequence");
  if (!isAllZero(commit.previousCommitHash)) throw new CommitError("previous_hash");
  if (!equalBytes(commit.volumeId, manifest.volumeId)) throw new CommitError("volume");
  verifyTimeAhead(commit, 0, serverTimeMs);
  verifyGenesisManifest(manifest, { signatureKeys });
  verifyNamedManifest(commit, manifest);
  if (!equalBytes(commit.writerFingerprint, manifest.ownerFingerprint)) throw new CommitError("writer_may_not");
  verifySignature(commit, signatureKeys);
  // There is nothing yet that could be dropped.
  if (commit.dropped.length > 0) throw new CommitError("changes_not_allowed");
  const state = StateTree.empty.apply([...commit.changes]);
  verifyStateRoot(commit, state);
  return { state, manifest };
}

/** Volume, hash and time; the sequence depends on the kind. */
export function verifySuccessor(previous: Commit, commit: Commit, serverTimeMs: number | undefined): void {
  if (!equalBytes(commit.volumeId, previous.volumeId)) throw new CommitError("volume");
  if (!equalBytes(commit.previousCommitHash, previous.hash)) throw new CommitError("previous_hash");
  if (commit.timeMs < previous.timeMs + 1) throw new CommitError("time_before_previous");
  verifyTimeAhead(commit, previous.timeMs + 1, serverTimeMs);
}

function verifyTimeAhead(commit: Commit, earliestMs: number, serverTimeMs: number | undefined): void {
  if (serverTimeMs === undefined) return;
  if (commit.timeMs > Math.max(serverTimeMs, earliestMs) + LIMITS.commitAheadMs) throw new CommitError("time_ahead");
}

/** The commit names this manifest and its generation. */
export function verifyNamedManifest(commit: Commit, manifest: Manifest): void {
  const named = commit.manifestVersion === manifest.version && equalBytes(commit.manifestHash, manifest.hash);
  if (!named || !equalBytes(commit.volumeId, manifest.volumeId)) throw new CommitError("manifest");
  if (commit.g !== manifest.g) throw new CommitError("generation");
}

interface Writer {
  readonly manifest: Manifest;
  readonly may: (role: Role) => boolean;
  readonly signatureKeys: SignatureKeys;
}

/** The writer stands in the manifest with a role that may, and signed. */
export function verifyWriter(commit: Commit, { manifest, may, signatureKeys }: Writer): void {
  const member = memberByFingerprint(manifest, commit.writerFingerprint);
  if (member === null || !may(member.role)) throw new CommitError("writer_may_not");
  verifySignature(commit, signatureKeys);
}

function verifySignature(commit: Commit, signatureKeys: SignatureKeys): void {
  const key = signatureKeys(commit.writerFingerprint);
  if (key === undefined || !verifyLabelled("commit", key, commit.signedBytes, commit.signature)) {
    throw new CommitError("signature");
  }
}

/** Members and rejoin commits change no page. */
export function verifyUnchanged(previous: Commit, commit: Commit): void {
  if (commit.changes.length + commit.added.length + commit.dropped.length > 0) {
    throw new CommitError("changes_not_allowed");
  }
  if (!equalBytes(commit.stateRoot, previous.stateRoot)) throw new CommitError("state_root");
}

function verifyStateRoot(commit: Commit, state: StateTree): void {
  if (!equalBytes(state.root(commit.volumeId), commit.stateRoot)) throw new CommitError("state_root");
}

import { equalBytes } from "../../../bytes/index.ts";
import { CommitError, type HistoryPosition } from "../errors.ts";
import type { Manifest } from "../members/manifest.ts";
import { verifyManifestSuccession } from "../members/manifest-succession.ts";
import { mayChangeMembers } from "../members/roles.ts";
import { COMMIT_KINDS, type Commit } from "./commit.ts";
import {
  type CommitProofs,
  verifyNamedManifest,
  verifySuccessor,
  verifyUnchanged,
  verifyWriter,
} from "./verify-commit.ts";

export interface RememberedHead extends HistoryPosition {
  readonly manifestHash: Uint8Array;
  /** Whether this head is an ancestor of the rejoin's predecessor, or the predecessor itself. */
  readonly isOnKeptBranch: boolean;
}

export interface RejoinQuestion extends CommitProofs {
  /** The server's head, which the rejoin follows. */
  readonly previous: Commit;
  readonly commit: Commit;
  /**
   * Manifests one after the other, ending with the one the rejoin names. The first is trusted already; the chain must
   * contain the manifest of `previous` and, for a client, that of its own remembered head.
   */
  readonly manifests: readonly Manifest[];
  /** What this client had accepted last. A server, which remembers no other branch, leaves it out. */
  readonly remembered?: RememberedHead | undefined;
}

export interface Rejoin {
  /** The manifest in force after it. */
  readonly manifest: Manifest;
  /** What is gone: to be shown to the person before the head moves. */
  readonly abandoned: readonly HistoryPosition[];
}

/**
 * Everything that must hold of a rejoin commit (kind 3), by which a manager or the owner goes on from a server's
 * head after that server lost history (docs/spec/volumes.md §5). The state does not change. Throws CommitError or
 * ManifestError. A client moves its head only after the person has seen what is gone.
 */
export function verifyRejoin(question: RejoinQuestion): Rejoin {
  const { previous, commit, manifests, remembered } = question;
  if (commit.kind !== COMMIT_KINDS.rejoin) throw new CommitError("kind");
  verifySuccessor(previous, commit, question.serverTimeMs);
  const abandoned = [...commit.abandoned];
  verifyAbandoned(previous, commit, abandoned);

  const manifest = manifests.at(-1);
  if (manifest === undefined) throw new CommitError("manifest");
  for (const [index, next] of manifests.entries()) {
    const before = manifests[index - 1];
    if (before !== undefined) verifyManifestSuccession(before, next, question);
  }
  verifyNamedManifest(commit, manifest);
  requireInChain(manifests, previous.manifestHash);
  verifyWriter(commit, { manifest, may: mayChangeMembers, signatureKeys: question.signatureKeys });
  verifyUnchanged(previous, commit);

  if (remembered !== undefined) {
    // No rejoin brings back a removed member: the named manifest is, or extends, the remembered one.
    requireInChain(manifests, remembered.manifestHash);
    const isListed = abandoned.some(
      (each) => each.sequence === remembered.sequence && equalBytes(each.hash, remembered.hash),
    );
    if (!isListed && !remembered.isOnKeptBranch) throw new CommitError("abandoned");
  }
  return { manifest, abandoned };
}

function verifyAbandoned(previous: Commit, commit: Commit, abandoned: readonly HistoryPosition[]): void {
  const last = abandoned.at(-1);
  if (last === undefined) throw new CommitError("abandoned");
  if (abandoned.some(({ hash }) => equalBytes(hash, previous.hash))) throw new CommitError("abandoned");
  if (commit.sequence !== 1 + Math.max(previous.sequence, last.sequence)) throw new CommitError("sequence");
}

function requireInChain(manifests: readonly Manifest[], hash: Uint8Array): void {
  if (!manifests.some((manifest) => equalBytes(manifest.hash, hash))) throw new CommitError("manifest");
}

import { equalBytes } from "@excalibur/core/bytes";
import {
  COMMIT_KINDS,
  type Commit,
  CommitError,
  decodeCommit,
  ForkError,
  type PageRef,
  RollbackError,
  StateTree,
  verifyCommit,
  verifyRejoin,
} from "@excalibur/core/volume/record";
import type { HeadMaterial, VolumeApi } from "./api.ts";
import { isSigned, type VerifiedHistory, verifyHistory } from "./history.ts";
import type { HeadRow, KeptCommit, LocalVolumeStore, StoredHead } from "./local-store.ts";
import { openVolumeKeys } from "./members/crypto.ts";
import type { AcceptedState } from "./state.ts";
import type { AcceptedHead, VolumeMember } from "./types.ts";

/** The page list may be of a newer head than the one just verified; so often it is asked for again. */
const FRESH_ATTEMPTS = 5;
const WHAT = "the drive";

export interface AcceptContext {
  readonly volumeId: Uint8Array;
  readonly api: VolumeApi;
  readonly store: LocalVolumeStore;
  readonly member: VolumeMember;
}

type Options = { readonly signal?: AbortSignal | undefined };

export interface Accepted {
  readonly state: AcceptedState;
  readonly material: HeadMaterial;
}

/** What a device that remembers nothing (or whose cache does not hold together) accepts, above the keyring's floor. */
export async function acceptFresh(context: AcceptContext, options: Options = {}): Promise<Accepted> {
  const { volumeId, api, member } = context;
  for (let attempt = 1; ; attempt++) {
    const material = await api.head(options);
    const history = verifyHistory(volumeId, material);
    await requireFloor(context, history, options);
    const list = await api.pageList(options);
    const sameHead = list.sequence === history.head.sequence && equalBytes(list.headHash, history.head.hash);
    if (!sameHead && attempt < FRESH_ATTEMPTS) continue;
    const tree = StateTree.fromPages(list.pages);
    if (!equalBytes(tree.root(volumeId), history.head.stateRoot)) throw new CommitError("state_root");
    const { keys, floor } = await openVolumeKeys({ volumeId, material, member, ...history });
    const state = toState(volumeId, history, { tree, keys });
    // Whoever invited this person knew the history up to there: one that does not contain it is another one.
    if (floor) await requireExtends(context, { ...state, floor }, options);
    return { state, material };
  }
}

/** The state this device remembers, without asking anybody. Undefined when there is none that holds together. */
export async function acceptRemembered(context: AcceptContext, row: HeadRow): Promise<Accepted | undefined> {
  const { volumeId, store, member } = context;
  const pages: PageRef[] = [];
  for await (const page of store.readPages()) pages.push(page);
  const tree = StateTree.fromPages(pages);
  const head = decodeCommit(row.head.commit);
  // Another process may have moved on between the two reads; then everything is read again from the server.
  if (!equalBytes(tree.root(volumeId), head.stateRoot)) return undefined;
  const material = row.head;
  const history = verifyHistory(volumeId, material);
  const { keys } = await openVolumeKeys({ volumeId, material, member, ...history });
  return { state: toState(volumeId, history, { tree, keys }), material };
}

function toState(
  volumeId: Uint8Array,
  history: VerifiedHistory,
  { tree, keys }: Pick<AcceptedState, "tree" | "keys">,
): AcceptedState {
  const { head, manifest, signatureKeys } = history;
  return {
    volumeId,
    head: { sequence: head.sequence, hash: head.hash },
    commit: head,
    manifest,
    tree,
    keys,
    signatureKeys,
  };
}

/** The head must be, or extend, what the keyring says another device of this person has seen. */
async function requireFloor(
  { volumeId, api, store, member }: AcceptContext,
  { head: { sequence, hash }, signatureKeys }: VerifiedHistory,
  options: Options,
): Promise<void> {
  const floor = member.acceptedHead(volumeId);
  if (!floor) return;
  await requireExtends({ api, store }, { floor, head: { sequence, hash }, signatureKeys }, options);
}

/** Follows the hashes from a remembered head to an offered one. Throws RollbackError or ForkError, also where a rejoin leaves it behind: that takes a person. */
export async function requireExtends(
  { api, store }: Pick<AcceptContext, "api" | "store">,
  { floor, head, signatureKeys }: Pick<AcceptedState, "head" | "signatureKeys"> & { readonly floor: AcceptedHead },
  options: Options = {},
): Promise<void> {
  if (head.sequence < floor.sequence) throw new RollbackError(WHAT, floor.sequence, head.sequence);
  let at = floor;
  while (at.sequence < head.sequence) {
    const { commits } = await api.commitsAfter(at.sequence, options);
    if (commits.length === 0) throw new RollbackError(WHAT, head.sequence, at.sequence);
    for (const bytes of commits) {
      const commit = decodeCommit(bytes);
      if (!equalBytes(commit.previousCommitHash, at.hash)) {
        if (isSigned(commit, signatureKeys)) await store.keepEvidence(bytes, commit.hash, commit.sequence);
        throw new ForkError(WHAT, at, { sequence: commit.sequence - 1, hash: commit.previousCommitHash });
      }
      // Nothing between the two is verified but the hashes: what does not come nearer with each step may never arrive.
      const isNext =
        commit.kind === COMMIT_KINDS.rejoin ? commit.sequence > at.sequence : commit.sequence === at.sequence + 1;
      if (!isNext) throw new CommitError("sequence");
      at = { sequence: commit.sequence, hash: commit.hash };
      if (at.sequence >= head.sequence) break;
    }
  }
  if (!equalBytes(at.hash, head.hash)) throw new ForkError(WHAT, at, head);
}

export interface Step {
  readonly state: AcceptedState;
  /** The pages this commit changed. */
  readonly changes: readonly PageRef[];
}

/** One commit further. Throws and changes nothing when it does not follow. */
export async function acceptNext(
  context: AcceptContext,
  state: AcceptedState,
  { bytes, material, signal }: { readonly bytes: Uint8Array; readonly material: () => Promise<HeadMaterial> } & Options,
): Promise<Step> {
  const commit = decodeCommit(bytes);
  if (commit.sequence <= state.head.sequence) throw new CommitError("sequence");
  if (!equalBytes(commit.previousCommitHash, state.head.hash)) {
    if (isSigned(commit, state.signatureKeys)) {
      await context.store.keepEvidence(bytes, commit.hash, commit.sequence);
    }
    await context.store.keepEvidence(state.commit.bytes, state.commit.hash, state.commit.sequence);
    throw new ForkError(WHAT, state.head, { sequence: commit.sequence - 1, hash: commit.previousCommitHash });
  }
  signal?.throwIfAborted();
  if (commit.kind === COMMIT_KINDS.rejoin) return await acceptRejoin(context, state, { commit, material });
  if (commit.kind !== COMMIT_KINDS.members) {
    const { state: tree, manifest } = verifyCommit({
      previous: state.commit,
      commit,
      manifest: state.manifest,
      state: state.tree,
      signatureKeys: state.signatureKeys,
    });
    const head = { sequence: commit.sequence, hash: commit.hash };
    return { state: { ...state, head, commit, manifest, tree }, changes: [...commit.changes] };
  }
  // The manifest a members commit carries, and the key of its generation, come with the head's material.
  const fresh = await material();
  const history = verifyHistory(context.volumeId, fresh);
  const nextManifest = history.manifests.find((each) => each.version === commit.manifestVersion);
  const { state: tree, manifest } = verifyCommit({
    previous: state.commit,
    commit,
    manifest: state.manifest,
    nextManifest,
    state: state.tree,
    signatureKeys: history.signatureKeys,
    identityChain: history.identityChain,
  });
  const { keys } = await openVolumeKeys({ ...context, material: fresh, ...history });
  const head = { sequence: commit.sequence, hash: commit.hash };
  return {
    state: { ...state, head, commit, manifest, tree, keys, signatureKeys: history.signatureKeys },
    changes: [],
  };
}

/**
 * A rejoin commit right after the head this device has: it is on the branch that is kept, so nothing that it has seen is
 * gone. What the commit leaves behind is the matter of those who saw that; they get a ForkError instead.
 */
async function acceptRejoin(
  context: AcceptContext,
  state: AcceptedState,
  { commit, material }: { readonly commit: Commit; readonly material: () => Promise<HeadMaterial> },
): Promise<Step> {
  const fresh = await material();
  const history = verifyHistory(context.volumeId, fresh);
  const manifests = history.manifests.slice(state.manifest.version, commit.manifestVersion + 1);
  const { manifest } = verifyRejoin({
    previous: state.commit,
    commit,
    manifests,
    remembered: { ...state.head, manifestHash: state.manifest.hash, isOnKeptBranch: true },
    signatureKeys: history.signatureKeys,
    identityChain: history.identityChain,
  });
  const { keys } = await openVolumeKeys({ ...context, material: fresh, ...history });
  const head = { sequence: commit.sequence, hash: commit.hash };
  return { state: { ...state, head, commit, manifest, keys, signatureKeys: history.signatureKeys }, changes: [] };
}

/** What the head row keeps: what verifies the next commit, and the head itself. */
export function toStoredHead(state: AcceptedState, material: HeadMaterial): StoredHead {
  // Material may have come with a manifest newer than this head, which belongs to a later step.
  const manifests = material.manifests.slice(0, state.manifest.version + 1);
  return { ...material, manifests, sequence: state.head.sequence, hash: state.head.hash, commit: state.commit.bytes };
}

/** What is kept of a commit that was accepted. */
export function toKept(before: AcceptedState, { commit }: AcceptedState, changes: Iterable<PageRef>): KeptCommit {
  const replaced = [...changes].flatMap((page) => before.tree.page(page.nodeId, page)?.recordHash ?? []);
  return { sequence: commit.sequence, bytes: commit.bytes, replaced };
}

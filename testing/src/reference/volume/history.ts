/** What may follow what: commits after commits, with their manifests (spec/volumes.md §5, §10). */

import { type Bytes, equal, hex, isZero } from "../foundations/bytes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";
import { type Change, COMMIT, type Commit, checkCommitSignature } from "./commit.ts";
import {
  type ChainExists,
  type Manifest,
  mayChangeMembers,
  mayWrite,
  type SignatureKeys,
  verifyFirstManifest,
  verifyNextManifest,
} from "./manifest.ts";
import { checkComplete, isInside } from "./page-place.ts";
import { type PageState, pagesByFolder, stateRoot } from "./state-tree.ts";

export interface Trust {
  readonly keys: SignatureKeys;
  readonly chainExists: ChainExists;
}

/** Everything a client holds about a volume after having followed it to its head. */
export interface VolumeState {
  readonly volumeId: Bytes;
  readonly head: Commit;
  readonly manifest: Manifest;
  readonly pages: readonly PageState[];
}

export function applyGenesis(commit: Commit, manifest: Manifest, trust: Trust): VolumeState {
  demand(commit.kind === COMMIT.genesis, "succession", "The first commit must be a genesis.");
  demand(commit.sequence === 0 && isZero(commit.previousCommitHash), "succession", "A genesis has nothing before it.");
  demand(commit.manifestVersion === 0 && commit.g === 0, "succession", "A genesis has manifest 0 and key 0.");
  demand(equal(commit.volumeId, manifest.volumeId), "succession", "The manifest is of another volume.");
  demand(equal(commit.manifestHash, manifest.hash), "succession", "The genesis names another manifest.");
  demand(equal(commit.writerFingerprint, manifest.ownerFingerprint), "succession", "The owner makes the genesis.");
  demand(commit.dropped.length === 0, "succession", "A genesis has nothing to drop.");
  verifyFirstManifest(manifest, trust.keys);
  checkCommitSignature(commit, trust.keys);
  const pages = applyChanges([], commit);
  return { volumeId: new Uint8Array(commit.volumeId), head: commit, manifest, pages };
}

/** `manifest` comes with a members commit, and only with one. Rejoin commits need both branches and are not read here. */
export function applyCommit(state: VolumeState, commit: Commit, trust: Trust, manifest?: Manifest): VolumeState {
  const { head } = state;
  demand(equal(commit.volumeId, state.volumeId), "succession", "Another volume.");
  demand(commit.kind !== COMMIT.genesis, "succession", "There is one genesis.");
  demand(commit.kind !== COMMIT.rejoin, "unsupported", "A rejoin commit needs both branches.");
  demand(commit.sequence === head.sequence + 1, "succession", "The sequence does not grow by one.");
  demand(equal(commit.previousCommitHash, head.hash), "succession", "It follows another commit.");
  demand(commit.timeMs >= head.timeMs + 1, "succession", "Time does not move forward.");
  if (commit.kind === COMMIT.members) return applyMembers(state, commit, trust, manifest);
  demand(manifest === undefined, "succession", "Only a members commit brings a manifest.");
  demand(commit.manifestVersion === head.manifestVersion, "succession", "It names another manifest.");
  demand(equal(commit.manifestHash, head.manifestHash), "succession", "It names another manifest.");
  demand(commit.g === head.g, "succession", "It uses another volume key.");
  demand(mayWrite(state.manifest, commit.writerFingerprint), "succession", "The writer may not write.");
  checkCommitSignature(commit, trust.keys);
  return { ...state, head: commit, pages: applyChanges(state.pages, commit) };
}

function applyMembers(state: VolumeState, commit: Commit, trust: Trust, manifest: Manifest | undefined): VolumeState {
  if (manifest === undefined) throw new Refusal("succession", "The manifest is missing.");
  demand(commit.manifestVersion === manifest.version && commit.g === manifest.g, "succession", "Another manifest.");
  demand(equal(commit.manifestHash, manifest.hash), "succession", "The commit names another manifest.");
  demand(equal(commit.writerFingerprint, manifest.signerFingerprint), "succession", "Writer and signer differ.");
  demand(mayChangeMembers(state.manifest, commit.writerFingerprint), "succession", "The writer may not do this.");
  const empty = commit.changes.length + commit.added.length + commit.dropped.length === 0;
  demand(empty, "succession", "A members commit changes no page and no object.");
  demand(equal(commit.stateRoot, state.head.stateRoot), "succession", "A members commit keeps the state.");
  verifyNextManifest(state.manifest, manifest, trust.keys, trust.chainExists);
  checkCommitSignature(commit, trust.keys);
  return { ...state, head: commit, manifest };
}

function idOf(page: PageState): string {
  return `${hex(page.nodeId)}/${page.bitsLength}/${page.bits}`;
}

function applyChanges(before: readonly PageState[], commit: Commit): PageState[] {
  const pages = new Map(before.map((page) => [idOf(page), page]));
  for (const change of commit.changes) {
    demandNoMerge(before, change);
    applyChange(pages, change);
  }
  const after = [...pages.values()];
  const touched = new Set(commit.changes.map((change) => hex(change.nodeId)));
  for (const [node, own] of pagesByFolder(after)) {
    if (!touched.has(node)) continue;
    try {
      checkComplete(own);
    } catch (cause) {
      throw new Refusal("succession", "A folder is left with gaps or overlaps.", { cause });
    }
  }
  demand(equal(stateRoot(commit.volumeId, after), commit.stateRoot), "succession", "The state has another root.");
  return after;
}

/** §5: a new page of a folder that had pages lies inside one of them. */
function demandNoMerge(before: readonly PageState[], change: Change): void {
  const stood = before.filter((page) => equal(page.nodeId, change.nodeId));
  const isKnown = stood.some((page) => idOf(page) === idOf(change));
  if (stood.length === 0 || isKnown || change.version === 0) return;
  const isPart = stood.some((page) => isInside(change, page));
  demand(isPart, "succession", "A new page is not a part of one that stood there.");
}

function applyChange(pages: Map<string, PageState>, change: Change): void {
  const id = idOf(change);
  const old = pages.get(id);
  if (change.version === 0) {
    demand(old !== undefined, "succession", "A page goes that was not there.");
    pages.delete(id);
  } else {
    demand(change.version === (old?.version ?? 0) + 1, "succession", "A page's version does not grow by one.");
    pages.set(id, change);
  }
}

/** What a client had accepted when the server came back without it. */
export interface RememberedHead {
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly manifestHash: Uint8Array;
  /** Whether it is the rejoin's predecessor or an ancestor of it. */
  readonly isOnKeptBranch: boolean;
}

export interface RejoinQuestion {
  /** The server's head. */
  readonly previous: Commit;
  readonly commit: Commit;
  /** One after the other, from one that is trusted to the one the rejoin names; those of both branches are in it. */
  readonly manifests: readonly Manifest[];
  readonly remembered?: RememberedHead;
}

/** §5, kind 3. Gives the manifest in force after it. */
export function verifyRejoin(question: RejoinQuestion, trust: Trust): Manifest {
  const { previous, commit, manifests, remembered } = question;
  demand(commit.kind === COMMIT.rejoin, "succession", "Not a rejoin.");
  demand(equal(commit.volumeId, previous.volumeId), "succession", "Another volume.");
  demand(equal(commit.previousCommitHash, previous.hash), "succession", "It follows another commit.");
  demand(commit.timeMs >= previous.timeMs + 1, "succession", "Time does not move forward.");

  const last = commit.abandoned.at(-1);
  demand(last !== undefined, "succession", "A rejoin abandons something.");
  const sequence = 1 + Math.max(previous.sequence, last.sequence);
  demand(commit.sequence === sequence, "succession", "The sequence must be above everything that it leaves.");
  const abandons = (hash: Uint8Array) => commit.abandoned.some((one) => equal(one.hash, hash));
  demand(!abandons(previous.hash), "succession", "It abandons what it follows.");
  const empty = commit.changes.length + commit.added.length + commit.dropped.length === 0;
  demand(empty && equal(commit.stateRoot, previous.stateRoot), "succession", "A rejoin keeps the state.");

  for (const [i, manifest] of manifests.entries()) {
    const before = manifests[i - 1];
    if (before !== undefined) verifyNextManifest(before, manifest, trust.keys, trust.chainExists);
  }
  const manifest = manifests.at(-1);
  demand(manifest !== undefined, "succession", "The manifest is missing.");
  demand(equal(commit.manifestHash, manifest.hash), "succession", "It names another manifest.");
  demand(commit.manifestVersion === manifest.version && commit.g === manifest.g, "succession", "It names another g.");
  const leadsFrom = (hash: Uint8Array) => manifests.some((one) => equal(one.hash, hash));
  demand(leadsFrom(previous.manifestHash), "succession", "The manifest does not extend the server's.");
  demand(mayChangeMembers(manifest, commit.writerFingerprint), "succession", "The writer may not do this.");
  checkCommitSignature(commit, trust.keys);

  if (remembered !== undefined) {
    demand(leadsFrom(remembered.manifestHash), "succession", "The manifest does not extend the remembered one.");
    const listed = commit.abandoned.some(
      (one) => one.sequence === remembered.sequence && equal(one.hash, remembered.hash),
    );
    demand(listed || remembered.isOnKeptBranch, "succession", "The remembered head is neither kept nor abandoned.");
  }
  return manifest;
}

/** §10 «Head»: what a client may be offered after it has accepted `remembered`. */
export function checkOffered(
  remembered: { readonly sequence: number; readonly hash: Uint8Array },
  offered: { readonly sequence: number; readonly hash: Uint8Array },
): void {
  demand(offered.sequence >= remembered.sequence, "rollback", "Older than what was accepted before.");
  if (offered.sequence === remembered.sequence) {
    demand(equal(offered.hash, remembered.hash), "fork", "As old as what was accepted before, but different.");
  }
}

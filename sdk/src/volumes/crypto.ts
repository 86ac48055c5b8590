/** The only file of this room that touches keys and what is sealed. */

import { compareBytes, equalBytes, toHex } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import {
  cutPage,
  type Entry,
  listedObjects,
  openPage,
  type PageContent,
  sealPage,
} from "@excalibur/core/volume/content";
import {
  COMMIT_KINDS,
  CommitError,
  decodeCommit,
  type HistoryPosition,
  type ObjectCount,
  type PageRef,
  previousRecordHashOf,
  signCommit,
  verifyCommit,
} from "@excalibur/core/volume/record";
import type { FolderDraft, PageDraft } from "./editor.ts";
import { ChangeTooLargeError, LISTINGS_AT_ONCE, VolumeKeyError } from "./errors.ts";
import type { AcceptedState } from "./state.ts";
import type { VolumeMember } from "./types.ts";

export type {
  Entry,
  FileContent,
  FileVersion,
  FolderHeader,
  Mount,
  ObjectPointer,
  PageAttributes,
  PageContent,
} from "@excalibur/core/volume/content";
export {
  displayNames,
  drawChildId,
  ENTRY_TYPE,
  isKnownType,
  nameProblem,
  nameSentence,
  normalizeName,
} from "@excalibur/core/volume/content";

/** Opens a page that the verified state names. Throws the typed error of the check that failed. */
export async function openPageRecord(
  state: AcceptedState,
  expected: PageRef,
  record: Uint8Array,
): Promise<PageContent> {
  const { volumeId, keys: volumeKeys, commit } = state;
  return await openPage({ volumeId, expected, headG: commit.g, volumeKeys, record });
}

export interface BuiltPage {
  readonly hash: Uint8Array;
  readonly record: Uint8Array;
  readonly content: PageContent;
}

export interface BuiltCommit {
  /** The state under the commit, if the server takes it. */
  readonly state: AcceptedState;
  readonly changes: readonly PageRef[];
  readonly pages: readonly BuiltPage[];
}

export interface BuildOptions {
  readonly before: AcceptedState;
  readonly drafts: ReadonlyMap<string, FolderDraft>;
  readonly member: VolumeMember;
  /** The server's clock as far as known, milliseconds since 1970. */
  readonly nowMs: number;
}

/** Cuts, seals and signs what the drafts change; undefined when they change nothing. */
export async function buildCommit({ before, drafts, member, nowMs }: BuildOptions): Promise<BuiltCommit | undefined> {
  const changes: PageRef[] = [];
  const pages: BuiltPage[] = [];
  const objects = tally(drafts);
  for (const folder of drafts.values()) {
    for (const page of folder.pages) {
      if (!isTouched(folder, page)) continue;
      const written = await writePage({ before, folder, page, member });
      changes.push(...written.changes);
      pages.push(...written.pages);
    }
  }
  if (changes.length === 0) return undefined;
  if (changes.length > LIMITS.commitPages) throw new ChangeTooLargeError("pages");
  return { ...signChanges({ before, member, nowMs, changes, objects }), pages };
}

/** Throws ChangeTooLargeError for what no commit can say: before anything is sealed. */
function tally(drafts: ReadonlyMap<string, FolderDraft>): ObjectLists {
  const objects = new ObjectTally();
  for (const folder of drafts.values()) {
    for (const page of folder.pages) {
      if (!isTouched(folder, page)) continue;
      objects.count(page.base?.entries ?? [], -1);
      if (!folder.dropped) objects.count(page.entries, +1);
    }
  }
  const lists = objects.lists();
  const all = [...lists.added, ...lists.dropped];
  if (all.length > LIMITS.commitObjects) throw new ChangeTooLargeError("contents");
  if (all.some(({ count }) => count > LISTINGS_AT_ONCE)) throw new ChangeTooLargeError("listings");
  return lists;
}

function isTouched(folder: FolderDraft, page: PageDraft): boolean {
  if (folder.dropped) return page.base !== undefined;
  if (page.base === undefined || page.entries !== page.base.entries) return true;
  return folder.headerChanged && page.range.bits === 0;
}

interface WriteOptions {
  readonly before: AcceptedState;
  readonly folder: FolderDraft;
  readonly page: PageDraft;
  readonly member: VolumeMember;
}

async function writePage({ before, folder, page, member }: WriteOptions): Promise<Omit<BuiltCommit, "state">> {
  const { nodeId } = folder;
  const gone = { nodeId, ...page.range, version: 0, recordHash: new Uint8Array(32) };
  if (folder.dropped) return { changes: [gone], pages: [] };
  const { volumeId, commit, keys } = before;
  const volumeKey = keys.get(commit.g);
  if (volumeKey === undefined) throw new VolumeKeyError();
  const isFirst = page.range.bits === 0;
  const header = isFirst && {
    folder: { parentNodeId: folder.parentNodeId ?? null, attributes: folder.attributes ?? {} },
  };
  const preserved = page.base?.preserved;
  const cut = cutPage(page.range, { entries: page.entries, ...header, ...(preserved && { preserved }) });
  const split = cut.length > 1;
  const changes: PageRef[] = split && page.base ? [gone] : [];
  const pages: BuiltPage[] = [];
  for (const { range, content } of cut) {
    const version = split || !page.base ? 1 : page.base.version + 1;
    const { record, recordHash } = await sealPage({
      header: {
        volumeId,
        nodeId,
        ...range,
        version,
        g: commit.g,
        manifestVersion: commit.manifestVersion,
        previousRecordHash: previousRecordHashOf(before.tree, nodeId, range),
        writerFingerprint: member.fingerprint,
      },
      volumeKey,
      content,
    });
    changes.push({ nodeId, ...range, version, recordHash });
    pages.push({ hash: recordHash, record, content });
  }
  return { changes, pages };
}

interface SignOptions extends Omit<BuildOptions, "drafts"> {
  readonly changes: readonly PageRef[];
  readonly objects: ObjectLists;
}

function signChanges({ before, member, nowMs, changes, objects }: SignOptions): Omit<BuiltCommit, "pages"> {
  const { volumeId, head, commit: previous, manifest, tree, signatureKeys } = before;
  const after = tree.apply([...changes]);
  const bytes = signCommit(
    {
      volumeId,
      sequence: head.sequence + 1,
      kind: COMMIT_KINDS.ordinary,
      previousCommitHash: head.hash,
      timeMs: Math.max(previous.timeMs + 1, Math.floor(nowMs)),
      manifestVersion: previous.manifestVersion,
      manifestHash: previous.manifestHash,
      g: previous.g,
      writerFingerprint: member.fingerprint,
      stateRoot: after.root(volumeId),
      abandoned: [],
      changes,
      ...objects,
    },
    member.signatureSeed,
  );
  const commit = decodeCommit(bytes);
  // The very checks the server will make: a mistake of ours is found before anything is sent.
  const { state } = verifyCommit({ previous, commit, manifest, state: tree, signatureKeys });
  if (!equalBytes(state.root(volumeId), commit.stateRoot)) throw new CommitError("state_root");
  return { state: { ...before, head: { sequence: commit.sequence, hash: commit.hash }, commit, tree: state }, changes };
}

export interface RejoinOptions {
  /** The server's head, which the rejoin follows. */
  readonly before: AcceptedState;
  /** Sorted by sequence, then hash. */
  readonly abandoned: readonly HistoryPosition[];
  readonly member: VolumeMember;
  readonly nowMs: number;
}

/** A rejoin commit (docs/spec/volumes.md §5): it changes nothing but what counts as history. */
export function signRejoin({ before, abandoned, member, nowMs }: RejoinOptions): Uint8Array {
  const { volumeId, head, commit: previous } = before;
  return signCommit(
    {
      volumeId,
      sequence: 1 + Math.max(head.sequence, abandoned.at(-1)?.sequence ?? 0),
      kind: COMMIT_KINDS.rejoin,
      previousCommitHash: head.hash,
      timeMs: Math.max(previous.timeMs + 1, Math.floor(nowMs)),
      manifestVersion: previous.manifestVersion,
      manifestHash: previous.manifestHash,
      g: previous.g,
      writerFingerprint: member.fingerprint,
      stateRoot: previous.stateRoot,
      abandoned,
      ...{ changes: [], added: [], dropped: [] },
    },
    member.signatureSeed,
  );
}

interface ObjectLists {
  readonly added: readonly ObjectCount[];
  readonly dropped: readonly ObjectCount[];
}

/** How much more or less often each object is listed (docs/spec/volumes.md §5 «added and dropped»). */
class ObjectTally {
  readonly #deltas = new Map<string, { readonly objectId: Uint8Array; delta: number }>();

  count(entries: readonly Entry[], step: 1 | -1): void {
    for (const entry of entries) {
      for (const objectId of listedObjects(entry)) {
        const key = toHex(objectId);
        const tally = this.#deltas.get(key) ?? { objectId, delta: 0 };
        tally.delta += step;
        this.#deltas.set(key, tally);
      }
    }
  }

  lists(): ObjectLists {
    const sorted = [...this.#deltas.values()].sort((a, b) => compareBytes(a.objectId, b.objectId));
    return {
      added: sorted.flatMap(({ objectId, delta }) => (delta > 0 ? [{ objectId, count: delta }] : [])),
      dropped: sorted.flatMap(({ objectId, delta }) => (delta < 0 ? [{ objectId, count: -delta }] : [])),
    };
  }
}

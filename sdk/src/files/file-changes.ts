import { ENTRY_TYPE, type Entry, type FileContent, type FileVersion, type VolumeEditor } from "../volumes/index.ts";
import { NameTakenError, NotAFileError, NotFoundError } from "./errors.ts";
import { freeName, requireName } from "./names.ts";
import { isFile } from "./tree-changes.ts";
import type { ConflictPolicy } from "./types.ts";

/** Earlier versions an entry keeps (spec/volumes.md). */
const MAX_VERSIONS = 10;

/** A file whose object is on the server, about to become an entry. */
export interface FileDraft {
  readonly folderId: Uint8Array;
  readonly name: string;
  readonly modifiedMs: number;
  readonly content: Omit<FileContent, "versions">;
  readonly onConflict: ConflictPolicy;
}

export interface PutFile {
  readonly childId: Uint8Array;
  /** Another than the draft's when both were kept. */
  readonly name: string;
  readonly replaced: boolean;
}

export interface PutContext {
  readonly addedBy: Uint8Array;
  readonly nowMs: number;
}

/** Lists files; each may fail for its own reason without the others. */
export async function putFiles(
  editor: VolumeEditor,
  drafts: readonly FileDraft[],
  context: PutContext,
): Promise<({ readonly put: PutFile } | { readonly error: unknown })[]> {
  const outcomes: ({ readonly put: PutFile } | { readonly error: unknown })[] = [];
  const fresh: { readonly index: number; readonly draft: FileDraft; readonly entry: Omit<Entry, "childId"> }[] = [];
  const taken = new Set<string>();
  for (const [index, draft] of drafts.entries()) {
    const before = editor.checkpoint();
    try {
      // Names of this very batch count as taken although they are added together at the end.
      const outcome = await settle(editor, { draft, context, taken });
      if ("entry" in outcome) fresh.push({ index, draft, entry: outcome.entry });
      else outcomes[index] = { put: outcome };
    } catch (error) {
      editor.restore(before);
      outcomes[index] = { error };
    }
  }
  for (const [folderId, group] of groupByFolder(fresh)) {
    const added = await editor.addEntries(
      folderId,
      group.map(({ entry }) => entry),
    );
    for (const [at, { index }] of group.entries()) {
      const entry = added[at] as Entry;
      outcomes[index] = { put: { childId: entry.childId, name: entry.name, replaced: false } };
    }
  }
  return outcomes;
}

interface SettleOptions {
  readonly draft: FileDraft;
  readonly context: PutContext;
  readonly taken: Set<string>;
}

async function settle(
  editor: VolumeEditor,
  { draft, context, taken }: SettleOptions,
): Promise<PutFile | { readonly entry: Omit<Entry, "childId"> }> {
  const { folderId, content } = draft;
  let name = requireName(draft.name);
  if (!editor.hasFolder(folderId)) throw new NotFoundError();
  const key = (candidate: string) => `${folderId.join()}/${candidate}`;
  const there = await editor.findByName(folderId, name);
  if (there !== undefined || taken.has(key(name))) {
    if (draft.onConflict === "fail" || (there === undefined && draft.onConflict === "replace"))
      throw new NameTakenError();
    if (draft.onConflict === "replace" && there !== undefined) {
      if (!isFile(there)) throw new NotAFileError();
      await editor.replaceEntry(folderId, newVersion(there, draft, context.nowMs));
      return { childId: there.childId, name, replaced: true };
    }
    name = await freeName(editor, folderId, name, (candidate) => taken.has(key(candidate)));
  }
  taken.add(key(name));
  return {
    entry: {
      type: ENTRY_TYPE.file,
      name,
      createdMs: context.nowMs,
      modifiedMs: draft.modifiedMs,
      addedBy: context.addedBy,
      file: { ...content, versions: [] },
    },
  };
}

function newVersion(there: Entry & { readonly file: FileContent }, draft: FileDraft, nowMs: number): Entry {
  const { objectId, fileKey, root, ciphertextLength, sizeBytes, versions } = there.file;
  const earlier: FileVersion = {
    objectId,
    fileKey,
    root,
    ciphertextLength,
    sizeBytes,
    modifiedMs: there.modifiedMs,
    replacedMs: nowMs,
  };
  return {
    ...there,
    modifiedMs: draft.modifiedMs,
    file: { ...draft.content, versions: thinned([earlier, ...versions]) },
  };
}

/** At most ten: when full, the one closest in time to its elder goes (spec/volumes.md). The newest always stays. */
export function thinned(versions: readonly FileVersion[]): FileVersion[] {
  const kept = [...versions];
  while (kept.length > MAX_VERSIONS) {
    let closest = 1;
    let gap = Number.POSITIVE_INFINITY;
    for (let index = 1; index < kept.length - 1; index++) {
      const distance = (kept[index] as FileVersion).replacedMs - (kept[index + 1] as FileVersion).replacedMs;
      if (distance < gap) [closest, gap] = [index, distance];
    }
    kept.splice(closest, 1);
  }
  return kept;
}

function groupByFolder<T extends { readonly draft: FileDraft }>(fresh: readonly T[]): Map<Uint8Array, T[]> {
  const groups = new Map<string, [Uint8Array, T[]]>();
  for (const each of fresh) {
    const key = each.draft.folderId.join();
    const group = groups.get(key) ?? [each.draft.folderId, []];
    group[1].push(each);
    groups.set(key, group);
  }
  return new Map(groups.values());
}

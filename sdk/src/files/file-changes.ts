import { ENTRY_TYPE, type Entry, type FileContent, type VolumeEditor } from "../volumes/index.ts";
import { NameTakenError, NotAFileError, NotFoundError } from "./errors.ts";
import { freeName, requireName, requireRoom } from "./names.ts";
import { isFile } from "./tree-changes.ts";
import type { ConflictPolicy } from "./types.ts";
import { withNewContent } from "./versions.ts";

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

/** What is to be replaced is a file that is shared: its contents are listed in another volume, and replaced there. */
export class ListedInsideError extends NotAFileError {
  readonly entry: Entry;

  constructor(entry: Entry) {
    super();
    this.entry = entry;
  }
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
      if (there.mount?.singleFile) throw new ListedInsideError(there);
      if (!isFile(there)) throw new NotAFileError();
      const { modifiedMs } = draft;
      const replacedMs = editor.timeMs(context.nowMs);
      await editor.replaceEntry(folderId, withNewContent(there, { content, modifiedMs, replacedMs }));
      return { childId: there.childId, name, replaced: true };
    }
    name = await freeName(editor, folderId, name, (candidate) => taken.has(key(candidate)));
  }
  await requireRoom(editor, folderId);
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

/** Changes of the tree, each on an editor of one state: every check is made again when the state is a newer one. */

import { equalBytes } from "@excalibur/core/bytes";
import { ENTRY_TYPE, type Entry, type FileContent, isKnownType, type VolumeEditor } from "../volumes/index.ts";
import { Arrivals, entriesOf, type Outcome, outcomeOf, valueOrThrow } from "./arrivals.ts";
import {
  FixedFolderError,
  NewerVersionError,
  NotAFolderError,
  NotFoundError,
  RenamedMeanwhileError,
} from "./errors.ts";
import { freeName, requireFreeName, requireName, requireRoom } from "./names.ts";
import type { ConflictPolicy, ItemRef } from "./types.ts";

/** Who makes the change, and when. */
export interface Author {
  readonly addedBy: Uint8Array;
  readonly nowMs: number;
}

/** Some of what is in a folder. */
export interface Siblings {
  readonly parentId: Uint8Array;
  readonly childIds: readonly Uint8Array[];
}

/** The entries, in the order of the ids. Throws NotFoundError when one is not there. */
export async function requireAll(editor: VolumeEditor, { parentId, childIds }: Siblings): Promise<Entry[]> {
  if (!editor.hasFolder(parentId)) throw new NotFoundError();
  const found = await editor.findChildren(parentId, childIds);
  return found.map((entry) => {
    if (entry === undefined) throw new NotFoundError();
    return entry;
  });
}

/** As `requireAll`; throws NewerVersionError for what this version does not know. */
export async function requireAllHandled(editor: VolumeEditor, siblings: Siblings): Promise<Entry[]> {
  const entries = await requireAll(editor, siblings);
  if (!entries.every(isKnownType)) throw new NewerVersionError();
  return entries;
}

export async function requireHandled(editor: VolumeEditor, { parentId, childId }: ItemRef): Promise<Entry> {
  if (!editor.hasFolder(parentId)) throw new NotFoundError();
  const entry = await editor.findChild(parentId, childId);
  if (entry === undefined) throw new NotFoundError();
  if (!isKnownType(entry)) throw new NewerVersionError();
  return entry;
}

/** Makes a folder. Throws NameTakenError when something has the name. */
export async function addFolder(
  editor: VolumeEditor,
  { parentId, name, author }: { readonly parentId: Uint8Array; readonly name: string; readonly author: Author },
): Promise<Entry> {
  const stored = requireName(name);
  await requireRoom(editor, parentId);
  await requireFreeName(editor, parentId, stored);
  const [entry] = await editor.addEntries(parentId, [
    {
      type: ENTRY_TYPE.folder,
      name: stored,
      createdMs: author.nowMs,
      modifiedMs: author.nowMs,
      addedBy: author.addedBy,
    },
  ]);
  if (entry === undefined) throw new NotFoundError();
  editor.createFolder({ nodeId: entry.childId, parentNodeId: parentId });
  return entry;
}

/** The folder of that name, made if it is not there. Throws NotAFolderError when a file has the name. */
export async function ensureFolder(
  editor: VolumeEditor,
  options: { readonly parentId: Uint8Array; readonly name: string; readonly author: Author },
): Promise<Uint8Array> {
  const there = await editor.findByName(options.parentId, requireName(options.name));
  if (there === undefined) return (await addFolder(editor, options)).childId;
  if (there.type !== ENTRY_TYPE.folder) throw new NotAFolderError();
  return there.childId;
}

export async function renameEntry(editor: VolumeEditor, ref: ItemRef, name: string): Promise<void> {
  const stored = requireName(name);
  const entry = await requireHandled(editor, ref);
  if (entry.name === stored) return;
  requireSeenName(entry, ref);
  await requireFreeName(editor, ref.parentId, stored);
  await editor.replaceEntry(ref.parentId, { ...entry, name: stored });
}

/** The later of two who rename the same thing must not undo, unseen, what the earlier one was told is done. */
function requireSeenName(entry: Entry, { entry: seen }: ItemRef): void {
  if (seen !== undefined && seen.name !== entry.name) throw new RenamedMeanwhileError(entry.name);
}

export interface Destination {
  readonly folderId: Uint8Array;
  /** The name there; the old one unless told. */
  readonly name?: string | undefined;
  /** What happens when the name is taken there: "fail" unless told. "keep-both" gives the newcomer a number. */
  readonly onConflict?: Exclude<ConflictPolicy, "replace"> | undefined;
}

export interface Move {
  readonly ref: ItemRef;
  readonly to: Destination;
}

/** Moves entries; folders keep their pages and learn their new parent. Gives the name of each there, or why it is where it was. */
export async function moveEntries(editor: VolumeEditor, moves: readonly Move[]): Promise<Outcome<string>[]> {
  const arrivals = new Arrivals(editor);
  const entries = await entriesOf(
    editor,
    moves.map(({ ref }) => ref),
  );
  const outcomes: Outcome<string>[] = [];
  for (const [index, { ref, to }] of moves.entries()) {
    outcomes.push(
      await outcomeOf(async () => {
        const entry = valueOrThrow(entries[index] as Outcome<Entry>);
        const name = requireName(to.name ?? entry.name);
        if (equalBytes(ref.parentId, to.folderId)) {
          await renameEntry(editor, ref, name);
          return name;
        }
        if (name !== entry.name) requireSeenName(entry, ref);
        const { trashed: _, ...kept } = entry;
        const { folderId, onConflict = "fail" } = to;
        return await arrivals.add({ from: ref, entry: kept, folderId, name, onConflict });
      }),
    );
  }
  await arrivals.write();
  return outcomes;
}

/** As `moveEntries` for one. Gives its name there. */
export async function moveEntry(editor: VolumeEditor, move: Move): Promise<string> {
  const [outcome] = await moveEntries(editor, [move]);
  return valueOrThrow(outcome as Outcome<string>);
}

/** The name that a newcomer gets. Throws NameTakenError where both are not to be kept. */
export async function nameThere(
  editor: VolumeEditor,
  { folderId, name, onConflict }: Destination & { readonly name: string },
): Promise<string> {
  await requireRoom(editor, folderId);
  if (onConflict === "keep-both") return await freeName(editor, folderId, requireName(name));
  await requireFreeName(editor, folderId, requireName(name));
  return name;
}

/** A file's entry again under another name or folder: the content is referenced, not copied. */
export async function copyFileEntry(
  editor: VolumeEditor,
  {
    entry,
    to,
    author,
  }: { readonly entry: Entry & { readonly file: FileContent }; readonly to: Destination; readonly author: Author },
): Promise<void> {
  const name = await nameThere(editor, { ...to, name: requireName(to.name ?? entry.name) });
  await editor.addEntries(to.folderId, [copyOf(entry, { name, author })]);
}

export function copyOf(
  entry: Entry & { readonly file: FileContent },
  { name, author }: { readonly name: string; readonly author: Author },
): Omit<Entry, "childId"> {
  return {
    type: ENTRY_TYPE.file,
    name,
    createdMs: author.nowMs,
    modifiedMs: entry.modifiedMs,
    addedBy: author.addedBy,
    file: { ...entry.file, versions: [] },
  };
}

export function isFile(entry: Entry): entry is Entry & { readonly file: FileContent } {
  return entry.type === ENTRY_TYPE.file && entry.file !== undefined;
}

/** The root, and the trash itself, never move. */
export function requireMovable(nodeId: Uint8Array, fixed: readonly Uint8Array[]): void {
  if (fixed.some((each) => equalBytes(each, nodeId))) throw new FixedFolderError();
}

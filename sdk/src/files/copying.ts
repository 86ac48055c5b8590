/** Whole folders again in another place: contents are referenced, so it costs the folders and not the bytes. */

import { equalBytes } from "@excalibur/core/bytes";
import {
  ENTRY_TYPE,
  type Entry,
  isKnownType,
  type Volume,
  type VolumeEditor,
  type VolumeReader,
} from "../volumes/index.ts";
import { requireNotInside } from "./arrivals.ts";
import { IntoItselfError, NewerVersionError, SharedInsideError } from "./errors.ts";
import { freeName } from "./names.ts";
import { type Author, addFolder, copyOf, type Destination, isFile, nameThere, requireHandled } from "./tree-changes.ts";
import type { Item, Renewed } from "./types.ts";

/** Entries that one commit of a copied tree takes. */
const COPIED_A_COMMIT = 5_000;

type Options = { readonly signal?: AbortSignal };

interface FolderPair {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** A copy within one volume: new, of whoever makes it. */
export async function copyFolder(
  volume: Volume,
  item: Item,
  { to, author, ...options }: Options & { readonly to: Destination; readonly author: Author },
): Promise<void> {
  const top = await volume.change(async (editor) => {
    const entry = await requireHandled(editor, item);
    await requireNotInside(editor, to.folderId, entry.childId);
    const name = await nameThere(editor, { ...to, name: to.name ?? entry.name });
    return await addFolder(editor, { parentId: to.folderId, name, author });
  }, options);
  if (equalBytes(top.childId, item.childId)) throw new IntoItselfError();
  let pending = [{ from: item.childId, to: top.childId }];
  while (pending.length > 0) {
    const batch = pending;
    pending = await volume.change((editor) => copySome(editor, batch, { author, top: top.childId }), options);
  }
}

/**
 * Copies the listings of as many folders as one commit takes; gives those that are left. The copy itself is left out: it
 * may have got into what is copied meanwhile, and would be copied into itself without an end.
 */
async function copySome(
  editor: VolumeEditor,
  pairs: readonly FolderPair[],
  { author, top }: { readonly author: Author; readonly top: Uint8Array },
): Promise<FolderPair[]> {
  const left = [...pairs];
  let copied = 0;
  while (copied < COPIED_A_COMMIT) {
    const pair = left.shift();
    if (pair === undefined) break;
    const { entries, damage } = await editor.readFolder(pair.from);
    if (damage[0]) throw damage[0].cause;
    if (entries.some(({ mount }) => mount !== undefined)) throw new SharedInsideError();
    const files = entries.filter(isFile).map((entry) => copyOf(entry, { name: entry.name, author }));
    await editor.addEntries(pair.to, files);
    for (const entry of entries) {
      if (isFile(entry) || !editor.hasFolder(entry.childId) || equalBytes(entry.childId, top)) continue;
      const name = await freeName(editor, pair.to, entry.name);
      const made = await addFolder(editor, { parentId: pair.to, name, author });
      left.push({ from: entry.childId, to: made.childId });
    }
    copied += entries.length + 1;
  }
  return left;
}

/** A folder of one volume that was taken into another, and the states of its folders that were copied. */
export interface Transplanted {
  /** By nodeId. */
  readonly folders: readonly { readonly nodeId: Uint8Array; readonly stamp: string }[];
  /** Of the entries that somebody follows. */
  readonly renewed: readonly Renewed[];
}

/**
 * Takes everything in a folder into a folder of another volume as it is: names, dates, who added it. New ids, because an
 * id that left a volume may not come back to it; earlier versions stay behind unless told. Throws SharedInsideError,
 * NewerVersionError, or the damage that would be left out.
 */
export async function transplant(
  source: VolumeReader,
  target: Volume,
  {
    from,
    to,
    withVersions = false,
    withMounts = false,
    isFollowed,
    ...options
  }: Options & FolderPair & TransplantedWith,
): Promise<Transplanted> {
  const folders: { nodeId: Uint8Array; stamp: string }[] = [];
  const renewed: Renewed[] = [];
  let pending: FolderPair[] = [{ from, to }];
  while (pending.length > 0) {
    const batch = pending;
    const step = await target.change(
      (editor) => transplantSome(editor, { source, withVersions, withMounts, isFollowed }, batch),
      options,
    );
    for (const folder of step.folders) folders.push(folder);
    renewed.push(...step.renewed);
    pending = step.left;
  }
  return { folders, renewed };
}

async function transplantSome(
  editor: VolumeEditor,
  { source, isFollowed = () => false, ...what }: TransplantedWith & { readonly source: VolumeReader },
  pairs: readonly FolderPair[],
) {
  const left = [...pairs];
  const renewed: Renewed[] = [];
  const folders: { nodeId: Uint8Array; stamp: string }[] = [];
  let copied = 0;
  while (copied < COPIED_A_COMMIT) {
    const pair = left.shift();
    if (pair === undefined) break;
    folders.push({ nodeId: pair.from, stamp: source.stampOf(pair.from) ?? "" });
    const { entries, damage } = await source.readFolder(pair.from);
    if (damage[0]) throw damage[0].cause;
    // A listing that names a folder without pages is stale: there is nothing to take.
    const live = entries.filter((entry) => entry.type !== ENTRY_TYPE.folder || source.hasFolder(entry.childId));
    const made = await editor.addEntries(
      pair.to,
      live.map((entry) => transplanted(entry, what)),
    );
    for (const [index, { childId, type }] of made.entries()) {
      const { childId: before } = live[index] as Entry;
      if (isFollowed(before)) renewed.push({ from: before, to: childId });
      if (type !== ENTRY_TYPE.folder) continue;
      editor.createFolder({ nodeId: childId, parentNodeId: pair.to });
      left.push({ from: before, to: childId });
    }
    copied += entries.length + 1;
  }
  return { left, folders, renewed };
}

export interface TransplantedWith {
  /** Of files: whoever sees them there sees these, too. */
  readonly withVersions?: boolean;
  /** What leads into other volumes leads there from the new place: who asks for it sees to who may follow. */
  readonly withMounts?: boolean;
  /** By childId: of these the new ids are told. */
  readonly isFollowed?: ((childId: Uint8Array) => boolean) | undefined;
}

/** The entry as another volume lists it. Throws SharedInsideError, NewerVersionError. */
export function transplanted(
  entry: Entry,
  { withVersions = false, withMounts = false }: TransplantedWith = {},
): Omit<Entry, "childId"> {
  if (entry.mount !== undefined && !withMounts) throw new SharedInsideError();
  if (!isKnownType(entry)) throw new NewerVersionError();
  const { childId: _id, trashed: _trashed, ...kept } = entry;
  return isFile(entry) && !withVersions ? { ...kept, file: { ...entry.file, versions: [] } } : kept;
}

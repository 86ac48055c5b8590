/**
 * Everything that a volume holds, its trash and earlier versions too, as it goes into another one. Contents are referenced, so
 * it costs the folders and not the bytes.
 */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import {
  type AcceptedHead,
  ENTRY_TYPE,
  type Entry,
  isKnownType,
  type Volume,
  type VolumeEditor,
  type VolumeReader,
} from "../volumes/index.ts";
import { NewerVersionError, UnreachableInsideError } from "./errors.ts";
import type { Renewed } from "./types.ts";

/** Folders whose listings are asked for at once. */
const FOLDERS_AT_ONCE = 200;

type Options = { readonly signal?: AbortSignal | undefined };

interface WholeFolder {
  readonly nodeId: Uint8Array;
  readonly entries: readonly Entry[];
}

/** A volume as it stood at one head. */
export interface WholeVolume {
  readonly head: AcceptedHead;
  readonly rootId: Uint8Array;
  readonly trashId: Uint8Array | undefined;
  /** Parents before children: what is below the root, then what is in the trash. */
  readonly folders: readonly WholeFolder[];
  readonly pageCount: number;
  readonly objectCount: number;
}

/**
 * Reads all of it. Nothing may be left out that is there: throws the damage of a listing that cannot be read,
 * UnreachableInsideError, NewerVersionError. What is mounted in it stays mounted, in the new place.
 */
export async function readWhole(volume: Volume, { signal }: Options = {}): Promise<WholeVolume> {
  const rootId = volume.volumeId;
  // Both of the head of this moment.
  const [source, pages] = [volume.history().now, volume.pages()];
  const { attributes } = await source.readFolder(rootId);
  const trashId = attributes?.trashNodeId;
  const found = new Map<string, WholeFolder>();
  for (const top of [rootId, ...(trashId && source.hasFolder(trashId) ? [trashId] : [])]) {
    for (let level = [top]; level.length > 0; ) {
      const below: Uint8Array[] = [];
      for (const nodeId of level) {
        signal?.throwIfAborted();
        const { entries, damage } = await source.readFolder(nodeId);
        if (damage[0]) throw damage[0].cause;
        found.set(toHex(nodeId), { nodeId, entries });
        for (const childId of foldersOf(entries)) if (source.hasFolder(childId)) below.push(childId);
      }
      for (let at = 0; at < below.length; at += FOLDERS_AT_ONCE)
        await volume.prefetch(below.slice(at, at + FOLDERS_AT_ONCE), signal ? { signal } : {});
      const next: Uint8Array[] = [];
      for (const nodeId of level) {
        const entries = await liveEntries(source, found.get(toHex(nodeId)) as WholeFolder);
        found.set(toHex(nodeId), { nodeId, entries });
        for (const childId of foldersOf(entries)) next.push(childId);
      }
      level = next;
    }
  }
  const pageCount = requireAllReached(pages.all(), found);
  const folders = [...found.values()];
  const objectCount = folders.flatMap(({ entries }) => entries).reduce((sum, entry) => sum + objectsOf(entry), 0);
  return { head: source.head, rootId, trashId, folders, pageCount, objectCount };
}

/** The only thing that the root lists, if that is a file. */
export function soleFileIn({ folders, rootId }: WholeVolume): Entry | undefined {
  const [only, ...others] = folders.find(({ nodeId }) => equalBytes(nodeId, rootId))?.entries ?? [];
  return others.length === 0 && only?.type === ENTRY_TYPE.file ? only : undefined;
}

function foldersOf(entries: readonly Entry[]): Uint8Array[] {
  return entries.filter(({ type }) => type === ENTRY_TYPE.folder).map(({ childId }) => childId);
}

/** What the listing means: a folder belongs where its own page says, and a listing of one without pages means nothing. */
async function liveEntries(source: VolumeReader, { nodeId, entries }: WholeFolder): Promise<Entry[]> {
  const live: Entry[] = [];
  for (const entry of entries) {
    if (!isKnownType(entry)) throw new NewerVersionError();
    if (entry.type === ENTRY_TYPE.folder) {
      if (!source.hasFolder(entry.childId)) continue;
      const { parentNodeId, damage } = await source.readFolder(entry.childId);
      if (damage[0]) throw damage[0].cause;
      if (!parentNodeId || !equalBytes(parentNodeId, nodeId)) continue;
    }
    live.push(entry);
  }
  return live;
}

function requireAllReached(
  pages: Iterable<{ readonly nodeId: Uint8Array }>,
  found: ReadonlyMap<string, WholeFolder>,
): number {
  let count = 0;
  for (const { nodeId } of pages) {
    if (!found.has(toHex(nodeId))) throw new UnreachableInsideError();
    count += 1;
  }
  return count;
}

function objectsOf({ file }: Entry): number {
  if (file === undefined) return 0;
  return 1 + (file.thumbnail === undefined ? 0 : 1) + file.versions.length;
}

/**
 * Puts all of it into a folder that is there, with names, dates and versions as they are, under new ids; what was in its trash
 * goes into the trash of this volume, and comes back from there into the folders as they are here. Gives the new ids of entries
 * that somebody follows.
 */
export async function plantWhole(
  editor: VolumeEditor,
  { folders, rootId, trashId }: WholeVolume,
  to: {
    readonly folderId: Uint8Array;
    readonly trashId: Uint8Array;
    readonly isFollowed: (childId: Uint8Array) => boolean;
  },
): Promise<Renewed[]> {
  const renewed: Renewed[] = [];
  const ids = new Map([[toHex(rootId), to.folderId]]);
  if (trashId !== undefined) ids.set(toHex(trashId), to.trashId);
  for (const { nodeId, entries } of folders) {
    const folderId = ids.get(toHex(nodeId)) as Uint8Array;
    const drafts = entries.map(({ childId: _id, trashed, ...kept }) => ({
      ...kept,
      ...(trashed && { trashed: { ...trashed, fromNodeId: here(ids, trashed.fromNodeId) } }),
    }));
    const made = await editor.addEntries(folderId, drafts);
    for (const [index, { childId, type }] of made.entries()) {
      const { childId: before } = entries[index] as Entry;
      if (to.isFollowed(before)) renewed.push({ from: before, to: childId });
      if (type !== ENTRY_TYPE.folder) continue;
      editor.createFolder({ nodeId: childId, parentNodeId: folderId });
      ids.set(toHex(before), childId);
    }
  }
  return renewed;
}

/** A folder that is gone stays one that nobody knows: what was in it comes back to the root. */
function here<T extends Uint8Array | undefined>(ids: ReadonlyMap<string, Uint8Array>, nodeId: T): T {
  return ((nodeId && ids.get(toHex(nodeId))) ?? nodeId) as T;
}

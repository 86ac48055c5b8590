import { equalBytes, toHex } from "@excalibur/core/bytes";
import { ENTRY_TYPE, type Entry, type VolumeEditor, type VolumeReader } from "../volumes/index.ts";
import { NotFoundError, NotInTrashError, SharedFolderError, SharedInsideError } from "./errors.ts";
import { freeName, requireRoom } from "./names.ts";
import { listFolder } from "./reading.ts";
import {
  relocate,
  relocateAll,
  requireAll,
  requireAllHandled,
  requireHandled,
  requireNotInside,
} from "./tree-changes.ts";
import type { Item, ItemRef } from "./types.ts";

/** Folders that one commit deletes for good; a larger tree takes several. */
const FOLDERS_A_COMMIT = 2_000;
const ENTRIES_A_COMMIT = 20_000;

/** What is left of one commit. */
interface Budget {
  folders: number;
  entries: number;
}

export interface TrashPlace {
  readonly rootId: Uint8Array;
  readonly trashId: Uint8Array;
  readonly nowMs: number;
}

/** Moves entries to the trash, which remembers where they were. What is there already stays. */
export async function trashEntries(
  editor: VolumeEditor,
  refs: readonly ItemRef[],
  { trashId, nowMs }: TrashPlace,
): Promise<void> {
  for (const siblings of Map.groupBy(refs, ({ parentId }) => toHex(parentId)).values()) {
    const { parentId } = siblings[0] as ItemRef;
    // Whoever names one twice means it once.
    const childIds = [...new Map(siblings.map(({ childId }) => [toHex(childId), childId])).values()];
    const entries = await requireAllHandled(editor, { parentId, childIds });
    if (equalBytes(parentId, trashId)) continue;
    if (entries.some(({ mount }) => mount !== undefined)) throw new SharedFolderError();
    const trashed = { atMs: editor.timeMs(nowMs), fromNodeId: parentId };
    const moved = entries.map((entry) => ({ ...entry, trashed }));
    await relocateAll(editor, parentId, { folderId: trashId, entries: moved });
  }
}

export interface Restored {
  readonly folderId: Uint8Array;
  readonly name: string;
  /** The old folder is gone: it went to the root. */
  readonly toRoot: boolean;
}

/** Puts an entry back where it was; a taken name gets a number, a vanished folder is replaced by the root. */
export async function restoreEntry(editor: VolumeEditor, ref: ItemRef, place: TrashPlace): Promise<Restored> {
  if (!equalBytes(ref.parentId, place.trashId)) throw new NotInTrashError();
  const entry = await requireHandled(editor, ref);
  const { trashed, ...kept } = entry;
  const wanted = trashed?.fromNodeId;
  const there = wanted !== undefined && (await isLive(editor, wanted, place));
  const folderId = there ? wanted : place.rootId;
  if (entry.type === ENTRY_TYPE.folder) await requireNotInside(editor, folderId, entry.childId);
  await requireRoom(editor, folderId);
  const name = await freeName(editor, folderId, entry.name);
  await relocate(editor, ref, { folderId, entry: { ...kept, name } });
  return { folderId, name, toRoot: !there };
}

/** Whether the way up from a folder leads to the root and not to the trash. */
async function isLive(editor: VolumeEditor, nodeId: Uint8Array, { rootId, trashId }: TrashPlace): Promise<boolean> {
  let at: Uint8Array | null | undefined = nodeId;
  for (let steps = 0; at && steps < 10_000; steps++) {
    if (equalBytes(at, rootId)) return true;
    if (equalBytes(at, trashId) || !editor.hasFolder(at)) return false;
    at = (await editor.readFolder(at)).parentNodeId;
  }
  return false;
}

/**
 * Deletes entries of the trash for good, deepest folders first, as much as one commit takes. Gives those that are not
 * done yet: call again with them.
 */
export async function deleteForGood(
  editor: VolumeEditor,
  refs: readonly ItemRef[],
  { trashId }: Pick<TrashPlace, "trashId">,
): Promise<ItemRef[]> {
  const budget = { folders: FOLDERS_A_COMMIT, entries: ENTRIES_A_COMMIT };
  const gone: Uint8Array[] = [];
  for (const { parentId } of refs) if (!equalBytes(parentId, trashId)) throw new NotInTrashError();
  const entries = await requireAll(editor, { parentId: trashId, childIds: refs.map(({ childId }) => childId) });
  let done = 0;
  for (; done < refs.length && budget.entries > 0; done++) {
    const entry = entries[done] as Entry;
    if (entry.mount !== undefined) throw new SharedInsideError();
    if (entry.type === ENTRY_TYPE.folder && !(await dropTree(editor, entry.childId, budget))) break;
    gone.push(entry.childId);
    budget.entries -= 1;
  }
  if (gone.length > 0) await editor.removeEntries(trashId, gone);
  return refs.slice(done);
}

/** Whether the entry, or something below it, leads into another volume. */
export async function holdsMount(reader: VolumeReader, entry: Entry): Promise<boolean> {
  if (entry.mount !== undefined) return true;
  if (entry.type !== ENTRY_TYPE.folder || !reader.hasFolder(entry.childId)) return false;
  const { entries } = await reader.readFolder(entry.childId);
  for (const each of entries) if (await holdsMount(reader, each)) return true;
  return false;
}

/** Throws NotFoundError; SharedInsideError where something leads into a shared folder. */
export async function requireNoMounts(reader: VolumeReader, refs: readonly ItemRef[]): Promise<void> {
  // A trash may hold a hundred thousand items: it is listed once, and not for each of them.
  const listed = new Map<string, ReadonlyMap<string, Item>>();
  for (const { parentId, childId } of refs) {
    const key = toHex(parentId);
    if (!reader.hasFolder(parentId)) throw new NotFoundError();
    const siblings = listed.get(key) ?? byId((await listFolder(reader, parentId)).items);
    listed.set(key, siblings);
    const item = siblings.get(toHex(childId));
    if (item === undefined) throw new NotFoundError();
    if (await holdsMount(reader, item.entry)) throw new SharedInsideError();
  }
}

function byId(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [toHex(item.childId), item]));
}

/** Drops a folder after everything in it. False when the budget ended first: then what was dropped is off its listing. */
async function dropTree(editor: VolumeEditor, nodeId: Uint8Array, budget: Budget): Promise<boolean> {
  // A stale entry whose folder is gone already.
  if (!editor.hasFolder(nodeId)) return true;
  const { entries } = await editor.readFolder(nodeId);
  // Whoever asks looks before; this is for who moved one in meanwhile.
  if (entries.some(({ mount }) => mount !== undefined)) throw new SharedInsideError();
  const gone: Entry[] = [];
  for (const entry of entries) {
    if (entry.type !== ENTRY_TYPE.folder) continue;
    if (budget.folders <= 0 || budget.entries <= 0 || !(await dropTree(editor, entry.childId, budget))) {
      if (gone.length > 0)
        await editor.removeEntries(
          nodeId,
          gone.map(({ childId }) => childId),
        );
      return false;
    }
    gone.push(entry);
  }
  budget.folders -= 1;
  budget.entries -= entries.length;
  await editor.dropFolder(nodeId);
  return true;
}

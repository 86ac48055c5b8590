import { equalBytes, toHex } from "@excalibur/core/bytes";
import { ENTRY_TYPE, type Entry, type VolumeEditor, type VolumeReader } from "../volumes/index.ts";
import { Arrivals, entriesOf, type Outcome, outcomeOf, relocateAll, valueOrThrow } from "./arrivals.ts";
import { NotFoundError, NotInTrashError, SharedFolderError, SharedInsideError } from "./errors.ts";
import { listFolder } from "./reading.ts";
import { requireAll, requireAllHandled } from "./tree-changes.ts";
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

/**
 * Puts entries back where they were; a taken name gets a number, a vanished folder is replaced by the root. Gives where each
 * is, or why it is in the trash as before: NotInTrashError, NotFoundError, NewerVersionError.
 */
export async function restoreEntries(
  editor: VolumeEditor,
  refs: readonly ItemRef[],
  place: TrashPlace,
): Promise<Outcome<Restored>[]> {
  const arrivals = new Arrivals(editor);
  const homes = new Homes(editor, place);
  const entries = await entriesOf(editor, refs);
  const outcomes: Outcome<Restored>[] = [];
  for (const index of lastTrashedFirst(entries)) {
    outcomes[index] = await outcomeOf(async () => {
      const ref = refs[index] as ItemRef;
      if (!equalBytes(ref.parentId, place.trashId)) throw new NotInTrashError();
      const { trashed, ...entry } = valueOrThrow(entries[index] as Outcome<Entry>);
      const wanted = trashed?.fromNodeId;
      const isThere = wanted !== undefined && (await homes.isLive(wanted));
      const folderId = isThere ? wanted : place.rootId;
      const name = await arrivals.add({ from: ref, entry, folderId, name: entry.name, onConflict: "keep-both" });
      homes.comesBack(entry.childId, folderId);
      return { folderId, name, toRoot: !isThere };
    });
  }
  await arrivals.write();
  return outcomes;
}

/** As `restoreEntries` for one. */
export async function restoreEntry(editor: VolumeEditor, ref: ItemRef, place: TrashPlace): Promise<Restored> {
  const [outcome] = await restoreEntries(editor, [ref], place);
  return valueOrThrow(outcome as Outcome<Restored>);
}

/** What lay in a folder went before the folder did, and finds it there again when the folder is first to come back. */
function lastTrashedFirst(entries: readonly Outcome<Entry>[]): number[] {
  const atMs = (outcome: Outcome<Entry>) => ("value" in outcome && outcome.value.trashed?.atMs) || 0;
  return Array.from(entries.keys()).sort(
    (a, b) => atMs(entries[b] as Outcome<Entry>) - atMs(entries[a] as Outcome<Entry>),
  );
}

/** Whether folders are a part of the drive, or will be once what comes back has come. */
class Homes {
  readonly #editor: VolumeEditor;
  readonly #place: TrashPlace;
  readonly #live = new Set<string>();
  readonly #comingBack = new Map<string, Uint8Array>();

  constructor(editor: VolumeEditor, place: TrashPlace) {
    this.#editor = editor;
    this.#place = place;
  }

  comesBack(nodeId: Uint8Array, folderId: Uint8Array): void {
    this.#comingBack.set(toHex(nodeId), folderId);
  }

  /** Whether the way up from a folder leads to the root and not to the trash. */
  async isLive(nodeId: Uint8Array): Promise<boolean> {
    const { rootId, trashId } = this.#place;
    const way = new Set<string>();
    for (let at: Uint8Array | null | undefined = nodeId; at; ) {
      const key = toHex(at);
      if (equalBytes(at, rootId) || this.#live.has(key)) {
        for (const each of way) this.#live.add(each);
        return true;
      }
      if (equalBytes(at, trashId) || way.has(key) || !this.#editor.hasFolder(at)) return false;
      way.add(key);
      at = this.#comingBack.get(key) ?? (await this.#editor.parentOf(at));
    }
    return false;
  }
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

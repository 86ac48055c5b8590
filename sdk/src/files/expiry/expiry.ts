import { equalBytes } from "@excalibur/core/bytes";
import type { Volume, VolumeEditor } from "../../volumes/index.ts";
import { isDamage, listFolder, trashFolderId, walk } from "../reading.ts";
import { deleteForGood, holdsMount } from "../trash-changes.ts";
import { isFile } from "../tree-changes.ts";
import type { Item, ItemRef } from "../types.ts";
import { KEPT_MS } from "../versions.ts";
import { agedBefore, type Clocks } from "./age.ts";

/** Files whose versions one commit takes. */
const FILES_A_COMMIT = 2_000;

export interface Expired {
  /** Items of the trash that were deleted for good. */
  readonly items: number;
  /** Earlier versions that were. */
  readonly versions: number;
}

export interface ExpireOptions {
  readonly clocks: Clocks;
  /** Earlier versions, too: that looks at every file of the drive. */
  readonly versionsToo: boolean;
  readonly signal?: AbortSignal;
}

/** Deletes what has been in the trash, and versions that have been replaced, for 30 days by all witnesses (age.ts). */
export async function expire(volume: Volume, options: ExpireOptions): Promise<Expired> {
  const { clocks, versionsToo, signal } = options;
  const abortable = signal ? { signal } : {};
  const trashId = await trashFolderId(volume, volume.volumeId);
  const trashed = (await listFolder(volume, trashId, abortable)).items;
  // Most of the time nothing is old by either clock, and then no history has to be looked at.
  const earliestMs = Math.min(clocks.deviceMs, clocks.serverMs) - KEPT_MS;
  const old = versionsToo ? await filesWithVersionsBefore(volume, earliestMs, { trashed, ...abortable }) : [];
  if (old.length === 0 && !trashed.some((item) => isTrashedBefore(item, earliestMs))) return { items: 0, versions: 0 };
  const beforeMs = await agedBefore(volume.history(), { clocks, ageMs: KEPT_MS, ...abortable });
  if (beforeMs === undefined) return { items: 0, versions: 0 };
  let items = 0;
  for (let left = await oldOf(volume, trashed, beforeMs); left.length > 0; ) {
    const now = left;
    const step = await volume.change((editor) => deleteOld(editor, now, { trashId, beforeMs }), abortable);
    items += step.deleted;
    left = step.left;
  }
  let versions = 0;
  for (let at = 0; at < old.length; at += FILES_A_COMMIT) {
    const some = old.slice(at, at + FILES_A_COMMIT);
    versions += await volume.change((editor) => dropVersions(editor, some, beforeMs), abortable);
  }
  return { items, versions };
}

function isTrashedBefore({ entry }: Pick<Item, "entry">, beforeMs: number): boolean {
  return entry.trashed !== undefined && entry.trashed.atMs <= beforeMs;
}

/** What leads into another volume waits for somebody to decide about it. */
async function oldOf(volume: Volume, trashed: readonly Item[], beforeMs: number): Promise<Item[]> {
  const old: Item[] = [];
  for (const item of trashed) {
    if (isTrashedBefore(item, beforeMs) && !(await holdsMount(volume, item.entry))) old.push(item);
  }
  return old;
}

async function filesWithVersionsBefore(
  volume: Volume,
  beforeMs: number,
  { trashed, ...options }: { readonly trashed: readonly Item[]; readonly signal?: AbortSignal },
): Promise<ItemRef[]> {
  const found: ItemRef[] = [];
  const look = ({ parentId, childId, entry }: Item) => {
    if (entry.file?.versions.some(({ replacedMs }) => replacedMs <= beforeMs)) found.push({ parentId, childId });
  };
  trashed.forEach(look);
  const tops = trashed.filter(({ type }) => type === "folder").map(({ childId }) => childId);
  for (const top of [volume.volumeId, ...tops]) {
    for await (const walked of walk(volume, top, options)) if (!isDamage(walked)) look(walked.item);
  }
  return found;
}

/** Looks again on the state that is changed: somebody may have restored it, and removed it once more. */
async function deleteOld(
  editor: VolumeEditor,
  items: readonly Item[],
  { trashId, beforeMs }: { readonly trashId: Uint8Array; readonly beforeMs: number },
): Promise<{ readonly deleted: number; readonly left: Item[] }> {
  const { entries } = await editor.readFolder(trashId);
  const still = items.filter(({ childId }) =>
    entries.some((entry) => equalBytes(entry.childId, childId) && isTrashedBefore({ entry }, beforeMs)),
  );
  if (still.length === 0) return { deleted: 0, left: [] };
  const left = await deleteForGood(editor, still, { trashId });
  return {
    deleted: still.length - left.length,
    left: still.filter(({ childId }) => left.some((ref) => equalBytes(ref.childId, childId))),
  };
}

async function dropVersions(editor: VolumeEditor, refs: readonly ItemRef[], beforeMs: number): Promise<number> {
  let dropped = 0;
  for (const { parentId, childId } of refs) {
    const entry = editor.hasFolder(parentId) ? await editor.findChild(parentId, childId) : undefined;
    if (entry === undefined || !isFile(entry)) continue;
    const versions = entry.file.versions.filter(({ replacedMs }) => replacedMs > beforeMs);
    if (versions.length === entry.file.versions.length) continue;
    dropped += entry.file.versions.length - versions.length;
    await editor.replaceEntry(parentId, { ...entry, file: { ...entry.file, versions } });
  }
  return dropped;
}

/** What leads from one volume into another: paths, copies, moves. */

import type { MountedVolumes } from "../mounts/index.ts";
import { ENTRY_TYPE, type Entry, ReadOnlyError, type Volume } from "../volumes/index.ts";
import { type TransplantedWith, transplant, transplanted } from "./copying.ts";
import { NotFoundError, SharedFolderError, SharedInsideError } from "./errors.ts";
import { findItem } from "./reading.ts";
import { holdsMount, type TrashPlace, trashEntries } from "./trash-changes.ts";
import { type Author, type Destination, ensureFolder, nameThere, requireHandled } from "./tree-changes.ts";
import type { Follower, Item, ItemRef, Listing, MovedItem, Renewed } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export interface PathInVolume {
  /** Where the rest of the path begins, as its volume knows it. */
  readonly nodeId: Uint8Array;
  readonly path: readonly string[];
  /** Which of the given paths it is. */
  readonly index: number;
}

export interface PathsOfVolume {
  readonly volume: Volume;
  readonly paths: readonly PathInVolume[];
}

/** Follows paths as far as they lead through mounts, and groups what is left of them by the volume they end in. */
export async function crossing(
  volumes: MountedVolumes,
  list: (folderId: Uint8Array) => Promise<Listing>,
  { folderId, paths }: { readonly folderId: Uint8Array; readonly paths: readonly (readonly string[])[] },
): Promise<PathsOfVolume[]> {
  const listings = new Map<string, Promise<ReadonlyMap<string, Item>>>();
  const childrenOf = (id: Uint8Array) => {
    const known =
      listings.get(id.join()) ?? list(id).then(({ items }) => new Map(items.map((item) => [item.name, item])));
    listings.set(id.join(), known);
    return known;
  };
  const groups = new Map<Volume, PathInVolume[]>();
  for (const [index, whole] of paths.entries()) {
    let start = folderId;
    let path = whole;
    let at = folderId;
    for (const [depth, name] of whole.entries()) {
      const item = (await childrenOf(at)).get(name);
      if (item?.type !== "folder") break;
      at = item.childId;
      if (item.entry.mount === undefined) continue;
      start = at;
      path = whole.slice(depth + 1);
    }
    const { volume, nodeId } = await volumes.place(start);
    const group = groups.get(volume) ?? [];
    group.push({ nodeId, path, index });
    groups.set(volume, group);
  }
  return [...groups].map(([volume, some]) => ({ volume, paths: some }));
}

/** Makes what is missing of paths, in one commit for each volume. Gives the nodeIds by the index of each path. */
export async function makePaths(
  groups: readonly PathsOfVolume[],
  { author, ...options }: Options & { readonly author: Author },
): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const { volume, paths } of groups) {
    const ids = await volume.change(async (editor) => {
      const nodeIds: Uint8Array[] = [];
      for (const { nodeId, path } of paths) {
        let parentId = nodeId;
        for (const name of path) parentId = await ensureFolder(editor, { parentId, name, author });
        nodeIds.push(parentId);
      }
      return nodeIds;
    }, options);
    for (const [at, { index }] of paths.entries()) made[index] = ids[at] as Uint8Array;
  }
  return made;
}

interface Crossing {
  readonly from: { readonly volume: Volume; readonly ref: ItemRef };
  readonly target: Volume;
  /** As the target knows it. */
  readonly to: Destination;
}

/** A copy in another volume: new, of whoever makes it. */
export async function copyAcross(
  { from, item, target, to, author }: Crossing & { readonly item: Item; readonly author: Author },
  options: Options,
): Promise<void> {
  await plant({ from, target, to }, { item, author, ...options });
}

/**
 * Into the target first, and then to the trash of where it was: whatever interrupts this loses nothing. Who follows it, or
 * something in it, goes along.
 */
export async function moveAcross(
  {
    from,
    target,
    to,
    place,
    follower,
  }: Crossing & { readonly place: TrashPlace; readonly follower: Follower | undefined },
  options: Options,
): Promise<MovedItem> {
  if (from.volume.members().role === "viewer") throw new ReadOnlyError();
  const item = await findItem(from.volume, from.ref);
  const isFollowed = follower && ((id: Uint8Array) => follower.has(id));
  const { top, renewed } = await plant({ from, target, to }, { item, isFollowed, ...options });
  await from.volume.change(async (editor) => {
    await requireHandled(editor, from.ref);
    await trashEntries(editor, [from.ref], place);
  }, options);
  await follower?.follow(renewed, { from: from.volume.volumeId, to: target.volumeId });
  return { childId: top.childId, name: top.name, left: { ...from.ref, parentId: place.trashId } };
}

/** With an author it is theirs and new; otherwise it stays whose it was, with its dates. */
async function plant(
  { from, target, to }: Crossing,
  { item, author, isFollowed = () => false, ...options }: Options & Planting,
): Promise<{ readonly top: Entry; readonly renewed: readonly Renewed[] }> {
  const { entry } = item;
  if (entry.mount !== undefined) throw new SharedFolderError();
  // Before anything is made: half a copy would be in the way.
  if (await holdsMount(from.volume, entry)) throw new SharedInsideError();
  const kept = transplanted(entry);
  const mine = author ? { ...kept, createdMs: author.nowMs, addedBy: author.addedBy } : kept;
  const top = await target.change(async (editor) => {
    if (!editor.hasFolder(to.folderId)) throw new NotFoundError();
    const name = await nameThere(editor, { ...to, name: to.name ?? entry.name });
    const [added] = await editor.addEntries(to.folderId, [{ ...mine, name }]);
    if (added === undefined) throw new NotFoundError();
    if (added.type === ENTRY_TYPE.folder) editor.createFolder({ nodeId: added.childId, parentNodeId: to.folderId });
    return added;
  }, options);
  const renewed = isFollowed(item.childId) ? [{ from: item.childId, to: top.childId }] : [];
  if (top.type !== ENTRY_TYPE.folder) return { top, renewed };
  const inside = await transplant(from.volume, target, { from: item.childId, to: top.childId, isFollowed, ...options });
  return { top, renewed: [...renewed, ...inside.renewed] };
}

interface Planting extends Pick<TransplantedWith, "isFollowed"> {
  readonly item: Item;
  readonly author?: Author;
}

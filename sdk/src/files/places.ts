/** Which volume things are in: what people name is an entry of a folder, wherever that lies. */

import { equalBytes } from "@excalibur/core/bytes";
import type { MountedVolumes } from "../mounts/index.ts";
import type { Volume } from "../volumes/index.ts";
import type { FileDraft } from "./file-changes.ts";
import { walk } from "./reading.ts";
import type { Item, ItemRef, Listing, WalkedDamage, WalkedItem } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

/** The volume an entry is listed in, and the entry as that volume knows it. */
export async function findIn(
  volumes: MountedVolumes,
  ref: ItemRef,
): Promise<{ readonly volume: Volume; readonly ref: ItemRef }> {
  const { volume, nodeId: parentId } = await volumes.place(ref.parentId);
  return { volume, ref: { ...ref, parentId } };
}

/** Things of one volume that are handled in one commit. */
export interface Group {
  readonly volume: Volume;
  readonly refs: readonly ItemRef[];
}

export async function groupRefs(volumes: MountedVolumes, refs: readonly ItemRef[]): Promise<Group[]> {
  const groups = new Map<Volume, ItemRef[]>();
  for (const each of refs) {
    const { volume, ref } = await findIn(volumes, each);
    const group = groups.get(volume) ?? [];
    group.push(ref);
    groups.set(volume, group);
  }
  return [...groups].map(([volume, some]) => ({ volume, refs: some }));
}

/** Files about to be listed, by the volume of their folder; `index` is their place in what was given. */
export async function groupDrafts(volumes: MountedVolumes, drafts: readonly FileDraft[]) {
  const groups = new Map<Volume, { readonly draft: FileDraft; readonly index: number }[]>();
  for (const [index, draft] of drafts.entries()) {
    const { volume, nodeId: folderId } = await volumes.place(draft.folderId);
    const group = groups.get(volume) ?? [];
    group.push({ draft: { ...draft, folderId }, index });
    groups.set(volume, group);
  }
  return [...groups].map(([volume, some]) => ({ volume, drafts: some }));
}

interface WalkStart {
  readonly volume: Volume;
  readonly nodeId: Uint8Array;
  /** Of where it begins, from where the whole walk began. */
  readonly path: string;
  /** Ids of the volumes that led here. */
  readonly within: readonly Uint8Array[];
}

interface WalkOptions extends Options {
  /** What an item is that stands for something else. */
  readonly reveal: (outer: Volume, item: Item) => Promise<Item>;
}

/** Every item below a folder, parents before children; what is mounted comes after the rest of the volume it is mounted in. */
export async function* walkThrough(
  volumes: MountedVolumes,
  folderId: Uint8Array,
  options: WalkOptions,
): AsyncGenerator<WalkedItem | WalkedDamage> {
  const { volume, nodeId } = await volumes.place(folderId);
  yield* walkFrom(volumes, { volume, nodeId, path: "", within: [volume.volumeId] }, options);
}

async function* walkFrom(
  volumes: MountedVolumes,
  { volume, nodeId, path: above, within }: WalkStart,
  options: WalkOptions,
): AsyncGenerator<WalkedItem | WalkedDamage> {
  const mounts: { readonly item: Item; readonly path: string }[] = [];
  for await (const walked of walk(volume, nodeId, options)) {
    const path = [above, walked.path].filter((part) => part !== "").join("/");
    if (!("item" in walked) || walked.item.entry.mount === undefined) {
      yield { ...walked, path };
      continue;
    }
    volumes.note(volume, walked.item.parentId, [walked.item.entry]);
    const item = await options.reveal(volume, walked.item);
    if (item.type === "folder") mounts.push({ item, path });
    yield { item, path };
  }
  for (const { item, path } of mounts) {
    try {
      const inner = await volumes.place(item.childId);
      // Mounts that lead in a circle are damage of one writer, not a reason to walk for ever.
      if (within.some((id) => equalBytes(id, inner.volume.volumeId))) continue;
      yield* walkFrom(volumes, { ...inner, path, within: [...within, inner.volume.volumeId] }, options);
    } catch (cause) {
      options.signal?.throwIfAborted();
      yield { path, cause };
    }
  }
}

/** The folders from below the root down to this one, itself included, or undefined when its parents do not lead to the root. */
export async function stepsTo(
  volumes: MountedVolumes,
  folderId: Uint8Array,
  list: (folderId: Uint8Array) => Promise<Listing>,
): Promise<Item[] | undefined> {
  const steps: Item[] = [];
  let at = await volumes.place(folderId);
  for (let left = 10_000; left > 0; left--) {
    const isRoot = equalBytes(at.nodeId, at.volume.volumeId);
    if (isRoot && at.volume === volumes.home) return steps.reverse();
    const above = isRoot ? await mountOf(volumes, at.nodeId, list) : await parentOf(at.volume, at.nodeId);
    if (above === undefined) return undefined;
    const { items } = await list(above.parentId);
    const item = items.find((each) => equalBytes(each.childId, above.childId));
    if (!item) return undefined;
    steps.push(item);
    at = { volume: above.outer, nodeId: above.parentId };
  }
  return undefined;
}

/** Where a volume is mounted: where a listing has shown it; else in the root, where things are mounted unless told; else anywhere. */
async function mountOf(
  volumes: MountedVolumes,
  volumeId: Uint8Array,
  list: (folderId: Uint8Array) => Promise<Listing>,
) {
  const { home } = volumes;
  if (volumes.mountOf(volumeId) === undefined) await list(home.volumeId);
  if (volumes.mountOf(volumeId) === undefined) {
    const everything = walkThrough(volumes, home.volumeId, { reveal: async (_outer, item) => item });
    for await (const _ of everything) if (volumes.mountOf(volumeId) !== undefined) break;
  }
  return volumes.mountOf(volumeId);
}

async function parentOf(volume: Volume, childId: Uint8Array) {
  if (!volume.hasFolder(childId)) return undefined;
  const { parentNodeId: parentId } = await volume.readHeader(childId);
  return parentId && volume.hasFolder(parentId) ? { outer: volume, parentId, childId } : undefined;
}

import { equalBytes } from "@excalibur/core/bytes";
import type { Follower, Item } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";

export interface PlaceContext {
  readonly follower: Follower;
  readonly volumes: MountedVolumes;
}

/**
 * Does something that puts another entry in the place of an item, under its name: a mount when it is shared, and what it was when
 * that ends. Who follows the item goes along.
 */
export async function takingFollowerAlong<T>(
  context: PlaceContext,
  item: Item,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal },
): Promise<T> {
  const done = await work();
  // It is shared, or is not any more, whatever becomes of who follows it.
  if (context.follower.has(item.childId)) await Promise.allSettled([follow(context, item, options)]);
  return done;
}

async function follow(
  { follower, volumes }: PlaceContext,
  { parentId, childId, entry }: Item,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const { volume, nodeId } = await volumes.place(parentId);
  const { entries } = await volume.readFolder(nodeId, options);
  const there = entries.find(({ name }) => name === entry.name);
  if (there === undefined || equalBytes(there.childId, childId)) return;
  const { volumeId } = volume;
  await follower.follow([{ from: childId, to: there.childId }], { from: volumeId, to: volumeId });
}

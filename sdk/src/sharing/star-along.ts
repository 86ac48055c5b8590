import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import type { Item } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import type { Stars } from "../stars/index.ts";

export interface StarContext {
  readonly stars: Pick<Stars, "ids" | "replace">;
  readonly volumes: MountedVolumes;
}

/**
 * Does something that puts another entry in the place of an item, under its name: a mount when it is shared, and what it was when
 * that ends. A star of this person's goes along, whoever else has one of their own.
 */
export async function takingStarAlong<T>(
  context: StarContext,
  item: Item,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal },
): Promise<T> {
  const done = await work();
  // It is shared, or is not any more, whatever becomes of the star.
  if (context.stars.ids().includes(toBase64Url(item.childId)))
    await Promise.allSettled([moveStar(context, item, options)]);
  return done;
}

async function moveStar(
  { stars, volumes }: StarContext,
  { parentId, childId, entry }: Item,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const { volume, nodeId } = await volumes.place(parentId);
  const { entries } = await volume.readFolder(nodeId, options);
  const there = entries.find(({ name }) => name === entry.name);
  if (there === undefined || equalBytes(there.childId, childId)) return;
  const volumeId = toBase64Url(volume.volumeId);
  await stars.replace({ volumeId, id: toBase64Url(childId) }, { volumeId, id: toBase64Url(there.childId) }, options);
}

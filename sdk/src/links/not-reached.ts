import { type Item, isDamage, walk } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";

/**
 * Paths, below an item, of what is shared by itself inside it: a link to what is around it does not lead there (decision 0074). What is
 * inside these is not named once more.
 */
export async function findNotReached(
  volumes: MountedVolumes,
  item: Item,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string[]> {
  if (item.type !== "folder") return [];
  const { volume, nodeId } = await volumes.place(item.childId);
  const paths: string[] = [];
  for await (const walked of walk(volume, nodeId, options.signal ? { signal: options.signal } : {}))
    if (!isDamage(walked) && walked.item.entry.mount !== undefined) paths.push(walked.path);
  return paths.sort();
}

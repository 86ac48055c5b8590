import type { FolderDamage, Volume } from "../volumes/index.ts";
import type { NamedMount } from "./types.ts";

/** Pages that are opened at once. */
const PAGES_AT_ONCE = 200;

export interface MountsIn {
  readonly mounts: readonly NamedMount[];
  /** Listings that cannot be read, and may hold others. */
  readonly damage: readonly FolderDamage[];
}

/**
 * Every entry of a volume that leads into another one, in whatever folder it stands, the trash too: whoever looks for what is
 * inside does not depend on how somebody has arranged the folders.
 */
export async function mountsIn(
  outer: Volume,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<MountsIn> {
  const [mounts, damage]: [NamedMount[], FolderDamage[]] = [[], []];
  const pages = outer.pages();
  const all = [...pages.all()];
  for (let at = 0; at < all.length; at += PAGES_AT_ONCE) {
    const some = all.slice(at, at + PAGES_AT_ONCE);
    for (const [index, content] of (await pages.open(some, { signal })).entries()) {
      if (!("entries" in content)) {
        damage.push(content);
        continue;
      }
      const parentId = (some[index] as (typeof some)[number]).nodeId;
      for (const { mount, childId, name } of content.entries)
        if (mount !== undefined) mounts.push({ ...mount, outer, parentId, childId, name });
    }
  }
  return { mounts, damage };
}

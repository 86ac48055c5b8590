import { toHex } from "@excalibur/core/bytes";
import type { Item } from "./types.ts";
import { KEPT_MS } from "./versions.ts";

/** An item of the trash. */
export interface TrashedItem {
  readonly item: Item;
  /** undefined: another program put it there and did not say. Then it is never deleted for its age. */
  readonly trashedMs: number | undefined;
  /** The path of the folder it was in, or null when that is gone: it would be restored to the root. */
  readonly fromPath: string | null;
  /** The earliest moment at which it is deleted for its age. */
  readonly keptUntilMs: number | undefined;
}

export async function toTrashedItems(
  items: readonly Item[],
  pathOf: (folderId: Uint8Array) => Promise<string | undefined>,
): Promise<TrashedItem[]> {
  const paths = new Map<string, string | null>();
  const trashed: TrashedItem[] = [];
  for (const item of items) {
    const { atMs, fromNodeId } = item.entry.trashed ?? {};
    const key = fromNodeId && toHex(fromNodeId);
    if (key !== undefined && !paths.has(key)) paths.set(key, (await pathOf(fromNodeId as Uint8Array)) ?? null);
    const fromPath = (key && paths.get(key)) ?? null;
    trashed.push({ item, trashedMs: atMs, fromPath, keptUntilMs: atMs === undefined ? undefined : atMs + KEPT_MS });
  }
  return trashed.sort((a, b) => (b.trashedMs ?? 0) - (a.trashedMs ?? 0));
}

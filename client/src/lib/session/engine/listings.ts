import { toBase64Url } from "@excalibur/core/bytes";
import type { Item } from "@excalibur/sdk";
import { sortItems } from "../../files/sort-items.ts";
import type { FileItem, ListingFacts, ListingNews, ListOrder, Trashed } from "./types.ts";

/**
 * [Note: Lists cross in slices]
 * A folder may have a hundred thousand entries. The worker sorts them and sends the first screens at once; the page
 * asks for the rest slice by slice while it draws already. When the folder changes, only what left and what came crosses,
 * with its places: items that did not change keep their order among each other, so nothing else is needed.
 */
const FIRST_ITEMS = 200;
/** How many lists are remembered: what several pages of one window show, and the one before. */
const REMEMBERED = 6;

/** What a list is made from. */
export interface Source {
  readonly folderId: string;
  readonly path: ListingFacts["path"];
  readonly items: readonly Item[];
  readonly isDamaged: boolean;
  /** For items of the trash. */
  trashed?(item: Item): Trashed | undefined;
}

interface Listed {
  readonly folderId: string;
  readonly order: ListOrder;
  readonly items: readonly FileItem[];
}

export class Listings {
  readonly #listed = new Map<number, Listed>();
  #lastVersion = 0;

  /** News for a page that has the list `have`; all of it, as far as it goes at once, for one that has none. */
  take(source: Source, order: ListOrder, have?: number): ListingNews {
    const before = have === undefined ? undefined : this.#listed.get(have);
    const { folderId } = source;
    const isNext = before?.folderId === folderId && isSameOrder(before.order, order);
    const known = new Map(before?.folderId === folderId ? before.items.map((item) => [item.id, item]) : []);
    const fresh = source.items.map((item) => {
      const shown = present(item, source.trashed?.(item));
      const there = known.get(shown.id);
      return there !== undefined && isSame(there, shown) ? there : shown;
    });
    const items = sortItems(isNext ? inOldOrder(before.items, fresh) : fresh, order);
    const facts = this.#remember({ folderId, order, items }, source);
    if (!isNext) return { type: "whole", facts, first: items.slice(0, FIRST_ITEMS) };
    return { type: "patch", facts, ...difference(before.items, items) };
  }

  /** undefined: that list is not remembered any more; ask for the newest. */
  slice(version: number, from: number, to: number): readonly FileItem[] | undefined {
    return this.#listed.get(version)?.items.slice(from, to);
  }

  #remember(listed: Listed, { path, isDamaged }: Source): ListingFacts {
    this.#lastVersion += 1;
    const version = this.#lastVersion;
    this.#listed.set(version, listed);
    for (const old of this.#listed.keys()) if (this.#listed.size > REMEMBERED) this.#listed.delete(old);
    const folders = listed.items.filter(({ type }) => type === "folder").length;
    const files = listed.items.length - folders;
    return { version, folderId: listed.folderId, path, folders, files, isDamaged };
  }
}

/** Sorting is nearly free when almost everything is in order already. */
function inOldOrder(before: readonly FileItem[], fresh: readonly FileItem[]): FileItem[] {
  const left = new Set(fresh);
  const kept = before.filter((item) => left.delete(item));
  return [...kept, ...left];
}

function difference(before: readonly FileItem[], after: readonly FileItem[]) {
  const [had, has] = [new Set(before), new Set(after)];
  const removed = before.flatMap((item, index) => (has.has(item) ? [] : [index]));
  const added = after.flatMap((item, index) => (had.has(item) ? [] : [[index, item] as const]));
  return { removed, added };
}

function isSameOrder(a: ListOrder, b: ListOrder): boolean {
  return a.by === b.by && a.isDescending === b.isDescending && a.language === b.language;
}

function isSame(a: FileItem, b: FileItem): boolean {
  return (
    a.name === b.name &&
    a.storedName === b.storedName &&
    a.type === b.type &&
    a.modifiedMs === b.modifiedMs &&
    a.sizeBytes === b.sizeBytes &&
    a.trashed?.atMs === b.trashed?.atMs &&
    a.trashed?.from === b.trashed?.from
  );
}

export function present(item: Item, trashed?: Trashed): FileItem {
  const { parentId, childId, type, name, modifiedMs, entry } = item;
  return {
    parentId: toBase64Url(parentId),
    id: toBase64Url(childId),
    type,
    name,
    modifiedMs,
    sizeBytes: entry.file?.sizeBytes,
    ...(entry.name === name ? {} : { storedName: entry.name }),
    ...(trashed === undefined ? {} : { trashed }),
  };
}

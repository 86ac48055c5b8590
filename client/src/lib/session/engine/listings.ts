import { toBase64Url } from "@excalibur/core/bytes";
import type { Item } from "@excalibur/sdk";
import { firstItems, insertPlaced, insertSorted, sortItems } from "../../files/sort-items.ts";
import type { FileItem, ListingFacts, ListingNews, ListOrder, Role, Trashed } from "./types.ts";

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
export type Source = FolderSource | FoundSource;

export interface FolderSource {
  readonly folderId: string;
  readonly path: ListingFacts["path"];
  readonly items: readonly Item[];
  readonly isDamaged: boolean;
  /** More of the folder is still being read. */
  readonly isPartial?: true;
  readonly role?: Role | undefined;
  /** For items of the trash. */
  trashed?(item: Item): Trashed | undefined;
}

export interface FoundSource {
  /** Names the question. */
  readonly folderId: string;
  readonly path: readonly [];
  /** In order. */
  readonly found: readonly FileItem[];
  readonly total: number;
  readonly isDamaged: boolean;
}

interface Listed {
  readonly folderId: string;
  readonly order: ListOrder;
  /** In order; sorted when somebody asks for more than the first screens. */
  readonly items: () => readonly FileItem[];
}

export class Listings {
  readonly #listed = new Map<number, Listed>();
  /** Entries that were read once stay the same objects while the sdk remembers their page. */
  readonly #presented = new WeakMap<Item["entry"], FileItem>();
  #lastVersion = 0;

  /** News for a page that has the list `have`; all of it, as far as it goes at once, for one that has none. */
  take(source: Source, order: ListOrder, have?: number): ListingNews {
    const { folderId } = source;
    const there = have === undefined ? undefined : this.#listed.get(have);
    const isNext = there?.folderId === folderId && isSameOrder(there.order, order);
    // Whoever comes back to a folder finds it sorted already.
    const before = isNext ? there : this.#newestOf(folderId, order);
    if (before === undefined && !("found" in source)) return this.#takeNew(source, order);
    const had = before?.items() ?? [];
    const items = "found" in source ? keepSame(source.found, had) : this.#inOldOrder(source, order, had);
    const facts = this.#remember({ folderId, order, items: () => items }, { source, items });
    if (!isNext) return { type: "whole", facts, first: items.slice(0, FIRST_ITEMS) };
    return { type: "patch", facts, ...difference(there.items(), items) };
  }

  /** News for a page that has the list `have` of a part of the folder: `came` was read since, and nothing else changed. */
  grow(
    { source, came, have }: { readonly source: FolderSource; readonly came: readonly Item[]; readonly have: number },
    order: ListOrder,
  ): ListingNews {
    const there = this.#listed.get(have);
    if (there === undefined || !isSameOrder(there.order, order)) return this.take(source, order, have);
    const fresh = this.#presentAll({ ...source, items: came }, []);
    const { items, added } = insertPlaced(there.items(), fresh, order);
    // Who had it has the next one: nobody asks for slices of a part twice.
    this.#listed.delete(have);
    const facts = this.#remember({ folderId: source.folderId, order, items: () => items }, { source, items });
    return { type: "patch", facts, removed: [], added };
  }

  /** Nobody waits for the order of what is not in sight. */
  #takeNew(source: FolderSource, order: ListOrder): ListingNews {
    const fresh = this.#presentAll(source, []);
    const items = once(() => sortItems(fresh, order));
    const facts = this.#remember({ folderId: source.folderId, order, items }, { source, items: fresh });
    return { type: "whole", facts, first: firstItems(fresh, FIRST_ITEMS, order) };
  }

  /** undefined: that list is not remembered any more; ask for the newest. */
  slice(version: number, from: number, to: number): readonly FileItem[] | undefined {
    return this.#listed.get(version)?.items().slice(from, to);
  }

  #newestOf(folderId: string, order: ListOrder): Listed | undefined {
    return [...this.#listed.values()].findLast(
      (listed) => listed.folderId === folderId && isSameOrder(listed.order, order),
    );
  }

  #inOldOrder(source: FolderSource, order: ListOrder, before: readonly FileItem[]): FileItem[] {
    return inOldOrder(before, this.#presentAll(source, before), order);
  }

  /** What is as it was is the very same object again: by that, changes are found. */
  #presentAll({ items, trashed }: FolderSource, before: readonly FileItem[]): FileItem[] {
    let known: Map<string, FileItem> | undefined;
    return items.map((item) => {
      const cached = this.#presented.get(item.entry);
      const of = trashed?.(item);
      if (cached?.name === item.name && isSameTrashed(cached.trashed, of)) return cached;
      const shown = present(item, of);
      known ??= new Map(before.map((each) => [each.id, each]));
      const there = known.get(shown.id);
      const kept = there !== undefined && isSame(there, shown) ? there : shown;
      this.#presented.set(item.entry, kept);
      return kept;
    });
  }

  /** `items`: in any order. */
  #remember(
    listed: Listed,
    { source, items }: { readonly source: Source; readonly items: readonly FileItem[] },
  ): ListingFacts {
    const { path, isDamaged } = source;
    this.#lastVersion += 1;
    const version = this.#lastVersion;
    this.#listed.set(version, listed);
    for (const old of this.#listed.keys()) if (this.#listed.size > REMEMBERED) this.#listed.delete(old);
    const folders = items.filter(({ type }) => type === "folder").length;
    const files = items.length - folders;
    const facts = { version, folderId: listed.folderId, path, folders, files, isDamaged };
    if ("found" in source) return { ...facts, total: source.total };
    const { role, isPartial } = source;
    return { ...facts, ...(role === undefined ? {} : { role }), ...(isPartial === undefined ? {} : { isPartial }) };
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function keepSame(found: readonly FileItem[], before: readonly FileItem[]): FileItem[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return found.map((item) => {
    const there = known.get(item.id);
    return there !== undefined && isSame(there, item) ? there : item;
  });
}

/** What stays is in order already; only newcomers are put in their places. */
function inOldOrder(before: readonly FileItem[], fresh: readonly FileItem[], order: ListOrder): FileItem[] {
  const left = new Set(fresh);
  const kept = before.filter((item) => left.delete(item));
  return left.size > kept.length ? sortItems(fresh, order) : insertSorted(kept, [...left], order);
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
    a.parentId === b.parentId &&
    a.found?.place === b.found?.place &&
    a.found?.changedMs === b.found?.changedMs &&
    a.found?.role === b.found?.role &&
    a.storedName === b.storedName &&
    a.type === b.type &&
    a.isShared === b.isShared &&
    a.modifiedMs === b.modifiedMs &&
    a.sizeBytes === b.sizeBytes &&
    a.thumbnailId === b.thumbnailId &&
    isSameTrashed(a.trashed, b.trashed)
  );
}

function isSameTrashed(a: Trashed | undefined, b: Trashed | undefined): boolean {
  return a?.atMs === b?.atMs && a?.from === b?.from;
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
    ...(entry.mount === undefined ? {} : { isShared: true }),
    ...(entry.file?.thumbnail ? { thumbnailId: toBase64Url(entry.file.thumbnail.objectId) } : {}),
    ...(entry.name === name ? {} : { storedName: entry.name }),
    ...(trashed === undefined ? {} : { trashed }),
  };
}

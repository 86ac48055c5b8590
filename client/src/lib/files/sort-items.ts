import type { FileItem, ListOrder } from "../session/engine/types.ts";

type Compare = (a: FileItem, b: FileItem) => number;

/** Folders first, then as asked; names in the order of the language, numbers in them as numbers. */
export function sortItems(items: readonly FileItem[], order: ListOrder): FileItem[] {
  return [...items].sort(comparing(order));
}

/**
 * The first `count` of the order, without sorting all of them: comparing names is what sorting costs, and here nearly each
 * item is compared once.
 */
export function firstItems(items: readonly FileItem[], count: number, order: ListOrder): FileItem[] {
  const compare = comparing(order);
  let first: FileItem[] = [];
  let last: FileItem | undefined;
  for (const item of items) {
    if (last !== undefined && compare(item, last) > 0) continue;
    first.push(item);
    if (first.length < 2 * count) continue;
    first = first.sort(compare).slice(0, count);
    last = first.at(-1);
  }
  return first.sort(compare).slice(0, count);
}

/** Puts a few newcomers into a long list that is in this order already: comparing names is what sorting costs. */
export function insertSorted(sorted: readonly FileItem[], added: readonly FileItem[], order: ListOrder): FileItem[] {
  return insertPlaced(sorted, added, order).items;
}

/** The same, with the places that the newcomers have in the result. */
export function insertPlaced(sorted: readonly FileItem[], newcomers: readonly FileItem[], order: ListOrder) {
  const compare = comparing(order);
  const items: FileItem[] = [];
  const added: [index: number, item: FileItem][] = [];
  let from = 0;
  for (const item of [...newcomers].sort(compare)) {
    const to = placeOf(sorted, { item, from, compare });
    for (; from < to; from++) items.push(sorted[from] as FileItem);
    added.push([items.length, item]);
    items.push(item);
  }
  for (; from < sorted.length; from++) items.push(sorted[from] as FileItem);
  return { items, added };
}

function placeOf(
  sorted: readonly FileItem[],
  { item, from, compare }: { readonly item: FileItem; readonly from: number; readonly compare: Compare },
): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as FileItem, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comparing({ by, isDescending, language }: ListOrder): Compare {
  const names = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const turn = isDescending ? -1 : 1;
  const first: Compare = (a, b) => {
    if (by === "modified") return timeOf(a) - timeOf(b);
    if (by === "size") return (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0);
    if (by === "type" && a.type !== "folder") return names.compare(endingOf(a.name), endingOf(b.name));
    return 0;
  };
  return (a, b) => {
    if ((a.type === "folder") !== (b.type === "folder")) return a.type === "folder" ? -1 : 1;
    return turn * (first(a, b) || names.compare(a.name, b.name)) || (a.id < b.id ? -1 : 1);
  };
}

/** In the trash it counts when something came there. */
function timeOf({ modifiedMs, trashed }: FileItem): number {
  return trashed?.atMs ?? modifiedMs;
}

/** "photo.JPG" → "JPG"; a leading dot is part of the name. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1) : "";
}

import type { FileItem, ListOrder } from "../session/engine/types.ts";

/**
 * Folders first, then as asked; names in the order of the language, numbers in them as numbers. Lists that are nearly in
 * order already cost hardly more than a look at each item.
 */
export function sortItems(items: readonly FileItem[], { by, isDescending, language }: ListOrder): FileItem[] {
  const names = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const turn = isDescending ? -1 : 1;
  const first = (a: FileItem, b: FileItem): number => {
    if (by === "modified") return timeOf(a) - timeOf(b);
    if (by === "size") return (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0);
    if (by === "type" && a.type !== "folder") return names.compare(endingOf(a.name), endingOf(b.name));
    return 0;
  };
  const compare = (a: FileItem, b: FileItem): number => {
    if ((a.type === "folder") !== (b.type === "folder")) return a.type === "folder" ? -1 : 1;
    return turn * (first(a, b) || names.compare(a.name, b.name)) || (a.id < b.id ? -1 : 1);
  };
  return [...items].sort(compare);
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

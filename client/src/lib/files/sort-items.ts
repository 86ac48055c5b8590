import type { Sort } from "../preferences/index.ts";
import type { FileItem } from "../session/index.ts";

/** Folders first, then as asked; names in the order of the language, numbers in them as numbers. */
export function sortItems(items: readonly FileItem[], { by, isDescending }: Sort, tag: string): FileItem[] {
  const names = new Intl.Collator(tag, { numeric: true, sensitivity: "base" });
  const turn = isDescending ? -1 : 1;
  const compare = (a: FileItem, b: FileItem): number => {
    if ((a.type === "folder") !== (b.type === "folder")) return a.type === "folder" ? -1 : 1;
    const first =
      by === "modified" ? a.modifiedMs - b.modifiedMs : by === "size" ? (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0) : 0;
    return turn * (first || names.compare(a.name, b.name)) || (a.id < b.id ? -1 : 1);
  };
  return [...items].sort(compare);
}

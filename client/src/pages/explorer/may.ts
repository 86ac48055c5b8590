import type { FileItem, Role } from "../../lib/session/index.ts";

/** What this person may do where they are. What they may not do is not offered. */
export interface May {
  /** Adding, renaming, moving, deleting, bringing back. */
  readonly change: boolean;
  /** What lies in one's own drive can be shared, and what is in a shared folder by whoever decides who is in it. */
  readonly share: boolean;
}

export function mayDo(role: Role | undefined): May {
  return { change: role !== "viewer", share: role === undefined || role === "owner" || role === "manager" };
}

/** With what was found: each item lies in a folder of its own. */
export function mayDoWith(items: readonly FileItem[]): May {
  const each = items.map(({ found }) => mayDo(found?.role));
  return {
    change: each.every(({ change }) => change),
    share: each.every(({ share }) => share),
  };
}

export function hasShared(items: readonly FileItem[]): boolean {
  return items.some(({ isShared }) => isShared === true);
}

/** What is to be shared, or is shared with people who can be looked at: one folder or one file. */
export function shareable(items: readonly FileItem[], may: May): FileItem | undefined {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0 || first.type === "unknown") return undefined;
  return may.share || first.isShared ? first : undefined;
}

/** A shared folder is not copied: it stays whose it is. A file can be, shared or not. */
export function canCopy(items: readonly FileItem[]): boolean {
  return !items.some(({ isShared, type }) => isShared === true && type !== "file");
}

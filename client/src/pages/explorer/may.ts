import type { FileItem, Role } from "../../lib/session/index.ts";

/** What this person may do where they are. What they may not do is not offered. */
export interface May {
  /** Adding, renaming, moving, deleting. */
  readonly change: boolean;
  /** Stars and bringing a folder back belong to one's own drive. */
  readonly ownThings: boolean;
}

export function mayDo(role: Role | undefined): May {
  return { change: role !== "viewer", ownThings: role === undefined };
}

export function hasShared(items: readonly FileItem[]): boolean {
  return items.some(({ isShared }) => isShared === true);
}

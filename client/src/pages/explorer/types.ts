import type { FileItem } from "../../lib/session/index.ts";

/** What somebody wants to do, and with which item: at most one thing at a time. */
export type Asked =
  | { readonly what: "new-folder" }
  | { readonly what: "menu"; readonly item: FileItem; readonly at: Event }
  | { readonly what: "rename"; readonly item: FileItem }
  | { readonly what: "trash"; readonly item: FileItem };

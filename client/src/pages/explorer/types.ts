import type { FileItem } from "../../lib/session/index.ts";

/** What somebody wants to do, and with what: at most one thing at a time. */
export type Asked =
  | { readonly what: "new-folder" }
  | { readonly what: "menu"; readonly at: Event }
  | { readonly what: "blank-menu"; readonly at: Event }
  | { readonly what: "rename"; readonly item: FileItem }
  | { readonly what: "details" }
  | { readonly what: "share"; readonly folder: FileItem }
  | { readonly what: "leave"; readonly folder: FileItem }
  | { readonly what: "place"; readonly mode: "move" | "copy"; readonly items: readonly FileItem[] }
  | { readonly what: "rewind"; readonly folder: { readonly id: string; readonly name: string } }
  | { readonly what: "mass-deletion"; readonly items: readonly FileItem[] };

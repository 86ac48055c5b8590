import type { AccessItem, FileItem } from "../../lib/session/index.ts";

/** Others will be able to open what is put there, or no longer can. */
export interface AskedAccess {
  readonly what: "access";
  readonly mode: "move" | "copy";
  readonly items: readonly FileItem[];
  readonly target: { readonly folderId: string; readonly name: string };
  readonly access: AccessItem;
  readonly onDeclined: () => void;
}

/** What somebody wants to do, and with what: at most one thing at a time. */
export type Asked =
  | { readonly what: "new-folder" }
  | { readonly what: "menu"; readonly at: Event }
  | { readonly what: "blank-menu"; readonly at: Event }
  | { readonly what: "rename"; readonly item: FileItem }
  | { readonly what: "details" }
  | { readonly what: "share"; readonly item: FileItem }
  | { readonly what: "leave"; readonly item: FileItem }
  | { readonly what: "place"; readonly mode: "move" | "copy"; readonly items: readonly FileItem[] }
  | AskedAccess
  | { readonly what: "rewind"; readonly folder: { readonly id: string; readonly name: string } }
  | { readonly what: "mass-deletion"; readonly items: readonly FileItem[] };

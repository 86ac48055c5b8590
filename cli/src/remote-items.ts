import type { Files, FoundItem, Item } from "@excalibur/sdk";
import { shown } from "./terminal/escape.ts";
import { CommandError } from "./terminal/failure.ts";
import { formatSize, isoTime, localTime } from "./terminal/format.ts";

/** An item as --json tells it. Times are ISO 8601 in UTC. `size` and `mediaType` belong to files. */
export interface ItemDocument {
  readonly name: string;
  readonly path: string;
  readonly type: Item["type"];
  readonly size: number | null;
  readonly modified: string | null;
  readonly created: string | null;
  readonly mediaType: string | null;
  /** Whether it is a folder or file that others are in, too, or that somebody else shares. */
  readonly shared: boolean;
  /** Stays the same when the item is renamed or moved. */
  readonly id: string;
}

export function toDocument(item: Item, path: string): ItemDocument {
  const { file } = item.entry;
  return {
    name: item.name,
    path,
    type: item.type,
    size: item.type === "file" ? (file?.sizeBytes ?? null) : null,
    modified: isoTime(item.modifiedMs),
    created: isoTime(item.createdMs),
    mediaType: item.type === "file" ? (file?.mediaType ?? null) : null,
    shared: item.entry.mount !== undefined,
    id: Buffer.from(item.childId).toString("base64url"),
  };
}

const SUFFIXES: Readonly<Record<Item["type"], string>> = {
  file: "",
  folder: "/",
  unknown: " (written by a newer version of Excalibur)",
};

/** A name or path of an item for people: escaped, and marked by what it is. */
export function shownItem(item: Pick<Item, "type"> & { readonly entry?: Item["entry"] }, name: string): string {
  return shown(name) + SUFFIXES[item.type] + (item.entry?.mount === undefined ? "" : " (shared)");
}

/** "    1.5 KiB  2026-11-22 20:06  name" */
export function longLine(item: Item, name: string): string {
  return factsLine({ ...item, sizeBytes: item.entry.file?.sizeBytes }, name);
}

/** As `longLine`, of an item that a search found. */
export function factsLine(item: Pick<FoundItem, "type" | "sizeBytes" | "modifiedMs">, name: string): string {
  const size = item.type === "file" ? formatSize(item.sizeBytes ?? 0) : "-";
  return `${size.padStart(9)}  ${localTime(item.modifiedMs)}  ${shownItem(item, name)}`;
}

/** Folders first, then as people count: "photo 2" before "photo 10". */
export function compareItems(): (a: { item: Item; path: string }, b: { item: Item; path: string }) => number {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const rank = ({ item }: { item: Item }): number => (item.type === "folder" ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || collator.compare(a.path, b.path);
}

/** One way to write a path: "/a/b", whatever slashes there were. */
export function cleanPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

type Options = { readonly signal: AbortSignal };

/** The item at a path, null for the root. What is not there is told by its path. */
export async function findItem(files: Files, path: string, options: Options): Promise<Item | null> {
  try {
    return await files.resolve(path, options);
  } catch (error) {
    const { NotAFolderError, NotFoundError } = await import("@excalibur/sdk");
    if (!(error instanceof NotFoundError || error instanceof NotAFolderError)) throw error;
    throw new CommandError("not_found", `There is no ${cleanPath(path)} on the drive. Nothing was changed.`, {
      cause: error,
    });
  }
}

/** As `findItem`. Throws FixedFolderError for the root, which is no item of a folder. */
export async function requireItem(files: Files, path: string, options: Options): Promise<Item> {
  const item = await findItem(files, path, options);
  if (item !== null) return item;
  const { FixedFolderError } = await import("@excalibur/sdk");
  throw new FixedFolderError();
}

import type { Dirent } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { LocalFileError, localError } from "./local-error.ts";

export type LocalKind = "file" | "folder" | "link" | "special";

export interface LocalEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: LocalKind;
}

/** Something in a folder that cannot be looked at, and why. */
export interface LocalProblem {
  readonly path: string;
  readonly error: unknown;
}

/** What stands at a path; a link is a link, wherever it leads. Throws LocalFileError. */
export async function localKind(path: string): Promise<LocalKind> {
  try {
    return kindOf(await lstat(path));
  } catch (error) {
    throw localError(error);
  }
}

/**
 * What a folder holds, streamed: a folder of a million files costs no more memory than one of ten. Links and special
 * files are told, never followed. Throws LocalFileError when the folder cannot be read or is none any more.
 */
export async function* listLocalFolder(path: string): AsyncGenerator<LocalEntry | LocalProblem> {
  const kind = await localKind(path);
  // A link that has taken the folder's place would lead out of the tree.
  if (kind !== "folder") throw new LocalFileError(kind === "link" ? "local_link" : "local_not_folder");
  try {
    const folder = await opendir(path, { bufferSize: 256 });
    for await (const entry of folder) yield await toEntry(join(path, entry.name), entry);
  } catch (error) {
    throw localError(error);
  }
}

export function isProblem(found: LocalEntry | LocalProblem): found is LocalProblem {
  return "error" in found;
}

async function toEntry(path: string, entry: Dirent): Promise<LocalEntry | LocalProblem> {
  const { name } = entry;
  // What is not UTF-8 is read with this character in its place, and then cannot be found under that name.
  const isDoubtful = name.includes("\uFFFD");
  try {
    const kind = isDoubtful || isUnknown(entry) ? kindOf(await lstat(path)) : kindOf(entry);
    return { name, path, kind };
  } catch (error) {
    return { path, error: isDoubtful ? new LocalFileError("local_name", { cause: error }) : localError(error) };
  }
}

/** Some file systems do not say what an entry is while they list it. */
function isUnknown(entry: Dirent): boolean {
  const isSpecial = entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice();
  return !(entry.isFile() || entry.isDirectory() || entry.isSymbolicLink() || isSpecial);
}

function kindOf(entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">): LocalKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "special";
}

/** Counts the files of a tree and their bytes, for a progress bar: what cannot be read counts as nothing. */
export async function countLocalTree(
  path: string,
  { signal, found }: { readonly signal: AbortSignal; readonly found: (files: number, sizeBytes: number) => void },
): Promise<void> {
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined && !signal.aborted; folder = folders.pop()) {
    try {
      for await (const entry of listLocalFolder(folder)) {
        if (signal.aborted) return;
        if (isProblem(entry)) continue;
        if (entry.kind === "folder") folders.push(entry.path);
        if (entry.kind === "file") found(1, (await lstat(entry.path)).size);
      }
    } catch {
      // The transfer itself meets the same trouble and reports it.
    }
  }
}

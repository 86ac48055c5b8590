/**
 * [Note: What it means to save what a link leads to]
 * The server lets an account list only what it may read, and an account may read nothing by a link: visitors do. So what is
 * saved is fetched, verified and sealed anew under keys of its own, as if it had been downloaded and put back. It owes nothing
 * to the link afterwards, and counts for the quota of whoever saves it.
 */

import { toHex } from "@excalibur/core/bytes";
import { type ConflictPolicy, type Files, type Item, isDamage, NewerVersionError } from "../files/index.ts";
import type { FileSource } from "../ports/index.ts";
import type { Uploader, UploadRequest, UploadResult, UploadTotals } from "../upload/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { ViewOnlyError } from "./errors.ts";
import type { Visit } from "./types.ts";

export interface SaveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where a name is taken; kept beside it unless told. */
  readonly onConflict?: ConflictPolicy | undefined;
  readonly onBytes?: (bytes: number) => void;
  /** Called once for each file, when it is in the drive or has failed for good. */
  readonly onResult?: (result: UploadResult<SavedFile>) => void;
}

/** A file on its way out of a link. */
export interface SavedFile extends UploadRequest {
  /** Below the folder it is saved to. */
  readonly path: string;
  /** 0 for a folder or listing, which stands among the files only when it failed. */
  readonly sizeBytes: number;
  /** The same once more, when it failed: of a folder that could not be made, with everything that is in it. */
  again(): AsyncIterable<SavedFile>;
}

export interface SaveWish extends SaveOptions {
  /** Of what the link leads to; everything in it if left out. */
  readonly items?: readonly Item[] | undefined;
  /** A folder of this person's drive. */
  readonly folderId: Uint8Array;
}

/** What there is to save: files and their bytes, as far as listings can be read. */
export async function measureVisited(
  visit: Visit,
  { items, signal }: Pick<SaveWish, "items" | "signal"> = {},
): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  const abortable = signal ? { signal } : {};
  const wanted = items ?? (await visit.files.list(visit.files.rootId, abortable)).items;
  const sum = { files: 0, sizeBytes: 0 };
  const count = ({ type, entry }: Item): void => {
    if (type !== "file" || entry.mount !== undefined) return;
    sum.files += 1;
    sum.sizeBytes += entry.file?.sizeBytes ?? 0;
  };
  for (const top of wanted) {
    count(top);
    if (top.type !== "folder") continue;
    for await (const walked of visit.files.walk(top.childId, abortable)) if (!isDamage(walked)) count(walked.item);
  }
  return sum;
}

/**
 * Copies from a link into a drive. Throws ViewOnlyError; what fails of files, folders and listings is told to `onResult`, and the
 * rest goes on.
 */
export async function saveVisited(
  drive: { readonly files: Files; readonly uploads: Uploader },
  visit: Visit,
  { items, folderId, ...options }: SaveWish,
): Promise<UploadTotals> {
  const { signal, onBytes, onResult } = options;
  if (visit.viewOnly) throw new ViewOnlyError();
  return await drive.uploads.upload(requestsOf(drive.files, visit, { items, folderId, ...options }), {
    ...(signal && { signal }),
    ...(onBytes && { onBytes }),
    ...(onResult && { onResult }),
  });
}

/** What failed of a save, once more; what was saved stays as it is. Throws ViewOnlyError, and tells the rest like `saveVisited`. */
export async function saveAgain(
  drive: { readonly uploads: Uploader },
  visit: Visit,
  { failed, ...options }: SaveOptions & { readonly failed: readonly SavedFile[] },
): Promise<UploadTotals> {
  const { signal, onBytes, onResult } = options;
  if (visit.viewOnly) throw new ViewOnlyError();
  async function* requests(): AsyncGenerator<SavedFile> {
    for (const one of failed) yield* one.again();
  }
  return await drive.uploads.upload(requests(), {
    ...(signal && { signal }),
    ...(onBytes && { onBytes }),
    ...(onResult && { onResult }),
  });
}

interface Task extends SaveOptions {
  readonly items: readonly Item[] | undefined;
  readonly folderId: Uint8Array;
}

async function* requestsOf(files: Files, visit: Visit, task: Task): AsyncGenerator<SavedFile> {
  const { folderId, signal } = task;
  const { items, damage } =
    task.items === undefined
      ? await visit.files.list(visit.files.rootId, signal ? { signal } : {})
      : { items: task.items, damage: [] };
  for (const cause of damage) yield failed(task, [], cause);
  for (const top of items) {
    if (top.type === "folder") yield* folderOf(files, visit, { top, into: folderId, above: [], task });
    else if (top.type === "file") yield request(visit, top, { folderId, path: top.name, task });
    else yield failed(task, [top.name], new NewerVersionError());
  }
}

interface Branch {
  readonly top: Item;
  /** The folder of the drive that it goes into, and how one gets there from where everything is saved to. */
  readonly into: Uint8Array;
  readonly above: readonly string[];
  readonly task: Task;
}

/** Folders are made as they are met; a folder comes before what is in it, and with one that cannot be made that is left out. */
async function* folderOf(files: Files, visit: Visit, { top, into, above, task }: Branch): AsyncGenerator<SavedFile> {
  const { signal } = task;
  const abortable = signal ? { signal } : {};
  const made = new Map<string, Uint8Array>();
  const make = async (path: readonly string[], item: Item, parent: Uint8Array): Promise<SavedFile | undefined> => {
    try {
      const [id] = await files.makeTree(into, [path.slice(above.length)], abortable);
      made.set(path.join("/"), id ?? into);
      return undefined;
    } catch (error) {
      signal?.throwIfAborted();
      const branch = { top: item, into: parent, above: path.slice(0, -1), task };
      return { ...failed(task, path, error), again: () => folderOf(files, visit, branch) };
    }
  };
  const unmade = await make([...above, top.name], top, into);
  if (unmade !== undefined) yield unmade;
  if (unmade !== undefined) return;
  for await (const walked of visit.files.walk(top.childId, abortable)) {
    const path = [...above, top.name, ...walked.path.split("/").filter(Boolean)];
    if (isDamage(walked)) {
      yield failed(task, path, walked.cause);
      continue;
    }
    const { item } = walked;
    const parent = made.get(path.slice(0, -1).join("/"));
    // Its folder could not be made, which was told; or is shared with others than this link.
    if (parent === undefined || item.entry.mount !== undefined) continue;
    if (item.type === "file") yield request(visit, item, { folderId: parent, path: path.join("/"), task });
    else if (item.type !== "folder") yield failed(task, path, new NewerVersionError());
    else {
      const failure = await make(path, item, parent);
      if (failure !== undefined) yield failure;
    }
  }
}

/** What cannot be saved, among what is, so that it is told in its place. */
function failed({ folderId }: Task, path: readonly string[], cause: unknown): SavedFile {
  const file: SavedFile = {
    ...{ folderId, name: path.at(-1) ?? "/", path: path.join("/") || "/", sizeBytes: 0, onConflict: "keep-both" },
    open: async () => {
      throw cause;
    },
    again: () => once(file),
  };
  return file;
}

async function* once(file: SavedFile): AsyncGenerator<SavedFile> {
  yield file;
}

function request(
  visit: Visit,
  { name, modifiedMs, entry, problem }: Item,
  { folderId, path, task }: { readonly folderId: Uint8Array; readonly path: string; readonly task: Task },
): SavedFile {
  const { file } = entry;
  const saved: SavedFile = {
    ...{ folderId, name, path, sizeBytes: file?.sizeBytes ?? 0, onConflict: task.onConflict ?? "keep-both" },
    open: async () => {
      if (file === undefined) throw problem ?? new NewerVersionError();
      return sourceOf(visit, file, { name, modifiedMs });
    },
    again: () => once(saved),
  };
  return saved;
}

function sourceOf(
  { downloads }: Visit,
  file: FileContent,
  facts: { readonly name: string; readonly modifiedMs: number },
): FileSource {
  const { sizeBytes, mediaType, root } = file;
  return {
    ...{ ...facts, sizeBytes, mediaType },
    read: async (offset, into, signal) => {
      const end = Math.min(sizeBytes, offset + into.length);
      let filled = 0;
      for await (const piece of downloads.read(file, { start: offset, end }, signal ? { signal } : {})) {
        into.set(piece, filled);
        filled += piece.length;
      }
      return filled;
    },
    // A version of a file never changes.
    fingerprint: async () => toHex(root),
    close: async () => undefined,
  };
}

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
}

export interface SaveWish extends SaveOptions {
  /** Of what the link leads to; everything in it if left out. */
  readonly items?: readonly Item[] | undefined;
  /** A folder of this person's drive. */
  readonly folderId: Uint8Array;
}

/** Copies from a link into a drive. Throws ViewOnlyError; what fails of the files is told to `onResult`, and the rest goes on. */
export async function saveVisited(
  drive: { readonly files: Files; readonly uploads: Uploader },
  visit: Visit,
  { items, folderId, ...options }: SaveWish,
): Promise<UploadTotals> {
  const { signal, onBytes, onResult } = options;
  const abortable = signal ? { signal } : {};
  if (visit.viewOnly) throw new ViewOnlyError();
  const wanted = items ?? (await visit.files.list(visit.files.rootId, abortable)).items;
  return await drive.uploads.upload(requestsOf(drive.files, visit, { wanted, folderId, ...options }), {
    ...abortable,
    ...(onBytes && { onBytes }),
    ...(onResult && { onResult }),
  });
}

interface Task extends SaveOptions {
  readonly wanted: readonly Item[];
  readonly folderId: Uint8Array;
}

/** Folders are made as they are met; a folder comes before what is in it. */
async function* requestsOf(files: Files, visit: Visit, task: Task): AsyncGenerator<SavedFile> {
  const { wanted, folderId, signal } = task;
  const abortable = signal ? { signal } : {};
  for (const top of wanted) {
    if (top.type === "file") yield request(visit, top, { folderId, path: top.name, task });
    if (top.type !== "folder") continue;
    const folders = new Map<string, Uint8Array>();
    const make = async (path: readonly string[]) => {
      const [made] = await files.makeTree(folderId, [path], abortable);
      folders.set(path.join("/"), made ?? folderId);
    };
    await make([top.name]);
    for await (const walked of visit.files.walk(top.childId, abortable)) {
      if (isDamage(walked)) throw walked.cause;
      const { item } = walked;
      const path = [top.name, ...walked.path.split("/")];
      // What is shared within it is shared with others than this link.
      if (item.type === "folder" && item.entry.mount === undefined) await make(path);
      const parent = folders.get(path.slice(0, -1).join("/"));
      if (item.type === "file" && parent !== undefined)
        yield request(visit, item, { folderId: parent, path: path.join("/"), task });
    }
  }
}

function request(
  visit: Visit,
  { name, modifiedMs, entry }: Item,
  { folderId, path, task }: { readonly folderId: Uint8Array; readonly path: string; readonly task: Task },
): SavedFile {
  const { file } = entry;
  return {
    ...{ folderId, name, path, onConflict: task.onConflict ?? "keep-both" },
    open: async () => {
      if (file === undefined) throw new NewerVersionError();
      return sourceOf(visit, file, { name, modifiedMs });
    },
  };
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

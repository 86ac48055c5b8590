import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { type Drive, type FileSink, type Files, type Item, type Listing, NotFoundError } from "@excalibur/sdk";
import { ArchiveBrokenError, type ArchiveContents, measureArchive, writeArchive } from "@excalibur/sdk/archive";
import { failureOf } from "./failure.ts";
import type { NewsLine } from "./news-line.ts";
import type { Archived } from "./transfer-types.ts";
import type { ItemRef } from "./types.ts";

export interface ArchiveWork {
  readonly key: number;
  readonly contents: Archived;
  readonly drive: Pick<Drive, "files" | "downloads">;
  readonly news: NewsLine;
  readonly signal: AbortSignal;
}

/** Writes one ZIP file into the sink, or throws the sink away. Failures are news, never thrown. */
export async function archiveInto(sink: FileSink, { key, contents: wanted, drive, news, signal }: ArchiveWork) {
  const { files } = drive;
  let isSinkOver = false;
  try {
    const contents = await contentsOf(drive, wanted);
    let sizeBytes = 0;
    // The listings that this reads are needed anyway, and kept.
    await measureArchive(files, contents, {
      signal,
      onSize: (soFar) => {
        sizeBytes = soFar;
      },
    });
    news.add({ type: "size", key, sizeBytes });
    news.add({ type: "begun", key });
    isSinkOver = true;
    await writeArchive(drive, contents, { sink, signal, onBytes: (bytes) => news.bytes(key, bytes) });
    news.add({ type: "done", key });
  } catch (error) {
    if (!isSinkOver) await sink.abort();
    const isItems = error instanceof ArchiveBrokenError;
    const failure = isItems ? { ...failureOf(error.cause), path: error.path } : failureOf(error);
    news.add({ type: "failed", key, failure });
  }
}

async function contentsOf({ files }: Pick<Drive, "files">, wanted: Archived): Promise<ArchiveContents> {
  if ("items" in wanted) return { items: await itemsOf(files, wanted.items) };
  const items = wholeOf(await files.list(files.rootId));
  if (wanted.trashName === undefined) return { items };
  const trashed = wholeOf(await files.listTrash());
  const modifiedMs = trashed.reduce((newest, { entry }) => Math.max(newest, entry.trashed?.atMs ?? 0), 0);
  return { items, folders: [{ name: wanted.trashName, modifiedMs, items: trashed }] };
}

/** As they are listed now. Throws NotFoundError. */
export async function itemsOf(files: Files, refs: readonly ItemRef[]): Promise<Item[]> {
  const found = new Map<string, Item>();
  for (const parentId of new Set(refs.map((ref) => ref.parentId))) {
    const { items } = await files.list(fromBase64Url(parentId));
    for (const item of items) found.set(toBase64Url(item.childId), item);
  }
  return refs.map(({ id }) => {
    const item = found.get(id);
    if (item === undefined) throw new NotFoundError();
    return item;
  });
}

/** Of a listing that cannot be read in part nobody knows what is missing. */
function wholeOf({ items, damage }: Listing): readonly Item[] {
  if (damage.length > 0) throw damage[0];
  return items;
}

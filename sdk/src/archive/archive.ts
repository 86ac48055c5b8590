import { Limiter } from "../concurrency/index.ts";
import type { Downloader, DownloadRequest } from "../download/index.ts";
import { type Files, type Item, isDamage } from "../files/index.ts";
import type { FileSink } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { type Placed, placeAll } from "./archive-tree.ts";
import { EntrySink } from "./entry-sink.ts";
import { ArchiveBrokenError } from "./errors.ts";
import type { ArchiveContents, ArchiveTotals } from "./types.ts";
import { ZipWriter } from "./zip-writer.ts";

export interface ArchiveSource {
  readonly files: Pick<Files, "walk">;
  readonly downloads: Pick<Downloader, "download">;
}

export interface ArchiveOptions {
  /** Where the ZIP goes. It is finished when all is in it, and thrown away when anything is not. */
  readonly sink: FileSink;
  readonly signal?: AbortSignal;
  /** Verified bytes of contents since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

interface Request extends DownloadRequest {
  readonly file: FileContent;
  readonly drivePath: string;
}

/**
 * Items with everything in them as one ZIP file, written as it comes: contents verified, times kept, empty folders too.
 * All or nothing: throws ArchiveBrokenError for the first thing that cannot be had, what the sink throws, or the
 * signal's reason, and each time the sink was thrown away.
 */
export async function writeArchive(
  source: ArchiveSource,
  contents: ArchiveContents,
  options: ArchiveOptions,
): Promise<ArchiveTotals> {
  const run = new ArchiveRun(source, options);
  try {
    const totals = await run.all(contents);
    await options.sink.finish();
    return totals;
  } catch (error) {
    await options.sink.abort();
    throw error;
  }
}

/** How much `writeArchive` would have to write, in bytes of contents; told as it is counted. Damage counts as nothing. */
export async function measureArchive(
  files: Pick<Files, "walk">,
  { items, folders = [] }: ArchiveContents,
  { signal, onSize }: { readonly signal?: AbortSignal; readonly onSize: (sizeBytes: number) => void },
): Promise<void> {
  let sizeBytes = 0;
  const count = ({ entry }: Item): void => {
    sizeBytes += entry.file?.sizeBytes ?? 0;
  };
  for (const item of [...items, ...folders.flatMap((folder) => folder.items)]) {
    count(item);
    if (item.type !== "folder") continue;
    for await (const walked of files.walk(item.childId, signal ? { signal } : {})) {
      if (!isDamage(walked)) count(walked.item);
    }
    onSize(sizeBytes);
  }
  onSize(sizeBytes);
}

class ArchiveRun {
  readonly #source: ArchiveSource;
  readonly #options: ArchiveOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #turns = new Limiter(1);
  readonly #zip: ZipWriter;
  /** The first thing that went wrong; all that follows from it is not told. */
  #failure: { readonly error: unknown } | undefined;
  #files = 0;
  #folders = 0;
  #sizeBytes = 0;

  constructor(source: ArchiveSource, options: ArchiveOptions) {
    const { sink, signal } = options;
    this.#source = source;
    this.#options = options;
    this.#signal = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    this.#zip = new ZipWriter(async (piece) => {
      try {
        await sink.write(piece);
      } catch (error) {
        // Nothing is wrong with the item that was on its way.
        this.#fail(error);
        throw error;
      }
    });
  }

  async all(contents: ArchiveContents): Promise<ArchiveTotals> {
    const { onBytes } = this.#options;
    await this.#source.downloads.download(this.#requests(contents), {
      signal: this.#signal,
      ...(onBytes ? { onBytes } : {}),
      onResult: ({ request: { drivePath, file }, error }) => {
        if (error !== undefined) this.#fail(new ArchiveBrokenError(drivePath, error));
        this.#files += 1;
        this.#sizeBytes += file.sizeBytes;
      },
    });
    this.#options.signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#zip.finish();
    return { files: this.#files, folders: this.#folders, sizeBytes: this.#sizeBytes };
  }

  async *#requests(contents: ArchiveContents): AsyncGenerator<Request> {
    try {
      for await (const found of placeAll(this.#source.files, contents, { signal: this.#signal })) {
        if ("cause" in found) throw new ArchiveBrokenError(found.drivePath, found.cause);
        if (found.file === undefined) await this.#folder(found);
        else yield this.#request(found, found.file);
      }
    } catch (error) {
      // What is on its way ends first, and then it is thrown.
      this.#fail(error);
    }
  }

  async #folder({ drivePath, ...folder }: Placed): Promise<void> {
    try {
      await this.#turns.run(() => this.#zip.folder(folder));
    } catch (error) {
      throw new ArchiveBrokenError(drivePath, error);
    }
    this.#folders += 1;
  }

  #request({ path, drivePath, modifiedMs }: Placed, file: FileContent): Request {
    const place = { zip: this.#zip, turns: this.#turns, signal: this.#signal };
    const entry = { path, modifiedMs, sizeBytes: file.sizeBytes };
    return { file, drivePath, openSink: () => EntrySink.open(place, entry) };
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort(error);
  }
}

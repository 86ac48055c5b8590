import { LIMITS } from "@excalibur/core/protocol";
import { Lanes, Limiter } from "../concurrency/index.ts";
import type { ClockPort, FileSink, LoggerPort, OpenedObject, SealerPort } from "../ports/index.ts";
import type { Transport } from "../transport/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { DownloadApi, withRetry } from "./api.ts";
import { wrongLength } from "./crypto.ts";
import { ObjectMissingError } from "./errors.ts";
import { readFile } from "./read-file.ts";
import { getResumable } from "./resumed-file.ts";
import { type OpenedThumbnail, readThumbnails, type Thumbnail } from "./thumbnails.ts";
import type {
  DataRange,
  DownloadOptions,
  DownloadRequest,
  DownloadResult,
  DownloadTotals,
  ReadOptions,
  SealedNotes,
} from "./types.ts";

/** Ciphertext of one request for small files. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_OBJECTS = 512;
/** Every object begins with four bytes that are not zero (spec/exef.md §2): where they are, the server could not read it. */
const MARK_BYTES = 4;
const BATCHES_AT_ONCE = 3;
const LARGE_FILES_AT_ONCE = 2;
/** A file of which no more than this is fetched at once anyway is not worth notes. */
const RESUMABLE_BYTES = 4 * 1024 * 1024;
/** Small files written at once. */
const SINKS_AT_ONCE = 32;

export interface DownloaderOptions {
  readonly transport: Transport;
  readonly sealer: SealerPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  /** For going on with large files after a restart. */
  readonly notes: SealedNotes;
}

/** Gets files from the drive: nothing reaches a sink before it was verified, and no sink is finished before all of it was. */
export class Downloader {
  readonly #options: DownloaderOptions;
  readonly #api: DownloadApi;

  constructor(options: DownloaderOptions) {
    this.#options = options;
    this.#api = new DownloadApi(options.transport);
  }

  /** A range of a file as verified bytes; a piece is valid until the next one is asked for. */
  read(file: FileContent, range?: DataRange, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    const { sealer, clock } = this.#options;
    const { signal, isWatched = false } = options;
    const context = { api: this.#api, sealer, clock, signal, isWatched };
    return readFile(context, file, range ?? { start: 0, end: file.sizeBytes });
  }

  /** Small pictures of files, verified; each has its own outcome. */
  thumbnails(
    thumbnails: readonly Thumbnail[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<OpenedThumbnail[]> {
    const { sealer, clock, notes } = this.#options;
    return readThumbnails({ api: this.#api, sealer, clock, notes, signal }, thumbnails);
  }

  /** Takes requests as they come, keeps a bounded number in memory, and resolves when each has its result. */
  async download<Request extends DownloadRequest>(
    requests: Iterable<Request> | AsyncIterable<Request>,
    options: DownloadOptions<Request> = {},
  ): Promise<DownloadTotals> {
    return await new DownloadRun(this, this.#options, this.#api, options).all(requests);
  }
}

class DownloadRun<Request extends DownloadRequest> {
  readonly #downloader: Downloader;
  readonly #options: DownloaderOptions;
  readonly #api: DownloadApi;
  readonly #run: DownloadOptions<Request>;
  readonly #large = new Lanes(LARGE_FILES_AT_ONCE);
  readonly #batches = new Lanes(BATCHES_AT_ONCE);
  readonly #sinks = new Limiter(SINKS_AT_ONCE);
  #filling: Request[] = [];
  #fillingBytes = 0;
  #downloaded = 0;
  #failed = 0;

  constructor(downloader: Downloader, options: DownloaderOptions, api: DownloadApi, run: DownloadOptions<Request>) {
    this.#downloader = downloader;
    this.#options = options;
    this.#api = api;
    this.#run = run;
  }

  async all(requests: Iterable<Request> | AsyncIterable<Request>): Promise<DownloadTotals> {
    for await (const request of requests) {
      if (this.#run.signal?.aborted) this.#report({ request, error: this.#run.signal.reason });
      else if (request.file.ciphertextLength > LIMITS.batchObjectBytes)
        await this.#large.add(() => this.#getLarge(request));
      else await this.#fill(request);
    }
    await this.#sendFilled();
    await this.#batches.idle();
    await this.#large.idle();
    return { downloaded: this.#downloaded, failed: this.#failed };
  }

  async #getLarge(request: Request): Promise<void> {
    const { signal } = this.#run;
    const { file } = request;
    const read = (range?: DataRange) => this.#downloader.read(file, range, signal ? { signal } : {});
    const onBytes = (bytes: number) => this.#run.onBytes?.(bytes);
    await this.#into(request, async (sink) => {
      const resumable = file.sizeBytes > RESUMABLE_BYTES ? sink?.resumable : undefined;
      if (sink !== undefined && resumable !== undefined) {
        await getResumable({ notes: this.#options.notes, read, onBytes }, file, { sink, resumable });
        return;
      }
      for await (const piece of read()) {
        await sink?.write(piece);
        onBytes(piece.length);
      }
      await sink?.finish();
    });
  }

  async #fill(request: Request): Promise<void> {
    const { ciphertextLength } = request.file;
    const full = this.#fillingBytes + ciphertextLength > BATCH_BYTES || this.#filling.length >= BATCH_OBJECTS;
    if (full) await this.#sendFilled();
    this.#filling.push(request);
    this.#fillingBytes += ciphertextLength;
  }

  async #sendFilled(): Promise<void> {
    const batch = this.#filling;
    if (batch.length === 0) return;
    this.#filling = [];
    this.#fillingBytes = 0;
    await this.#batches.add(() => this.#getBatch(batch));
  }

  async #getBatch(batch: readonly Request[]): Promise<void> {
    const { sealer } = this.#options;
    // Always the same length, so that batch after batch uses the same two.
    const [bytes, into] = [sealer.buffer(BATCH_BYTES), sealer.buffer(BATCH_BYTES)];
    try {
      const fates = await this.#openBatch(batch, { bytes, into });
      await Promise.all(batch.map((request, index) => this.#sinks.run(() => this.#getSmall(request, fates[index]))));
    } catch (error) {
      for (const request of batch) this.#report({ request, error });
    } finally {
      sealer.recycle(bytes);
      sealer.recycle(into);
    }
  }

  /** What became of each: undefined where the server has nothing, "unread" where it could not read what it has. */
  async #openBatch(
    batch: readonly Request[],
    { bytes, into }: { readonly bytes: Uint8Array; readonly into: Uint8Array },
  ): Promise<(OpenedObject | { readonly unread: true } | undefined)[]> {
    const { sealer, clock } = this.#options;
    const { signal } = this.#run;
    const files = batch.map(({ file }) => file);
    const fetching = () => this.#api.objectsInto(files, { into: bytes, signal });
    const places = await withRetry(fetching, { clock, signal });
    const unread = new Set(
      places.filter(
        (start) => typeof start === "number" && bytes.subarray(start, start + MARK_BYTES).every((byte) => byte === 0),
      ),
    );
    const objects = files.flatMap(({ fileKey, objectId, root, ciphertextLength, sizeBytes }, index) => {
      const start = places[index];
      return typeof start === "number" && !unread.has(start)
        ? [{ fileKey, objectId, root, ciphertextLength, sizeBytes, start }]
        : [];
    });
    const opened = (await sealer.openObjects({ objects, bytes, into })).values();
    return places.map((start) => {
      if (typeof start === "number") return unread.has(start) ? { unread: true } : opened.next().value;
      return start === null ? { error: wrongLength() } : undefined;
    });
  }

  async #getSmall(request: Request, opened: OpenedObject | { readonly unread: true } | undefined): Promise<void> {
    await this.#into(request, async (sink) => {
      if (opened === undefined) throw new ObjectMissingError();
      if ("error" in opened) throw opened.error;
      const data = "unread" in opened ? await this.#getAlone(request) : opened.data;
      if (sink?.finishWith !== undefined) await sink.finishWith(data);
      else {
        await sink?.write(data);
        await sink?.finish();
      }
      this.#run.onBytes?.(data.length);
    });
  }

  /** One that its batch could not give: the answer to it alone says why, or has it after all. */
  async #getAlone({ file }: Request): Promise<Uint8Array> {
    const { signal } = this.#run;
    const data = new Uint8Array(file.sizeBytes);
    let filled = 0;
    for await (const piece of this.#downloader.read(file, undefined, signal ? { signal } : {})) {
      data.set(piece, filled);
      filled += piece.length;
    }
    return data;
  }

  /** Opens the sink for work that fills and finishes it; what fails is thrown away. */
  async #into(request: Request, work: (sink: FileSink | undefined) => Promise<void>): Promise<void> {
    let sink: FileSink | undefined;
    try {
      this.#run.signal?.throwIfAborted();
      sink = await request.openSink?.();
      await work(sink);
      this.#report({ request });
    } catch (error) {
      await this.#abort(sink);
      this.#report({ request, error });
    }
  }

  async #abort(sink: FileSink | undefined): Promise<void> {
    try {
      await sink?.abort();
    } catch (error) {
      this.#options.logger.warn("an unfinished download could not be removed", { error: String(error) });
    }
  }

  #report(result: DownloadResult<Request>): void {
    if ("error" in result) this.#failed += 1;
    else this.#downloaded += 1;
    this.#run.onResult?.(result);
  }
}

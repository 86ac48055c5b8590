import { LIMITS } from "@excalibur/core/protocol";
import { Lanes, Limiter } from "../concurrency/index.ts";
import type { FileDraft } from "../files/index.ts";
import type { FileSource, LoggerPort, SealerPort } from "../ports/index.ts";
import type { Transport } from "../transport/index.ts";
import { UploadApi } from "./api.ts";
import { Committer } from "./committer.ts";
import { ciphertextLength, randomFraction } from "./crypto.ts";
import { uploadLargeFile } from "./large-file.ts";
import { mediaTypeOf } from "./media-type.ts";
import { readBack } from "./read-back.ts";
import { BATCH_BYTES, BATCH_OBJECTS, type SealedFile, sealSmallFile, sendBatch, toSealedFile } from "./small-files.ts";
import { type SealedThumbnail, sealThumbnail } from "./thumbnail.ts";
import type {
  ContentReader,
  FileLister,
  SealedNotes,
  UploadOptions,
  UploadRequest,
  UploadResult,
  UploadTotals,
} from "./types.ts";

/** Parts on their way at once, over all files. */
const PARTS_AT_ONCE = 4;
const LARGE_FILES_AT_ONCE = 3;
const BATCHES_AT_ONCE = 3;
/** Files being opened at once: a platform that reads many small ones in one go gets many to read. */
const OPENING_AT_ONCE = 32;
/** Small files read and sealed at once while a batch fills. */
const SMALL_FILES_AT_ONCE = 8;

export interface UploaderOptions {
  readonly transport: Transport;
  readonly files: FileLister;
  readonly sealer: SealerPort;
  readonly notes: SealedNotes;
  readonly logger: LoggerPort;
  /** Small files do not wait for company: what is stored and not listed yet is lost to a program that ends here. */
  readonly listsAtOnce?: boolean;
  /** Reads back some of what was stored. */
  readonly reader: ContentReader;
  /** In [0, 1): chooses what is read back. What nobody can foresee unless given. */
  readonly random?: () => number;
}

interface Filled<Request> {
  readonly request: Request;
  readonly source: Pick<FileSource, "modifiedMs" | "mediaType">;
  readonly sealed: SealedFile;
  readonly thumbnail: SealedThumbnail | undefined;
}

/** Puts files on the drive: small ones many to a request, large ones in parts that survive restarts. */
export class Uploader {
  readonly #options: UploaderOptions;
  readonly #api: UploadApi;

  constructor(options: UploaderOptions) {
    this.#options = options;
    this.#api = new UploadApi(options.transport);
  }

  /** Takes requests as they come, keeps a bounded number in memory, and resolves when each has its result. */
  async upload<Request extends UploadRequest>(
    requests: Iterable<Request> | AsyncIterable<Request>,
    options: UploadOptions<Request> = {},
  ): Promise<UploadTotals> {
    const run = new UploadRun(this.#options, this.#api, options);
    return await run.all(requests);
  }
}

class UploadRun<Request extends UploadRequest> {
  readonly #options: UploaderOptions;
  readonly #api: UploadApi;
  readonly #signal: AbortSignal | undefined;
  readonly #onBytes: (bytes: number, request: Request) => void;
  readonly #onResult: (result: UploadResult<Request>) => void;
  readonly #committer: Committer<Request>;
  readonly #parts = new Limiter(PARTS_AT_ONCE);
  readonly #opening = new Lanes(OPENING_AT_ONCE);
  readonly #large = new Lanes(LARGE_FILES_AT_ONCE);
  readonly #small = new Lanes(SMALL_FILES_AT_ONCE);
  readonly #batches = new Lanes(BATCHES_AT_ONCE);
  #filling: Filled<Request>[] = [];
  #fillingBytes = 0;
  #fillingObjects = 0;
  #flushing: Promise<void> | undefined;
  /** However little is uploaded at once, something of it is read back. */
  #hasReadBack = false;
  #uploaded = 0;
  #failed = 0;

  constructor(options: UploaderOptions, api: UploadApi, { signal, onBytes, onResult }: UploadOptions<Request>) {
    this.#options = options;
    this.#api = api;
    this.#signal = signal;
    this.#onBytes = onBytes ?? (() => undefined);
    this.#onResult = onResult ?? (() => undefined);
    this.#committer = new Committer(options.files, { report: (result) => this.#report(result), signal });
  }

  async all(requests: Iterable<Request> | AsyncIterable<Request>): Promise<UploadTotals> {
    for await (const request of requests) {
      if (this.#signal?.aborted) this.#report({ request, error: this.#signal.reason });
      else await this.#opening.add(() => this.#begin(request));
    }
    await this.#opening.idle();
    await this.#small.idle();
    await this.#sendFilled();
    await this.#batches.idle();
    await this.#large.idle();
    await this.#committer.finish();
    return { uploaded: this.#uploaded, failed: this.#failed };
  }

  async #begin(request: Request): Promise<void> {
    let source: FileSource;
    try {
      request.signal?.throwIfAborted();
      const opened = await request.open();
      if ("sealed" in opened) {
        const sealed = toSealedFile(opened.sealed, opened.sizeBytes);
        await this.#addToBatch({ request, source: opened, sealed, thumbnail: await this.#thumbnailOf(request) });
        return;
      }
      source = opened;
    } catch (error) {
      this.#report({ request, error });
      return;
    }
    const isSmall = ciphertextLength(source.sizeBytes) <= LIMITS.batchObjectBytes;
    const lanes = isSmall ? this.#small : this.#large;
    await lanes.add(() => this.#guarded(request, source, isSmall ? this.#fill : this.#sendLarge));
  }

  /** Failures become the request's result, and the source is closed whatever happens. */
  async #guarded(
    request: Request,
    source: FileSource,
    work: (request: Request, source: FileSource) => Promise<void>,
  ): Promise<void> {
    try {
      await work.call(this, request, source);
    } catch (error) {
      this.#report({ request, error });
    }
    try {
      await source.close();
    } catch (error) {
      this.#options.logger.debug("a source could not be closed", { error: String(error) });
    }
  }

  async #sendLarge(request: Request, source: FileSource): Promise<void> {
    const { sealer, notes } = this.#options;
    const signals = [this.#signal, request.signal].filter((signal) => signal !== undefined);
    const context = {
      ...{ api: this.#api, sealer, notes, parts: this.#parts },
      signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      onBytes: (bytes: number) => this.#onBytes(bytes, request),
      readBack: (content: SealedFile["content"]) => this.#readBack(content),
    };
    const { folderId, name } = request;
    const picturing = this.#storeThumbnail(request);
    const stored = await uploadLargeFile(context, { source, folderId, name });
    const draft = toDraft(request, source, { ...stored.content, ...(await picturing) });
    this.#committer.add({ request, draft, listed: stored.forget }, { atOnce: true });
  }

  async #fill(request: Request, source: FileSource): Promise<void> {
    const { sealer } = this.#options;
    this.#signal?.throwIfAborted();
    request.signal?.throwIfAborted();
    const [sealed, thumbnail] = await Promise.all([
      sealSmallFile(source, { sealer, signal: this.#signal }),
      this.#thumbnailOf(request),
    ]);
    await this.#addToBatch({ request, source, sealed, thumbnail });
  }

  #thumbnailOf(request: Request): Promise<SealedThumbnail | undefined> {
    return sealThumbnail(request, this.#options.logger);
  }

  /** Of a large file, on its own way. What becomes of it decides nothing about the file. */
  async #storeThumbnail(request: Request): Promise<Pick<FileDraft["content"], "thumbnail">> {
    const thumbnail = await this.#thumbnailOf(request);
    if (thumbnail === undefined) return {};
    const { pointer, bytes } = thumbnail;
    try {
      const [refusal] = await sendBatch([{ ...pointer, bytes }], { api: this.#api, signal: this.#signal });
      return refusal === undefined ? { thumbnail: pointer } : {};
    } catch (error) {
      this.#options.logger.debug("a small picture could not be stored", { error: String(error) });
      return {};
    }
  }

  async #addToBatch(filled: Filled<Request>): Promise<void> {
    this.#signal?.throwIfAborted();
    const { request, source, sealed, thumbnail } = filled;
    const length = sealed.bytes.length + (thumbnail?.bytes.length ?? 0);
    const objects = thumbnail === undefined ? 1 : 2;
    // Everybody waits for the same one, so that one batch fills while one waits for its lane, and no more.
    while (this.#fillingBytes + length > BATCH_BYTES || this.#fillingObjects + objects > BATCH_OBJECTS) {
      this.#flushing ??= this.#sendFilled().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
    const { modifiedMs, mediaType } = source;
    const facts = { modifiedMs, ...(mediaType !== undefined && { mediaType }) };
    this.#filling.push({ request, sealed, thumbnail, source: facts });
    this.#fillingBytes += length;
    this.#fillingObjects += objects;
  }

  async #sendFilled(): Promise<void> {
    const batch = this.#filling;
    if (batch.length === 0) return;
    this.#filling = [];
    this.#fillingBytes = 0;
    this.#fillingObjects = 0;
    await this.#batches.add(() => this.#sendBatch(batch));
  }

  async #sendBatch(batch: readonly Filled<Request>[]): Promise<void> {
    try {
      const pictures = batch.flatMap(({ thumbnail }) => thumbnail ?? []);
      const objects = [
        ...batch.map(({ sealed: { content, bytes } }) => ({ ...content, bytes })),
        ...pictures.map(({ pointer, bytes }) => ({ ...pointer, bytes })),
      ];
      const refusals = await sendBatch(objects, { api: this.#api, signal: this.#signal });
      const lost = new Set(pictures.filter((_, index) => refusals[batch.length + index] !== undefined));
      // From anywhere: the file that a run is sure to read back is not always its first.
      const first = Math.floor((this.#options.random ?? randomFraction)() * batch.length);
      const order = [...batch.keys()].map((at) => (at + first) % batch.length);
      const atOnce = this.#options.listsAtOnce ?? false;
      for (const index of order) {
        const { request, source, sealed, thumbnail } = batch[index] as Filled<Request>;
        const error = refusals[index] ?? (await this.#failureToReadBack(sealed.content));
        if (error !== undefined) {
          this.#report({ request, error });
          continue;
        }
        this.#onBytes(sealed.content.sizeBytes, request);
        const isPictured = thumbnail !== undefined && !lost.has(thumbnail);
        const content = { ...sealed.content, ...(isPictured && { thumbnail: thumbnail.pointer }) };
        const draft = toDraft(request, source, content);
        this.#committer.add({ request, draft, listed: async () => undefined }, { atOnce });
      }
    } catch (error) {
      for (const { request } of batch) this.#report({ request, error });
    }
  }

  async #readBack(content: SealedFile["content"]): Promise<void> {
    const { reader, random = randomFraction } = this.#options;
    const isEmpty = content.sizeBytes === 0;
    const atLeast = this.#hasReadBack || isEmpty ? 0 : 1;
    this.#hasReadBack ||= !isEmpty;
    await readBack({ reader, random, atLeast, signal: this.#signal }, content);
  }

  /** Of one file among many: it alone fails. */
  async #failureToReadBack(content: SealedFile["content"]): Promise<unknown> {
    try {
      await this.#readBack(content);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #report(result: UploadResult<Request>): void {
    if ("error" in result) this.#failed += 1;
    else this.#uploaded += 1;
    this.#onResult(result);
  }
}

function toDraft(
  { folderId, name, onConflict }: UploadRequest,
  { modifiedMs, mediaType }: Pick<FileSource, "modifiedMs" | "mediaType">,
  content: Omit<FileDraft["content"], "mediaType">,
): FileDraft {
  return { folderId, name, modifiedMs, onConflict, content: { ...content, mediaType: mediaType ?? mediaTypeOf(name) } };
}
